package sandbox

import (
	"fmt"
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// templateHandlers returns the handlers of the functions for templates.
func templateHandlers() []handler {
	return append(boughtTemplateHandlers(), []handler{
		handle(vpsapi.ListCustomTemplates, listCustomTemplates),
		handle(vpsapi.EditCustomTemplate, editCustomTemplate),
		handle(vpsapi.DeleteCustomTemplate, deleteCustomTemplate),
		handle(vpsapi.ListTemplates, listTemplates),
		handle(vpsapi.GetSystemTemplate, getSystemTemplate),
	}...)
}

// listCustomTemplates answers list_custom_templates from the account in memory.
func listCustomTemplates(a *account, _ vpsapi.ListCustomTemplatesIn) ([]vpsapi.SystemTemplate, error) {
	return copyValues(a.customTemplates), nil
}

// customTemplate returns the custom template of an id, or the service's 404.
func (a *account) customTemplate(id vpsapi.TemplateID) (*vpsapi.SystemTemplate, error) {
	for _, t := range a.customTemplates {
		if t.ID == id {
			return t, nil
		}
	}
	return nil, notFound("Custom template", id)
}

// editCustomTemplate answers with the template, as the service's other edits do.
func editCustomTemplate(a *account, in vpsapi.EditCustomTemplateIn) (vpsapi.Raw, error) {
	t, err := a.customTemplate(in.SystemTemplateID)
	if err != nil {
		return nil, err
	}
	for _, f := range []struct {
		to   *vpsapi.Text
		text string
	}{{&t.OperatingSystem, in.OperatingSystem}, {&t.Description, in.Description}, {&t.Info, in.Info}} {
		if f.text != "" {
			*f.to = vpsapi.Text(f.text)
		}
	}
	return vpsapi.GetSystemTemplate.EncodeReply(*t)
}

// deleteCustomTemplate answers delete_custom_template from the account in memory.
func deleteCustomTemplate(a *account, in vpsapi.DeleteCustomTemplateIn) (vpsapi.Done, error) {
	t, err := a.customTemplate(in.SystemTemplateID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if users := a.serversOfTemplate(t.ID); len(users) > 0 {
		return vpsapi.Done{}, templateInUse(users[0])
	}
	a.customTemplates = removeFirst(a.customTemplates, func(c *vpsapi.SystemTemplate) bool { return c == t })
	return vpsapi.Done{}, nil
}

// listTemplates answers list_templates from the account in memory.
func listTemplates(a *account, _ vpsapi.ListTemplatesIn) ([]vpsapi.TemplateGroup, error) {
	return a.templateGroups, nil
}

// getSystemTemplate takes any template on any cloud: which cloud has which is
// shown by examples of the document that do not agree.
func getSystemTemplate(a *account, in vpsapi.GetSystemTemplateIn) (vpsapi.SystemTemplate, error) {
	if _, err := a.cloud(in.CloudID); err != nil {
		return vpsapi.SystemTemplate{}, err
	}
	t, err := a.template(in.SystemTemplateID)
	if err != nil {
		return vpsapi.SystemTemplate{}, err
	}
	if len(a.checkTemplate(in.CloudID, in.SystemTemplateID)) > 0 { // it is below the cloud's path
		return vpsapi.SystemTemplate{}, notFound("System template", in.SystemTemplateID)
	}
	return *t, nil
}

// serversOfTemplate lists the servers that are built on a template, oldest first.
func (a *account) serversOfTemplate(id vpsapi.TemplateID) []vpsapi.ServerID {
	var ids []vpsapi.ServerID
	for _, s := range a.servers {
		if s.SystemTemplateID == id {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// templateInUse returns the refusal to delete a template that a server uses.
func templateInUse(by vpsapi.ServerID) error {
	return invalid("base", fmt.Sprintf("This template is in use by virtual machine %s", by))
}

// templatePrice is what a template costs; ok is false for one that costs nothing.
func templatePrice(t *vpsapi.SystemTemplate) (amount float64, ok bool) {
	amount, err := strconv.ParseFloat(string(t.ApplicablePrice["USD"]), 64)
	return amount, err == nil && amount > 0
}
