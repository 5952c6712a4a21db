package catalog

import (
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// recordText is what a record answers, however it is written: a TTL and a priority make it
// no other one.
func recordText(d vpsapi.Domain, z vpsapi.ZoneRecord) string {
	plain := func(text string) string { return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), ".")) }
	texts := []string{plain(string(d.Name)), plain(z.Type), plain(words.FullName(z.Host, d)), plain(z.PrimaryData)}
	for _, data := range z.Data {
		texts = append(texts, plain(data))
	}
	return strings.Join(texts, "\x00")
}

// losesAll is the loss of a domain's records, whole.
func losesAll(d vpsapi.Domain) string {
	return "all of " + recordText(d, vpsapi.ZoneRecord{}) + " goes"
}

// LosesRecord says of a plan that a record goes, by whichever call.
func LosesRecord(p *plan.Plan, d vpsapi.Domain, z vpsapi.ZoneRecord) {
	p.BeginChange()
	addLoss(p, d, z)
}

// addLoss adds to the change that was begun that a record goes.
func addLoss(p *plan.Plan, d vpsapi.Domain, z vpsapi.ZoneRecord) {
	p.AddSingle(plan.Single{Op: vpsapi.DeleteDomainRecord, Says: recordText(d, z) + " goes", Whole: losesAll(d)})
}

// GetsRecord says of a plan that a record comes, by whichever call; op is create_domain_record,
// or edit_domain_record where one of its host and type goes.
func GetsRecord(p *plan.Plan, op vpsapi.Operation, d vpsapi.Domain, z vpsapi.ZoneRecord) {
	p.BeginChange()
	addGain(p, op, d, z)
}

// addGain adds to the change that was begun that a record comes.
func addGain(p *plan.Plan, op vpsapi.Operation, d vpsapi.Domain, z vpsapi.ZoneRecord) {
	p.AddSingle(plan.Single{Op: op, Says: recordText(d, z) + " comes"})
}

// EditsRecord says of a plan that a record becomes another: at another host it goes and
// comes.
func EditsRecord(p *plan.Plan, d vpsapi.Domain, before, after vpsapi.ZoneRecord) {
	p.BeginChange()
	addGain(p, vpsapi.EditDomainRecord, d, after)
	if !strings.EqualFold(words.FullName(before.Host, d), words.FullName(after.Host, d)) {
		addLoss(p, d, before)
		addGain(p, vpsapi.CreateDomainRecord, d, after)
	}
}

// replacesRecords says of a plan which records go and come: of one that goes and one of
// its host and type that comes, that it is edited as well, which is one change.
func replacesRecords(p *plan.Plan, d vpsapi.Domain, removed, added []vpsapi.ZoneRecord) {
	left := slices.Clone(removed)
	for _, z := range added {
		p.BeginChange()
		addGain(p, vpsapi.CreateDomainRecord, d, z)
		if i := slices.IndexFunc(left, func(was vpsapi.ZoneRecord) bool {
			return strings.EqualFold(was.Type, z.Type) && strings.EqualFold(words.FullName(was.Host, d), words.FullName(z.Host, d))
		}); i >= 0 {
			addLoss(p, d, left[i])
			addGain(p, vpsapi.EditDomainRecord, d, z)
			left = slices.Delete(left, i, i+1)
		}
	}
	for _, z := range left {
		LosesRecord(p, d, z)
	}
}
