package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestTemplatesOfTheDocument(t *testing.T) {
	d := newDesk(t)
	custom := []vpsapi.SystemTemplate{{ID: "115", Label: "test_cus_temp", OperatingSystem: "Custom Templates", Description: "test_cus_temp"}}
	if diff := cmp.Diff(custom, deskCall(d, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})); diff != "" {
		t.Errorf("custom templates (-want +got):\n%s", diff)
	}
	first := vpsapi.TemplateGroup{Name: "CentOS 5.5 x64", Templates: []vpsapi.GroupTemplate{
		{Name: "CentOS 5.5 x64 LAMP", Clouds: []vpsapi.TemplateCloud{{CloudID: "1", SystemTemplateID: "123"}, {CloudID: "2", SystemTemplateID: "234"}}},
		{Name: "CentOS 5.5 x64 MySQL", Clouds: []vpsapi.TemplateCloud{{CloudID: "3", SystemTemplateID: "436"}, {CloudID: "4", SystemTemplateID: "516"}}},
	}}
	if diff := cmp.Diff(first, deskCall(d, vpsapi.ListTemplates, vpsapi.ListTemplatesIn{})[0]); diff != "" {
		t.Errorf("templates (-want +got):\n%s", diff)
	}
	linux := []vpsapi.CommercialTemplate{{ID: "25", SystemTemplateID: "106"}, {ID: "27", SystemTemplateID: "107"}}
	if diff := cmp.Diff(linux, deskCall(d, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{})); diff != "" {
		t.Errorf("CloudLinux templates (-want +got):\n%s", diff)
	}
	windows := []vpsapi.WindowsTemplate{{ID: "15", SystemTemplateID: "10"}, {ID: "20", SystemTemplateID: "17"}}
	if diff := cmp.Diff(windows, deskCall(d, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{})); diff != "" {
		t.Errorf("Windows templates (-want +got):\n%s", diff)
	}
}

// Every template that a list offers can be looked up, and so can those that the
// document's servers and clouds name.
func TestSystemTemplates(t *testing.T) {
	d := newDesk(t)
	found := func(cloud vpsapi.CloudID, id vpsapi.TemplateID) {
		if got := deskCall(d, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: cloud, SystemTemplateID: id}); got.ID != id || got.Label == "" {
			t.Errorf("template %s of cloud %s = %+v", id, cloud, got)
		}
	}
	for _, id := range []vpsapi.TemplateID{"9", "41", "78", "87", "92", "1899"} {
		found("3", id)
	}
	for _, g := range d.sb.account.templateGroups {
		for _, entry := range g.Templates {
			for _, c := range entry.Clouds {
				found(c.CloudID, c.SystemTemplateID)
			}
		}
	}
	no := vpsapi.Flag(false)
	want := vpsapi.SystemTemplate{
		ID: "1899", Label: "Windows Server 2008 x86 - Enterprise", OSType: "Windows", OperatingSystem: "Windows",
		WindowsLicenseVersion: "Enterprise", Commercial: &no, ApplicablePrice: map[string]vpsapi.Money{"USD": "10.0", "GBP": "7.5"},
		Info: "Windows Server 2008 x86 - Enterprise", Description: "Windows Server 2008 x86 - Enterprise",
	}
	if diff := cmp.Diff(want, deskCall(d, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: "3", SystemTemplateID: "1899"})); diff != "" {
		t.Errorf("template 1899 (-want +got):\n%s", diff)
	}
	deskRefused(d, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: "3", SystemTemplateID: "5"}, vpsapi.NotFound, "5")
	deskRefused(d, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: "3", SystemTemplateID: "123"}, vpsapi.NotFound, "123") // another cloud's
	deskRefused(d, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: "77777", SystemTemplateID: "9"}, vpsapi.NotFound, "77777")
}

