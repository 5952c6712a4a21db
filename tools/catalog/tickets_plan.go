package catalog

import (
	"context"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// departments are the document's names of the departments.
var departments = map[string]string{
	"1": "billing", "2": "sales", "3": "Wordpress", "4": "cloud hosting", "5": "server issues", "6": "other",
}

// staffCost is what a message to the staff may cost.
const staffCost = "what the staff does may be charged; " + words.PriceUnknown

// planOpenTicket plans open_ticket: what the call would change, cost and break. It only reads.
func planOpenTicket(ctx context.Context, r *account.Reader, in vpsapi.OpenTicketIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.OpenTicket, in)
	if err != nil {
		return nil, err
	}
	p.Part = plan.Thing{Kind: "ticket", Label: in.Subject}
	p.Say("Open a support ticket with department %s (%s): people at VPS.NET read it and act on it.", words.IDText(in.Department), departments[in.Department])
	if in.VMID != "" {
		p.AddSay("Subject %s, about %s.", vpsapi.Quote(in.Subject), r.OtherServer(ctx, in.VMID))
	}
	if in.DomainName != "" {
		p.AddSay("About the hosting account of %s.", vpsapi.Quote(in.DomainName))
	}
	p.AddSay("It says: %s.", words.LongQuote(in.Body))
	addPassword(p, "its root password", in.RootPassword)
	addPassword(p, "an SSH password", in.SSHPassword)
	p.Words.Cost = staffCost
	p.Words.Undo = vpsapi.CloseTicket.Name + " closes the ticket; what the staff has read or done by then stays."
	return p, nil
}

// addPassword says that a password goes along, and never which.
func addPassword(p *plan.Plan, what string, secret vpsapi.Secret) {
	switch secret {
	case "":
	case vpsapi.CurrentPassword:
		p.AddSay("The staff gets %s (the present one, filled in when it is sent).", what)
	default:
		p.AddSay("The staff gets %s (%s).", what, secret)
	}
}

// planReplyToTicket plans reply_to_ticket: what the call would change, cost and break. It only reads.
func planReplyToTicket(ctx context.Context, r *account.Reader, in vpsapi.ReplyToTicketIn) (*plan.Plan, error) {
	p, t, err := startTicket(ctx, r, vpsapi.ReplyToTicket, in, in.TicketID)
	if err != nil {
		return nil, err
	}
	p.Say("Add a message to %s (%s): people at VPS.NET read it and act on it. It says: %s.", p.Thing, words.TicketState(t), words.LongQuote(in.Body))
	addPassword(p, "a root password", in.RootPassword)
	if strings.EqualFold(string(t.Status), "closed") {
		p.RuleOut(p.Thing.String()+" is closed, and takes no message", vpsapi.OpenTicket.Name+" opens a new one")
	}
	p.Words.Cost = staffCost
	p.Words.Undo = "no: a message cannot be taken back."
	return p, nil
}

// startTicket starts the plan of what happens to a ticket.
func startTicket(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.TicketID) (*plan.Plan, vpsapi.Ticket, error) {
	t, err := account.Read(ctx, r, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: id})
	if err != nil {
		return nil, t, err
	}
	p, err := plan.New(r.Client, op, in)
	if err == nil {
		p.Thing.Label = string(t.Subject)
	}
	return p, t, err
}

// planCloseTicket plans close_ticket: what the call would change, cost and break. It only reads.
func planCloseTicket(ctx context.Context, r *account.Reader, in vpsapi.CloseTicketIn) (*plan.Plan, error) {
	p, t, err := startTicket(ctx, r, vpsapi.CloseTicket, in, in.TicketID)
	if err != nil {
		return nil, err
	}
	p.Say("Close %s (%s). Its messages stay readable.", p.Thing, words.TicketState(t))
	if strings.EqualFold(string(t.Status), "closed") {
		p.Nothing = p.Thing.String() + " is closed already"
	}
	p.Words.Undo = "not by the API, as far as is documented."
	return p, nil
}
