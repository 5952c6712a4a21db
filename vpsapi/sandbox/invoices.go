package sandbox

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"vpsnet-mcp/vpsapi"
)

// invoiceHandlers returns the handlers of the functions for invoices.
func invoiceHandlers() []handler {
	return []handler{
		handle(vpsapi.ListInvoices, listInvoices),
		handle(vpsapi.GetBillingInfo, getBillingInfo),
		handle(vpsapi.GetInvoice, getInvoice),
	}
}

// seedInvoices makes the document's invoice 9130.
func seedInvoices(a *account) {
	a.invoices = []*invoice{{
		Invoice: vpsapi.Invoice{
			No: "9130", Status: "paid", Amount: "15.00", Currency: "USD",
			DateSent: "2011-04-27T07:09:19-04:00", DateDue: "2011-04-30T19:00:00-04:00",
		},
		lines: []invoiceLine{{"Cloud server node, one month", 15}},
	}}
}

// listInvoices answers list_invoices from the account in memory.
func listInvoices(a *account, _ vpsapi.ListInvoicesIn) ([]vpsapi.Invoice, error) {
	out := make([]vpsapi.Invoice, len(a.invoices))
	for i, inv := range a.invoices {
		out[i] = inv.Invoice
	}
	return out, nil
}

// getBillingInfo answers get_billing_info from the account in memory.
func getBillingInfo(a *account, _ vpsapi.GetBillingInfoIn) (vpsapi.Billing, error) {
	return vpsapi.Billing{CurrentBalance: formatBalance(a.balance), Currency: "USD", AccountCredits: formatBalance(a.credits)}, nil
}

// formatBalance writes an amount as the document's example does: 99.0, but 0.
func formatBalance(amount float64) vpsapi.Money {
	cents := strconv.FormatFloat(amount, 'f', 2, 64)
	switch short := strings.TrimSuffix(cents, "0"); short {
	case "0.0", "-0.0":
		return "0"
	default:
		return vpsapi.Money(short)
	}
}

// getInvoice answers get_invoice from the account in memory.
func getInvoice(a *account, in vpsapi.GetInvoiceIn) (vpsapi.PDF, error) {
	for _, inv := range a.invoices {
		if inv.No == in.InvoiceNo {
			return a.renderInvoice(inv)
		}
	}
	return nil, notFound("Invoice", in.InvoiceNo)
}

// openInvoice is the next invoice, made with the first charge.
func (a *account) openInvoice() *invoice {
	last := a.invoices[len(a.invoices)-1]
	if last.Status == "open" {
		return last
	}
	no, _ := strconv.Atoi(string(last.No))
	next := &invoice{Invoice: vpsapi.Invoice{
		No: vpsapi.InvoiceNo(strconv.Itoa(no + 1)), Status: "open", Amount: "0.00", Currency: "USD",
		DateSent: a.nowStamp(), DateDue: formatTime(a.now.AddDate(0, 0, 3)),
	}}
	a.invoices = append(a.invoices, next)
	return next
}

// totalInvoice adds up an invoice's positions.
func (a *account) totalInvoice(inv *invoice) {
	total := 0.0
	for _, l := range inv.lines {
		total += l.amount
	}
	inv.Amount = toMoney(total)
}

// renderInvoice makes the invoice's PDF.
func (a *account) renderInvoice(inv *invoice) (vpsapi.PDF, error) {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCatalogSort(true) // one order of the fonts: the same invoice is the same bytes
	doc.SetCreationDate(time.Unix(0, 0))
	doc.SetModificationDate(time.Unix(0, 0))
	doc.SetTitle("Invoice "+string(inv.No), true)
	doc.AddPage()
	doc.SetFont("Helvetica", "B", 18)
	doc.Cell(0, 12, "Invoice "+string(inv.No))
	doc.Ln(14)
	doc.SetFont("Helvetica", "", 11)
	for _, line := range []string{
		"VPS.NET sandbox: this is not a real invoice.",
		fmt.Sprintf("Account: %s", a.profile.EmailAddress),
		fmt.Sprintf("Sent: %s    Due: %s    Status: %s", inv.DateSent, inv.DateDue, inv.Status),
	} {
		doc.Cell(0, 7, line)
		doc.Ln(7)
	}
	doc.Ln(5)
	for _, l := range inv.lines {
		doc.CellFormat(130, 7, l.what, "B", 0, "L", false, 0, "")
		doc.CellFormat(40, 7, fmt.Sprintf("%.2f %s", l.amount, inv.Currency), "B", 1, "R", false, 0, "")
	}
	doc.SetFont("Helvetica", "B", 11)
	doc.CellFormat(170, 9, fmt.Sprintf("Total %s %s", inv.Amount, inv.Currency), "", 1, "R", false, 0, "")
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
