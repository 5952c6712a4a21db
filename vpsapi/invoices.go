package vpsapi

// Invoice is one invoice.
type Invoice struct {
	No       InvoiceNo `json:"invoice_no" wire:"string"`
	Status   Text      `json:"status,omitempty"`
	Amount   Money     `json:"amount"`
	Currency Text      `json:"currency,omitempty"`
	DateSent Time      `json:"date_sent,omitempty"`
	DateDue  Time      `json:"date_due,omitempty"`
}

// Billing is the account's balance.
type Billing struct {
	CurrentBalance Money `json:"current_balance" wire:"number"`
	Currency       Text  `json:"currency"`
	AccountCredits Money `json:"account_credits" wire:"number"`
}

// ListInvoicesIn has no arguments.
type ListInvoicesIn struct{}

// ListInvoices lists the invoices.
var ListInvoices = Op[ListInvoicesIn, []Invoice]{
	Name: "list_invoices", Title: "List invoices",
	Doc:     "List the account's invoices with amount, currency, status and dates.",
	Heading: "GET Invoices",
	Route:   "GET /invoices", Reply: wrappedList[Invoice]("invoice"), Safety: Reads, Evidence: Clients,
}

// GetBillingInfoIn has no arguments.
type GetBillingInfoIn struct{}

// GetBillingInfo reads the balance.
var GetBillingInfo = Op[GetBillingInfoIn, Billing]{
	Name: "get_billing_info", Title: "Get billing info",
	Doc:     "Get the current balance and account credits.",
	Heading: "GET Billing Info",
	Route:   "GET /invoices/get_credits", Reply: bareObject[Billing](), Safety: Reads, Evidence: Inferred,
}

// GetInvoiceIn names an invoice.
type GetInvoiceIn struct {
	InvoiceNo InvoiceNo `json:"invoice_no" jsonschema_description:"From list_invoices"`
}

// GetInvoice fetches an invoice as a PDF.
var GetInvoice = Op[GetInvoiceIn, PDF]{
	Name: "get_invoice", Title: "Get invoice",
	Doc:     "Get one invoice as a PDF.",
	Heading: "GET Invoice",
	Route:   "GET /invoices/{invoice_no}", Reply: pdf(), Safety: Reads, Evidence: Document,
}

// Invoices is the group of functions about invoices.
var Invoices = Group{Name: "invoices", Title: "Invoices", Operations: []Operation{ListInvoices, GetBillingInfo, GetInvoice}}
