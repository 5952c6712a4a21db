package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planCreateDomain plans create_domain: what the call would change, cost and break. It only reads.
func planCreateDomain(ctx context.Context, r *account.Reader, in vpsapi.CreateDomainIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateDomain, in)
	if err != nil {
		return nil, err
	}
	p.Thing, p.Creates = plan.Thing{Kind: "domain", Label: in.Name}, 1
	p.Say("Make the domain %s, with first records that point to %s.", vpsapi.Quote(in.Name), vpsapi.Quote(in.IPAddress))
	if err := addFirstRecords(ctx, p, r, in); err != nil {
		return nil, err
	}
	all, err := account.Read(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	if i := slices.IndexFunc(all, func(d vpsapi.Domain) bool { return strings.EqualFold(string(d.Name), in.Name) }); err == nil && i >= 0 {
		p.Nothing = account.DomainThing(all[i], all[i].ID).String() + " is on the account already"
	}
	under := slices.IndexFunc(all, func(d vpsapi.Domain) bool {
		return strings.HasSuffix(strings.ToLower(in.Name), "."+strings.ToLower(string(d.Name)))
	})
	switch {
	case err != nil: // that it is within another cannot be ruled out
	case under < 0:
		p.SetEffect(vpsapi.Changes, "makes a domain of its own")
	default:
		parent := account.DomainThing(all[under], all[under].ID)
		p.SetEffect(vpsapi.Disrupts, "takes names out of another domain")
		p.Does(vpsapi.EditDomainRecord, plan.Thing{}) // what answers for them is another
		p.Words.Downtime = "names within " + vpsapi.Quote(in.Name) + " are answered by the new domain from then on, and no more by " + parent.String()
		p.Touches = append(p.Touches, policy.Thing{Kind: "domain", ID: parent.ID, Label: parent.Label, Domain: parent.Label})
	}
	p.Moves = true // a new domain answers for names that may be protected
	late := context.WithoutCancel(ctx)
	p.UndoMade(vpsapi.DeleteDomain.Name+" deletes it, with all that is in it by then.", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.Domain)
		if made.ID == "" { // creating may answer without it
			made, _ = account.Read(late, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(in.Name)})
		}
		return plan.Inverse(vpsapi.DeleteDomain, vpsapi.DeleteDomainIn{DomainID: made.ID}, "records that it has got by then are lost with it")
	})
	return p, nil
}

// addFirstRecords adds what a new domain has got from the start, a record at the least or those of its DNS template, which it names.
func addFirstRecords(ctx context.Context, p *plan.Plan, r *account.Reader, in vpsapi.CreateDomainIn) error {
	n := 1
	if in.CustomTemplate != "" && in.CustomTemplate != "0" {
		records, err := templateRecords(ctx, p, r, in)
		if err != nil {
			return err
		}
		n = max(n, len(records)) // unread it counts as one
	}
	for range n {
		p.BeginChange()
		p.AddSingle(plan.Single{Op: vpsapi.CreateDomainRecord})
	}
	return nil
}

// templateRecords says of a new domain's plan which records its DNS template gives it, and returns them.
func templateRecords(ctx context.Context, p *plan.Plan, r *account.Reader, in vpsapi.CreateDomainIn) ([]vpsapi.DNSTemplateRecord, error) {
	template := plan.Thing{Kind: "DNS template", ID: string(in.CustomTemplate)}
	if all, err := account.Read(ctx, r, vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{}); err == nil {
		t, err := account.FindOne(all, func(t vpsapi.DNSTemplate) bool { return t.ID == in.CustomTemplate }, template.String(), vpsapi.ListDNSTemplates.Name)
		if err != nil {
			return nil, fmt.Errorf("%s: custom_template: %w", p.Tool, err)
		}
		template.Label = string(t.Name)
	}
	records, err := account.Read(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: in.CustomTemplate})
	switch {
	case err != nil: // its route is inferred, and no reason to refuse
		p.Say("Make the domain %s from %s, whose records could not be looked up.", vpsapi.Quote(in.Name), template)
		return nil, nil
	case len(records) == 0:
		p.Say("Make the domain %s from %s.", vpsapi.Quote(in.Name), template)
		p.Words.Warnings = append(p.Words.Warnings, template.String()+" has no records: the domain gets none by it")
		return nil, nil
	}
	p.Say("Make the domain %s, with the %s of %s, filled in with %s.", vpsapi.Quote(in.Name), words.Counted(len(records), "record"), template, vpsapi.Quote(in.IPAddress))
	return records, nil
}

// planDeleteDomain plans delete_domain: what the call would change, cost and break. It only reads.
func planDeleteDomain(ctx context.Context, r *account.Reader, in vpsapi.DeleteDomainIn) (*plan.Plan, error) {
	r.PrefetchZone(ctx, in.DomainID)
	d, err := r.Domain(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	p, err := plan.New(r.Client, vpsapi.DeleteDomain, in)
	if err != nil {
		return nil, err
	}
	p.Thing = account.DomainThing(d, in.DomainID)
	p.Say("Delete %s: its names stop resolving. The registration of the name is not part of VPS.NET's DNS, and stays.", p.Thing)
	records, err := r.Records(ctx, in.DomainID)
	if err != nil {
		p.Loses("its records, which could not be looked up")
	} else {
		p.Loses("its %s%s", words.Counted(len(records), "record"), words.TypesText(records))
	}
	p.Singles = append(p.Singles, plan.Single{Op: vpsapi.DeleteDomainRecord, Says: losesAll(d)})
	for _, x := range records {
		LosesRecord(p, d, x.Zone())
		p.State = append(p.State, account.ZoneKey(x.Zone()))
	}
	p.Words.Undo = "no: " + vpsapi.CreateDomain.Name + " and the records again, by hand."
	return p, nil
}
