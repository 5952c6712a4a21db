package vpsapi

import "encoding/json"

// CommercialTemplate is a CloudLinux template bought for the account.
type CommercialTemplate struct {
	ID               CommercialTemplateID `json:"id"`
	SystemTemplateID TemplateID           `json:"system_template_id"`
	VirtualMachineID *ServerID            `json:"virtual_machine_id" wire:"null"`
}

// UnmarshalJSON leaves UnknownServer where the reply does not say who uses it.
func (t *CommercialTemplate) UnmarshalJSON(b []byte) error {
	type plain CommercialTemplate
	unknown := UnknownServer
	t.VirtualMachineID = &unknown
	return json.Unmarshal(b, (*plain)(t))
}

// WindowsTemplate is a Windows template bought for the account.
type WindowsTemplate struct {
	ID               WindowsTemplateID `json:"id"`
	SystemTemplateID TemplateID        `json:"system_template_id"`
	VirtualMachineID *ServerID         `json:"virtual_machine_id" wire:"null"`
}

// UnmarshalJSON leaves UnknownServer where the reply does not say who uses it.
func (t *WindowsTemplate) UnmarshalJSON(b []byte) error {
	type plain WindowsTemplate
	unknown := UnknownServer
	t.VirtualMachineID = &unknown
	return json.Unmarshal(b, (*plain)(t))
}

// purchaseConfirmed is set by consent, never by the caller: it is not an argument.
var purchaseConfirmed = Object{{"confirm_purchase", "1"}}

// ListCloudLinuxTemplatesIn has no arguments.
type ListCloudLinuxTemplatesIn struct{}

// ListCloudLinuxTemplates lists the bought CloudLinux templates.
var ListCloudLinuxTemplates = Op[ListCloudLinuxTemplatesIn, []CommercialTemplate]{
	Name: "list_cloudlinux_templates", Title: "List CloudLinux templates",
	Doc:     "List the bought CloudLinux templates and the server that uses each.",
	Heading: "GET CloudLinux Templates",
	Route:   "GET /commercial_templates", Reply: wrappedList[CommercialTemplate]("commercial_template"), Safety: Reads, Evidence: Inferred,
}

// AddCloudLinuxTemplateIn names the template to buy.
type AddCloudLinuxTemplateIn struct {
	SystemTemplateID TemplateID `json:"system_template_id" wire:"string" jsonschema_description:"From list_templates; price in get_system_template"`
}

// AddCloudLinuxTemplate buys a CloudLinux template.
var AddCloudLinuxTemplate = Op[AddCloudLinuxTemplateIn, Raw]{
	Name: "add_cloudlinux_template", Title: "Buy CloudLinux template",
	Doc:     "Buy a CloudLinux template for the account. It is charged.",
	Heading: "Add a CloudLinux Template",
	Route:   "POST /commercial_templates", Envelope: "commercial_template", Fixed: purchaseConfirmed,
	Reply: rawShape(), Safety: Commits, Evidence: Inferred,
}

// EditCloudLinuxTemplateIn names a bought template and the one to buy in its place.
type EditCloudLinuxTemplateIn struct {
	CommercialTemplateID CommercialTemplateID `json:"commercial_template_id" jsonschema_description:"From list_cloudlinux_templates"`
	SystemTemplateID     TemplateID           `json:"system_template_id" wire:"string" jsonschema_description:"The new one; price in get_system_template"`
}

// EditCloudLinuxTemplate buys another CloudLinux template in place of a bought one.
var EditCloudLinuxTemplate = Op[EditCloudLinuxTemplateIn, Raw]{
	Name: "edit_cloudlinux_template", Title: "Change CloudLinux template",
	Doc:     "Buy another CloudLinux template in place of a bought one. It is charged.",
	Heading: "EDIT a CloudLinux Template",
	Route:   "PUT /commercial_templates/{commercial_template_id}", Envelope: "commercial_template", Fixed: purchaseConfirmed,
	Reply: rawShape(), Safety: Commits, Evidence: Inferred,
}

