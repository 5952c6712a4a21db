package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// startRecord starts the plan of what happens to a record.
func startRecord(ctx context.Context, r *account.Reader, domain vpsapi.DomainID, id vpsapi.RecordID) (vpsapi.Domain, vpsapi.Record, plan.Thing, error) {
	d, all, err := r.Zone(ctx, domain)
	if err != nil {
		return d, vpsapi.Record{}, plan.Thing{}, err
	}
	record, err := r.Record(ctx, domain, id)
	thing := plan.Thing{Kind: "DNS record", ID: string(id), Label: words.FullName(string(record.Host), d)}
	thing.Shared = slices.ContainsFunc(all, func(x vpsapi.Record) bool {
		return x.ID != id && strings.EqualFold(string(x.Host), string(record.Host))
	})
	return d, record, thing, err
}

// recordPart is a record as undo knows it again: the service may write a name with its final dot or without, and
// what a failover record says in another order.
func recordPart(kind, id, recordType, name string, data ...string) plan.Thing {
	says := []string{recordType, name}
	for _, text := range data {
		if !strings.EqualFold(recordType, "failover") {
			says = append(says, strings.TrimSuffix(text, "."))
		}
	}
	return plan.Thing{Kind: kind, ID: id, Label: strings.Join(says, " ")}
}

// planCreateRecord plans create_domain_record: what the call would change, cost and break. It only reads.
func planCreateRecord(ctx context.Context, r *account.Reader, in vpsapi.CreateDomainRecordIn) (*plan.Plan, error) {
	d, all, err := r.Zone(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	p, err := plan.New(r.Client, vpsapi.CreateDomainRecord, in)
	if err != nil {
		return nil, err
	}
	p.Thing = account.DomainThing(d, in.DomainID)
	p.Part = recordPart("DNS record", "", in.Type, words.FullName(in.Host, d), in.Data...)
	p.Say("Add to %s: %s.", p.Thing, words.RecordText(in.Zone(), d))
	p.Moves = true // what comes into a protected domain changes it
	GetsRecord(p, vpsapi.CreateDomainRecord, d, in.Zone())
	after := WithRecord(all, in.Zone())
	recordEffects(p, string(d.Name), all, after)
	note := ""
	if sharesTTL(p, all, "", in.Host, in.TTL) {
		note = "the host's other records keep the new TTL"
	}
	if i := slices.IndexFunc(all, func(x vpsapi.Record) bool { return account.ZoneKey(x.Zone()) == account.ZoneKey(in.Zone()) }); i >= 0 {
		p.Nothing = fmt.Sprintf("%s already has this record (id %s)", p.Thing, words.IDText(all[i].ID))
		return p, nil
	}
	if err := lintRecords(p, r, string(d.Name), all, after); err != nil {
		return nil, err
	}
	p.UndoMade(vpsapi.DeleteDomainRecord.Name+" deletes it.", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.Record)
		return plan.Inverse(vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: in.DomainID, RecordID: made.ID}, note)
	})
	return p, nil
}

// sharesTTL tells which records' time to live goes along, as a host has one, and
// reports whether any does.
func sharesTTL(p *plan.Plan, all []vpsapi.Record, self vpsapi.RecordID, host string, ttl *vpsapi.Int) bool {
	if ttl == nil {
		return false
	}
	old := map[vpsapi.Int]int{}
	n := 0
	for _, x := range all {
		if x.ID != self && x.Type != "failover" && strings.EqualFold(string(x.Host), host) && x.TTL != nil && *x.TTL != *ttl {
			old[*x.TTL]++
			n++
		}
	}
	if n == 0 {
		return false
	}
	texts := []string{}
	for _, t := range slices.Sorted(maps.Keys(old)) {
		texts = append(texts, fmt.Sprint(t))
	}
	p.AddSay("A host has one TTL: that of its %s changes from %s to %d too.", words.Counted(n, "other record"), words.JoinAnd(texts), *ttl)
	return true
}