func TestCustomTemplateEditAndDelete(t *testing.T) {
	d := newDesk(t)
	if status, answer := d.post("PUT", "/system_templates/115.api10json",
		`{"system_template": {"operating_system": "Custom Template", "description": "test_cus_temp", "info": "This is a test info"}}`); status != 200 {
		t.Errorf("the document's edit = %d %s", status, answer)
	}
	deskCall(d, vpsapi.EditCustomTemplate, vpsapi.EditCustomTemplateIn{SystemTemplateID: "115", Description: "Second"})
	want := []vpsapi.SystemTemplate{{ID: "115", Label: "test_cus_temp", OperatingSystem: "Custom Template", Description: "Second", Info: "This is a test info"}}
	if diff := cmp.Diff(want, deskCall(d, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})); diff != "" {
		t.Errorf("after two edits (-want +got):\n%s", diff)
	}
	deskRefused(d, vpsapi.EditCustomTemplate, vpsapi.EditCustomTemplateIn{SystemTemplateID: "9", Info: "x"}, vpsapi.NotFound, "9")

	d.sb.account.servers = []*server{{Server: vpsapi.Server{ID: "1384", SystemTemplateID: "115"}}}
	deskRefused(d, vpsapi.DeleteCustomTemplate, vpsapi.DeleteCustomTemplateIn{SystemTemplateID: "115"}, vpsapi.Invalid, "in use by virtual machine 1384")
	d.sb.account.servers = nil
	deskCall(d, vpsapi.DeleteCustomTemplate, vpsapi.DeleteCustomTemplateIn{SystemTemplateID: "115"})
	deskRefused(d, vpsapi.DeleteCustomTemplate, vpsapi.DeleteCustomTemplateIn{SystemTemplateID: "115"}, vpsapi.NotFound, "115")
	if left := deskCall(d, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{}); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestBoughtTemplatesAreCharged(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/commercial_templates", `{"commercial_template": {"confirm_purchase": "1", "system_template_id": "106"}}`},   // 10.0
		{"PUT", "/commercial_templates/25", `{"commercial_template": {"confirm_purchase": "1", "system_template_id": "107"}}`}, // 12.0
		{"POST", "/windows_templates", `{"windows_template": {"confirm_purchase": "1", "system_template_id": "11"}}`},          // 15.0
		{"PUT", "/windows_templates/15", `{"windows_template": {"confirm_purchase": "1", "system_template_id": "12"}}`},        // 12.5
	} {
		if status, answer := d.post(c.method, c.path+".api10json", c.body); status != 200 {
			t.Errorf("the document's %s %s = %d %s", c.method, c.path, status, answer)
		}
	}
	want := vpsapi.Billing{CurrentBalance: "49.5", Currency: "USD", AccountCredits: "0"}
	if diff := cmp.Diff(want, deskCall(d, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{})); diff != "" {
		t.Errorf("billing (-want +got):\n%s", diff)
	}
	invoices := deskCall(d, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{})
	if len(invoices) != 2 || invoices[1].Amount != "49.50" || invoices[1].Status != "open" {
		t.Errorf("invoices = %+v", invoices)
	}

	var linux, windows []vpsapi.TemplateID
	for _, c := range deskCall(d, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{}) {
		linux = append(linux, c.SystemTemplateID)
	}
	for _, w := range deskCall(d, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{}) {
		windows = append(windows, w.SystemTemplateID)
	}
	if diff := cmp.Diff([][]vpsapi.TemplateID{{"107", "107", "106"}, {"12", "17", "11"}}, [][]vpsapi.TemplateID{linux, windows}); diff != "" {
		t.Errorf("bought templates (-want +got):\n%s", diff)
	}
}

