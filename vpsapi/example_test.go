package vpsapi_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// newClient is a client of an embedded VPS.NET. One of the real service has the
// account's own credentials and no Transport.
func newClient() *vpsapi.Client {
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(sandbox.Options{}),
	})
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// Every function of the API is a value; Call runs it.
func Example() {
	ctx, client := context.Background(), newClient()
	tickets, err := vpsapi.ListTickets.Call(ctx, client, vpsapi.ListTicketsIn{Status: "open"})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range tickets {
		fmt.Printf("ticket %s: %s (%s)\n", t.ID, t.Subject, t.Department)
	}
	if _, err := vpsapi.CloseTicket.Call(ctx, client, vpsapi.CloseTicketIn{TicketID: tickets[0].ID}); err != nil {
		log.Fatal(err)
	}
	_, err = vpsapi.ReplyToTicket.Call(ctx, client, vpsapi.ReplyToTicketIn{TicketID: tickets[0].ID, Body: "One more thing"})
	fmt.Println(err)
	// Output:
	// ticket 979: API test subject (Billing)
	// reply_to_ticket: invalid (HTTP 422): the service says "This ticket is closed"; correct the arguments and call again
}

// An error says what went wrong, and what is known of the call's effect.
func ExampleError() {
	_, err := vpsapi.GetTicket.Call(context.Background(), newClient(), vpsapi.GetTicketIn{TicketID: "1"})
	var e *vpsapi.Error
	if errors.As(err, &e) {
		fmt.Printf("%s, %s: %s\n", e.Kind, e.Outcome, e.Words())
	}
	fmt.Println(vpsapi.IsNotFound(err))
	// Output:
	// not found, refused: "Ticket 1 was not found"
	// true
}

// Bad input is refused before anything is sent.
func ExampleInputError() {
	_, err := vpsapi.OpenTicket.Call(context.Background(), newClient(), vpsapi.OpenTicketIn{
		Department: "5", Subject: "reboot", Body: "My server is down",
	})
	fmt.Println(err)
	// Output:
	// open_ticket: vm_id: missing: department 5 needs the id of the server; nothing was sent
}

// A program that works on the whole API loops over its groups.
func ExampleGroups() {
	for _, g := range vpsapi.Groups() {
		if g.Name != "invoices" {
			continue
		}
		for _, op := range g.Operations {
			info := op.Info()
			fmt.Printf("%s (%s): %s\n", info.Name, info.Safety, info.Route)
		}
	}
	// Output:
	// list_invoices (read): GET /invoices
	// get_billing_info (read): GET /invoices/get_credits
	// get_invoice (read): GET /invoices/{invoice_no}
}

// Encode makes the request without sending it, such as for a preview.
func ExampleOp_Encode() {
	request, err := vpsapi.AddWindowsTemplate.Encode(vpsapi.AddWindowsTemplateIn{SystemTemplateID: "11"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s\n%s\n", request.Method, request.URL(), request.Body)
	// Output:
	// POST /windows_templates.api10json
	// {"windows_template":{"system_template_id":"11","confirm_purchase":"1"}}
}