// planEditRecord plans edit_domain_record: what the call would change, cost and break. It only reads.
func planEditRecord(ctx context.Context, r *account.Reader, in vpsapi.EditDomainRecordIn) (*plan.Plan, error) {
	d, record, thing, err := startRecord(ctx, r, in.DomainID, in.RecordID)
	if err != nil {
		return nil, err
	}
	in.Type = string(record.Type) // its data goes out in the form of its type
	if in.Type != "txt" {
		for i, text := range in.Data {
			in.Data[i] = strings.TrimSpace(text)
		}
	}
	p, err := plan.New(r.Client, vpsapi.EditDomainRecord, in)
	if err != nil {
		return nil, err
	}
	p.Thing = thing
	checkRecordFields(p, in)
	before := record.Zone()
	p.Say("Edit record %s of %s: %s.", words.IDText(in.RecordID), account.DomainThing(d, in.DomainID), words.RecordText(before, d))
	back := recordChanges(p, before, in)
	if len(p.Words.Changes) == 0 {
		p.Nothing = thing.String() + " is so already"
	}
	all, err := r.Records(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	now := applyEdit(record, in)
	EditsRecord(p, d, before, now.Zone())
	after := withTTL(all, in.RecordID, string(now.Host), now.TTL)
	after[slices.IndexFunc(after, func(x vpsapi.Record) bool { return x.ID == in.RecordID })] = now
	if err := lintRecords(p, r, string(d.Name), all, after); err != nil {
		return nil, err
	}
	sharesTTL(p, all, in.RecordID, cmp.Or(in.Host, string(record.Host)), in.TTL)
	p.Words.Downtime = "names that resolve by it point elsewhere" + CachesFollow(before.TTL)
	if len(p.Words.Changes) == 1 && p.Words.Changes[0].Field == "ttl" {
		p.Words.Downtime = TTLAloneDowntime(before.TTL)
	}
	p.Undo(vpsapi.EditDomainRecord.Name+" sets the old values again.", vpsapi.EditDomainRecord, back, "")
	return p, nil
}

// CachesFollow says within which time caches follow a change: they keep what they have for as long as it said.
func CachesFollow(old *vpsapi.Int) string {
	if old == nil {
		return "; caches follow within the old TTL"
	}
	return fmt.Sprintf("; caches follow within the old TTL, %d s", *old)
}

// TTLAloneDowntime is the downtime of a change of nothing but times to live.
func TTLAloneDowntime(old *vpsapi.Int) string {
	return "none: what the names resolve to stays" + CachesFollow(old)
}

// recordChanges notes what an edit changes of a record, and gives the edit that
// puts it back.
func recordChanges(p *plan.Plan, before vpsapi.ZoneRecord, in vpsapi.EditDomainRecordIn) (back vpsapi.EditDomainRecordIn) {
	back = vpsapi.EditDomainRecordIn{DomainID: in.DomainID, RecordID: in.RecordID, Type: in.Type}
	for _, f := range []struct {
		name        string
		old, wanted string
		back        *string
	}{
		{"host", before.Host, in.Host, &back.Host}, {"primary_data", before.PrimaryData, in.PrimaryData, &back.PrimaryData},
		{"service_type", before.ServiceType, in.ServiceType, &back.ServiceType}, {"service", before.Service, in.Service, &back.Service},
		{"protocol", before.Protocol, in.Protocol, &back.Protocol},
	} {
		if f.wanted != "" && p.ChangeText(f.name, vpsapi.Text(f.old), f.wanted) {
			*f.back = f.old
		}
	}
	for _, f := range []struct {
		name        string
		old, wanted *vpsapi.Int
		back        **vpsapi.Int
	}{
		{"ttl", before.TTL, in.TTL, &back.TTL}, {"mx_priority", before.MXPriority, in.MXPriority, &back.MXPriority},
		{"priority", before.Priority, in.Priority, &back.Priority}, {"weight", before.Weight, in.Weight, &back.Weight}, {"port", before.Port, in.Port, &back.Port},
	} {
		if f.wanted != nil && p.Change(f.name, words.NumberOrNone(f.old), words.NumberOrNone(f.wanted)) {
			*f.back = f.old
		}
	}
	if len(in.Data) > 0 && !reflect.DeepEqual(in.Data, before.Data) {
		old, wanted := words.DataText(vpsapi.ZoneRecord{Data: before.Data}), words.DataText(vpsapi.ZoneRecord{Data: in.Data})
		if !p.Change("data", old, wanted) {
			p.Change("data", old, wanted+" (which looks the same)")
		}
		back.Data = before.Data
	}
	return back
}

// planDeleteRecord plans delete_domain_record: what the call would change, cost and break. It only reads.
func planDeleteRecord(ctx context.Context, r *account.Reader, in vpsapi.DeleteDomainRecordIn) (*plan.Plan, error) {
	d, record, thing, err := startRecord(ctx, r, in.DomainID, in.RecordID)
	if err != nil {
		return nil, err
	}
	p, err := plan.New(r.Client, vpsapi.DeleteDomainRecord, in)
	if err != nil {
		return nil, err
	}
	p.Thing = thing
	p.Part = recordPart(thing.Kind, thing.ID, string(record.Type), thing.Label, record.Data...)
	if strings.EqualFold(string(record.Type), "soa") {
		p.RuleOut("the SOA record belongs to its domain", vpsapi.DeleteDomain.Name+" deletes both")
	}
	p.Say("Delete record %s from %s: %s.", words.IDText(in.RecordID), account.DomainThing(d, in.DomainID), words.RecordText(record.Zone(), d))
	p.Words.Downtime = "its name stops resolving to that; caches follow within its TTL"
	LosesRecord(p, d, record.Zone())
	again := record.Zone().Create(in.DomainID)
	if plan.Inverse(vpsapi.CreateDomainRecord, again, "") == nil {
		p.Words.Undo = "not by the API: a new record with these very values (such as this TTL) is not taken."
		return p, nil
	}
	p.Undo(vpsapi.CreateDomainRecord.Name+" adds it again, with a new id.", vpsapi.CreateDomainRecord, again, "it gets a new id")
	return p, nil
}

// planUpdateRecords plans update_domain_records: which records of the zone would be removed, added and kept.
func planUpdateRecords(ctx context.Context, r *account.Reader, in vpsapi.UpdateDomainRecordsIn) (*plan.Plan, error) {
	d, all, err := r.Zone(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	p, err := plan.New(r.Client, vpsapi.UpdateDomainRecords, in)
	if err != nil {
		return nil, err
	}
	p.Thing = account.DomainThing(d, in.DomainID)
	removed, added := account.ZoneDiff(all, in.DomainRecords)
	replacesRecords(p, d, removed, added)
	p.Say("Replace all %s of %s by the %d given: %d are removed, %d are added, the rest stays.", words.Counted(len(all), "record"), p.Thing, len(in.DomainRecords), len(removed), len(added))
	var list []plan.Change
	for _, z := range removed {
		list = append(list, plan.Change{Field: "record", Before: words.RecordText(z, d), After: "removed"})
	}
	for _, z := range added {
		list = append(list, plan.Change{Field: "record", Before: "not there", After: words.RecordText(z, d)})
	}
	how := "change fewer records at a time, by create_, edit_ and " + vpsapi.DeleteDomainRecord.Name + " or by " + ApplyZone
	if err := CheckLength(vpsapi.UpdateDomainRecords.Name, len(list), r.Restores, how); err != nil {
		return nil, err
	}
	p.Words.Changes = append(p.Words.Changes, list...)
	after := make([]vpsapi.Record, len(in.DomainRecords))
	for i, z := range in.DomainRecords {
		after[i] = recordOf(z)
	}
	if err := lintRecords(p, r, string(d.Name), all, after); err != nil {
		return nil, err
	}
	p.Moves = true // what comes into a protected domain changes it
	switch {
	case len(list) == 0:
		p.Nothing = "the zone of " + p.Thing.String() + " is exactly this already"
	case len(removed) == 0:
		recordEffects(p, string(d.Name), all, after)
	default:
		p.Loses("%s", words.Counted(len(removed), "record"))
		p.Words.Downtime = "names whose records go stop resolving to them; caches follow within their TTL"
	}
	addZoneInverse(p, in.DomainID, all, removed, added)
	return p, nil
}
