package zonefile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// Apply plans the calls that make a domain's records as a zone file says.
func Apply(ctx context.Context, r *account.Reader, in FileArguments) (*plan.Plan, error) {
	w, err := compare(ctx, r, in)
	if err != nil {
		return nil, fmt.Errorf(catalog.ApplyZone+": %w; nothing was sent", err)
	}
	thing := account.DomainThing(w.domain, in.DomainID)
	p := &plan.Plan{Tool: catalog.ApplyZone, Account: r.Client.Account(), Thing: thing}
	p.Moves = true // what comes into a protected domain changes it
	if len(w.changes) == 0 {
		p.Nothing = "the domain's records are as the zone file says"
		return p, nil
	}
	if len(w.wrong) > 0 {
		return nil, fmt.Errorf(catalog.ApplyZone+": %s; nothing was sent", strings.Join(zone.FirstFaults(w.wrong), "; "))
	}
	how := "take the file of " + catalog.ExportZone + ", put up to 60 of the changes into it (additions before removals), apply that, and go on with the rest"
	if err := catalog.CheckLength(catalog.ApplyZone, len(w.changes), in.Restore, how); err != nil {
		return nil, err
	}
	for _, c := range w.changes {
		if err := addZoneChange(p, r, w, in.DomainID, c); err != nil {
			return nil, err
		}
	}
	if len(p.Steps) > 1 {
		p.Say("Make the records of %s as the zone file says, by %d requests: %s.", thing, len(p.Steps), zone.Counts(w.changes))
	} else {
		p.Say("Make the records of %s as the zone file says: %s.", thing, zone.Counts(w.changes))
	}
	for _, l := range zone.ChangeLines(w.present, w.changes) {
		p.AddSay("\n  %s", l)
	}
	p.Words.Warnings = zone.FirstFaults(w.doubtful)
	if n := len(w.present.Alone); n > 0 {
		p.AddSay("\n  %s are left alone by a zone file: SOA, VPS.NET's name servers, failover and the like.", words.Counted(n, "record"))
	}
	p.Words.Downtime = "none by itself; caches follow within the TTLs of before"
	if slices.ContainsFunc(w.changes, func(c zone.Change) bool {
		return c.Was != nil && (c.Now == nil || catalog.LeadsElsewhere(c.Was.Zone(), c.Now.Zone()))
	}) {
		p.Words.Downtime = "names whose records change lead elsewhere; caches follow within the TTLs of before"
	}
	keepZoneForUndo(p, w, in)
	for _, x := range w.records {
		p.State = append(p.State, string(x.ID)+"\x00"+account.ZoneKey(x.Zone()))
	}
	p.State = append(append(p.State, string(w.domain.Serial)), p.Words.Facts()...)
	return p, nil
}

// keepZoneForUndo keeps for undo what the plan changes of the zone, if the API would take it back.
func keepZoneForUndo(p *plan.Plan, w comparison, in FileArguments) {
	if n := len(zone.TTLFaults(w.present, w.wanted.Diff(w.present))); n > 0 {
		p.Words.Undo = fmt.Sprintf("not by undo: %s to be removed has a TTL that the API does not accept for a new record", words.Counted(n, "record"))
		return
	}
	var came, went []vpsapi.ZoneRecord
	for _, c := range w.changes {
		if c.Was != nil {
			went = append(went, c.Was.Zone())
		}
		if c.Now != nil {
			came = append(came, c.Now.Zone())
		}
	}
	p.Words.Undo = "undo puts these records back, as one plan, also after a failure in the middle; what has changed in the zone since stays"
	p.Restore = catalog.NewZoneDifference(in.DomainID, w.records, came, went).Inverse(catalog.ApplyZone, "removed records come back with new ids")
}

// addZoneChange adds the call of one change to a plan.
func addZoneChange(p *plan.Plan, r *account.Reader, w comparison, domain vpsapi.DomainID, c zone.Change) error {
	var op vpsapi.Operation
	var in any
	text := c.Text(w.present)
	switch {
	case c.Was == nil:
		create := c.Now.Zone().Create(domain)
		if c.First != nil {
			create.TTL = c.First
			text += fmt.Sprintf(" (made with a TTL of %d, which a later request corrects)", *c.First)
		}
		op, in = vpsapi.CreateDomainRecord, create
	case c.Now == nil:
		op, in = vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: domain, RecordID: c.Was.ID}
	case c.TTLOnly:
		op, in = vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: domain, RecordID: c.Was.ID, TTL: c.Now.TTL, Type: string(c.Was.Type)}
	default:
		op, in = vpsapi.EditDomainRecord, c.Now.Zone().Edit(domain, c.Was.ID)
	}
	request, err := r.Client.Encode(op, in)
	if err != nil {
		return fmt.Errorf(catalog.ApplyZone+": %s: %w; nothing was sent", text, err)
	}
	p.Steps = append(p.Steps, plan.Step{Op: op, In: in, Request: request, Words: text})
	switch {
	case c.Was == nil:
		catalog.GetsRecord(p, op, w.domain, c.Now.Zone())
	case c.Now == nil:
		catalog.LosesRecord(p, w.domain, c.Was.Zone())
	default:
		catalog.EditsRecord(p, w.domain, c.Was.Zone(), c.Now.Zone())
	}
	safety := op.Info().Safety
	if c.Was == nil && len(zone.Redirects(string(w.domain.Name), w.records, catalog.WithRecord(w.records, c.Now.Zone()))) == 0 {
		safety = vpsapi.Changes // nobody resolved its name before
	}
	p.Effects = append(p.Effects, plan.Effect{Safety: safety, Text: text})
	return nil
}
