package vpsapi

// Group is a section of the API.
type Group struct {
	Name       string // such as "servers"; also the name of a toolset
	Title      string
	Operations []Operation
}

// Groups lists the functions of the older API's document by its sections, in its
// order. It leaves out what the document does not have: Beyond has it, and All both.
func Groups() []Group {
	return []Group{Servers, Nodes, IPs, Backups, Clouds, DNS, Tickets, Templates, Invoices, Account}
}

// Undocumented lists the groups of functions that public clients use and the vendor's document does not have: those of
// the older API, then those of the newer one.
func Undocumented() []Group { return []Group{SSD, PlatformServers} }

// All lists every group: the document's, then those beyond it.
func All() []Group { return append(Groups(), Undocumented()...) }

// Operations lists the functions of Groups, in the document's order; Find knows those
// beyond the document too.
func Operations() []Operation {
	var all []Operation
	for _, g := range Groups() {
		all = append(all, g.Operations...)
	}
	return all
}

// Find gives the function of a name, be it in the document or beyond it.
func Find(name string) (Operation, bool) {
	for _, g := range All() {
		for _, op := range g.Operations {
			if op.Info().Name == name {
				return op, true
			}
		}
	}
	return nil, false
}
