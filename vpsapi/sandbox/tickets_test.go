package sandbox

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestTicketsOfTheDocument(t *testing.T) {
	d := newDesk(t)
	want := []vpsapi.Ticket{{
		ID: "979", Subject: "API test subject", Status: "Open", Department: "Billing",
		LastResponded: "Staff Followup", LastResponseTime: "2010-08-09T08:02:00-04:00",
	}}
	if diff := cmp.Diff(want, deskCall(d, vpsapi.ListTickets, vpsapi.ListTicketsIn{})); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	one := vpsapi.Ticket{Subject: "API test subject", Status: "Open", Replies: []vpsapi.Reply{
		{Comment: "Test ticket comment", Time: "2010-08-06T08:28:16-04:00", ClientResponse: ptr(vpsapi.Flag(true))},
		{Comment: "Test answer", Time: "2010-08-09T08:02:00-04:00", ClientResponse: ptr(vpsapi.Flag(false))}, // of the list's last_responded
	}}
	if diff := cmp.Diff(one, deskCall(d, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: "979"})); diff != "" {
		t.Errorf("get (-want +got):\n%s", diff)
	}
	managed := []vpsapi.ManagedService{{VirtualMachineID: "520", ManagedSupportIP: "68.169.47.56", RenewalDate: "11 Sep 2010"}}
	if diff := cmp.Diff(managed, deskCall(d, vpsapi.ListManagedServices, vpsapi.ListManagedServicesIn{})); diff != "" {
		t.Errorf("managed services (-want +got):\n%s", diff)
	}
	for _, body := range []string{
		`{"department": "1", "body": "This is a test body"}`,
		`{"department": "3", "body": "This is a test body", "domain_name": "www.test.com"}`,
		`{"subject": "reboot", "body": "This is a test body", "department": "5", "vm_id": 520,
		  "root_password": "F4334Y!", "ssh_port": "345", "ssh_user": "test", "ssh_password": "df345dd"}`,
	} {
		if status, answer := d.post("POST", "/tickets.api10json", body); status != 200 || strings.Contains(answer, "F4334Y!") {
			t.Errorf("open %s = %d %s", body, status, answer)
		}
	}
	if status, answer := d.post("POST", "/tickets/979/ticket_replies.api10json", `{"body": "This is a test reply body", "root_password": "Ffe33D"}`); status != 200 {
		t.Errorf("reply = %d %s", status, answer)
	}
}

func TestTicketLifeFromQuestionToClose(t *testing.T) {
	d := newDesk(t)
	var opened vpsapi.Ticket
	raw := deskCall(d, vpsapi.OpenTicket, vpsapi.OpenTicketIn{Department: "2", Body: "What would 40 nodes cost?\nThank you"})
	if err := json.Unmarshal(raw, &opened); err != nil || opened.ID == "" || opened.Subject != "What would 40 nodes cost?" {
		t.Fatalf("open = %s, %v", raw, err)
	}
	id := opened.ID

	d.clock = d.clock.Add(staffAnswerDelay - time.Second)
	if got := ticketVoices(d, id); got != "client" {
		t.Errorf("before the staff answers: %s", got)
	}
	d.clock = d.clock.Add(time.Second)
	if got := ticketVoices(d, id); got != "client staff" {
		t.Errorf("after the staff answered: %s", got)
	}

	deskCall(d, vpsapi.ReplyToTicket, vpsapi.ReplyToTicketIn{TicketID: id, Body: "And 50?"})
	deskCall(d, vpsapi.ReplyToTicket, vpsapi.ReplyToTicketIn{TicketID: id, Body: "Or 60?"})
	d.clock = d.clock.Add(time.Hour)
	if got := ticketVoices(d, id); got != "client staff client client staff" {
		t.Errorf("two messages in a row get one answer, got: %s", got)
	}

	deskCall(d, vpsapi.ReplyToTicket, vpsapi.ReplyToTicketIn{TicketID: id, Body: "Thanks, bye"})
	deskCall(d, vpsapi.CloseTicket, vpsapi.CloseTicketIn{TicketID: id})
	d.clock = d.clock.Add(time.Hour)
	ticket := deskCall(d, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: id})
	if ticket.Status != "Closed" || len(ticket.Replies) != 6 {
		t.Errorf("a closed ticket: %+v", ticket)
	}
	deskRefused(d, vpsapi.ReplyToTicket, vpsapi.ReplyToTicketIn{TicketID: id, Body: "One more"}, vpsapi.Invalid, "closed")
	deskRefused(d, vpsapi.CloseTicket, vpsapi.CloseTicketIn{TicketID: id}, vpsapi.Invalid, "already closed")
}

func ticketVoices(d *desk, id vpsapi.TicketID) string {
	d.Helper()
	var who []string
	for _, r := range deskCall(d, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: id}).Replies {
		who = append(who, map[bool]string{true: "client", false: "staff"}[bool(*r.ClientResponse)])
	}
	return strings.Join(who, " ")
}

func TestTicketFilters(t *testing.T) {
	d := newDesk(t)
	deskCall(d, vpsapi.OpenTicket, vpsapi.OpenTicketIn{Department: "6", Body: "Other"})
	deskCall(d, vpsapi.OpenTicket, vpsapi.OpenTicketIn{Department: "5", Body: "Down", Subject: "reboot", VMID: "520"})
	deskCall(d, vpsapi.CloseTicket, vpsapi.CloseTicketIn{TicketID: "979"})
	for in, want := range map[vpsapi.ListTicketsIn]string{
		{}:                                  "API test subject, Other, Server is Down",
		{Status: "open"}:                    "Other, Server is Down",
		{Status: "closed"}:                  "API test subject",
		{Status: "hold"}:                    "",
		{Department: "1"}:                   "API test subject",
		{Status: "open", Department: "5"}:   "Server is Down",
		{Status: "closed", Department: "5"}: "",
	} {
		var got []string
		for _, ticket := range deskCall(d, vpsapi.ListTickets, in) {
			got = append(got, string(ticket.Subject))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%+v = %q, want %q", in, got, want)
		}
	}
}

func TestTicketsRefused(t *testing.T) {
	d := newDesk(t)
	deskRefused(d, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: "1"}, vpsapi.NotFound, "1")
	deskRefused(d, vpsapi.ReplyToTicket, vpsapi.ReplyToTicketIn{TicketID: "1", Body: "x"}, vpsapi.NotFound, "1")
	deskRefused(d, vpsapi.CloseTicket, vpsapi.CloseTicketIn{TicketID: "1"}, vpsapi.NotFound, "1")
	deskRefused(d, vpsapi.OpenTicket, vpsapi.OpenTicketIn{Department: "5", Body: "x", Subject: "lost", VMID: "520"}, vpsapi.Invalid, "subject")
	deskRefused(d, vpsapi.OpenTicket, vpsapi.OpenTicketIn{Department: "5", Body: "x", Subject: "other", VMID: "7"}, vpsapi.Invalid, "vm_id")
	const path = "/tickets.api10json"
	d.refuses("POST", path, `{"body": "x"}`, "department")
	d.refuses("POST", path, `{"department": "1"}`, "body")
	d.refuses("POST", path, `{"department": "9", "body": "x"}`, "department")
	d.refuses("POST", path, `{"department": "5", "body": "x", "subject": "other"}`, "vm_id")
	d.refuses("POST", path, `[1]`, "base")
	d.refuses("POST", "/tickets/979/ticket_replies.api10json", `{"body": " "}`, "body")
}
