package sandbox

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestInvoicesOfTheDocument(t *testing.T) {
	d := newDesk(t)
	want := []vpsapi.Invoice{{
		No: "9130", Status: "paid", Amount: "15.00", Currency: "USD",
		DateSent: "2011-04-27T07:09:19-04:00", DateDue: "2011-04-30T19:00:00-04:00",
	}}
	if diff := cmp.Diff(want, deskCall(d, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{})); diff != "" {
		t.Errorf("invoices (-want +got):\n%s", diff)
	}
	for path, want := range map[string]string{
		"/invoices.api10json":             `[{"invoice":{"invoice_no":"9130","status":"paid","amount":"15.00","currency":"USD","date_sent":"2011-04-27T07:09:19-04:00","date_due":"2011-04-30T19:00:00-04:00"}}]`,
		"/invoices/get_credits.api10json": `{"current_balance":99.0,"currency":"USD","account_credits":0}`,
	} {
		if status, got := d.post("GET", path, ""); status != 200 || got != want {
			t.Errorf("GET %s = %d %s, want %s", path, status, got, want)
		}
	}
}

func TestInvoiceIsAPDFThatStaysTheSame(t *testing.T) {
	d := newDesk(t)
	first := deskCall(d, vpsapi.GetInvoice, vpsapi.GetInvoiceIn{InvoiceNo: "9130"})
	d.clock = d.clock.Add(time.Hour)
	again := deskCall(d, vpsapi.GetInvoice, vpsapi.GetInvoiceIn{InvoiceNo: "9130"})
	if !bytes.HasPrefix(first, []byte("%PDF-")) || !bytes.Equal(first, again) {
		t.Errorf("%d and %d bytes, %q", len(first), len(again), first[:min(8, len(first))])
	}
	deskRefused(d, vpsapi.GetInvoice, vpsapi.GetInvoiceIn{InvoiceNo: "1"}, vpsapi.NotFound, "1")
}

// What is charged is taken from the balance at once and collected on one open
// invoice, which can be printed.
func TestChargesShowOnTheNextInvoice(t *testing.T) {
	d := newDesk(t)
	d.sb.account.charge(0.10, "a dime")
	d.sb.account.charge(0.20, "two dimes")
	want := []vpsapi.Money{"15.00", "0.30"}
	var got []vpsapi.Money
	for _, inv := range deskCall(d, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}) {
		got = append(got, inv.Amount)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
	if balance := deskCall(d, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{}).CurrentBalance; balance != "98.7" {
		t.Errorf("balance %s, want 98.7", balance)
	}
	if pdf := deskCall(d, vpsapi.GetInvoice, vpsapi.GetInvoiceIn{InvoiceNo: "9131"}); len(pdf) == 0 {
		t.Error("the open invoice has no PDF")
	}
}

func TestBalanceIsWrittenAsInTheDocument(t *testing.T) {
	for amount, want := range map[float64]vpsapi.Money{
		99: "99.0", 0: "0", -0.001: "0", 91.25: "91.25", 91.2: "91.2", -5: "-5.0", 0.1 + 0.2: "0.3",
	} {
		if got := formatBalance(amount); got != want {
			t.Errorf("balance(%v) = %s, want %s", amount, got, want)
		}
	}
}

func TestProfileIsTheAccountsOwn(t *testing.T) {
	d := newDesk(t)
	profile := deskCall(d, vpsapi.GetProfile, vpsapi.GetProfileIn{})
	if profile.EmailAddress != Email || profile.PerNodePrice != "20.00" {
		t.Errorf("profile = %+v", profile)
	}
	stranger, err := vpsapi.NewClient(vpsapi.Config{Email: Email, APIKey: "another", Transport: d.sb, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vpsapi.GetProfile.Call(t.Context(), stranger, vpsapi.GetProfileIn{}); !vpsapi.IsAuth(err) {
		t.Errorf("with another key: %v, want refused credentials", err)
	}
}
