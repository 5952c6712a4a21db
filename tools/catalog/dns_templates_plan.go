package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// domainsUnchanged is what a change of a DNS template leaves alone.
const domainsUnchanged = "Domains that were made from the template stay as they are."

// planCreateDNSTemplate plans create_dns_template: what the call would change, cost and break. It only reads.
func planCreateDNSTemplate(_ context.Context, r *account.Reader, in vpsapi.CreateDNSTemplateIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateDNSTemplate, in)
	if err != nil {
		return nil, err
	}
	p.Thing = plan.Thing{Kind: "DNS template", Label: in.TemplateName}
	p.Say("Make an empty %s.", p.Thing)
	p.UndoMade(vpsapi.DeleteDNSTemplate.Name+" deletes it.", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.DNSTemplate)
		return plan.Inverse(vpsapi.DeleteDNSTemplate, vpsapi.DeleteDNSTemplateIn{DNSTemplateID: made.ID}, "records that it has got by then are lost with it")
	})
	return p, nil
}

// startDNSTemplate starts the plan of what happens to a DNS template. Its routes are
// not verified: what cannot be looked up is not a reason to refuse.
func startDNSTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.DNSTemplateID) (*plan.Plan, error) {
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, err
	}
	p.Thing = plan.Thing{Kind: "DNS template", ID: string(id)}
	p.Moves = true                                                                                              // what comes into a protected template changes the domains that will be made from it
	account.Prefetch(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: id}) // each plan shows or checks them
	all, err := account.Read(ctx, r, vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{})
	if err != nil {
		return p, nil
	}
	t, err := account.FindOne(all, func(t vpsapi.DNSTemplate) bool { return t.ID == id }, "DNS template "+string(id), vpsapi.ListDNSTemplates.Name)
	p.Thing.Label = string(t.Name)
	for _, other := range all {
		p.Thing.Shared = p.Thing.Shared || (other.ID != id && strings.EqualFold(string(other.Name), string(t.Name)))
	}
	return p, err
}

// planDeleteDNSTemplate plans delete_dns_template: what the call would change, cost and break. It only reads.
func planDeleteDNSTemplate(ctx context.Context, r *account.Reader, in vpsapi.DeleteDNSTemplateIn) (*plan.Plan, error) {
	p, err := startDNSTemplate(ctx, r, vpsapi.DeleteDNSTemplate, in, in.DNSTemplateID)
	if err != nil {
		return nil, err
	}
	p.Say("Delete %s. %s", p.Thing, domainsUnchanged)
	records, err := account.Read(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn(in))
	if err != nil {
		p.Loses("its records, which could not be looked up")
	} else {
		p.Loses("its %s", words.Counted(len(records), "record"))
	}
	for _, x := range records {
		p.BeginChange()
		p.AddSingle(plan.Single{Op: vpsapi.DeleteDNSTemplateRecord, Thing: plan.Thing{Kind: templateRecordKind, ID: string(x.ID)}})
		p.State = append(p.State, words.TemplateRecordText(x))
	}
	p.Words.Undo = "no: " + vpsapi.CreateDNSTemplate.Name + " and its records again, by hand."
	return p, nil
}

// templateRecordKind is what a record of a DNS template is called.
const templateRecordKind = "DNS template record"

// planCreateTemplateRecord plans create_dns_template_record: what the call would change, cost and break. It only reads.
func planCreateTemplateRecord(ctx context.Context, r *account.Reader, in vpsapi.CreateDNSTemplateRecordIn) (*plan.Plan, error) {
	p, err := startDNSTemplate(ctx, r, vpsapi.CreateDNSTemplateRecord, in, in.DNSTemplateID)
	if err != nil {
		return nil, err
	}
	p.Part = recordPart(templateRecordKind, "", in.Type, in.Host, in.Data)
	p.Say("Add to %s: %s. %s", p.Thing, words.TemplateRecordText(in.Record()), domainsUnchanged)
	if err := lintTemplate(ctx, p, r, in.DNSTemplateID, func(all []vpsapi.DNSTemplateRecord) []vpsapi.DNSTemplateRecord { return append(all, in.Record()) }); err != nil {
		return nil, err
	}
	p.UndoMade(vpsapi.DeleteDNSTemplateRecord.Name+" deletes it.", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.DNSTemplateRecord)
		return plan.Inverse(vpsapi.DeleteDNSTemplateRecord, vpsapi.DeleteDNSTemplateRecordIn{DNSTemplateID: in.DNSTemplateID, RecordID: made.ID}, "")
	})
	return p, nil
}

