package catalog

import (
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// templatesRows are the functions of the group templates.
func templatesRows() []Row {
	return []Row{
		plain(vpsapi.ListCustomTemplates, "custom template own saved made created mine my"),
		function(vpsapi.EditCustomTemplate, spec[vpsapi.EditCustomTemplateIn]{
			plan:   planEditCustomTemplate,
			search: "image ours description custom template rename label description text name own note",
		}),
		function(vpsapi.DeleteCustomTemplate, spec[vpsapi.DeleteCustomTemplateIn]{
			mayMean: "It may delete another template of this id",
			plan:    planDeleteCustomTemplate,
			search:  "custom template own saved old unused made",
		}),
		function(vpsapi.ListTemplates, spec[vpsapi.ListTemplatesIn]{
			answer: AsList,
			search: "distro template available system install choose ubuntu debian centos linux family",
		}),
		function(vpsapi.GetSystemTemplate, spec[vpsapi.GetSystemTemplateIn]{
			answer: asFields,
			search: "single one free distro system template price chargeable cost minimum size detail single particular ubuntu debian centos requirement",
		}),
		plain(vpsapi.ListCloudLinuxTemplates, "version cloudlinux template bought purchased license"),
		function(vpsapi.AddCloudLinuxTemplate, spec[vpsapi.AddCloudLinuxTemplateIn]{
			mayMean: "It may buy another product: the path says commercial templates, and not CloudLinux",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.AddCloudLinuxTemplateIn) (*plan.Plan, error) {
				return buyTemplate(ctx, r, vpsapi.AddCloudLinuxTemplate, in, in.SystemTemplateID)
			},
			shownIn: vpsapi.ListCloudLinuxTemplates,
			marks:   func(in vpsapi.AddCloudLinuxTemplateIn) []string { return []string{string(in.SystemTemplateID)} },
			search:  "cloudlinux template license buy",
		}),
		function(vpsapi.EditCloudLinuxTemplate, spec[vpsapi.EditCloudLinuxTemplateIn]{
			mayMean: "It may buy a second template, and keep the first one",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.EditCloudLinuxTemplateIn) (*plan.Plan, error) {
				return changeTemplate(ctx, r, vpsapi.EditCloudLinuxTemplate, in, string(in.CommercialTemplateID), in.SystemTemplateID)
			},
			search: "cloudlinux template version bought exchange another different switch",
		}),
		function(vpsapi.DeleteCloudLinuxTemplate, spec[vpsapi.DeleteCloudLinuxTemplateIn]{
			mayMean: "It may give up another product: the path says commercial templates, and not CloudLinux",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.DeleteCloudLinuxTemplateIn) (*plan.Plan, error) {
				return planReturnTemplate(ctx, r, vpsapi.DeleteCloudLinuxTemplate, in, string(in.CommercialTemplateID))
			},
			search: "cloudlinux template bought license",
		}),
		plain(vpsapi.ListWindowsTemplates, "version windows template bought purchased license"),
		function(vpsapi.AddWindowsTemplate, spec[vpsapi.AddWindowsTemplateIn]{
			mayMean: "It may buy the template once more where the account has it",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.AddWindowsTemplateIn) (*plan.Plan, error) {
				return buyTemplate(ctx, r, vpsapi.AddWindowsTemplate, in, in.SystemTemplateID)
			},
			shownIn: vpsapi.ListWindowsTemplates,
			marks:   func(in vpsapi.AddWindowsTemplateIn) []string { return []string{string(in.SystemTemplateID)} },
			search:  "windows template license buy",
		}),
		function(vpsapi.EditWindowsTemplate, spec[vpsapi.EditWindowsTemplateIn]{
			mayMean: "It may buy a second template, and keep the first one",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.EditWindowsTemplateIn) (*plan.Plan, error) {
				return changeTemplate(ctx, r, vpsapi.EditWindowsTemplate, in, string(in.WindowsTemplateID), in.SystemTemplateID)
			},
			search: "windows template version bought exchange another different switch",
		}),
		function(vpsapi.DeleteWindowsTemplate, spec[vpsapi.DeleteWindowsTemplateIn]{
			mayMean: "It may take the template from the server that uses it",
			plan: func(ctx context.Context, r *account.Reader, in vpsapi.DeleteWindowsTemplateIn) (*plan.Plan, error) {
				return planReturnTemplate(ctx, r, vpsapi.DeleteWindowsTemplate, in, string(in.WindowsTemplateID))
			},
			search: "windows template bought license",
		}),
	}
}
