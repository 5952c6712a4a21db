package tools

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// ending is a change by an inferred route, and a request that does it to the wrong thing.
type ending struct {
	tool, arguments string
	before          []string // calls that come first
	wrong           string   // method, path and body
}

const (
	secondTemplate = `create_template_from_server {"server_id":"1384"}`
	firstBurst     = `create_scheduled_upgrade {"server_id":"1384","label":"burst","extra_slices":1,"run_at":"2027-05-08 12:00"}`
	secondBurst    = `create_scheduled_upgrade {"server_id":"1384","label":"second","extra_slices":1,"run_at":"2027-06-08 12:00"}`
	dotDefender    = `add_dotdefender_license {"virtual_machine_id":"1384"}`
	panel          = `edit_cloud_server {"server_id":"1385","licenses":[{"license_id":"1","action":"buy"}]}`
)

var endings = []ending{
	{"create_scheduled_upgrade", `{"server_id":"1384","label":"burst","extra_slices":1,"run_at":"2027-05-08 12:00"}`, nil,
		`POST /virtual_machines/1384/upgrade_schedules {"upgrade_schedule":{"label":"other","extra_slices":9,"run_at":"2027-05-08 12:00"}}`},
	{"delete_scheduled_upgrade", `{"server_id":"1384","schedule_id":"5018"}`, []string{firstBurst, secondBurst}, `DELETE /virtual_machines/1384/upgrade_schedules/5020`},
	{"add_dotdefender_license", `{"virtual_machine_id":"1384"}`, nil, `PUT /virtual_machines/1385 {"virtual_machine":{"slices_required":"2","licenses":{"1":1}}}`},
	{"remove_dotdefender_license", `{"server_id":"1384"}`, []string{dotDefender, panel}, `PUT /virtual_machines/1385 {"virtual_machine":{"slices_required":"2","licenses":{"1":0}}}`},
	{"deploy_all_storage", `{"server_id":"1384"}`, nil, `POST /virtual_machines/1385/deploy_all_storage`},
	{"edit_autoscaling", `{"server_id":"1384","ram_usage":{"enabled":true,"percentage":80,"period":5,"nodes":2,"node_type":2}}`, nil,
		`PUT /virtual_machines/1384/auto_scaling {"swap_usage":{"enabled":1,"percentage":80,"period":5,"nodes":2,"node_type":2}}`},
	{"request_justified_ips", `{"virtual_machine_id":"1384","ip_justification":[{"justification_type":"3","justification_reason":"shop"}]}`, nil,
		`POST /ip_justifications {"virtual_machine_id":"1384","ip_justification":[{"justification_type":"3","justification_reason":"other"}]}`},
	{"reassign_ip", `{"ip_id":"5010","virtual_machine_id":"1384"}`, []string{`add_ips {"quantity":1,"type":"external","virtual_machine_id":"1385"}`}, `PUT /ips/5018/reassign {"virtual_machine_id":"1384"}`},
	{"clone_cloud_server", `{"server_id":"1384"}`, nil, `POST /virtual_machines/1384/backups {}`},
	{"delete_clone", `{"server_id":"1384","clone_id":"86"}`, nil, `DELETE /virtual_machines/1385`},
	{"create_dns_template_record", `{"dns_template_id":"51","type":"a","host":"www","data":"192.0.2.5","ttl":900}`, nil,
		`POST /dns_templates/51/records {"dns_template_record":{"dns_template_id":"51","type":"a","host":"ftp","data":"192.0.2.6","ttl":900}}`},
	{"edit_dns_template_record", `{"dns_template_id":"55","record_id":"5014","target":"192.0.2.5","ttl":900}`,
		[]string{`create_dns_template_record {"dns_template_id":"55","type":"a","host":"ftp","data":"192.0.2.6","ttl":3600}`},
		`PUT /dns_templates/55/records/5018 {"dns_template_record":{"target":"192.0.2.5","ttl":900}}`},
	{"delete_dns_template_record", `{"dns_template_id":"55","record_id":"5014"}`,
		[]string{`create_dns_template_record {"dns_template_id":"55","type":"a","host":"ftp","data":"192.0.2.6","ttl":3600}`}, `DELETE /dns_templates/55/records/5018`},
	{"delete_dns_template", `{"dns_template_id":"55"}`, nil, `DELETE /dns_templates/51`},
	{"edit_custom_template", `{"system_template_id":"115","description":"Base image"}`, []string{secondTemplate}, `PUT /system_templates/$made {"system_template":{"description":"Base image"}}`},
	{"delete_custom_template", `{"system_template_id":"115"}`, []string{secondTemplate}, `DELETE /system_templates/$made`},
	{"add_cloudlinux_template", `{"system_template_id":"106"}`, nil, `POST /commercial_templates {"commercial_template":{"system_template_id":"107","confirm_purchase":"1"}}`},
	{"edit_cloudlinux_template", `{"commercial_template_id":"25","system_template_id":"107"}`, []string{`add_cloudlinux_template {"system_template_id":"106"}`},
		`PUT /commercial_templates/5018 {"commercial_template":{"system_template_id":"107","confirm_purchase":"1"}}`},
	{"delete_cloudlinux_template", `{"commercial_template_id":"25"}`, []string{`add_cloudlinux_template {"system_template_id":"106"}`}, `DELETE /commercial_templates/5018`},
	{"add_windows_template", `{"system_template_id":"11"}`, nil, `POST /windows_templates {"windows_template":{"system_template_id":"12","confirm_purchase":"1"}}`},
	{"edit_windows_template", `{"windows_template_id":"15","system_template_id":"12"}`, []string{`add_windows_template {"system_template_id":"11"}`},
		`PUT /windows_templates/5018 {"windows_template":{"system_template_id":"12","confirm_purchase":"1"}}`},
	{"delete_windows_template", `{"windows_template_id":"15"}`, []string{`add_windows_template {"system_template_id":"11"}`}, `DELETE /windows_templates/5018`},
}

