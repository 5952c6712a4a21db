package vpsapi

// Node is a bought unit of CPU, memory, disk or bandwidth.
type Node struct {
	Type             Text       `json:"type,omitempty"` // vps, ram, storage, fusion or bandwidth: the wrapper it came in
	ID               NodeID     `json:"id"`
	VirtualMachineID *ServerID  `json:"virtual_machine_id" wire:"null"` // absent when no server uses it
	ConsumerID       ConsumerID `json:"consumer_id,omitempty"`
	FreeNode         *Flag      `json:"free_node,omitempty"`
	DiscountNode     *Flag      `json:"discount_node,omitempty"`
	DailyNode        *Flag      `json:"daily_node,omitempty"` // billed by the day
}

// Nodes is the group of functions about nodes.
var Nodes = Group{Name: "nodes", Title: "Nodes"}