// DeleteCloudLinuxTemplateIn names a bought template.
type DeleteCloudLinuxTemplateIn struct {
	CommercialTemplateID CommercialTemplateID `json:"commercial_template_id" jsonschema_description:"From list_cloudlinux_templates"`
}

// DeleteCloudLinuxTemplate gives a bought CloudLinux template up.
var DeleteCloudLinuxTemplate = Op[DeleteCloudLinuxTemplateIn, Done]{
	Name: "delete_cloudlinux_template", Title: "Delete CloudLinux template",
	Doc:     "Give up a bought CloudLinux template. Having it again costs again.",
	Heading: "DELETE a CloudLinux Template",
	Route:   "DELETE /commercial_templates/{commercial_template_id}", Reply: noContent(), Safety: Destroys, Evidence: Inferred,
}

// ListWindowsTemplatesIn has no arguments.
type ListWindowsTemplatesIn struct{}

// ListWindowsTemplates lists the bought Windows templates.
var ListWindowsTemplates = Op[ListWindowsTemplatesIn, []WindowsTemplate]{
	Name: "list_windows_templates", Title: "List Windows templates",
	Doc:     "List the bought Windows templates and the server that uses each.",
	Heading: "GET Windows Templates",
	Route:   "GET /windows_templates", Reply: wrappedList[WindowsTemplate]("windows_template"), Safety: Reads, Evidence: Inferred,
}

// AddWindowsTemplateIn names the template to buy.
type AddWindowsTemplateIn struct {
	SystemTemplateID TemplateID `json:"system_template_id" wire:"string" jsonschema_description:"From list_templates; price in get_system_template"`
}

// AddWindowsTemplate buys a Windows template.
var AddWindowsTemplate = Op[AddWindowsTemplateIn, Raw]{
	Name: "add_windows_template", Title: "Buy Windows template",
	Doc:     "Buy a Windows template for the account. It is charged.",
	Heading: "Add a Windows Template",
	Route:   "POST /windows_templates", Envelope: "windows_template", Fixed: purchaseConfirmed,
	Reply: rawShape(), Safety: Commits, Evidence: Inferred,
}

// EditWindowsTemplateIn names a bought template and the one to buy in its place.
type EditWindowsTemplateIn struct {
	WindowsTemplateID WindowsTemplateID `json:"windows_template_id" jsonschema_description:"From list_windows_templates"`
	SystemTemplateID  TemplateID        `json:"system_template_id" wire:"string" jsonschema_description:"The new one; price in get_system_template"`
}

// EditWindowsTemplate buys another Windows template in place of a bought one.
var EditWindowsTemplate = Op[EditWindowsTemplateIn, Raw]{
	Name: "edit_windows_template", Title: "Change Windows template",
	Doc:     "Buy another Windows template in place of a bought one. It is charged.",
	Heading: "EDIT a Windows Template",
	Route:   "PUT /windows_templates/{windows_template_id}", Envelope: "windows_template", Fixed: purchaseConfirmed,
	Reply: rawShape(), Safety: Commits, Evidence: Inferred,
}

// DeleteWindowsTemplateIn names a bought template.
type DeleteWindowsTemplateIn struct {
	WindowsTemplateID WindowsTemplateID `json:"windows_template_id" jsonschema_description:"From list_windows_templates"`
}

// DeleteWindowsTemplate gives a bought Windows template up.
var DeleteWindowsTemplate = Op[DeleteWindowsTemplateIn, Done]{
	Name: "delete_windows_template", Title: "Delete Windows template",
	Doc:     "Give up a bought Windows template. Having it again costs again.",
	Heading: "DELETE a Windows Template",
	Route:   "DELETE /windows_templates/{windows_template_id}", Reply: noContent(), Safety: Destroys, Evidence: Inferred,
}