// bent is a service that answers a change with 200 and does nothing, or another thing.
type bent struct {
	*testing.T
	up      http.RoundTripper
	instead string // method, path and body; empty for nothing
	on      bool
}

func (b *bent) RoundTrip(r *http.Request) (*http.Response, error) {
	if !b.on || r.Method == http.MethodGet {
		return b.up.RoundTrip(r)
	}
	if b.instead != "" {
		method, rest, _ := strings.Cut(b.instead, " ")
		path, body, _ := strings.Cut(rest, " ")
		other := r.Clone(r.Context())
		other.Method, other.URL.Path, other.URL.RawQuery = method, path+".api10json", ""
		other.Body, other.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		response, err := b.up.RoundTrip(other)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Errorf("%s: %v, %v", b.instead, response, err)
		}
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.WriteString(`{}`)
	return w.Result(), nil
}

// TestSentIsNotDone: of each function of an inferred route that changes something, what is seen is done; what is not seen is
// unknown, and not to be repeated; and what happened to another thing is an alarm in the answer, the log and the journal.
func TestSentIsNotDone(t *testing.T) {
	for _, c := range endings {
		for _, end := range []struct{ name, says, logged, kept, audited string }{
			{"seen", "Its route is inferred; seen in ", `"outcome":"ok"`, "done", "ok"},
			{"not seen", "sent, not seen; do not repeat", "a change by an inferred route: not seen", "unknown", "unknown"},
			{"another", "ALARM: the service accepted it", "a change by an inferred route: alarm", "unknown", "alarm"},
		} {
			f := newFleet(t, Options{Consent: consent.Flag, Policy: generous(), Pause: noPause}, nil)
			service := &bent{T: t, up: f.tap.up}
			f.tap.up = service
			for _, before := range c.before {
				tool, arguments, _ := strings.Cut(before, " ")
				if a := f.call(tool, withConfirm(arguments, "yes")); a.IsError && strings.Contains(a.Text, "confirm") {
					a = f.call(tool, arguments)
					if a.IsError {
						t.Fatalf("%s: %s", before, a.Text)
					}
				}
				f.now = f.now.Add(looksApart)
			}
			switch end.name {
			case "not seen":
				service.on = true
			case "another":
				service.on, service.instead = true, f.named(c.wrong)
			}
			arguments := c.arguments
			if op, _ := vpsapi.Find(c.tool); op.Info().Safety > vpsapi.Changes {
				arguments = withConfirm(arguments, "yes")
			}
			a := f.call(c.tool, arguments)
			entries, err := f.store.Entries(t.Context(), f.server.options.Client.Account(), testStart)
			if err != nil || len(entries) == 0 || entries[len(entries)-1].Outcome == nil {
				t.Fatalf("%s: %v, %v: %s", c.tool, entries, err, a.Text)
			}
			o := entries[len(entries)-1].Outcome
			if op, _ := vpsapi.Find(c.tool); end.name == "seen" && strings.Contains(a.Text, "no longer in ") && op.Info().Safety > vpsapi.Changes {
				end.says = "Its route is inferred; no longer in "
			}
			if a.IsError != (end.name != "seen") || !strings.Contains(a.Text, end.says) || !strings.Contains(f.log.String(), end.logged) || o.Result != end.kept || (o.Seen != "") != (end.name == "seen") {
				t.Errorf("%s, %s: %v %s\nkept %+v", c.tool, end.name, a.IsError, a.Text, *o)
			}
			if line := f.audit(); line.Outcome != end.audited {
				t.Errorf("%s, %s: the audit says %+v", c.tool, end.name, line)
			}
			if end.name == "not seen" {
				f.repeated(c.tool, arguments)
			}
		}
	}
}

const looksApart = 30 * 60 * 1e9 // what was begun is done

