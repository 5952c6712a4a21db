package tools

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

func dnsPlans() []entry {
	return []entry{
		planned(vpsapi.CreateDomain, planCreateDomain),
		planned(vpsapi.DeleteDomain, planDeleteDomain),
		planned(vpsapi.CreateDomainRecord, planCreateRecord),
		planned(vpsapi.EditDomainRecord, planEditRecord),
		planned(vpsapi.DeleteDomainRecord, planDeleteRecord),
		planned(vpsapi.UpdateDomainRecords, planUpdateRecords),
	}
}

// domain reads a domain.
func (r *reader) domain(ctx context.Context, id vpsapi.DomainID) (vpsapi.Domain, error) {
	return read(ctx, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(id)})
}

// records lists a domain's records, flat: that form has what writing one needs.
func (r *reader) records(ctx context.Context, id vpsapi.DomainID) ([]vpsapi.Record, error) {
	flat := vpsapi.Flag(true)
	return read(ctx, r, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: id, New: &flat})
}

// zone reads a domain with its records.
func (r *reader) zone(ctx context.Context, id vpsapi.DomainID) (vpsapi.Domain, []vpsapi.Record, error) {
	d, err := r.domain(ctx, id)
	if err != nil {
		return d, nil, err
	}
	records, err := r.records(ctx, id)
	return d, records, err
}

func (r *reader) record(ctx context.Context, domain vpsapi.DomainID, id vpsapi.RecordID) (vpsapi.Record, error) {
	all, err := r.records(ctx, domain)
	if err != nil {
		return vpsapi.Record{}, err
	}
	return found(all, func(x vpsapi.Record) bool { return x.ID == id }, "record "+string(id)+" in domain "+string(domain), "list_domain_records")
}

func domainThing(d vpsapi.Domain, id vpsapi.DomainID) Thing {
	return Thing{Kind: "domain", ID: string(id), Label: string(d.Name)}
}

// fullName is a host's name with its domain.
func fullName(host string, d vpsapi.Domain) string {
	if host == "@" || host == "" {
		return string(d.Name)
	}
	return host + "." + string(d.Name)
}

// recordText is a record on one line; every part of it came from outside.
func recordText(z vpsapi.ZoneRecord, d vpsapi.Domain) string {
	return strings.ToUpper(typeText(z.Type)) + " " + vpsapi.Quote(fullName(z.Host, d)) + ": " + dataText(z)
}

func typeText(kind string) string {
	if kind == "" || strings.Trim(strings.ToLower(kind), "abcdefghijklmnopqrstuvwxyz") != "" {
		return vpsapi.Quote(kind)
	}
	return kind
}

// dataText is what a record says, without its name.
func dataText(z vpsapi.ZoneRecord) string {
	var parts []string
	for _, n := range []struct {
		name  string
		value *vpsapi.Int
	}{{"priority", cmp.Or(z.MXPriority, z.Priority)}, {"weight", z.Weight}, {"port", z.Port}, {"TTL", z.TTL}} {
		if n.value != nil {
			parts = append(parts, fmt.Sprintf("%s %d", n.name, *n.value))
		}
	}
	for _, w := range []struct{ name, value string }{
		{"primary", z.PrimaryData}, {"watches", z.ServiceType}, {"service", z.Service}, {"protocol", z.Protocol},
	} {
		if w.value != "" {
			parts = append(parts, w.name+" "+vpsapi.Quote(w.value))
		}
	}
	data := make([]string, len(z.Data))
	for i, text := range z.Data {
		data[i] = longQuote(text)
	}
	text := strings.Join(data, ", ")
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text
}

// longQuote is Quote for texts whose end matters, such as keys in TXT records:
// a long one is told apart by its length and its end.
func longQuote(s string) string {
	if runes := []rune(s); len(runes) > 80 {
		return fmt.Sprintf("%s (%d characters, ends in %s)", vpsapi.Quote(s), len(runes), vpsapi.Quote(string(runes[len(runes)-12:])))
	}
	return vpsapi.Quote(s)
}

func planCreateDomain(ctx context.Context, r *reader, in vpsapi.CreateDomainIn) (*Plan, error) {
	p, err := r.plan(vpsapi.CreateDomain, in)
	if err != nil {
		return nil, err
	}
	p.Thing, p.Creates = Thing{Kind: "domain", Label: in.Name}, 1
	p.say("Make the domain %s, with first records that point to %s.", vpsapi.Quote(in.Name), vpsapi.Quote(in.IPAddress))
	all, err := read(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	if i := slices.IndexFunc(all, func(d vpsapi.Domain) bool { return strings.EqualFold(string(d.Name), in.Name) }); err == nil && i >= 0 {
		p.Nothing = domainThing(all[i], all[i].ID).String() + " is on the account already"
	}
	late := context.WithoutCancel(ctx)
	p.undoMade("delete_domain deletes it, with all that is in it by then.", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.Domain)
		if made.ID == "" { // creating may answer without it
			made, _ = read(late, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(in.Name)})
		}
		return inverse(vpsapi.DeleteDomain, vpsapi.DeleteDomainIn{DomainID: made.ID}, "records that it has got by then are lost with it")
	})
	return p, nil
}

func planDeleteDomain(ctx context.Context, r *reader, in vpsapi.DeleteDomainIn) (*Plan, error) {
	d, err := r.domain(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	p, err := r.plan(vpsapi.DeleteDomain, in)
	if err != nil {
		return nil, err
	}
	p.Thing = domainThing(d, in.DomainID)
	p.say("Delete %s: its names stop resolving. The registration of the name is no part of VPS.NET's DNS, and stays.", p.Thing)
	records, err := r.records(ctx, in.DomainID)
	if err != nil {
		p.loses("its records, which could not be looked up")
	} else {
		p.loses("its %s%s", counted(len(records), "record"), typesText(records))
	}
	for _, x := range records {
		p.State = append(p.State, zoneKey(x.Zone()))
	}
	p.Words.Undo = "no: create_domain and the records again, by hand."
	return p, nil
}

// typesText counts records by their type.
func typesText(records []vpsapi.Record) string {
	counts := map[string]int{}
	var order []string
	for _, x := range records {
		kind := strings.ToUpper(typeText(string(x.Type)))
		counts[kind]++
		if counts[kind] == 1 {
			order = append(order, kind)
		}
	}
	for i, kind := range order {
		order[i] = fmt.Sprintf("%d %s", counts[kind], kind)
	}
	if len(order) == 0 {
		return ""
	}
	return " (" + strings.Join(order[:min(len(order), 12)], ", ") + ")"
}
