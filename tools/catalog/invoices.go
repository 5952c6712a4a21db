package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// invoicesRows are the functions of the group invoices.
func invoicesRows() []Row {
	return []Row{
		function(vpsapi.ListInvoices, spec[vpsapi.ListInvoicesIn]{
			answer: AsList,
			search: "accountant pay charge invoice all past paid unpaid payment history charged every billed year due amount account",
		}),
		plain(vpsapi.GetBillingInfo, "card charge billing balance current much left account remaining spent funds payable total"),
		plain(vpsapi.GetInvoice, "tax invoice pdf download document print single copy month file last particular number"),
	}
}
