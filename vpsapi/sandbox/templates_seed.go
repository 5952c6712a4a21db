package sandbox

import (
	"slices"

	"vpsnet-mcp/vpsapi"
)

// seedTemplates makes every template that the document names. The label and the
// facts of 78, 87, 92, 115, 1899 and of the first group are the document's; the
// others are plausible.
func seedTemplates(a *account) {
	a.templates = []*vpsapi.SystemTemplate{
		linuxTemplate("9", "Debian 5.0 x64", "Debian"),
		linuxTemplate("41", "CentOS 5.5 x64", "CentOS"),
		linuxTemplate("78", "Ubuntu 8.04 x64", "Ubuntu"),
		linuxTemplate("87", "10.04 (Lucid) x64", "Ubuntu"),
		linuxTemplate("92", "Ubuntu 10.04 x64", "Ubuntu"),
		linuxTemplate("123", "CentOS 5.5 x64 LAMP", "CentOS"),
		linuxTemplate("234", "CentOS 5.5 x64 LAMP", "CentOS"),
		linuxTemplate("436", "CentOS 5.5 x64 MySQL", "CentOS"),
		linuxTemplate("516", "CentOS 5.5 x64 MySQL", "CentOS"),
		cloudLinuxTemplate("106", "CloudLinux 5.5 x64", "10.0", "7.5"),
		cloudLinuxTemplate("107", "CloudLinux 5.5 x64 - cPanel", "12.0", "9.0"),
		windowsTemplate("10", "Windows Server 2003 x86 - Standard", "Standard", "10.0", "7.5"),
		windowsTemplate("11", "Windows Server 2003 x64 - Enterprise", "Enterprise", "15.0", "11.0"),
		windowsTemplate("12", "Windows Server 2008 x64 - Standard", "Standard", "12.5", "9.0"),
		windowsTemplate("17", "Windows Server 2008 x64 - Web", "Web", "8.0", "6.0"),
		windowsTemplate("1899", "Windows Server 2008 x86 - Enterprise", "Enterprise", "10.0", "7.5"),
	}
	a.customTemplates = []*vpsapi.SystemTemplate{{
		ID: "115", Label: "test_cus_temp", OperatingSystem: "Custom Templates", Description: "test_cus_temp",
	}}
	a.commercial = []*vpsapi.CommercialTemplate{{ID: "25", SystemTemplateID: "106"}, {ID: "27", SystemTemplateID: "107"}}
	a.windows = []*vpsapi.WindowsTemplate{{ID: "15", SystemTemplateID: "10"}, {ID: "20", SystemTemplateID: "17"}}
	regular := []vpsapi.CloudID{"1", "2", "3", "4", "15"}
	ubuntu := slices.Concat(regular, []vpsapi.CloudID{"153", "160"})
	a.templateGroups = []vpsapi.TemplateGroup{
		{Name: "CentOS 5.5 x64", Templates: []vpsapi.GroupTemplate{
			{Name: "CentOS 5.5 x64 LAMP", Clouds: []vpsapi.TemplateCloud{{CloudID: "1", SystemTemplateID: "123"}, {CloudID: "2", SystemTemplateID: "234"}}},
			{Name: "CentOS 5.5 x64 MySQL", Clouds: []vpsapi.TemplateCloud{{CloudID: "3", SystemTemplateID: "436"}, {CloudID: "4", SystemTemplateID: "516"}}},
		}},
		{Name: "CentOS", Templates: []vpsapi.GroupTemplate{templateOn("CentOS 5.5 x64", "41", regular...)}},
		{Name: "Debian", Templates: []vpsapi.GroupTemplate{templateOn("Debian 5.0 x64", "9", regular...)}},
		{Name: "Ubuntu", Templates: []vpsapi.GroupTemplate{
			templateOn("Ubuntu 8.04 x64", "78", ubuntu...),
			templateOn("10.04 (Lucid) x64", "87", regular...),
			templateOn("Ubuntu 10.04 x64", "92", ubuntu...),
		}},
		{Name: "CloudLinux", Templates: []vpsapi.GroupTemplate{
			templateOn("CloudLinux 5.5 x64", "106", regular...),
			templateOn("CloudLinux 5.5 x64 - cPanel", "107", regular...),
		}},
		{Name: "Windows", Templates: []vpsapi.GroupTemplate{
			templateOn("Windows Server 2003 x86 - Standard", "10", regular...),
			templateOn("Windows Server 2003 x64 - Enterprise", "11", regular...),
			templateOn("Windows Server 2008 x64 - Standard", "12", regular...),
			templateOn("Windows Server 2008 x64 - Web", "17", regular...),
			templateOn("Windows Server 2008 x86 - Enterprise", "1899", regular...),
		}},
	}
}

// linuxTemplate returns a free template of a Linux system.
func linuxTemplate(id vpsapi.TemplateID, label, system vpsapi.Text) *vpsapi.SystemTemplate {
	return &vpsapi.SystemTemplate{
		ID: id, Label: label, OSType: "Linux", OperatingSystem: system,
		Commercial: ptr(vpsapi.Flag(false)), Info: label, Description: label,
	}
}

// cloudLinuxTemplate returns a template of CloudLinux, which costs a month what is given.
func cloudLinuxTemplate(id vpsapi.TemplateID, label vpsapi.Text, usd, gbp vpsapi.Money) *vpsapi.SystemTemplate {
	t := linuxTemplate(id, label, "CloudLinux")
	t.Commercial = ptr(vpsapi.Flag(true))
	t.ApplicablePrice = map[string]vpsapi.Money{"USD": usd, "GBP": gbp}
	return t
}

// windowsTemplate is not commercial and has a price: so the document.
func windowsTemplate(id vpsapi.TemplateID, label, version vpsapi.Text, usd, gbp vpsapi.Money) *vpsapi.SystemTemplate {
	t := linuxTemplate(id, label, "Windows")
	t.OSType, t.WindowsLicenseVersion = "Windows", version
	t.ApplicablePrice = map[string]vpsapi.Money{"USD": usd, "GBP": gbp}
	return t
}

// templateOn returns a template that some clouds have under the same id.
func templateOn(name vpsapi.Text, id vpsapi.TemplateID, clouds ...vpsapi.CloudID) vpsapi.GroupTemplate {
	t := vpsapi.GroupTemplate{Name: name}
	for _, c := range clouds {
		t.Clouds = append(t.Clouds, vpsapi.TemplateCloud{CloudID: c, SystemTemplateID: id})
	}
	return t
}
