package vpsapi

import (
	"net/http"
	"strings"
	"testing"
)

func TestCorrectedRoutesAreSent(t *testing.T) {
	var got string
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Method + " " + r.RequestURI })
	for _, c := range []struct {
		op    Operation
		in    any
		route string
		want  string
	}{
		{ListManagedServices, ListManagedServicesIn{}, "GET /tickets/managed_services", "GET /tickets/managed_services.api10json"},
		{CloseTicket, CloseTicketIn{TicketID: "979"}, "POST /tickets/{ticket_id}/close", "POST /tickets/979/close.api10json"},
		{CloseTicket, CloseTicketIn{TicketID: "979"}, "DELETE /v2/support/{ticket_id}", "DELETE /v2/support/979.api10json"},
		{ReplyToTicket, ReplyToTicketIn{TicketID: "979", Body: "x"}, "PUT   /tickets/{ticket_id}", "PUT /tickets/979.api10json"},
		{GetSystemTemplate, GetSystemTemplateIn{CloudID: "3", SystemTemplateID: "9"}, "GET /templates/{system_template_id}/on/{cloud_id}", "GET /templates/9/on/3.api10json"},
		{ListTickets, ListTicketsIn{Status: "open"}, "GET /support", "GET /support.api10json?status=open"},
		{ListTickets, ListTicketsIn{Status: "open"}, "POST /support", "POST /support.api10json"},
		{GetInvoice, GetInvoiceIn{InvoiceNo: "9130"}, "GET /invoice/{invoice_no}", "GET /invoice/9130.pdf"},
	} {
		info := c.op.Info()
		client := loopback(t, handler)
		client, err := NewClient(Config{Email: testEmail, APIKey: testKey, BaseURL: client.BaseURL(), Routes: map[string]string{info.Name: c.route}})
		if err != nil {
			t.Errorf("%s: %s: %v", info.Name, c.route, err)
			continue
		}
		_, _ = c.op.Do(t.Context(), client, c.in)
		if got != c.want {
			t.Errorf("%s by %s: %s, want %s", info.Name, c.route, got, c.want)
		}
		if route := client.Route(info); route.Method()+" "+route.Path() != strings.Join(strings.Fields(c.route), " ") {
			t.Errorf("Route = %s", route)
		}
		if route := client.Route(GetProfile.Info()); route != GetProfile.Route {
			t.Errorf("another function's route = %s", route)
		}
	}
}

func TestCorrectedRoutesRefused(t *testing.T) {
	for _, c := range []struct{ name, route, words string }{
		{"get_nothing", "GET /nothing", `"get_nothing" is not a function`},
		{"", "GET /nothing", "is not a function"},
		{"get_ticket", "", "use GET"},
		{"get_ticket", "/tickets/{ticket_id}", "use GET"},
		{"get_ticket", "PUT /tickets/{ticket_id}", "use GET or POST"},
		{"get_ticket", "POST /tickets/{ticket_id}/ticket_replies", "reply_to_ticket, which changes something"}, // a read stays a read
		{"list_nodes", "POST /nodes", "create_nodes, which changes something"},
		{"get_cloud_server", "POST /virtual_machines/{server_id}/reboot", "reboot_cloud_server, which changes something"},
		{"create_cloud_server", "POST /virtual_machines without label", `without "label": only server_monitoring_service_required and`},
		{"create_nodes", "POST /nodes without server_monitoring_service_required", "can be left out, and only of functions that create a server"},
		{"get_ticket", "get /tickets/{ticket_id}", "use GET"},
		{"close_ticket", "GET /tickets/{ticket_id}", "use DELETE or POST"},
		{"close_ticket", "PUT /tickets/{ticket_id}", "use DELETE or POST"},
		{"reply_to_ticket", "DELETE /tickets/{ticket_id}", "use POST or PUT"}, // a change does not become a delete
		{"reply_to_ticket", "GET /tickets/{ticket_id}", "use POST or PUT"},
		{"get_ticket", "GET", "from the root"},
		{"get_ticket", "GET tickets/{ticket_id}", "from the root"},
		{"get_ticket", "GET https://evil.example/tickets/{ticket_id}", "without host"},
		{"get_ticket", "GET //evil.example/{ticket_id}", "without host"},
		{"get_ticket", "GET /tickets/{ticket_id}?x=1", "query"},
		{"get_ticket", "GET /tickets/{ticket_id}#x", "query"},
		{"get_ticket", "GET /tickets/{ticket_id}.api10json", "suffix"},
		{"get_ticket", "GET /tickets/../{ticket_id}", "from the root"},
		{"get_ticket", "GET /tickets/%2e%2e/{ticket_id}", "from the root"},
		{"get_ticket", "GET /tickets/{ticket_id}/", "from the root"},
		{"get_ticket", "GET /tickets/ x/{ticket_id}", "from the root"},
		{"get_ticket", "GET /tickets/x{ticket_id}", "from the root"},
		{"get_ticket", "GET /Tickets/{ticket_id}", "from the root"},
		{"get_ticket", "GET /tickets/{ticket_id}\\x", "from the root"},
		{"get_ticket", "GET /tickets/é/{ticket_id}", "from the root"},
		{"get_ticket", "GET /tickets", "placeholders"},
		{"get_ticket", "GET /tickets/{id}", "placeholders"},
		{"get_ticket", "GET /tickets/{ticket_id}/{ticket_id}", "placeholders"},
		{"get_ticket", "GET /tickets/{ticket_id}/{cloud_id}", "placeholders"},
		{"get_profile", "GET /{profile}", "placeholders"},
	} {
		_, err := NewClient(Config{Email: testEmail, APIKey: testKey, Routes: map[string]string{c.name: c.route}})
		if err == nil || !strings.Contains(err.Error(), c.words) || !strings.HasPrefix(err.Error(), "routes: ") {
			t.Errorf("%s: %q: %v, want %q", c.name, c.route, err, c.words)
		}
	}
}

// Two rules that no function of this file's groups is an example of.
func TestCorrectedRoutesOfSpecialFunctions(t *testing.T) {
	byType := Info{Name: "x", Route: "GET /slices", RouteBy: RouteBy{"type", map[string]Route{"ram": "GET /ram_nodes"}}, Safety: Reads}
	if _, err := checkOverride(byType, "GET /other"); err == nil || !strings.Contains(err.Error(), "chosen by type") {
		t.Errorf("a route by type: %v", err)
	}
}

// What declines monitoring can be left out of a create, by the route's correction.
func TestMonitoringFieldsCanBeLeftOut(t *testing.T) {
	in := CreateSSDServerIn{Plan: "1", FQDN: "a.example.com", SystemTemplateID: "78", CloudID: "160"}
	for route, want := range map[string]string{
		"": `,"server_monitoring_service_required":"0","server_monitoring_configuration_service_required":"0"}}`,
		"POST /ssd_virtual_machines without server_monitoring_service_required":                                                   `"rsync_backups_enabled":false,"server_monitoring_configuration_service_required":"0"}}`,
		"POST /ssd_virtual_machines without server_monitoring_service_required, server_monitoring_configuration_service_required": `"rsync_backups_enabled":false}}`,
	} {
		routes := map[string]string{"create_ssd_server": route}
		if route == "" {
			routes = nil
		}
		client, err := NewClient(Config{Email: testEmail, APIKey: testKey, Routes: routes})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := client.Encode(CreateSSDServer, in); err != nil || !strings.HasSuffix(string(r.Body), want) {
			t.Errorf("%s: %s, %v", route, r.Body, err)
		}
	}
}
