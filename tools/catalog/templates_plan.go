package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// startCustomTemplate starts the plan of what happens to a custom template.
func startCustomTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.TemplateID) (*plan.Plan, vpsapi.SystemTemplate, error) {
	if op.Info().Safety == vpsapi.Destroys {
		r.PrefetchServers(ctx)
	}
	all, err := account.Read(ctx, r, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
	if err != nil {
		return nil, vpsapi.SystemTemplate{}, err
	}
	t, err := account.FindOne(all, func(t vpsapi.SystemTemplate) bool { return t.ID == id }, "custom template "+string(id), vpsapi.ListCustomTemplates.Name)
	if err != nil {
		return nil, t, err
	}
	p, err := plan.New(r.Client, op, in)
	if err == nil {
		p.Thing = plan.Thing{Kind: "custom template", ID: string(id), Label: string(t.Label)}
		p.Thing.Shared = slices.ContainsFunc(all, func(o vpsapi.SystemTemplate) bool { return o.ID != id && o.Label == t.Label })
	}
	return p, t, err
}

// planEditCustomTemplate plans edit_custom_template: what the call would change, cost and break. It only reads.
func planEditCustomTemplate(ctx context.Context, r *account.Reader, in vpsapi.EditCustomTemplateIn) (*plan.Plan, error) {
	p, t, err := startCustomTemplate(ctx, r, vpsapi.EditCustomTemplate, in, in.SystemTemplateID)
	if err != nil {
		return nil, err
	}
	p.Say("Edit %s.", p.Thing)
	p.Moves = true // its texts are what people choose it by
	back, note := vpsapi.EditCustomTemplateIn{SystemTemplateID: in.SystemTemplateID}, ""
	for _, f := range []struct {
		name   string
		old    vpsapi.Text
		wanted string
		back   *string
	}{
		{"operating_system", t.OperatingSystem, in.OperatingSystem, &back.OperatingSystem},
		{"description", t.Description, in.Description, &back.Description}, {"info", t.Info, in.Info, &back.Info},
	} {
		if f.wanted == "" || !p.ChangeText(f.name, f.old, f.wanted) {
			continue
		}
		if *f.back = string(f.old); f.old == "" {
			note = "a field that was empty cannot be made empty again"
		}
	}
	if len(p.Words.Changes) == 0 {
		p.Nothing = p.Thing.String() + " is so already"
	}
	if plan.Inverse(vpsapi.EditCustomTemplate, back, note) == nil {
		p.Words.Undo = "no: " + note + "."
		return p, nil
	}
	p.Undo(vpsapi.EditCustomTemplate.Name+" sets the old texts again.", vpsapi.EditCustomTemplate, back, note)
	return p, nil
}

// planDeleteCustomTemplate plans delete_custom_template: what the call would change, cost and break. It only reads.
func planDeleteCustomTemplate(ctx context.Context, r *account.Reader, in vpsapi.DeleteCustomTemplateIn) (*plan.Plan, error) {
	p, t, err := startCustomTemplate(ctx, r, vpsapi.DeleteCustomTemplate, in, in.SystemTemplateID)
	if err != nil {
		return nil, err
	}
	p.Say("Delete %s, %s, at once.", p.Thing, words.TextOrNone(string(t.Description)))
	p.Loses("the template: no server can be built or installed from it any more")
	if servers, err := r.Servers(ctx); err == nil {
		n := 0
		for _, s := range servers {
			if s.SystemTemplateID == in.SystemTemplateID {
				n++
			}
		}
		p.AddSay("Now %s of the account use it.", words.Counted(n, "server"))
	}
	p.Words.Undo = "no."
	return p, nil
}

// templateOnAnyCloud reads a template on any cloud that has it.
func templateOnAnyCloud(ctx context.Context, r *account.Reader, id vpsapi.TemplateID) (vpsapi.SystemTemplate, error) {
	groups, err := account.Lookup(ctx, r, vpsapi.ListTemplates, vpsapi.ListTemplatesIn{})
	if err != nil {
		return vpsapi.SystemTemplate{}, err
	}
	for _, g := range groups {
		for _, t := range g.Templates {
			for _, on := range t.Clouds {
				if on.SystemTemplateID == id {
					return r.Template(ctx, on.CloudID, id)
				}
			}
		}
	}
	return vpsapi.SystemTemplate{}, &account.GoneError{What: "template " + words.IDText(id), Where: vpsapi.ListTemplates.Name}
}

// checkSomeCloud rules out a template that no cloud has.
func checkSomeCloud(p *plan.Plan, err error) {
	if gone := new(account.GoneError); errors.As(err, &gone) {
		p.RuleOut("system_template_id: no cloud has "+gone.What, gone.Where+" lists them")
	}
}

// templateCost sets the cost of a template that is bought, whatever it costs.
func templateCost(ctx context.Context, p *plan.Plan, r *account.Reader, t vpsapi.SystemTemplate, err error) {
	cost, charged := r.TemplatePrice(ctx, t, "")
	p.Buys, p.Cost = 1, cost.Amount
	switch {
	case err != nil || !charged:
		p.Words.Cost = words.PriceUnknown
	default:
		p.Words.Cost = cost.String() + " (whether once or a month is not documented)"
	}
}

// buyTemplate plans the purchase of a CloudLinux or Windows template.
func buyTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.TemplateID) (*plan.Plan, error) {
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, err
	}
	r.PrefetchCurrency(ctx)
	t, err := templateOnAnyCloud(ctx, r, id)
	checkSomeCloud(p, err)
	p.Thing = plan.Thing{Kind: "template", ID: string(id), Label: string(t.Label)}
	p.Say("Buy %s for the account.", words.TemplateText(t, id, err))
	templateCost(ctx, p, r, t, err)
	cancel := vpsapi.DeleteCloudLinuxTemplate.Name
	if p.Tool == vpsapi.AddWindowsTemplate.Name {
		cancel = vpsapi.DeleteWindowsTemplate.Name
	}
	p.Words.Undo = cancel + " cancels the license; nothing is known to be refunded."
	return p, nil
}

