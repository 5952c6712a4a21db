package tools

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// askedConfirm is the code that a plan's answer gives.
var askedConfirm = regexp.MustCompile(`confirm: "([^"]+)"`)

// TestUndoTakesTheNewestAlone: undo without an entry never reverses another change than the newest. Where that cannot
// be, now or at all, the answer says why and what to do instead, and names an older one for a call of its own.
func TestUndoTakesTheNewestAlone(t *testing.T) {
	const rename = `edit_cloud_server {"server_id":"1384","label":"Shop"}`
	for name, c := range map[string]struct {
		calls []string
		want  []string
		offer string // the function of the entry that is named
	}{
		"an address": {
			calls: []string{rename, `add_ips {"quantity":1,"type":"external","virtual_machine_id":"1384"}`},
			want:  []string{"the newest change, add_ips of cloud server", `by hand: delete_ip {"ip_id":"`, "nothing is known to be refunded"}, offer: "edit_cloud_server",
		},
		"a server": {
			calls: []string{rename, `create_cloud_server {"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":"false","slices_required":"1"}`},
			want:  []string{`by hand: delete_cloud_server {"server_id":"`}, offer: "edit_cloud_server",
		},
		"an SSD server": {
			calls: []string{`create_ssd_server {"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`},
			want:  []string{`by hand: delete_ssd_server {"ssd_server_id":"`, "nothing in history can be reversed"},
		},
		"a ticket": {
			calls: []string{rename, `open_ticket {"department":1,"body":"A question"}`},
			want:  []string{`by hand: close_ticket {"ticket_id":"`}, offer: "edit_cloud_server",
		},
		"nodes": {
			calls: []string{rename, `create_nodes {"quantity":1}`},
			want:  []string{`by hand: delete_node {"node_id":"`}, offer: "edit_cloud_server",
		},
		"RAM nodes": {
			calls: []string{rename, `create_nodes {"quantity":1,"upgrade_option":"ram"}`},
			want:  []string{`by hand: delete_node {"node_id":"`, `"} with type ram ends`}, offer: "edit_cloud_server",
		},
		"a license": {
			calls: []string{rename, `edit_cloud_server {"server_id":"1384","licenses":[{"license_id":"1","action":"buy"}]}`},
			want:  []string{`edit_cloud_server {"server_id":"1384","licenses":[{"license_id":"1","action":"cancel"}]}`}, offer: "edit_cloud_server",
		},
		"dotDefender": {
			calls: []string{rename, `add_dotdefender_license {"virtual_machine_id":"1384"}`},
			want:  []string{`by hand: remove_dotdefender_license {"server_id":"1384"}`}, offer: "edit_cloud_server",
		},
		"rules of auto scaling": {
			calls: []string{rename, `edit_autoscaling {"server_id":"1384","max_nodes":{"enabled":1,"nodes":1}}`},
			want:  []string{"set the rules again by hand"}, offer: "edit_cloud_server",
		},
		"a reboot": {
			calls: []string{rename, `reboot_cloud_server {"server_id":"1384"}`},
			want:  []string{"a reboot cannot be taken back"}, offer: "edit_cloud_server",
		},
		"a task under way": {
			calls: []string{rename, `power_off_cloud_server {"server_id":"1384"} now`},
			want:  []string{"the newest change, power_off_cloud_server", "under way", "wait_for_server"}, offer: "edit_cloud_server",
		},
		"a backup in the making": {
			calls: []string{rename, `create_backup {"server_id":"1384","label":"x"} now`},
			want:  []string{"the newest change, create_backup", "still being made"}, offer: "edit_cloud_server",
		},
		"reversed already": {
			calls: []string{`edit_ip {"ip_id":"5010","notes":"x"}`, rename, `undo {}`},
			want:  []string{"the newest change, edit_cloud_server", "it was reversed already, by entry"}, offer: "edit_ip",
		},
		"ended by hand": {
			calls: []string{rename, `add_ips {"quantity":1,"type":"external","virtual_machine_id":"1384"}`, `delete_ip {"ip_id":"$newest"}`},
			want:  []string{"the newest change, delete_ip", "passed over as well: add_ips"}, offer: "edit_cloud_server",
		},
	} {
		for _, mode := range []consent.Mode{consent.Flag, consent.Code} {
			f := newFleet(t, Options{Consent: mode, Policy: generous()}, nil)
			for _, call := range c.calls {
				call, now := strings.CutSuffix(call, " now")
				tool, arguments, _ := strings.Cut(call, " ")
				if strings.Contains(arguments, "$newest") {
					ids := regexp.MustCompile(`(?m)^(\d+) \|`).FindAllStringSubmatch(f.call("list_ips", `{}`).Text, -1)
					arguments = strings.ReplaceAll(arguments, "$newest", ids[len(ids)-1][1])
				}
				f.agreed(tool, arguments)
				if !now {
					f.now = f.now.Add(15 * time.Minute)
				}
			}
			before := len(f.changes())
			a := f.call("undo", `{"confirm":"yes"}`)
			for _, want := range append(c.want, "othing was sent") {
				if !strings.Contains(a.Text, want) {
					t.Errorf("%s, %s: no %q in %s", name, mode, want, a.Text)
				}
			}
			if askedConfirm.MatchString(a.Text) || len(f.changes()) != before || !a.IsError {
				t.Errorf("%s, %s: a plan, or sent: %s", name, mode, a.Text)
			}
			entry := regexp.MustCompile(`undo \{"entry":"([^"]+)"\}`).FindStringSubmatch(a.Text)
			if c.offer == "" {
				continue
			}
			if entry == nil || !strings.Contains(a.Text, c.offer+" of ") {
				t.Errorf("%s, %s: no entry in %s", name, mode, a.Text)
				continue
			}
			if f.agreed("undo", fmt.Sprintf(`{"entry":"%s"}`, entry[1])); len(f.changes()) != before+1 {
				t.Errorf("%s, %s: undo of %s did nothing", name, mode, entry[1])
			}
		}
	}
}