// named puts the id of the template that was made last into a request.
func (f *fleet) named(request string) string {
	if !strings.Contains(request, "$made") {
		return request
	}
	templates, err := vpsapi.ListCustomTemplates.Call(f.Context(), f.server.options.Client, vpsapi.ListCustomTemplatesIn{})
	if err != nil || len(templates) < 2 {
		f.Fatal(templates, err)
	}
	return strings.ReplaceAll(request, "$made", string(templates[len(templates)-1].ID))
}

// repeated calls once more what was not seen: nothing is sent.
func (f *fleet) repeated(tool, arguments string) {
	f.Helper()
	f.tap.take()
	if a := f.call(tool, arguments); !a.IsError || len(changing(f.tap.take())) > 0 || !strings.Contains(a.Text, "did not show it as expected") {
		f.Errorf("%s is repeated: %s", tool, a.Text)
	}
}

// TestEachInferredChangeHasItsEnds: a new function of an inferred route cannot be forgotten above.
func TestEachInferredChangeHasItsEnds(t *testing.T) {
	for _, op := range everyOperation() {
		info := op.Info()
		has := slices.ContainsFunc(endings, func(c ending) bool { return c.tool == info.Name })
		if has != proof.IsUnproved(info) {
			t.Errorf("%s, of evidence %s: tested %v", info.Name, info.Evidence, has)
		}
	}
}

// TestMadeServersAreFoundByName: the id in a create's reply is not that of the server; its name in the list is.
func TestMadeServersAreFoundByName(t *testing.T) {
	for _, c := range []struct{ tool, arguments, path, want string }{
		{"create_cloud_server", `{"label":"New","fqdn":"new.example.com","system_template_id":"9","cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,"confirm":"yes","wait":true}`, "/virtual_machines", `cloud server "New" (id 5018)`},
		{"create_instant_cloud_server", `{"country":"1","confirm":"yes","wait":true}`, "/create_instant_vm", `(id 5018)`},
		{"create_ssd_server", `{"ssd_vps_plan":"2","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false,"confirm":"yes","wait":true}`, "/ssd_virtual_machines", `SSD server "fast1" (id 5018)`},
	} {
		again := func() *fleet {
			f := waiting(t)
			f.tap.edit = func(_ int, body []byte) []byte {
				if strings.HasPrefix(f.tap.last(), "POST ") {
					return []byte(strings.Replace(string(body), `"id":5018,`, `"id":1385,`, 1)) // another server's
				}
				return body
			}
			return f
		}
		f := again()
		if a := f.call(c.tool, strings.Replace(c.arguments, `,"wait":true`, "", 1)); a.IsError || !strings.Contains(a.Text, "as the reply gives it, not proved") {
			t.Errorf("%s without a wait: %s", c.tool, a.Text)
		}
		f = again()
		a := f.call(c.tool, c.arguments)
		if a.IsError || !strings.Contains(a.Text, c.want) || strings.Contains(a.Text, `"MySQL Server 01"`) {
			t.Errorf("%s: %s", c.tool, a.Text)
		}
	}
}

// TestAcceptedIsNotSeen: of a change that only another brand's client is known to have, the answer says that it was sent.
func TestAcceptedIsNotSeen(t *testing.T) {
	arguments := map[string]string{
		"recovery_reboot_platform_server": `{"platform_server_id":"shop"}`, "reset_platform_password": `{"platform_server_id":"shop","new_password":"correct horse"}`,
		"create_platform_ssh_key": `{"label":"desk","public_key":"ssh-ed25519 AAAA"}`, "rename_platform_ssh_key": `{"ssh_key_id":"77","label":"desk"}`,
		"delete_platform_ssh_key": `{"ssh_key_id":"77"}`, "reboot_platform_server": `{"platform_server_id":"shop"}`,
	}
	for _, op := range vpsapi.PlatformServers.Operations {
		info := op.Info()
		if _, has := arguments[info.Name]; !has {
			if info.Evidence == vpsapi.SisterBrand && info.Safety > vpsapi.Reads {
				t.Errorf("%s is not tried", info.Name)
			}
			continue
		}
		l := newLab(t, nil)
		a := l.call(info.Name, arguments[info.Name], info.Safety > vpsapi.Changes)
		if a.IsError || strings.Contains(a.Text, "check whether it happened") != (info.Evidence == vpsapi.SisterBrand) {
			t.Errorf("%s: %s", info.Name, a.Text)
		}
		want := "done"
		if info.Evidence == vpsapi.SisterBrand {
			want = "sent"
			if strings.Contains(a.Text, ": done.") || strings.Contains(string(a.Structured), `"done":true`) {
				t.Errorf("%s: %s %s", info.Name, a.Text, a.Structured)
			}
		}
		if past := l.call("history", `{}`, false).Text; !strings.Contains(past, " | "+want) {
			t.Errorf("%s: the history says: %s", info.Name, past)
		}
	}
}