// startBoughtTemplate starts the plan of what happens to a bought template. Its routes are
// not verified: what cannot be looked up is not a reason to refuse.
func startBoughtTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id string) (*plan.Plan, account.BoughtTemplate, string, error) {
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, account.BoughtTemplate{}, "", err
	}
	r.PrefetchCurrency(ctx)
	account.PrefetchLookup(ctx, r, vpsapi.ListTemplates, vpsapi.ListTemplatesIn{})
	list, err := r.Bought(ctx, plan.Subject(op, in).Kind == "Windows template")
	if err != nil {
		return p, account.BoughtTemplate{Id: id}, p.Thing.String() + " (which could not be looked up)", nil
	}
	b, err := account.FindOne(list, func(b account.BoughtTemplate) bool { return b.Id == id }, p.Thing.String(), "the list of bought templates")
	if err != nil {
		return nil, b, "", err
	}
	t, unread := templateOnAnyCloud(ctx, r, b.Template)
	p.Thing.Label = string(t.Label)
	text := fmt.Sprintf("%s, %s", p.Thing, words.TemplateText(t, b.Template, unread))
	if b.User == "" {
		return p, b, text + ", which no server uses", nil
	}
	return p, b, text + ", used by " + r.OtherServer(ctx, b.User), nil
}

// changeTemplate plans the purchase of another template in place of a bought one.
func changeTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id string, wanted vpsapi.TemplateID) (*plan.Plan, error) {
	r.Begin(func() { _, _ = templateOnAnyCloud(vpsapi.WithoutRetry(ctx), r, wanted) })
	p, b, text, err := startBoughtTemplate(ctx, r, op, in, id)
	if err != nil {
		return nil, err
	}
	unusedTemplate(ctx, p, r, b)
	t, unread := templateOnAnyCloud(ctx, r, wanted)
	checkSomeCloud(p, unread)
	p.Say("Buy %s in place of %s.", words.TemplateText(t, wanted, unread), text)
	p.Change("template", words.IDText(b.Template), words.IDText(wanted))
	if b.Template == wanted {
		p.Nothing = p.Thing.String() + " is this template already"
	}
	p.Loses("the present template: getting it again costs again")
	templateCost(ctx, p, r, t, unread)
	p.Words.Undo = "no, other than buying the old one again; nothing is known to be refunded."
	return p, nil
}

// planReturnTemplate plans giving up a bought CloudLinux or Windows template.
func planReturnTemplate(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id string) (*plan.Plan, error) {
	p, b, text, err := startBoughtTemplate(ctx, r, op, in, id)
	if err != nil {
		return nil, err
	}
	unusedTemplate(ctx, p, r, b)
	p.Say("Give up %s.", text)
	p.Loses("the template, and what was paid for it")
	p.Words.Undo = "buying it again: " + words.PriceUnknown + "."
	if t, err := templateOnAnyCloud(ctx, r, b.Template); err == nil {
		if cost, charged := r.TemplatePrice(ctx, t, ""); charged {
			p.Words.Undo = "buying it again, for " + cost.String() + "."
		}
	}
	return p, nil
}