func TestBoughtTemplatesRefused(t *testing.T) {
	d := newDesk(t)
	deskRefused(d, vpsapi.AddCloudLinuxTemplate, vpsapi.AddCloudLinuxTemplateIn{SystemTemplateID: "11"}, vpsapi.Invalid, "not a CloudLinux template")
	deskRefused(d, vpsapi.AddWindowsTemplate, vpsapi.AddWindowsTemplateIn{SystemTemplateID: "106"}, vpsapi.Invalid, "not a Windows template")
	deskRefused(d, vpsapi.EditWindowsTemplate, vpsapi.EditWindowsTemplateIn{WindowsTemplateID: "15", SystemTemplateID: "4"}, vpsapi.Invalid, "not a Windows template")
	deskRefused(d, vpsapi.EditCloudLinuxTemplate, vpsapi.EditCloudLinuxTemplateIn{CommercialTemplateID: "15", SystemTemplateID: "106"}, vpsapi.NotFound, "15")
	deskRefused(d, vpsapi.DeleteWindowsTemplate, vpsapi.DeleteWindowsTemplateIn{WindowsTemplateID: "25"}, vpsapi.NotFound, "25")
	d.refuses("POST", "/commercial_templates", `{"commercial_template": {"system_template_id": "106"}}`, "confirm_purchase")
	d.refuses("POST", "/commercial_templates", `{"commercial_template": {"system_template_id": "106", "confirm_purchase": "0"}}`, "confirm_purchase")
	d.refuses("PUT", "/windows_templates/15", `{"windows_template": {"system_template_id": "12", "confirm_purchase": "0"}}`, "confirm_purchase")
	d.refuses("POST", "/windows_templates", `{"windows_template": {"confirm_purchase": "1"}}`, "system_template_id")
	d.refuses("POST", "/windows_templates", `{"windows_template": {"confirm_purchase": "1", "system_template_id": "x"}}`, "system_template_id")
	if got := deskCall(d, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{}).CurrentBalance; got != "99.0" {
		t.Errorf("refusals cost something: balance %s", got)
	}
}

// Two bought templates of one kind serve two servers; the third server has none.
func TestBoughtTemplateInUse(t *testing.T) {
	d := newDesk(t)
	deskCall(d, vpsapi.AddCloudLinuxTemplate, vpsapi.AddCloudLinuxTemplateIn{SystemTemplateID: "106"})
	d.sb.account.servers = []*server{
		{Server: vpsapi.Server{ID: "1", SystemTemplateID: "106"}},
		{Server: vpsapi.Server{ID: "2", SystemTemplateID: "9"}},
		{Server: vpsapi.Server{ID: "3", SystemTemplateID: "106"}},
		{Server: vpsapi.Server{ID: "4", SystemTemplateID: "106"}},
		{Server: vpsapi.Server{ID: "5", SystemTemplateID: "10"}},
	}
	if got := cloudLinuxUsers(d); got != "1 - 3" {
		t.Errorf("users of the CloudLinux templates: %s", got)
	}
	deskRefused(d, vpsapi.DeleteCloudLinuxTemplate, vpsapi.DeleteCloudLinuxTemplateIn{CommercialTemplateID: "25"}, vpsapi.Invalid, "in use by virtual machine 1")
	deskRefused(d, vpsapi.EditCloudLinuxTemplate, vpsapi.EditCloudLinuxTemplateIn{CommercialTemplateID: "25", SystemTemplateID: "107"}, vpsapi.Invalid, "in use")
	deskRefused(d, vpsapi.DeleteWindowsTemplate, vpsapi.DeleteWindowsTemplateIn{WindowsTemplateID: "15"}, vpsapi.Invalid, "in use by virtual machine 5")
	deskCall(d, vpsapi.DeleteWindowsTemplate, vpsapi.DeleteWindowsTemplateIn{WindowsTemplateID: "20"})

	d.sb.account.servers = nil
	if got := cloudLinuxUsers(d); got != "- - -" {
		t.Errorf("users without servers: %s", got)
	}
	deskCall(d, vpsapi.DeleteCloudLinuxTemplate, vpsapi.DeleteCloudLinuxTemplateIn{CommercialTemplateID: "25"})
	if got := cloudLinuxUsers(d); got != "- -" {
		t.Errorf("users after a delete: %s", got)
	}
}

func cloudLinuxUsers(d *desk) string {
	d.Helper()
	var ids []string
	for _, c := range deskCall(d, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{}) {
		id := "-"
		if c.VirtualMachineID != nil {
			id = string(*c.VirtualMachineID)
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}
