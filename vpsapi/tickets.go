package vpsapi

import (
	"slices"
	"strings"
)

// Ticket is a support ticket; a list has no Replies.
type Ticket struct {
	ID               TicketID `json:"id,omitempty" wire:"string"`
	Subject          Text     `json:"subject"`
	Status           Text     `json:"status"` // Open, Closed or Hold
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
	RenewalDate      Text     `json:"renewal_date"` // such as "11 Sep 2010"
}

// ListTicketsIn filters the tickets; the departments are those of OpenTicketIn.
type ListTicketsIn struct {
	Status     string `json:"status,omitempty" jsonschema:"enum=open,enum=closed,enum=hold"`
	Department string `json:"department,omitempty" jsonschema:"enum=1,enum=2,enum=3,enum=4,enum=5,enum=6" jsonschema_description:"1 billing, 2 sales, 3 Wordpress, 4 cloud hosting, 5 server, 6 other"`
}

// ListTickets lists the support tickets.
var ListTickets = Op[ListTicketsIn, []Ticket]{
	Name: "list_tickets", Title: "List support tickets",
	Doc:     "List support tickets: subject, status, department, last response.",
	Heading: "GET Tickets",
	Route:   "GET /tickets", Reply: wrappedList[Ticket]("ticket"), Safety: Reads, Evidence: Document,
}

// OpenTicketIn is a new ticket in one of three forms: a question (departments 1,
// 2 and 6), one about hosting (3 and 4), one about a server (5). The passwords
// are the document's way of handing them to the staff, once the staff has asked.
type OpenTicketIn struct {
	Department   string   `json:"department" jsonschema:"enum=1,enum=2,enum=3,enum=4,enum=5,enum=6" jsonschema_description:"1 billing, 2 sales, 3 Wordpress, 4 cloud hosting, 5 server, 6 other"`
	Body         string   `json:"body" jsonschema:"minLength=1"`
	DomainName   string   `json:"domain_name,omitempty" jsonschema_description:"Departments 3 and 4: the hosting account's domain"`
	Subject      string   `json:"subject,omitempty" jsonschema:"enum=reboot,enum=performance_issue,enum=installation,enum=administration,enum=assisted,enum=abuse,enum=other" jsonschema_description:"Department 5, required; reboot: server is down, assisted: help to start it up"`
	VMID         ServerID `json:"vm_id,omitempty" jsonschema_description:"Department 5, required: the server"`
	IPAddress    string   `json:"ip_address,omitempty" jsonschema:"format=ipv4"` // the document offers it, and has no sample of it
	RootPassword Secret   `json:"root_password,omitempty" jsonschema_description:"Department 5, if staff asked; current: filled in for you"`
	SSHPort      *Int     `json:"ssh_port,omitempty" wire:"string" jsonschema:"minimum=1,maximum=65535"`
	SSHUser      string   `json:"ssh_user,omitempty"`
	SSHPassword  Secret   `json:"ssh_password,omitempty"`
}

// Check refuses arguments that belong to another department's form.
func (in OpenTicketIn) Check() []Fault {
	faults := checkBody(in.Body, in.RootPassword, in.SSHPassword)
	switch in.Department {
	case "1", "2", "6":
		faults = append(faults, in.extraFields()...)
	case "3", "4":
		faults = append(faults, in.extraFields("domain_name")...)
	case "5":
		if in.Subject == "" {
			faults = append(faults, Fault{"subject", "missing: department 5 needs one, such as reboot, performance_issue or other"})
		}
		if in.VMID == "" {
			faults = append(faults, Fault{"vm_id", "missing: department 5 needs the id of the server"})
		}
		faults = append(faults, in.extraFields("subject", "vm_id", "ip_address", "root_password", "ssh_port", "ssh_user", "ssh_password")...)
	default:
		faults = append(faults, Fault{"department", "not a department: give 1 (billing), 2 (sales), 3 (Wordpress), 4 (cloud hosting), 5 (server) or 6 (other)"})
	}
	return faults
}

