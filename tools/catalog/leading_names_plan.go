package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Bounds of the DNS names that a plan tells of.
const (
	// maxNameDomains is how many domains are looked through for names.
	maxNameDomains = 10
	// maxLeadingNames is how many names are told.
	maxLeadingNames = 8
)

// prefetchLeadingNames begins the reads of addLeadingNames.
func prefetchLeadingNames(ctx context.Context, r *account.Reader) {
	account.PrefetchLookup(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
}

// addLeadingNames warns of the account's DNS names that lead to addresses which go: their records stay. More
// than ten domains are not looked through.
func addLeadingNames(ctx context.Context, p *plan.Plan, r *account.Reader, addresses ...string) {
	domains, err := account.Lookup(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	if err != nil || len(addresses) == 0 {
		return
	}
	looked := domains[:min(len(domains), maxNameDomains)]
	for _, d := range looked {
		r.PrefetchRecords(ctx, d.ID)
	}
	var names []string
	for _, d := range looked {
		records, err := r.Records(ctx, d.ID)
		if err != nil {
			continue
		}
		for _, x := range records {
			name := words.FullName(string(x.Host), d)
			if !slices.Contains(names, name) && slices.ContainsFunc(x.Data, func(data string) bool { return slices.Contains(addresses, data) }) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return
	}
	shown := make([]string, min(len(names), maxLeadingNames))
	for i := range shown {
		shown[i] = vpsapi.Quote(names[i])
	}
	text := fmt.Sprintf("DNS names that lead to it stay: %s", strings.Join(shown, ", "))
	if n := len(names) - len(shown); n > 0 {
		text += fmt.Sprintf(", and %d more", n)
	}
	if n := len(domains) - len(looked); n > 0 {
		text += fmt.Sprintf(" (%s not looked through)", words.Counted(n, "further domain"))
	}
	p.Words.Warnings = append(p.Words.Warnings, text)
}
