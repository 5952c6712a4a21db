package vpsapi

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The document's bodies, by meaning: its examples are not valid JSON.
func TestTicketAndTemplateBodiesOfTheDocument(t *testing.T) {
	port := Int(345)
	for _, c := range []struct {
		op        Operation
		in        any
		url, body string
	}{
		{OpenTicket, OpenTicketIn{Department: "1", Body: "This is a test body"}, "/tickets.api10json",
			`{"department": "1", "body": "This is a test body"}`},
		{OpenTicket, OpenTicketIn{Department: "3", Body: "This is a test body", DomainName: "www.test.com"}, "/tickets.api10json",
			`{"department": "3", "body": "This is a test body", "domain_name": "www.test.com"}`},
		{OpenTicket, OpenTicketIn{Department: "5", Body: "This is a test body", Subject: "reboot", VMID: "520",
			RootPassword: "F4334Y!", SSHPort: &port, SSHUser: "test", SSHPassword: "df345dd"}, "/tickets.api10json",
			`{"subject": "reboot", "body": "This is a test body", "department": "5", "vm_id": 520,
			  "root_password": "F4334Y!", "ssh_port": "345", "ssh_user": "test", "ssh_password": "df345dd"}`},
		{ReplyToTicket, ReplyToTicketIn{TicketID: "979", Body: "This is a test reply body", RootPassword: "Ffe33D"}, "/tickets/979/ticket_replies.api10json",
			`{"body": "This is a test reply body", "root_password": "Ffe33D"}`},
		{CloseTicket, CloseTicketIn{TicketID: "979"}, "/tickets/979.api10json", ``},
		{EditCustomTemplate, EditCustomTemplateIn{SystemTemplateID: "115", OperatingSystem: "Custom Template", Description: "test_cus_temp", Info: "This is a test info"},
			"/system_templates/115.api10json",
			`{"system_template": {"operating_system": "Custom Template", "description": "test_cus_temp", "info": "This is a test info"}}`},
		{DeleteCustomTemplate, DeleteCustomTemplateIn{SystemTemplateID: "115"}, "/system_templates/115.api10json", ``},
		{AddCloudLinuxTemplate, AddCloudLinuxTemplateIn{SystemTemplateID: "106"}, "/commercial_templates.api10json",
			`{"commercial_template": {"confirm_purchase": "1", "system_template_id": "106"}}`},
		{EditCloudLinuxTemplate, EditCloudLinuxTemplateIn{CommercialTemplateID: "25", SystemTemplateID: "107"}, "/commercial_templates/25.api10json",
			`{"commercial_template": {"confirm_purchase": "1", "system_template_id": "107"}}`},
		{DeleteCloudLinuxTemplate, DeleteCloudLinuxTemplateIn{CommercialTemplateID: "25"}, "/commercial_templates/25.api10json", ``},
		{AddWindowsTemplate, AddWindowsTemplateIn{SystemTemplateID: "11"}, "/windows_templates.api10json",
			`{"windows_template": {"confirm_purchase": "1", "system_template_id": "11"}}`},
		{EditWindowsTemplate, EditWindowsTemplateIn{WindowsTemplateID: "15", SystemTemplateID: "12"}, "/windows_templates/15.api10json",
			`{"windows_template": {"confirm_purchase": "1", "system_template_id": "12"}}`},
		{DeleteWindowsTemplate, DeleteWindowsTemplateIn{WindowsTemplateID: "15"}, "/windows_templates/15.api10json", ``},
	} {
		r, err := c.op.Encode(c.in)
		if err != nil || r.URL() != c.url {
			t.Errorf("%s: %s, %v; want %s", c.op.Info().Name, r.URL(), err, c.url)
			continue
		}
		if diff := cmp.Diff(asValue(t, c.body), asValue(t, string(r.Body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.op.Info().Name, diff)
		}
	}
}

func asValue(t *testing.T, body string) any {
	t.Helper()
	if body == "" {
		return nil
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return v
}

// The three forms of a ticket: what each needs, and what it does not take.
func TestFormsOfATicket(t *testing.T) {
	port := Int(22)
	server := OpenTicketIn{Department: "5", Body: "x", Subject: "other", VMID: "520"}
	full := server
	full.RootPassword, full.SSHPort, full.SSHUser, full.SSHPassword = "a", &port, "b", "c"
	change := func(in OpenTicketIn, do func(*OpenTicketIn)) OpenTicketIn { do(&in); return in }
	for _, c := range []struct {
		in   OpenTicketIn
		want string // the arguments at fault
	}{
		{OpenTicketIn{Department: "1", Body: "x"}, ""},
		{OpenTicketIn{Department: "2", Body: "x"}, ""},
		{OpenTicketIn{Department: "6", Body: "x"}, ""},
		{OpenTicketIn{Department: "3", Body: "x"}, ""},
		{OpenTicketIn{Department: "4", Body: "x", DomainName: "www.test.com"}, ""},
		{server, ""},
		{full, ""},
		{OpenTicketIn{Department: "1"}, "body"},
		{OpenTicketIn{Department: "1", Body: " \n"}, "body"},
		{OpenTicketIn{Body: "x"}, "department"},
		{OpenTicketIn{Department: "0", Body: "x"}, "department"},
		{OpenTicketIn{Department: "billing", Body: "x"}, "department"},
		{OpenTicketIn{Department: "6", Body: "x", DomainName: "www.test.com"}, "domain_name"},
		{OpenTicketIn{Department: "1", Body: "x", Subject: "other", VMID: "520"}, "subject vm_id"},
		{change(full, func(in *OpenTicketIn) { in.Department = "2" }), "subject vm_id root_password ssh_port ssh_user ssh_password"},
		{change(full, func(in *OpenTicketIn) { in.Department = "3" }), "subject vm_id root_password ssh_port ssh_user ssh_password"},
		{change(server, func(in *OpenTicketIn) { in.DomainName = "www.test.com" }), "domain_name"},
		{change(server, func(in *OpenTicketIn) { in.Subject = "" }), "subject"},
		{change(server, func(in *OpenTicketIn) { in.VMID = "" }), "vm_id"},
		{change(server, func(in *OpenTicketIn) { in.VMID = "web01" }), "vm_id"},
		{OpenTicketIn{Department: "5"}, "body subject vm_id"},
	} {
		var fields []string
		for _, f := range OpenTicket.Check(c.in) {
			fields = append(fields, f.Field)
		}
		if got := strings.Join(fields, " "); got != c.want {
			t.Errorf("%+v: faults at %q, want %q", c.in, got, c.want)
		}
	}
	if _, err := EditCustomTemplate.Encode(EditCustomTemplateIn{SystemTemplateID: "115"}); err == nil || !strings.Contains(err.Error(), "nothing to change") {
		t.Errorf("an edit of nothing: %v", err)
	}
}

// The passwords of a ticket reach the service and nothing else: no log, no
// result, no question of consent that is made of the input.
func TestPasswordsOfATicketAreNotPrinted(t *testing.T) {
	in := ReplyToTicketIn{TicketID: "979", Body: "Here it is", RootPassword: "F4334Y!"}
	printed, err := json.Marshal(in)
	if err != nil || string(printed) != `{"ticket_id":"979","body":"Here it is","root_password":"[redacted]"}` {
		t.Errorf("json.Marshal = %s, %v", printed, err)
	}
	r, err := ReplyToTicket.Encode(in)
	if err != nil || string(r.Body) != `{"body":"Here it is","root_password":"F4334Y!"}` {
		t.Errorf("body = %s, %v", r.Body, err)
	}
	var read ReplyToTicketIn
	if err := json.Unmarshal([]byte(`{"ticket_id":979,"root_password":"F4334Y!"}`), &read); err != nil || read.RootPassword != "F4334Y!" {
		t.Errorf("read %q, %v", string(read.RootPassword), err)
	}
}

// Both forms that the list of templates is known in: the document's and the
// clients'.
func TestFormsOfTheTemplateList(t *testing.T) {
	object := `{"template_groups": [{"name": "CentOS 5.5 x64", "templates": [{"clouds": [{"id": 1, "system_template_id": 123}], "name": "CentOS 5.5 x64 LAMP"}]}]}`
	want := []TemplateGroup{{Name: "CentOS 5.5 x64", Templates: []GroupTemplate{
		{Name: "CentOS 5.5 x64 LAMP", Clouds: []TemplateCloud{{CloudID: "1", SystemTemplateID: "123"}}},
	}}}
	for _, body := range []string{object, "[" + object + "]"} {
		got, err := ListTemplates.DecodeReply([]byte(body))
		if diff := cmp.Diff(any(want), got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", body, err, diff)
		}
	}
	encoded, err := ListTemplates.EncodeReply(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asValue(t, object), asValue(t, string(encoded))); diff != "" {
		t.Errorf("encoded (-want +got):\n%s", diff)
	}
}