// templateRecord finds a record of a DNS template; none where it cannot be looked up.
func templateRecord(ctx context.Context, r *account.Reader, template vpsapi.DNSTemplateID, id vpsapi.DNSTemplateRecordID) (*vpsapi.DNSTemplateRecord, error) {
	all, err := account.Read(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: template})
	if err != nil {
		return nil, nil //nolint:nilerr // an unverified route: the plan says that it is unknown
	}
	x, err := account.FindOne(all, func(x vpsapi.DNSTemplateRecord) bool { return x.ID == id }, "record "+string(id)+" in DNS template "+string(template), vpsapi.ListDNSTemplateRecords.Name)
	return &x, err
}

// planEditTemplateRecord plans edit_dns_template_record: what the call would change, cost and break. It only reads.
func planEditTemplateRecord(ctx context.Context, r *account.Reader, in vpsapi.EditDNSTemplateRecordIn) (*plan.Plan, error) {
	p, err := startDNSTemplate(ctx, r, vpsapi.EditDNSTemplateRecord, in, in.DNSTemplateID)
	if err != nil {
		return nil, err
	}
	x, err := templateRecord(ctx, r, in.DNSTemplateID, in.RecordID)
	if err != nil {
		return nil, err
	}
	if x == nil {
		p.Say("Edit record %s of %s; its present value could not be read.", words.IDText(in.RecordID), p.Thing)
		return p, nil
	}
	p.Say("Edit record %s of %s: %s. %s", words.IDText(in.RecordID), p.Thing, words.TemplateRecordText(*x), domainsUnchanged)
	back := vpsapi.EditDNSTemplateRecordIn{DNSTemplateID: in.DNSTemplateID, RecordID: in.RecordID}
	if in.Target != "" && p.ChangeText("target", x.Data, in.Target) {
		back.Target = string(x.Data)
	}
	if in.TTL != nil && p.Change("ttl", words.NumberOrNone(x.TTL), words.NumberOrNone(in.TTL)) {
		back.TTL = x.TTL
	}
	if len(p.Words.Changes) == 0 {
		p.Nothing = fmt.Sprintf("record %s of %s is so already", in.RecordID, p.Thing)
	}
	now := *x
	now.Data = vpsapi.Text(cmp.Or(in.Target, string(x.Data)))
	err = lintTemplate(ctx, p, r, in.DNSTemplateID, func(all []vpsapi.DNSTemplateRecord) []vpsapi.DNSTemplateRecord {
		return append(slices.DeleteFunc(all, func(o vpsapi.DNSTemplateRecord) bool { return o.ID == in.RecordID }), now)
	})
	if err != nil {
		return nil, err
	}
	p.Undo(vpsapi.EditDNSTemplateRecord.Name+" sets the old values again.", vpsapi.EditDNSTemplateRecord, back, "")
	return p, nil
}

// planDeleteTemplateRecord plans delete_dns_template_record: what the call would change, cost and break. It only reads.
func planDeleteTemplateRecord(ctx context.Context, r *account.Reader, in vpsapi.DeleteDNSTemplateRecordIn) (*plan.Plan, error) {
	p, err := startDNSTemplate(ctx, r, vpsapi.DeleteDNSTemplateRecord, in, in.DNSTemplateID)
	if err != nil {
		return nil, err
	}
	x, err := templateRecord(ctx, r, in.DNSTemplateID, in.RecordID)
	if err != nil {
		return nil, err
	}
	template := p.Thing
	p.Thing = plan.Thing{Kind: templateRecordKind, ID: string(in.RecordID)}
	if x == nil {
		p.Say("Delete record %s of %s; what it is could not be looked up.", words.IDText(in.RecordID), template)
		p.Words.Undo = "by hand, with " + vpsapi.CreateDNSTemplateRecord.Name + "."
		return p, nil
	}
	p.Part = recordPart(templateRecordKind, p.Thing.ID, string(x.Type), string(x.Host), string(x.Data))
	p.Say("Delete record %s of %s: %s. %s", words.IDText(in.RecordID), template, words.TemplateRecordText(*x), domainsUnchanged)
	again := vpsapi.CreateDNSTemplateRecordIn{
		DNSTemplateID: in.DNSTemplateID, Type: string(x.Type), Host: string(x.Host), Data: string(x.Data), TTL: x.TTL, MXPriority: x.MXPriority,
	}
	p.Undo(vpsapi.CreateDNSTemplateRecord.Name+" adds it again, with a new id.", vpsapi.CreateDNSTemplateRecord, again, "it gets a new id")
	return p, nil
}