// extraFields faults what was given beside department and body and is not taken.
func (in OpenTicketIn) extraFields(taken ...string) []Fault {
	var faults []Fault
	for _, arg := range []struct {
		name  string
		given bool
	}{
		{"domain_name", in.DomainName != ""},
		{"subject", in.Subject != ""},
		{"vm_id", in.VMID != ""},
		{"ip_address", in.IPAddress != ""},
		{"root_password", in.RootPassword != ""},
		{"ssh_port", in.SSHPort != nil},
		{"ssh_user", in.SSHUser != ""},
		{"ssh_password", in.SSHPassword != ""},
	} {
		if arg.given && !slices.Contains(taken, arg.name) {
			faults = append(faults, Fault{arg.name, "not taken by department " + in.Department + ": leave it out"})
		}
	}
	return faults
}

// checkBody refuses an empty message, and one that repeats a password that goes
// along: who agrees to a message reads all of it, and no password.
func checkBody(body string, passwords ...Secret) []Fault {
	if strings.TrimSpace(body) == "" {
		return []Fault{{"body", "missing: write what the staff should read"}}
	}
	values := make([]string, len(passwords))
	for i, p := range passwords {
		values[i] = string(p)
	}
	if newTextReplacer(values...).replace(body) != body {
		return []Fault{{"body", "it repeats a password that goes along: leave it out of the body, the staff gets it in its own field"}}
	}
	return nil
}

// OpenTicket opens a support ticket.
var OpenTicket = Op[OpenTicketIn, Raw]{
	Name: "open_ticket", Title: "Open support ticket",
	Doc:     "Open a support ticket. People at VPS.NET read it and act on it.",
	Heading: "Open Support Tickets",
	Route:   "POST /tickets", Reply: rawShape(), Safety: Commits, Evidence: Clients,
}

// GetTicketIn names a ticket.
type GetTicketIn struct {
	TicketID TicketID `json:"ticket_id"`
}

// GetTicket reads a ticket with its messages.
var GetTicket = Op[GetTicketIn, Ticket]{
	Name: "get_ticket", Title: "Get support ticket",
	Doc:     "Get a support ticket with all its messages.",
	Heading: "GET properties for a ticket",
	Route:   "GET /tickets/{ticket_id}", Reply: bareObject[Ticket](), Safety: Reads, Evidence: Clients,
}

// ReplyToTicketIn is a message to the staff. RootPassword is as in OpenTicketIn.
type ReplyToTicketIn struct {
	TicketID     TicketID `json:"ticket_id"`
	Body         string   `json:"body" jsonschema:"minLength=1"`
	RootPassword Secret   `json:"root_password,omitempty" jsonschema_description:"The server's, if staff asked"`
}

// Check refuses an empty message, and one that repeats the password.
func (in ReplyToTicketIn) Check() []Fault { return checkBody(in.Body, in.RootPassword) }

// ReplyToTicket adds a message to an open ticket.
var ReplyToTicket = Op[ReplyToTicketIn, Raw]{
	Name: "reply_to_ticket", Title: "Reply to support ticket",
	Doc:     "Add a message to an open support ticket. People at VPS.NET read it and act on it.",
	Heading: "Respond to an Open Ticket",
	Route:   "POST /tickets/{ticket_id}/ticket_replies", Reply: rawShape(), Safety: Commits, Evidence: Clients,
}

// CloseTicketIn names a ticket.
type CloseTicketIn struct {
	TicketID TicketID `json:"ticket_id"`
}

// CloseTicket closes a ticket. Nothing is deleted, although the method is DELETE.
var CloseTicket = Op[CloseTicketIn, Done]{
	Name: "close_ticket", Title: "Close support ticket",
	Doc:     "Close a support ticket. Its messages stay readable.",
	Heading: "Close a Ticket",
	Route:   "DELETE /tickets/{ticket_id}", Reply: noContent(), Safety: Changes, Evidence: Clients,
}

// ListManagedServicesIn has no arguments.
type ListManagedServicesIn struct{}

// ListManagedServices lists the servers that the vendor's staff looks after.
var ListManagedServices = Op[ListManagedServicesIn, []ManagedService]{
	Name: "list_managed_services", Title: "List managed services",
	Doc:     "List the servers with Pro-Active Managed Service and its renewal dates.",
	Heading: "GET Pro-Active Managed Services list",
	Route:   "GET /managed_services", Reply: keyedList[ManagedService]("managed_services"), Safety: Reads, Evidence: Inferred,
}

// Tickets is the group of functions about support tickets.
var Tickets = Group{Name: "tickets", Title: "Support tickets", Operations: []Operation{
	ListTickets, OpenTicket, GetTicket, ReplyToTicket, CloseTicket, ListManagedServices,
}}
