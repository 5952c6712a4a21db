package vpsapi

// Group is a section of the API.
type Group struct {
	Name       string // such as "servers"; also the name of a toolset
	Title      string
	Operations []Operation
}

// Groups lists all functions of the API in the document's order.
func Groups() []Group {
	return []Group{Servers, Nodes, IPs, Backups, Clouds, DNS, Tickets, Templates, Invoices, Account}
}

// Operations lists all functions of the API in the document's order.
func Operations() []Operation {
	var all []Operation
	for _, g := range Groups() {
		all = append(all, g.Operations...)
	}
	return all
}

// Find gives the function of a name.
func Find(name string) (Operation, bool) {
	for _, op := range Operations() {
		if op.Info().Name == name {
			return op, true
		}
	}
	return nil, false
}
