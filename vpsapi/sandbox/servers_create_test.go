package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

// documentCreate is the document's example of a new server.
var documentCreate = vpsapi.CreateServerIn{
	Label: "My Cloud Server", FQDN: "myvps.mydomain.net", SystemTemplateID: "9", CloudID: "1",
	R1SoftEnabled: ptr(vpsapi.Flag(false)), SlicesRequired: 4,
}

func TestNewServerIsBuiltAfterAWhile(t *testing.T) {
	l := newLab(t)
	result, err := vpsapi.CreateServer.Do(t.Context(), l.client, documentCreate)
	if err != nil {
		t.Fatal(err)
	}
	v := result.Out.(vpsapi.Server)
	if v.ID == "" || v.Hostname != "myvps" || v.DomainName != "mydomain.net" || v.ConsumerID != "0" || v.CreatedAt != "2014-05-06T09:00:00Z" {
		t.Errorf("answered %+v", v)
	}
	if len(result.Secrets) != 1 || v.PrimaryIPAddress == nil || *v.PrimaryIPAddress.IP.CloudID != "1" {
		t.Errorf("%d passwords, primary address %+v: want both at once", len(result.Secrets), v.PrimaryIPAddress)
	}
	l.expect(v.ID, false, true, statusBuilding)
	refused(l, vpsapi.StartServer, vpsapi.StartServerIn{ServerID: v.ID}, 422, "pending")
	refused(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: v.ID}, 422, "pending")
	l.pass(buildTime)
	l.expect(v.ID, true, false, statusRunning)
	if !l.vm(v.ID).built() {
		t.Error("not built")
	}
}

func TestNewServerHasItsNodes(t *testing.T) {
	l := newLab(t)
	before := l.account.balance
	v := must(l, vpsapi.CreateServer, documentCreate)
	if *v.RegularNodesCount != 4 || *v.SlicesCount != 4 || v.AvailableDiskSize != "40" || l.account.balance >= before {
		t.Errorf("%d nodes, %d slices, %s GB, balance %v after %v", *v.RegularNodesCount, *v.SlicesCount, v.AvailableDiskSize, l.account.balance, before)
	}
}

func TestNewServerWithLicenses(t *testing.T) {
	l := newLab(t)
	in := documentCreate
	in.Licenses = vpsapi.Licenses{{LicenseID: "2", Action: "buy"}, {LicenseID: "1", Action: "cancel"}}
	if v := must(l, vpsapi.CreateServer, in); len(v.Licenses) != 1 || v.Licenses[0].License.ID != "2" {
		t.Errorf("licenses %+v, want 2 alone", v.Licenses)
	}
	in.Licenses = vpsapi.Licenses{{LicenseID: "3", Action: "buy"}}
	refused(l, vpsapi.CreateServer, in, 422, "without a control panel")
}

func TestNewServerRefused(t *testing.T) {
	l := newLab(t)
	whole := map[string]string{
		"label": `"x"`, "fqdn": `"a.example.com"`, "system_template_id": "9", "cloud_id": "1",
		"backups_enabled": "false", "rsync_backups_enabled": "0", "slices_required": "1",
	}
	send := func(change map[string]string) (int, string) {
		var members []string
		for key, value := range whole {
			if other, ok := change[key]; ok {
				value = other
			}
			if value != "" {
				members = append(members, `"`+key+`":`+value)
			}
		}
		return l.send("POST", "/virtual_machines.api10json", `{"virtual_machine":{`+strings.Join(members, ",")+`}}`)
	}
	before := len(l.account.servers)
	for key := range whole {
		if status, body := send(map[string]string{key: ""}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"`+key+`"`) {
			t.Errorf("without %s: HTTP %d %s, want 422 about it", key, status, body)
		}
	}
	for field, values := range map[string][]string{
		"label":              {`"a/b"`, `"Web & Mail"`, `"a\nb"`, `" "`, `"é"`},
		"fqdn":               {`"web01"`, `"a b.com"`, `"-a.com"`, `"192.0.2.1"`},
		"system_template_id": {`"424242"`, `"nine"`, `436`}, // 436 is a template of cloud 3
		"cloud_id":           {`424242`, `99`, `160`, `""`}, // 99 is not available, 160 is for SSD servers
		"slices_required":    {`0`, `-1`},
	} {
		for _, value := range values {
			if status, body := send(map[string]string{field: value}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"`+field+`"`) {
				t.Errorf("%s %s: HTTP %d %s, want 422 about it", field, value, status, body)
			}
		}
	}
	if after := len(l.account.servers); after != before {
		t.Errorf("%d servers were made all the same", after-before)
	}
	if status, body := send(nil); status != http.StatusOK {
		t.Errorf("the whole: HTTP %d %s", status, body)
	}
}

