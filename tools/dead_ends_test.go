package tools

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestPastALimitTellsWhen: the way that works, when there is room again, is told before the others, with what was
// counted; then the same call goes through. A sandbox that nobody can approve in sends nobody to start another first.
func TestPastALimitTellsWhen(t *testing.T) {
	for way, approve := range map[string]string{"nobody": "", "a terminal": "run vpsnet-mcp approve %s on a terminal"} {
		f := newFleet(t, Options{Consent: consent.Code, Sandbox: true, Approve: approve}, nil)
		f.agreed("add_ips", `{"quantity":1,"type":"external","virtual_machine_id":"1384"}`)
		f.now = f.now.Add(time.Minute)
		f.agreed("create_nodes", `{"quantity":1}`)
		f.agreed("create_domain", `{"name":"one.example","ip_address":"192.0.2.1"}`)
		const more = `{"name":"two.example","ip_address":"192.0.2.1"}`
		a := f.call("create_domain", more)
		for _, want := range []string{"counted: add_ips 1, create_domain 1, create_nodes 1", "again after 2026-11-24 13:00 UTC"} {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", way, want, a.Text)
			}
		}
		first, then := strings.Index(a.Text, "again after "), strings.Index(a.Text, "--state-dir")
		if approve != "" {
			then = strings.Index(a.Text, "approve ")
			if !strings.Contains(a.Text, "(change; a change past a limit)") {
				t.Errorf("%s: %s", way, a.Text)
			}
		}
		if first < 0 || then < first {
			t.Errorf("%s: what works is not told first: %s", way, a.Text)
		}
		at, err := time.Parse("2006-01-02 15:04 MST", regexp.MustCompile(`again after ([^:]+:\d\d UTC)`).FindStringSubmatch(a.Text)[1])
		if err != nil {
			t.Fatal(err)
		}
		f.now = at.Add(time.Second)
		if a := f.call("create_domain", more); a.IsError {
			t.Errorf("%s: %s", way, a.Text)
		}
	}
}

// TestNoPlanOfWhatSurelyFails: what was read already tells that it cannot be done, and nobody is asked.
func TestNoPlanOfWhatSurelyFails(t *testing.T) {
	for name, c := range map[string]struct {
		calls []string
		want  string
	}{
		"a closed ticket":   {[]string{`close_ticket {"ticket_id":"979"}`, `reply_to_ticket {"ticket_id":"979","body":"Thanks"}`}, "is closed, and takes no message: open_ticket opens a new one"},
		"a busy server":     {[]string{`reboot_cloud_server {"server_id":"1384"}`, `delete_cloud_server {"server_id":"1384"}`}, "has a task under way"},
		"a busy SSD server": {[]string{`create_ssd_server {"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`, `delete_ssd_server {"ssd_server_id":"Fast 1"}`}, "has a task under way"},
		"a backup in use":   {[]string{`create_backup {"server_id":"1384","label":"x"}`, `delete_backup {"server_id":"1384","backup_id":"x"}`}, "is still being made"},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		for i, call := range c.calls {
			tool, arguments, _ := strings.Cut(call, " ")
			if i < len(c.calls)-1 {
				f.agreed(tool, arguments)
				continue
			}
			if a := f.call(tool, arguments); !strings.Contains(a.Text, c.want) || askedConfirm.MatchString(a.Text) || !strings.Contains(a.Text, "othing was sent") {
				t.Errorf("%s: %s", name, a.Text)
			}
		}
	}
}

// TestUsedCodeIsSaidToBeUsed: also where what it was used for has changed the thing since.
func TestUsedCodeIsSaidToBeUsed(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
	for _, call := range []string{`edit_cloud_server {"server_id":"1384","slices_required":3}`, `delete_domain_record {"domain_id":"51","record_id":"2315958"}`, `edit_domain_record {"domain_id":"52","record_id":"www","data":"192.0.2.9"}`} {
		tool, arguments, _ := strings.Cut(call, " ")
		code := askedConfirm.FindStringSubmatch(f.call(tool, arguments).Text)
		if code == nil {
			t.Fatal(call)
		}
		if a := f.call(tool, withConfirm(arguments, code[1])); a.IsError {
			t.Fatal(a.Text)
		}
		a := f.call(tool, withConfirm(arguments, code[1]))
		if strings.Contains(a.Text, "has changed since the plan was shown") {
			t.Errorf("%s: %s", tool, a.Text)
		}
	}
}

// TestGoneIsNotSeen: what was deleted by an inferred route is no longer in its list, which is not "seen in".
func TestGoneIsNotSeen(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	for _, call := range []string{`delete_dns_template {"dns_template_id":"52"}`, `delete_dns_template_record {"dns_template_id":"55","record_id":"$template_record"}`} {
		tool, arguments, _ := strings.Cut(call, " ")
		a := f.call(tool, f.fill(yesFor(tool, arguments)))
		if a.IsError || !strings.Contains(a.Text, "no longer in list_dns_template") || strings.Contains(a.Text, "seen in") {
			t.Errorf("%s: %s", tool, a.Text)
		}
	}
}

// TestTTLsOfNewRecords: the document limits the TTL of a new record, and an edit takes any: the refusal says so.
func TestTTLsOfNewRecords(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	for _, ttl := range []int{300, 60} {
		a := f.call("create_domain_record", fmt.Sprintf(`{"domain_id":"51","type":"a","host":"new","data":"192.0.2.9","ttl":%d}`, ttl))
		if !strings.Contains(a.Text, "edit_domain_record sets any other") {
			t.Error(a.Text)
		}
	}
}

// TestDomainsOfTemplates: a new domain's plan names the DNS template that fills it, how many records that has, and says
// where it has none.
func TestDomainsOfTemplates(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	for template, want := range map[string]string{
		"51":           `from DNS template "demotemplate1" (id 51).`,
		"demotemplate": "of DNS template \"demotemplate\" (id 55), filled in with \"192.0.2.1\"",
		"99999":        "99999",
	} {
		a := f.call("create_domain", `{"name":"new.demodomain.com","ip_address":"192.0.2.1","custom_template":"`+template+`"}`)
		if !strings.Contains(a.Text, want) || (template == "51") != strings.Contains(a.Text, "has no records") || !strings.Contains(a.Text, "othing was sent") {
			t.Errorf("%s: %s", template, a.Text)
		}
	}
}
