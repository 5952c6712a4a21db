package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// lintRecords holds a change of a domain's records to the lint of a zone: what
// surely breaks is an error before anybody is asked, what may be meant a warning.
// What undo puts back is taken as it was.
func lintRecords(p *plan.Plan, r *account.Reader, domain string, before, after []vpsapi.Record) error {
	if r.Restores {
		return nil
	}
	wrong, doubtful := zone.LintRecords(domain, before, after)
	if len(wrong) > 0 {
		return fmt.Errorf("%s: %s; nothing was sent", p.Tool, strings.Join(zone.FirstFaults(wrong), "; "))
	}
	p.Words.Warnings = append(p.Words.Warnings, zone.FirstFaults(doubtful)...)
	return nil
}

// recordEffects makes the effects of a change that only adds records those of what comes
// of it: whatever makes names resolve differently, or speaks for others than a
// fresh plain name, redirects mail or traffic as an edit does.
func recordEffects(p *plan.Plan, domain string, before, after []vpsapi.Record) {
	why := zone.Redirects(domain, before, after)
	if len(why) == 0 {
		p.SetEffect(vpsapi.Changes, "adds names that did not resolve before")
		return
	}
	p.SetEffect(vpsapi.Disrupts, "changes what names resolve to")
	p.Words.Downtime = "names may go elsewhere, by " + strings.Join(zone.FirstFaults(why), "; ") + "; caches follow within the TTL"
}

// WithRecord is a domain's records with one more, whose TTL its host's others take.
func WithRecord(all []vpsapi.Record, z vpsapi.ZoneRecord) []vpsapi.Record {
	return append(withTTL(all, "", z.Host, z.TTL), recordOf(z))
}

// withTTL is a domain's records as the service has them once a record of a host
// got a TTL: a host has one, but for its failover record.
func withTTL(all []vpsapi.Record, self vpsapi.RecordID, host string, ttl *vpsapi.Int) []vpsapi.Record {
	after := slices.Clone(all)
	for i, x := range after {
		if ttl != nil && x.ID != self && x.Type != "failover" && x.TTL != nil && strings.EqualFold(account.HostText(string(x.Host)), account.HostText(host)) {
			after[i].TTL = ttl
		}
	}
	return after
}

// recordOf is a record that is written as the service would show it.
func recordOf(z vpsapi.ZoneRecord) vpsapi.Record {
	x := vpsapi.Record{
		Type: vpsapi.Text(strings.ToLower(z.Type)), Host: vpsapi.Text(z.Host), Data: z.Data, TTL: z.TTL, MXPriority: z.MXPriority,
		PrimaryData: vpsapi.Text(z.PrimaryData), ServiceType: vpsapi.Text(z.ServiceType), Service: vpsapi.Text(z.Service),
		Protocol: vpsapi.Text(z.Protocol), Priority: z.Priority, Weight: z.Weight, Port: z.Port,
	}
	if x.Type == "failover" && z.PrimaryData != "" && !slices.Contains(z.Data, z.PrimaryData) {
		x.Data = append(vpsapi.RecordData{z.PrimaryData}, z.Data...)
	}
	return x
}

// applyEdit returns a record as an edit leaves it.
func applyEdit(x vpsapi.Record, in vpsapi.EditDomainRecordIn) vpsapi.Record {
	z := x.Zone()
	for _, f := range []struct {
		into  *string
		given string
	}{
		{&z.Host, in.Host}, {&z.PrimaryData, in.PrimaryData}, {&z.ServiceType, in.ServiceType}, {&z.Service, in.Service}, {&z.Protocol, in.Protocol},
	} {
		if f.given != "" {
			*f.into = f.given
		}
	}
	for _, f := range []struct {
		into  **vpsapi.Int
		given *vpsapi.Int
	}{
		{&z.TTL, in.TTL}, {&z.MXPriority, in.MXPriority}, {&z.Priority, in.Priority}, {&z.Weight, in.Weight}, {&z.Port, in.Port},
	} {
		if f.given != nil {
			*f.into = f.given
		}
	}
	if len(in.Data) > 0 {
		z.Data = in.Data
	}
	after := recordOf(z)
	after.ID = x.ID
	return after
}

// maxChanges bounds what one plan may change: nobody reads more, and a removal
// must not be where nobody looks.
const maxChanges = 60

// CheckLength refuses a plan of more changes than a person reads. What undo puts back is
// longer only where much changed since.
func CheckLength(tool string, n int, restores bool, how string) error {
	if n <= maxChanges {
		return nil
	}
	if restores {
		how = "undo what changed in the zone since then first (history lists it)"
	}
	return fmt.Errorf("%s: %d changes are more than one plan may hold (%d), so that a person can read all of it: %s; nothing was sent", tool, n, maxChanges, how)
}

// lintTemplate holds a change of a DNS template's records to the lint, as a domain
// would have them. Records that cannot be looked up hold nothing up.
func lintTemplate(ctx context.Context, p *plan.Plan, r *account.Reader, id vpsapi.DNSTemplateID, change func([]vpsapi.DNSTemplateRecord) []vpsapi.DNSTemplateRecord) error {
	all, err := account.Read(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: id})
	if err != nil {
		all = nil
	}
	in := func(list []vpsapi.DNSTemplateRecord) []vpsapi.Record {
		records := make([]vpsapi.Record, len(list))
		for i, x := range list {
			records[i] = templateAsRecord(x)
		}
		return records
	}
	before, changed := in(all), change(slices.Clone(all))
	told := len(p.Words.Warnings)
	if err := lintRecords(p, r, vpsapi.TemplateDomain, before, in(changed)); err != nil {
		return errors.New(vpsapi.TemplateWords(err.Error()))
	}
	if !r.Restores {
		lintDots(p, all, changed)
	}
	for i := told; i < len(p.Words.Warnings); i++ {
		p.Words.Warnings[i] = vpsapi.TemplateWords(p.Words.Warnings[i])
	}
	return nil
}

// lintDots doubts a new target that ends in the domain without a final dot.
func lintDots(p *plan.Plan, before, after []vpsapi.DNSTemplateRecord) {
	for _, x := range after {
		if slices.Contains([]string{"ns", "mx", "cname"}, strings.ToLower(string(x.Type))) && strings.HasSuffix(string(x.Data), "[!domain]") &&
			!slices.ContainsFunc(before, func(o vpsapi.DNSTemplateRecord) bool { return o.ID == x.ID && o.Data == x.Data }) {
			p.Words.Warnings = append(p.Words.Warnings, fmt.Sprintf("%s %s: its target has no final dot; the service may take it within the domain: give %s",
				vpsapi.Quote(string(x.Host)), strings.ToUpper(words.RecordTypeText(string(x.Type))), vpsapi.Quote(string(x.Data)+".")))
		}
	}
}

// templateAsRecord returns a DNS template's record as a domain made from it has it.
func templateAsRecord(x vpsapi.DNSTemplateRecord) vpsapi.Record {
	z := x.Checked()
	ttl := vpsapi.Int(3600) // lint holds the TTLs of a domain's host to each other; a template's are each its own
	z.TTL = &ttl
	record := recordOf(z)
	record.ID = vpsapi.RecordID(x.ID)
	return record
}