func TestInstantServer(t *testing.T) {
	l := newLab(t)
	v := must(l, vpsapi.CreateInstantServer, vpsapi.CreateInstantServerIn{Country: "1"})
	l.pass(instantTime)
	l.expect(v.ID, true, false, statusRunning)
	if v.PrimaryIPAddress == nil || v.SystemTemplateID == "" || v.CloudID != "1" {
		t.Errorf("answered %+v", v)
	}
	for body, status := range map[string]int{`{"instant":true,"country":3}`: 422, `{"instant":true}`: 422, `{"instant":"true","country":"2"}`: 200} {
		if got, reply := l.send("POST", "/virtual_machines.api10json", body); got != status {
			t.Errorf("%s: HTTP %d %s, want %d", body, got, reply, status)
		}
	}
}

func TestRebuildTakesThePlaceOfABuild(t *testing.T) {
	l := newLab(t)
	v := must(l, vpsapi.CreateServer, documentCreate)
	l.pass(buildTime / 2)
	must(l, vpsapi.RebuildServer, vpsapi.RebuildServerIn{ServerID: v.ID, SystemTemplateID: "41"})
	l.pass(buildTime/2 + time.Second)
	l.expect(v.ID, false, true, statusBuilding)
	l.pass(buildTime / 2)
	l.expect(v.ID, true, false, statusRunning)
	if got := l.get(v.ID).SystemTemplateID; got != "41" {
		t.Errorf("built from %s, want 41", got)
	}
}

func TestReinstall(t *testing.T) {
	reinstalls := map[string]func(*lab) (int, string){
		"document": func(l *lab) (int, string) {
			return l.send("PUT", "/virtual_machines/1384/reinstall.api10json", `{"virtual_machine": {"system_template_id": 92} }`)
		},
		"old client": func(l *lab) (int, string) { return l.send("POST", "/virtual_machines/1384/reinstall.api10json", "") },
		"rebuild":    func(l *lab) (int, string) { return l.send("POST", "/virtual_machines/1384/rebuild.api10json", "") },
	}
	for name, template := range map[string]vpsapi.TemplateID{"document": "92", "old client": "41", "rebuild": "41"} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.vm("1384").setBooted(false)
			if status, body := reinstalls[name](l); status != http.StatusOK || !strings.Contains(body, `{"virtual_machine":`) {
				t.Fatalf("HTTP %d %s", status, body)
			}
			l.expect("1384", false, true, statusBuilding)
			l.pass(buildTime)
			l.expect("1384", true, false, statusRunning)
			if s := l.vm("1384"); s.SystemTemplateID != template || s.Password != "a8hjsjnbs91" || len(l.account.serverIPs("1384")) != 1 {
				t.Errorf("template %s, want %s; password kept %v", s.SystemTemplateID, template, s.Password == "a8hjsjnbs91")
			}
		})
	}
	l := newLab(t)
	refused(l, vpsapi.ReinstallServer, vpsapi.ReinstallServerIn{ServerID: "1384", SystemTemplateID: "123"}, 422, "not available on cloud 3")
	refused(l, vpsapi.ReinstallServer, vpsapi.ReinstallServerIn{ServerID: "1384", SystemTemplateID: "424242"}, 422, "not a template")
	must(l, vpsapi.ReinstallServer, vpsapi.ReinstallServerIn{ServerID: "1384", SystemTemplateID: "115"}) // a custom template fits everywhere
}
