package vpsapi

// SystemTemplate is what a server is built from. ApplicablePrice has a price by
// currency where the template is chargeable.
type SystemTemplate struct {
	ID                    TemplateID       `json:"id,omitempty"`
	Label                 Text             `json:"label,omitempty"`
	OSType                Text             `json:"os_type,omitempty"`
	OperatingSystem       Text             `json:"operating_system,omitempty"`
	WindowsLicenseVersion Text             `json:"windows_license_version,omitempty"`
	Commercial            *Flag            `json:"commercial,omitempty"`
	ApplicablePrice       map[string]Money `json:"applicable_price,omitempty" wire:"number"`
	Info                  Text             `json:"info,omitempty"`
	Description           Text             `json:"description,omitempty"`
}

// TemplateGroup is a family of templates.
type TemplateGroup struct {
	Name      Text            `json:"name"`
	Templates []GroupTemplate `json:"templates"`
}

// GroupTemplate is a template with its id on each cloud that has it.
type GroupTemplate struct {
	Name   Text            `json:"name"`
	Clouds []TemplateCloud `json:"clouds"`
}

// TemplateCloud is a template's id on one cloud.
type TemplateCloud struct {
	CloudID          CloudID    `json:"id"`
	SystemTemplateID TemplateID `json:"system_template_id"`
}

// ListCustomTemplatesIn has no arguments.
type ListCustomTemplatesIn struct{}

// ListCustomTemplates lists the account's own templates.
var ListCustomTemplates = Op[ListCustomTemplatesIn, []SystemTemplate]{
	Name: "list_custom_templates", Title: "List custom templates",
	Doc:     "List the account's own templates, made from backups or servers.",
	Heading: "GET Custom Templates",
	Route:   "GET /system_templates", Reply: wrappedList[SystemTemplate]("system_template"), Safety: Reads, Evidence: Clients,
}

// EditCustomTemplateIn is what of a custom template changes.
type EditCustomTemplateIn struct {
	SystemTemplateID TemplateID `json:"system_template_id" jsonschema_description:"From list_custom_templates"`
	OperatingSystem  string     `json:"operating_system,omitempty"`
	Description      string     `json:"description,omitempty"`
	Info             string     `json:"info,omitempty"`
}

// Check refuses an edit that changes nothing.
func (in EditCustomTemplateIn) Check() []Fault {
	if in.OperatingSystem == "" && in.Description == "" && in.Info == "" {
		return []Fault{{"", "nothing to change: give operating_system, description or info"}}
	}
	return nil
}

// EditCustomTemplate changes the texts of a custom template. The document wraps
// the body in an array, as it does its lists; an object is the sensible guess.
var EditCustomTemplate = Op[EditCustomTemplateIn, Raw]{
	Name: "edit_custom_template", Title: "Edit custom template",
	Doc:     "Edit the descriptive texts of a custom template.",
	Heading: "EDIT a Custom Template",
	Route:   "PUT /system_templates/{system_template_id}", Envelope: "system_template",
	Reply: rawShape(), Safety: Changes, Evidence: Inferred,
}

// DeleteCustomTemplateIn names a custom template.
type DeleteCustomTemplateIn struct {
	SystemTemplateID TemplateID `json:"system_template_id" jsonschema_description:"From list_custom_templates"`
}

// DeleteCustomTemplate deletes a custom template.
var DeleteCustomTemplate = Op[DeleteCustomTemplateIn, Done]{
	Name: "delete_custom_template", Title: "Delete custom template",
	Doc:     "Delete a custom template at once. It cannot be recovered.",
	Heading: "Delete a Custom Template",
	Route:   "DELETE /system_templates/{system_template_id}", Reply: noContent(), Safety: Destroys, Evidence: Inferred,
}

// ListTemplatesIn has no arguments.
type ListTemplatesIn struct{}

// ListTemplates lists what servers can be built from.
var ListTemplates = Op[ListTemplatesIn, []TemplateGroup]{
	Name: "list_templates", Title: "List templates",
	Doc:     "List the available templates: name, family, system_template_id and the cloud_ids that have it so.",
	Heading: "GET Templates",
	Route:   "GET /available_templates", Reply: keyedList[TemplateGroup]("template_groups"), Safety: Reads, Evidence: Clients,
}

// GetSystemTemplateIn names a template on a cloud.
type GetSystemTemplateIn struct {
	CloudID          CloudID    `json:"cloud_id"`
	SystemTemplateID TemplateID `json:"system_template_id"`
}

// GetSystemTemplate reads one template.
var GetSystemTemplate = Op[GetSystemTemplateIn, SystemTemplate]{
	Name: "get_system_template", Title: "Get system template",
	Doc:     "Get one template of a cloud; applicable_price says whether it is chargeable.",
	Heading: "GET properties for a System Template",
	Route:   "GET /clouds/{cloud_id}/system_templates/{system_template_id}", Reply: wrappedObject[SystemTemplate]("system_template"),
	Safety: Reads, Evidence: Clients,
}

// Templates is the group of functions about templates.
var Templates = Group{Name: "templates", Title: "Templates", Operations: []Operation{
	ListCustomTemplates, EditCustomTemplate, DeleteCustomTemplate, ListTemplates, GetSystemTemplate,
	ListCloudLinuxTemplates, AddCloudLinuxTemplate, EditCloudLinuxTemplate, DeleteCloudLinuxTemplate,
	ListWindowsTemplates, AddWindowsTemplate, EditWindowsTemplate, DeleteWindowsTemplate,
}}
