package catalog

import (
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/vpsapi"
)

// ticketsRows are the functions of the group tickets.
func ticketsRows() []Row {
	return []Row{
		function(vpsapi.ListTickets, spec[vpsapi.ListTicketsIn]{
			answer: AsList,
			empty:  "Without status, tickets of every status are listed.",
			search: "waiting history any request question asked ticket support open all outstanding unresolved status",
		}),
		function(vpsapi.OpenTicket, spec[vpsapi.OpenTicketIn]{
			plan:    planOpenTicket,
			shownIn: vpsapi.ListTickets,
			search:  "down question ticket support help staff problem broken issue tell ask question new complain talk speak create human person someone team contact trouble",
			acts:    find.Create,
		}),
		function(vpsapi.GetTicket, spec[vpsapi.GetTicketIn]{
			answer: asFields,
			search: "agent wrote reply ticket support conversation message thread said staff single response answer status",
		}),
		function(vpsapi.ReplyToTicket, spec[vpsapi.ReplyToTicketIn]{
			plan:    planReplyToTicket,
			shownIn: vpsapi.GetTicket,
			marks:   func(in vpsapi.ReplyToTicketIn) []string { return []string{in.Body} },
			search:  "append another detail attach information reply ticket support message comment staff add open existing answer write back follow",
			acts:    find.Create,
		}),
		function(vpsapi.CloseTicket, spec[vpsapi.CloseTicketIn]{
			plan:   planCloseTicket,
			search: "close ticket support solved done fixed resolved mark finished over",
			acts:   find.Delete,
		}),
		plain(vpsapi.ListManagedServices, "contract renewal which server managed service server proactive renewal renew subscription care monitored"),
	}
}
