package vpsapi

// Ticket is a support ticket; a list has no Replies.
type Ticket struct {
	ID               TicketID `json:"id,omitempty" wire:"string"`
	Subject          Text     `json:"subject"`
	Status           Text     `json:"status"`
	Department       Text     `json:"department,omitempty"`
	LastResponded    Text     `json:"last_responded,omitempty"`
	LastResponseTime Time     `json:"last_response_time,omitempty"`
	Replies          []Reply  `json:"replies,omitempty"`
}

// Reply is one message of a ticket.
type Reply struct {
	Comment        Text  `json:"comment"`
	Time           Time  `json:"time"`
	ClientResponse *Flag `json:"client_response,omitempty"` // false: from the vendor's staff
}

// ManagedService is a Pro-Active Managed Service of a server.
type ManagedService struct {
	VirtualMachineID ServerID `json:"virtual_machine_id"`
	ManagedSupportIP Text     `json:"managed_support_ip"`
	RenewalDate      Text     `json:"renewal_date"`
}

// Tickets is the group of functions about support tickets.
var Tickets = Group{Name: "tickets", Title: "Support tickets"}
