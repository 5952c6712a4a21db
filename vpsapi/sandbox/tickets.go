package sandbox

import (
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// ticketHandlers returns the handlers of the functions for tickets.
func ticketHandlers() []handler {
	return []handler{
		handle(vpsapi.ListTickets, listTickets),
		onOpenTicket(),
		handle(vpsapi.GetTicket, getTicket),
		handle(vpsapi.ReplyToTicket, replyToTicket),
		handle(vpsapi.CloseTicket, closeTicket),
		handle(vpsapi.ListManagedServices, listManagedServices),
	}
}

// The states of a ticket, as answers spell them; filters use lower case.
const (
	// ticketOpen is the state of an open ticket, as answers spell it.
	ticketOpen = "Open"
	// ticketClosed is the state of a closed ticket, as answers spell it.
	ticketClosed = "Closed"
)

// Who responded last, as answers spell it. The document shows the first alone.
const (
	// byStaff says that the staff responded last to a ticket, as the document shows it.
	byStaff = "Staff Followup"
	// byClient says that the client responded last to a ticket; the wording is the sandbox's own.
	byClient = "Client Followup"
)

// departments are the names that answers use, by the number that requests use.
var departments = map[string]vpsapi.Text{
	"1": "Billing", "2": "Sales", "3": "Wordpress", "4": "Cloud Hosting", "5": "Server issue", "6": "Other",
}

// subjects are the document's names of the subjects of technical tickets.
var subjects = map[string]vpsapi.Text{
	"reboot": "Server is Down", "performance_issue": "Server Performance Issue", "installation": "Installation Request",
	"administration": "Server Administration Request", "assisted": "Assisted Start-up Request",
	"abuse": "Abuse / DDoS", "other": "Unknown / Other",
}

// seedTickets makes the document's ticket 979 and its managed service.
func seedTickets(a *account) {
	a.tickets = []*vpsapi.Ticket{{
		ID: "979", Subject: "API test subject", Status: ticketOpen, Department: "Billing",
		LastResponded: byStaff, LastResponseTime: "2010-08-09T08:02:00-04:00",
		Replies: []vpsapi.Reply{
			{Comment: "Test ticket comment", Time: "2010-08-06T08:28:16-04:00", ClientResponse: ptr(vpsapi.Flag(true))},
			{Comment: "Test answer", Time: "2010-08-09T08:02:00-04:00", ClientResponse: ptr(vpsapi.Flag(false))}, // which the document's list tells of
		},
	}}
	a.managed = []*vpsapi.ManagedService{{VirtualMachineID: "520", ManagedSupportIP: "68.169.47.56", RenewalDate: "11 Sep 2010"}}
}

// ticket returns the ticket of an id, or the service's 404.
func (a *account) ticket(id vpsapi.TicketID) (*vpsapi.Ticket, error) {
	for _, t := range a.tickets {
		if t.ID == id {
			return t, nil
		}
	}
	return nil, notFound("Ticket", id)
}

// listTickets answers list_tickets from the account in memory.
func listTickets(a *account, in vpsapi.ListTicketsIn) ([]vpsapi.Ticket, error) {
	found := []vpsapi.Ticket{}
	for _, t := range a.tickets {
		status, department := strings.EqualFold(string(t.Status), in.Status), t.Department == departments[in.Department]
		if (status || in.Status == "") && (department || in.Department == "") {
			row := *t
			row.Replies = nil
			found = append(found, row)
		}
	}
	return found, nil
}

// onOpenTicket takes a subject with any department, as the vendor's class sends it.
func onOpenTicket() handler {
	h := handle(vpsapi.OpenTicket, openTicket)
	h.adapt = func(in any) any {
		ticket := in.(vpsapi.OpenTicketIn)
		if ticket.Department != "5" {
			ticket.Subject = ""
		}
		return ticket
	}
	return h
}

// openTicket answers with the ticket: what the service answers is not
// documented, and a caller needs the id.
func openTicket(a *account, in vpsapi.OpenTicketIn) (vpsapi.Raw, error) {
	subject, known := subjects[in.Subject]
	switch {
	case in.Subject == "":
		subject = firstWords(in.Body)
	case !known:
		return nil, invalid("subject", "is not included in the list")
	}
	if in.VMID != "" && !a.supports(in.VMID) {
		return nil, invalid("vm_id", "is not one of your cloud servers")
	}
	t := &vpsapi.Ticket{ID: newID[vpsapi.Ticket](a), Subject: subject, Status: ticketOpen, Department: departments[in.Department]}
	a.tickets = append(a.tickets, t)
	a.addClientMessage(t, in.Body)
	return vpsapi.GetTicket.EncodeReply(*t)
}

// supports reports a server that a ticket can be about. The document's own
// example is about the server of the managed service, which it does not list.
func (a *account) supports(id vpsapi.ServerID) bool {
	_, err := a.server(id)
	return err == nil || slices.ContainsFunc(a.managed, func(m *vpsapi.ManagedService) bool { return m.VirtualMachineID == id })
}

// firstWords is the subject of a ticket that came without one.
func firstWords(body string) vpsapi.Text {
	line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	if runes := []rune(line); len(runes) > 60 {
		line = string(runes[:60]) + "..."
	}
	return vpsapi.Text(line)
}

// getTicket answers with what the document shows: subject, status and replies.
func getTicket(a *account, in vpsapi.GetTicketIn) (vpsapi.Ticket, error) {
	t, err := a.ticket(in.TicketID)
	if err != nil {
		return vpsapi.Ticket{}, err
	}
	return vpsapi.Ticket{Subject: t.Subject, Status: t.Status, Replies: slices.Clone(t.Replies)}, nil
}

// replyToTicket answers reply_to_ticket from the account in memory.
func replyToTicket(a *account, in vpsapi.ReplyToTicketIn) (vpsapi.Raw, error) {
	t, err := a.ticket(in.TicketID)
	if err != nil {
		return nil, err
	}
	if t.Status == ticketClosed {
		return nil, invalid("base", "This ticket is closed")
	}
	a.addClientMessage(t, in.Body)
	return vpsapi.GetTicket.EncodeReply(*t)
}

// closeTicket answers close_ticket from the account in memory.
func closeTicket(a *account, in vpsapi.CloseTicketIn) (vpsapi.Done, error) {
	t, err := a.ticket(in.TicketID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if t.Status == ticketClosed {
		return vpsapi.Done{}, invalid("base", "This ticket is already closed")
	}
	t.Status = ticketClosed
	return vpsapi.Done{}, nil
}

// listManagedServices answers list_managed_services from the account in memory.
func listManagedServices(a *account, _ vpsapi.ListManagedServicesIn) ([]vpsapi.ManagedService, error) {
	return copyValues(a.managed), nil
}

// staffAnswerDelay is how long the staff takes to answer a message.
const staffAnswerDelay = 4 * time.Minute

// addClientMessage adds the client's message to a ticket; the staff answers a while later,
// unless the ticket is closed or has been answered by then.
func (a *account) addClientMessage(t *vpsapi.Ticket, body string) {
	a.respond(t, byClient, body)
	a.schedule(staffAnswerDelay, func() {
		if t.Status != ticketClosed && t.LastResponded == byClient {
			a.respond(t, byStaff, "Thank you for contacting VPS.NET support. We are looking into it and will write again shortly.")
		}
	})
}

// respond adds a message to a ticket.
func (a *account) respond(t *vpsapi.Ticket, who vpsapi.Text, comment string) {
	t.LastResponded, t.LastResponseTime = who, a.nowStamp()
	t.Replies = append(t.Replies, vpsapi.Reply{
		Comment: vpsapi.Text(comment), Time: t.LastResponseTime, ClientResponse: ptr(vpsapi.Flag(who == byClient)),
	})
}
