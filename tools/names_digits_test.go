package tools

import (
	"strings"
	"testing"
)

// TestLabelsOfDigits: a label of digits is found where no id is that number; where
// two meanings exist a change is refused, and each way out that the refusal names
// works.
func TestLabelsOfDigits(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	f.call("edit_cloud_server", `{"server_id":"1384","label":"777"}`)
	if a := f.call("get_cloud_server", `{"server_id":"777"}`); a.IsError || !strings.Contains(a.Text, "(id 1384)") {
		t.Errorf("a read: %s", a.Text)
	}
	if a := f.call("reboot_cloud_server", `{"server_id":777}`); !a.NeedsConsent || !strings.Contains(a.Text, "(id 1384") {
		t.Errorf("a change: %s", a.Text)
	}
	if a := f.call("diagnose_server", `{"server_id":"777"}`); a.IsError || !strings.Contains(a.Text, "1384") {
		t.Errorf("a report: %s", a.Text)
	}
	if a := f.call("get_cloud_server", `{"server_id":"778"}`); !a.IsError {
		t.Errorf("neither id nor label: %s", a.Text)
	}
	f.call("edit_cloud_server", `{"server_id":"1384","label":"1385"}`)
	if a := f.call("reboot_cloud_server", `{"server_id":"1385"}`); !a.IsError || !strings.Contains(a.Text, "give id:1384 or id:1385") {
		t.Errorf("two meanings: %s", a.Text)
	}
	for _, id := range []string{"1384", "1385"} {
		if a := f.call("reboot_cloud_server", `{"server_id":"id:`+id+`"}`); !a.NeedsConsent || !strings.Contains(a.Text, "/virtual_machines/"+id+"/") {
			t.Errorf("the way out by id:%s: %s", id, a.Text)
		}
	}
	if a := f.call("get_cloud_server", `{"server_id":"id:1384"}`); a.IsError {
		t.Errorf("a read by id: %s", a.Text)
	}
	for _, label := range []string{"0777", "12345678901234567890"} { // numbers that no id can be
		f.call("edit_cloud_server", `{"server_id":"id:1384","label":"`+label+`"}`)
		if a := f.call("get_cloud_server", `{"server_id":"`+label+`"}`); a.IsError || !strings.Contains(a.Text, "(id 1384)") {
			t.Errorf("the label %s: %s", label, a.Text)
		}
	}
	if a := f.call(" Get_Cloud_Server ", `{"server_id":"\u200bWEB01.demodomain.com. "}`); a.IsError {
		t.Errorf("a host's name as people copy it: %s", a.Text)
	}
	f.call("edit_cloud_server", `{"server_id":"id:1384","label":"777"}`)
	f.call("edit_cloud_server", `{"server_id":"id:1385","label":"777"}`)
	for _, tool := range []string{"get_cloud_server", "diagnose_server", "reboot_cloud_server"} {
		if a := f.call(tool, `{"server_id":"777"}`); !a.IsError || !strings.Contains(a.Text, "give id:1384 or id:1385") {
			t.Errorf("%s of two servers' label: %s", tool, a.Text)
		}
	}
	f.call("create_backup", `{"server_id":"id:1384","label":"3774"}`)
	if a := f.call("delete_backup", `{"server_id":"id:1384","backup_id":"3774"}`); !a.IsError || !strings.Contains(a.Text, "can mean backup") {
		t.Errorf("a backup of two meanings: %s", a.Text)
	}
}

// TestRecordsByHostAndType: a record may be called as people call it.
func TestRecordsByHostAndType(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	for _, name := range []string{"www", "www A", "A www", "www.demodomain.com", "www.demodomain.com a", "a WWW 127.0.0.1"} {
		if a := f.call("get_domain_record", `{"domain_id":"demodomain.com","record_id":"`+name+`"}`); a.IsError || !strings.Contains(a.Text, `DNS record "A www.demodomain.com" (id 2315958)`) {
			t.Errorf("%s: %s", name, a.Text)
		}
	}
	if a := f.call("delete_domain_record", `{"domain_id":"51","record_id":"www A"}`); !a.NeedsConsent || !strings.Contains(a.Text, "/domains/51/records/2315958") {
		t.Errorf("%s", a.Text)
	}
	if a := f.call("delete_domain_record", `{"domain_id":"51","record_id":"@"}`); !a.IsError || !strings.Contains(a.Text, "can mean DNS record") || !strings.Contains(a.Text, " or id:") {
		t.Errorf("%s", a.Text)
	}
	if a := f.call("edit_domain_record", `{"domain_id":"51","record_id":"nothing A","ttl":900}`); !a.IsError || !strings.Contains(a.Text, "no DNS record is called") {
		t.Errorf("%s", a.Text)
	}
	if a := f.call("delete_dns_template_record", `{"dns_template_id":"demotemplate1","record_id":"MX @"}`); !a.NeedsConsent && !strings.Contains(a.Text, "DNS template record") {
		t.Errorf("%s", a.Text)
	}
}