// TestHistoryFindsWhatWasMade: by the name and the id that it got, and what happened on a server by the server.
func TestHistoryFindsWhatWasMade(t *testing.T) {
	for call, things := range map[string][]string{
		`create_domain {"name":"zz.example","ip_address":"192.0.2.1"}`:                               {"zz.example", "$domain"},
		`open_ticket {"department":5,"body":"A question","subject":"administration","vm_id":"1384"}`: {"administration", "$ticket", "Web Server 01"},
		`add_ips {"quantity":1,"type":"external","virtual_machine_id":"1384"}`:                       {"1384", "$ip address", "Web Server 01"},
		`create_backup {"server_id":"1384","label":"before"}`:                                        {"before", "1384", "$backup"},
		`create_ssd_server {"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`: {"Fast 1", "$SSD server"},
		`create_cloud_server {"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":"false","slices_required":"1"}`:       {"New 1", "$cloud server"},
		`create_scheduled_upgrade {"server_id":"1384","label":"burst","extra_slices":1,"temporary":true,"days":2,"run_at":"2027-05-08 12:00"}`:                                                      {"Web Server 01", "1384"},
		`delete_scheduled_upgrade {"server_id":"1384","schedule_id":"$schedule"}`:                                                                                                                   {"Web Server 01"},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		if strings.Contains(call, "$schedule") {
			f.call("create_scheduled_upgrade", `{"confirm":"yes","server_id":"1384","label":"burst","extra_slices":1,"temporary":true,"days":2,"run_at":"2027-05-08 12:00"}`)
		}
		tool, arguments, _ := strings.Cut(call, " ")
		if a := f.call(tool, f.fill(yesFor(tool, arguments))); a.IsError {
			t.Errorf("%s: %s", tool, a.Text)
			continue
		}
		for _, thing := range things {
			if kind, ok := strings.CutPrefix(thing, "$"); ok {
				m := regexp.MustCompile(`(?i)` + kind + `[^|(]*\(id (\d+)\)`).FindStringSubmatch(f.call("history", `{}`).Text)
				if m == nil {
					t.Errorf("%s: no id of the %s in %s", tool, kind, f.call("history", `{}`).Text)
					continue
				}
				thing = m[1]
			}
			if a := f.call("history", `{"thing":"`+thing+`"}`); !strings.Contains(a.Text, "| "+tool) {
				t.Errorf("%s: not found by %s: %s", tool, thing, a.Text)
			}
		}
	}
}

// agreed calls a tool, and agrees where it asks.
func (f *fleet) agreed(tool, arguments string) {
	a := f.call(tool, arguments)
	if code := askedConfirm.FindStringSubmatch(a.Text); code != nil {
		f.call(tool, withConfirm(arguments, code[1]))
	}
}

// changes are the requests so far that are no reads.
func (f *fleet) changes() []string {
	f.tap.mu.Lock()
	defer f.tap.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.tap.sent), func(line string) bool { return strings.HasPrefix(line, "GET ") })
}
