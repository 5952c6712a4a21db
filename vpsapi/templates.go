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

// CommercialTemplate is a CloudLinux template bought for the account.
type CommercialTemplate struct {
	ID               CommercialTemplateID `json:"id"`
	SystemTemplateID TemplateID           `json:"system_template_id"`
	VirtualMachineID *ServerID            `json:"virtual_machine_id" wire:"null"`
}

// WindowsTemplate is a Windows template bought for the account.
type WindowsTemplate struct {
	ID               WindowsTemplateID `json:"id"`
	SystemTemplateID TemplateID        `json:"system_template_id"`
	VirtualMachineID *ServerID         `json:"virtual_machine_id" wire:"null"`
}

// Templates is the group of functions about templates.
var Templates = Group{Name: "templates", Title: "Templates"}
