package sandbox

import (
	"fmt"
	"slices"

	"vpsnet-mcp/vpsapi"
)

// boughtTemplates is the bought templates of one family: CloudLinux and Windows differ in
// their names alone.
type boughtTemplates[T any] struct {
	family   string
	envelope string
	has      func(t *vpsapi.SystemTemplate) bool // the family's templates
	held     *[]*T
	make     func(id string, template vpsapi.TemplateID) *T
	parts    func(b *T) (id string, template *vpsapi.TemplateID, user **vpsapi.ServerID)
}

// boughtTemplateHandlers returns the handlers of the functions for bought templates.
func boughtTemplateHandlers() []handler {
	return []handler{
		handle(vpsapi.ListCloudLinuxTemplates, func(a *account, _ vpsapi.ListCloudLinuxTemplatesIn) ([]vpsapi.CommercialTemplate, error) {
			return a.cloudLinuxTemplates().list(a), nil
		}),
		handle(vpsapi.AddCloudLinuxTemplate, func(a *account, in vpsapi.AddCloudLinuxTemplateIn) (vpsapi.Raw, error) {
			return a.cloudLinuxTemplates().add(a, in.SystemTemplateID)
		}),
		handle(vpsapi.EditCloudLinuxTemplate, func(a *account, in vpsapi.EditCloudLinuxTemplateIn) (vpsapi.Raw, error) {
			return a.cloudLinuxTemplates().edit(a, string(in.CommercialTemplateID), in.SystemTemplateID)
		}),
		handle(vpsapi.DeleteCloudLinuxTemplate, func(a *account, in vpsapi.DeleteCloudLinuxTemplateIn) (vpsapi.Done, error) {
			return a.cloudLinuxTemplates().delete(a, string(in.CommercialTemplateID))
		}),
		handle(vpsapi.ListWindowsTemplates, func(a *account, _ vpsapi.ListWindowsTemplatesIn) ([]vpsapi.WindowsTemplate, error) {
			return a.windowsTemplates().list(a), nil
		}),
		handle(vpsapi.AddWindowsTemplate, func(a *account, in vpsapi.AddWindowsTemplateIn) (vpsapi.Raw, error) {
			return a.windowsTemplates().add(a, in.SystemTemplateID)
		}),
		handle(vpsapi.EditWindowsTemplate, func(a *account, in vpsapi.EditWindowsTemplateIn) (vpsapi.Raw, error) {
			return a.windowsTemplates().edit(a, string(in.WindowsTemplateID), in.SystemTemplateID)
		}),
		handle(vpsapi.DeleteWindowsTemplate, func(a *account, in vpsapi.DeleteWindowsTemplateIn) (vpsapi.Done, error) {
			return a.windowsTemplates().delete(a, string(in.WindowsTemplateID))
		}),
	}
}

// cloudLinuxTemplates returns the account's bought CloudLinux templates.
func (a *account) cloudLinuxTemplates() boughtTemplates[vpsapi.CommercialTemplate] {
	return boughtTemplates[vpsapi.CommercialTemplate]{
		family: "CloudLinux", envelope: "commercial_template", held: &a.commercial,
		has: func(t *vpsapi.SystemTemplate) bool { return t.OperatingSystem == "CloudLinux" },
		make: func(id string, template vpsapi.TemplateID) *vpsapi.CommercialTemplate {
			return &vpsapi.CommercialTemplate{ID: vpsapi.CommercialTemplateID(id), SystemTemplateID: template}
		},
		parts: func(b *vpsapi.CommercialTemplate) (string, *vpsapi.TemplateID, **vpsapi.ServerID) {
			return string(b.ID), &b.SystemTemplateID, &b.VirtualMachineID
		},
	}
}

// windowsTemplates returns the account's bought Windows templates.
func (a *account) windowsTemplates() boughtTemplates[vpsapi.WindowsTemplate] {
	return boughtTemplates[vpsapi.WindowsTemplate]{
		family: "Windows", envelope: "windows_template", held: &a.windows,
		has: func(t *vpsapi.SystemTemplate) bool { return t.OSType == "Windows" },
		make: func(id string, template vpsapi.TemplateID) *vpsapi.WindowsTemplate {
			return &vpsapi.WindowsTemplate{ID: vpsapi.WindowsTemplateID(id), SystemTemplateID: template}
		},
		parts: func(b *vpsapi.WindowsTemplate) (string, *vpsapi.TemplateID, **vpsapi.ServerID) {
			return string(b.ID), &b.SystemTemplateID, &b.VirtualMachineID
		},
	}
}

// list gives the bought templates, each with its present user: the oldest
// server that is built on the template and uses none of those before.
func (s boughtTemplates[T]) list(a *account) []T {
	free := map[vpsapi.TemplateID][]vpsapi.ServerID{}
	for _, b := range *s.held {
		_, template, user := s.parts(b)
		if _, known := free[*template]; !known {
			free[*template] = a.serversOfTemplate(*template)
		}
		*user = nil
		if servers := free[*template]; len(servers) > 0 {
			*user, free[*template] = &servers[0], servers[1:]
		}
	}
	return copyValues(*s.held)
}

// unused finds a bought template that no server uses.
func (s boughtTemplates[T]) unused(a *account, id string) (*T, error) {
	s.list(a)
	for _, b := range *s.held {
		if bID, _, user := s.parts(b); bID == id {
			if *user != nil {
				return nil, templateInUse(**user)
			}
			return b, nil
		}
	}
	return nil, notFound(s.family+" template", id)
}

// add buys a template.
func (s boughtTemplates[T]) add(a *account, template vpsapi.TemplateID) (vpsapi.Raw, error) {
	if err := s.charge(a, template); err != nil {
		return nil, err
	}
	b := s.make(fmt.Sprint(a.nextID()), template)
	*s.held = append(*s.held, b)
	return s.reply(b), nil
}

// edit buys another template in place of a bought one.
func (s boughtTemplates[T]) edit(a *account, id string, template vpsapi.TemplateID) (vpsapi.Raw, error) {
	b, err := s.unused(a, id)
	if err != nil {
		return nil, err
	}
	if err := s.charge(a, template); err != nil {
		return nil, err
	}
	_, old, _ := s.parts(b)
	*old = template
	return s.reply(b), nil
}

// delete gives up a bought template that no server uses.
func (s boughtTemplates[T]) delete(a *account, id string) (vpsapi.Done, error) {
	b, err := s.unused(a, id)
	if err == nil {
		*s.held = slices.DeleteFunc(slices.Clone(*s.held), func(o *T) bool { return o == b })
	}
	return vpsapi.Done{}, err
}

// charge takes a template's price, if it has one.
func (s boughtTemplates[T]) charge(a *account, id vpsapi.TemplateID) error {
	t, err := a.template(id)
	if err != nil || !s.has(t) {
		return invalid("system_template_id", "is not a "+s.family+" template")
	}
	if amount, chargeable := templatePrice(t); chargeable {
		a.charge(amount, s.family+" template "+string(t.Label))
	}
	return nil
}

// reply is what adding and editing answer: it is not documented, so the
// template, wrapped as in the list.
func (s boughtTemplates[T]) reply(b *T) vpsapi.Raw {
	id, template, _ := s.parts(b)
	return fmt.Appendf(nil, `{%q:{"system_template_id":%s,"id":%s,"virtual_machine_id":null}}`, s.envelope, *template, id)
}
