package account

import (
	"cmp"
	"context"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// Domain reads a domain.
func (r *Reader) Domain(ctx context.Context, id vpsapi.DomainID) (vpsapi.Domain, error) {
	return Read(ctx, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(id)})
}

// Records lists a domain's records, flat: that form has what writing one needs.
func (r *Reader) Records(ctx context.Context, id vpsapi.DomainID) ([]vpsapi.Record, error) {
	return Read(ctx, r, vpsapi.ListDomainRecords, listFlatRecords(id))
}

// listFlatRecords returns the input that lists a domain's records in the newer, flat form.
func listFlatRecords(id vpsapi.DomainID) vpsapi.ListDomainRecordsIn {
	flat := vpsapi.Flag(true)
	return vpsapi.ListDomainRecordsIn{DomainID: id, New: &flat}
}

// Zone reads a domain with its records.
func (r *Reader) Zone(ctx context.Context, id vpsapi.DomainID) (vpsapi.Domain, []vpsapi.Record, error) {
	r.PrefetchZone(ctx, id)
	d, err := r.Domain(ctx, id)
	records, unread := r.Records(ctx, id)
	return d, records, cmp.Or(err, unread)
}

// PrefetchZone begins the reads of Zone.
func (r *Reader) PrefetchZone(ctx context.Context, id vpsapi.DomainID) {
	Prefetch(ctx, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(id)})
	Prefetch(ctx, r, vpsapi.ListDomainRecords, listFlatRecords(id))
}

// Record finds a record of a domain.
func (r *Reader) Record(ctx context.Context, domain vpsapi.DomainID, id vpsapi.RecordID) (vpsapi.Record, error) {
	all, err := r.Records(ctx, domain)
	if err != nil {
		return vpsapi.Record{}, err
	}
	return FindOne(all, func(x vpsapi.Record) bool { return x.ID == id }, "record "+string(id)+" in domain "+string(domain), vpsapi.ListDomainRecords.Name)
}

// DomainThing is a domain as a plan names it.
func DomainThing(d vpsapi.Domain, id vpsapi.DomainID) plan.Thing {
	return plan.Thing{Kind: "domain", ID: string(id), Label: string(d.Name)}
}

// HostText is a host in one spelling: @ is the domain itself.
func HostText(host string) string {
	if host == "" {
		return "@"
	}
	return host
}

// dnsTemplate adds a DNS template, by its name.
func (t *touchedThings) dnsTemplate(ctx context.Context, id vpsapi.DNSTemplateID) error {
	all, err := Read(ctx, t.r, vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{})
	if err != nil {
		return err
	}
	thing := policy.Thing{Kind: "DNS template", ID: string(id)}
	for _, d := range all {
		if d.ID == id {
			thing.Label = string(d.Name)
		}
	}
	t.add(thing)
	return nil
}
