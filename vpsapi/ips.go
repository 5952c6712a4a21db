package vpsapi

// IP is an IP address on the account. The note that edit_ip writes as notes is
// read back as Description. An absent CloudID, or "0", is an internal address.
type IP struct {
	ID               IPID       `json:"id"`
	Address          Text       `json:"ip_address"`
	Netmask          Text       `json:"netmask,omitempty"`
	Network          Text       `json:"network,omitempty"`
	CloudID          *CloudID   `json:"cloud_id" wire:"null"`
	ConsumerID       ConsumerID `json:"consumer_id,omitempty"` // it works only on servers of this consumer
	VirtualMachineID *ServerID  `json:"virtual_machine_id" wire:"null"`
	Description      Text       `json:"description,omitempty"`
	CreatedAt        Time       `json:"created_at,omitempty"`
	UpdatedAt        Time       `json:"updated_at,omitempty"`
}

// IPs is the group of functions about IP addresses.
var IPs = Group{Name: "ips", Title: "IPs"}
