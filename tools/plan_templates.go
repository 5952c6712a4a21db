package tools

import (
	"context"
	"fmt"
	"slices"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// onCustomTemplate starts the plan of what happens to a custom template.
func onCustomTemplate(ctx context.Context, r *reader, op vpsapi.Operation, in any, id vpsapi.TemplateID) (*plan.Plan, vpsapi.SystemTemplate, error) {
	all, err := read(ctx, r, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
	if err != nil {
		return nil, vpsapi.SystemTemplate{}, err
	}
	t, err := found(all, func(t vpsapi.SystemTemplate) bool { return t.ID == id }, "custom template "+string(id), vpsapi.ListCustomTemplates.Name)
	if err != nil {
		return nil, t, err
	}
	p, err := plan.Of(r.client, op, in)
	if err == nil {
		p.Thing = plan.Thing{Kind: "custom template", ID: string(id), Label: string(t.Label)}
		p.Thing.Shared = slices.ContainsFunc(all, func(o vpsapi.SystemTemplate) bool { return o.ID != id && o.Label == t.Label })
	}
	return p, t, err
}

func planEditCustomTemplate(ctx context.Context, r *reader, in vpsapi.EditCustomTemplateIn) (*plan.Plan, error) {
	p, t, err := onCustomTemplate(ctx, r, vpsapi.EditCustomTemplate, in, in.SystemTemplateID)
	if err != nil {
		return nil, err
	}
	p.Say("Edit %s.", p.Thing)
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
			note = "a text that was empty cannot be emptied again"
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

func planDeleteCustomTemplate(ctx context.Context, r *reader, in vpsapi.DeleteCustomTemplateIn) (*plan.Plan, error) {
	p, t, err := onCustomTemplate(ctx, r, vpsapi.DeleteCustomTemplate, in, in.SystemTemplateID)
	if err != nil {
		return nil, err
	}
	p.Say("Delete %s, %s, at once.", p.Thing, words.TextOrNone(string(t.Description)))
	p.Loses("the template: no server can be built or installed from it any more")
	if servers, err := r.servers(ctx); err == nil {
		n := 0
		for _, s := range servers {
			if s.SystemTemplateID == in.SystemTemplateID {
				n++
			}
		}
		p.Also("Now %s of the account use it.", words.Counted(n, "server"))
	}
	p.Words.Undo = "no."
	return p, nil
}

// boughtTemplate is a CloudLinux or Windows template of the account.
type boughtTemplate struct {
	id       string
	template vpsapi.TemplateID
	user     vpsapi.ServerID
}

// bought lists the bought templates of an operation's family.
func (r *reader) bought(ctx context.Context, windows bool) ([]boughtTemplate, error) {
	var list []boughtTemplate
	if windows {
		all, err := read(ctx, r, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{})
		for _, t := range all {
			list = append(list, boughtTemplate{string(t.ID), t.SystemTemplateID, words.InUse(t.VirtualMachineID)})
		}
		return list, err
	}
	all, err := read(ctx, r, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{})
	for _, t := range all {
		list = append(list, boughtTemplate{string(t.ID), t.SystemTemplateID, words.InUse(t.VirtualMachineID)})
	}
	return list, err
}

// anywhere reads a template on any cloud that has it.
func (r *reader) anywhere(ctx context.Context, id vpsapi.TemplateID) (vpsapi.SystemTemplate, error) {
	groups, err := read(ctx, r, vpsapi.ListTemplates, vpsapi.ListTemplatesIn{})
	if err != nil {
		return vpsapi.SystemTemplate{}, err
	}
	for _, g := range groups {
		for _, t := range g.Templates {
			for _, on := range t.Clouds {
				if on.SystemTemplateID == id {
					return r.template(ctx, on.CloudID, id)
				}
			}
		}
	}
	return vpsapi.SystemTemplate{}, fmt.Errorf("no cloud has template %s", id)
}

// templateCost sets the cost of a template that is bought, whatever it costs.
func templateCost(ctx context.Context, p *plan.Plan, r *reader, t vpsapi.SystemTemplate, err error) {
	cost, charged := r.templatePrice(ctx, t)
	p.Buys, p.Cost = 1, cost.Amount
	switch {
	case err != nil || !charged:
		p.Words.Cost = words.NoPrice
	default:
		p.Words.Cost = cost.String() + " (whether once or a month is not documented)"
	}
}

func buyTemplate(ctx context.Context, r *reader, op vpsapi.Operation, in any, id vpsapi.TemplateID) (*plan.Plan, error) {
	p, err := plan.Of(r.client, op, in)
	if err != nil {
		return nil, err
	}
	t, err := r.anywhere(ctx, id)
	p.Thing = plan.Thing{Kind: "template", ID: string(id), Label: string(t.Label)}
	p.Say("Buy %s for the account.", words.TemplateText(t, id, err))
	templateCost(ctx, p, r, t, err)
	p.Words.Undo = "it can be given up again; nothing is known to be refunded."
	return p, nil
}

// onBought starts the plan of what happens to a bought template. Its routes are
// not verified: what cannot be looked up is no reason to refuse.
func onBought(ctx context.Context, r *reader, op vpsapi.Operation, in any, id string) (*plan.Plan, boughtTemplate, string, error) {
	p, err := plan.Of(r.client, op, in)
	if err != nil {
		return nil, boughtTemplate{}, "", err
	}
	list, err := r.bought(ctx, plan.Subject(op, in).Kind == "Windows template")
	if err != nil {
		return p, boughtTemplate{id: id}, p.Thing.String() + " (which could not be looked up)", nil
	}
	b, err := found(list, func(b boughtTemplate) bool { return b.id == id }, p.Thing.String(), "the list of bought templates")
	if err != nil {
		return nil, b, "", err
	}
	t, unread := r.anywhere(ctx, b.template)
	p.Thing.Label = string(t.Label)
	text := fmt.Sprintf("%s, %s", p.Thing, words.TemplateText(t, b.template, unread))
	if b.user == "" {
		return p, b, text + ", which no server uses", nil
	}
	return p, b, text + ", used by " + r.otherServer(ctx, b.user), nil
}

func changeTemplate(ctx context.Context, r *reader, op vpsapi.Operation, in any, id string, wanted vpsapi.TemplateID) (*plan.Plan, error) {
	p, b, text, err := onBought(ctx, r, op, in, id)
	if err != nil {
		return nil, err
	}
	t, unread := r.anywhere(ctx, wanted)
	p.Say("Buy %s in place of %s.", words.TemplateText(t, wanted, unread), text)
	p.Change("template", words.IDText(b.template), words.IDText(wanted))
	if b.template == wanted {
		p.Nothing = p.Thing.String() + " is this very template already"
	}
	p.Loses("the template that it is now: having it again costs again")
	templateCost(ctx, p, r, t, unread)
	p.Words.Undo = "no, other than buying the old one again; nothing is known to be refunded."
	return p, nil
}

func giveUpTemplate(ctx context.Context, r *reader, op vpsapi.Operation, in any, id string) (*plan.Plan, error) {
	p, b, text, err := onBought(ctx, r, op, in, id)
	if err != nil {
		return nil, err
	}
	p.Say("Give up %s.", text)
	p.Loses("the template, and what was paid for it")
	p.Words.Undo = "buying it again: " + words.NoPrice + "."
	if t, err := r.anywhere(ctx, b.template); err == nil {
		if cost, charged := r.templatePrice(ctx, t); charged {
			p.Words.Undo = "buying it again, for " + cost.String() + "."
		}
	}
	return p, nil
}
