package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// newer makes the lab's client one of the newer API alone.
func (l *lab) newer() *lab {
	l.Helper()
	var err error
	l.client, err = vpsapi.NewClient(vpsapi.Config{Token: Token, Transport: l.Sandbox, PerSecond: -1, Concurrent: -1})
	if err != nil {
		l.Fatal(err)
	}
	return l
}

// TestPlatformServersLife goes through what can be done with a server of the newer API.
func TestPlatformServersLife(t *testing.T) {
	l := newLab(t).newer()
	list := func() []vpsapi.PlatformServer {
		return must(l, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{})
	}
	if got := list(); len(got) != 2 || got[1].ServerID() != "225-f2-88" {
		t.Fatalf("seeded %+v", got)
	}
	in := vpsapi.CreatePlatformServerIn{LocationID: "117", Label: "new", Hostname: "new.example.com", ProductName: "V3", OSComponentCode: "SSDVPSDEBIAN9"}
	must(l, vpsapi.CreatePlatformServer, in)
	if got := list(); len(got) != 2 {
		t.Fatalf("listed at once: %+v", got)
	}
	l.pass(unlistedTime)
	if got := list(); len(got) != 3 || got[2].Hostname != "new.example.com" {
		t.Fatalf("listed %+v", list())
	}
	id := list()[2].ServerID()
	isUp := func() bool {
		return must(l, vpsapi.GetPlatformServerStatus, vpsapi.GetPlatformServerStatusIn{ID: id}).IsUp()
	}
	expect := func(what string, want bool) {
		t.Helper()
		if got := isUp(); got != want {
			t.Errorf("%s: up %t", what, got)
		}
	}
	expect("first boot", false)
	l.pass(firstBootTime)
	expect("built", true)
	must(l, vpsapi.RebootPlatformServer, vpsapi.RebootPlatformServerIn{ID: id})
	expect("rebooting", false)
	l.pass(rebootTime)
	expect("rebooted", true)
	must(l, vpsapi.PowerOffPlatformServer, vpsapi.PowerOffPlatformServerIn{ID: id})
	l.pass(powerOffTime)
	expect("off", false)
	if _, err := vpsapi.RebootPlatformServer.Call(t.Context(), l.client, vpsapi.RebootPlatformServerIn{ID: id}); !vpsapi.IsInvalid(err) {
		t.Errorf("reboot of a stopped server: %v", err)
	}
	must(l, vpsapi.StartPlatformServer, vpsapi.StartPlatformServerIn{ID: id})
	l.pass(startTime)
	expect("started", true)
	must(l, vpsapi.RecoveryRebootPlatformServer, vpsapi.RecoveryRebootPlatformServerIn{ID: id})
	must(l, vpsapi.ResetPlatformPassword, vpsapi.ResetPlatformPasswordIn{ID: id, NewPassword: "correct horse"})
	if d := must(l, vpsapi.GetPlatformServer, vpsapi.GetPlatformServerIn{ID: id}); d.RootPassword == "" || d.IPAddresses[0].IP.Address == "" || !isOn(d.Built) {
		t.Errorf("detail %+v", d)
	}
	if other := must(l, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{LocationID: "225"}); len(other) != 1 {
		t.Errorf("of one location: %+v", other)
	}
	must(l, vpsapi.DeletePlatformServer, vpsapi.DeletePlatformServerIn{ID: id})
	if _, err := vpsapi.GetPlatformServer.Call(t.Context(), l.client, vpsapi.GetPlatformServerIn{ID: id}); !vpsapi.IsNotFound(err) {
		t.Errorf("still there: %v", err)
	}
}

func TestPlatformCreateIsRefused(t *testing.T) {
	l := newLab(t).newer()
	good := vpsapi.CreatePlatformServerIn{LocationID: "213", Label: "new", Hostname: "new.example.com", ProductName: "V3", OSComponentCode: "SSDVPSDEBIAN9", SSHKeyID: "77"}
	must(l, vpsapi.CreatePlatformServer, good)
	for words, change := range map[string]func(in *vpsapi.CreatePlatformServerIn){
		"location not found":   func(in *vpsapi.CreatePlatformServerIn) { in.LocationID = "185" },
		"product_name":         func(in *vpsapi.CreatePlatformServerIn) { in.ProductName = "V9" },
		"os_component_code or": func(in *vpsapi.CreatePlatformServerIn) { in.OSComponentCode, in.CustomTemplateID = "", "8817" }, // of 117
		"ssh_key_id is req":    func(in *vpsapi.CreatePlatformServerIn) { in.SSHKeyID = "" },
		"ssh_key_id is inv":    func(in *vpsapi.CreatePlatformServerIn) { in.SSHKeyID = "78" },
	} {
		in := good
		change(&in)
		if _, err := vpsapi.CreatePlatformServer.Call(t.Context(), l.client, in); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
}

func TestPlatformReads(t *testing.T) {
	l := newLab(t).newer()
	keys, locations := 0, must(l, vpsapi.ListPlatformLocations, vpsapi.ListPlatformLocationsIn{})
	for _, place := range locations {
		if place.NeedsKey() {
			keys++
		}
	}
	if len(locations) != 22 || keys != 2 {
		t.Errorf("%d locations, %d with a key", len(locations), keys)
	}
	if plans := must(l, vpsapi.ListPlatformPlans, vpsapi.ListPlatformPlansIn{}); plans[0].Price != "16.00" {
		t.Errorf("plans %+v", plans)
	}
	if systems := must(l, vpsapi.ListPlatformSystems, vpsapi.ListPlatformSystemsIn{LocationID: "117"}); len(systems) == 0 {
		t.Error("no systems")
	}
	if templates := must(l, vpsapi.ListPlatformTemplates, vpsapi.ListPlatformTemplatesIn{LocationID: "117"}); templates[0].ID != "8817" {
		t.Errorf("templates %+v", templates)
	}
	if _, err := vpsapi.ListPlatformTemplates.Call(t.Context(), l.client, vpsapi.ListPlatformTemplatesIn{LocationID: "201"}); !vpsapi.IsNotFound(err) {
		t.Errorf("a location whose templates fail: %v", err)
	}
	if notices := must(l, vpsapi.ListPlatformStatusUpdates, vpsapi.ListPlatformStatusUpdatesIn{}); string(notices) != "[]" {
		t.Errorf("notices %s", notices)
	}
	made := must(l, vpsapi.CreatePlatformSSHKey, vpsapi.CreatePlatformSSHKeyIn{PublicKey: "ssh-ed25519 AAAA", Label: "desk"})
	must(l, vpsapi.RenamePlatformSSHKey, vpsapi.RenamePlatformSSHKeyIn{ID: made.ID, Label: "old desk"})
	if k := must(l, vpsapi.GetPlatformSSHKey, vpsapi.GetPlatformSSHKeyIn(made)); k.Label != "old desk" || k.Key != "ssh-ed25519 AAAA" {
		t.Errorf("key %+v", k)
	}
	must(l, vpsapi.DeletePlatformSSHKey, vpsapi.DeletePlatformSSHKeyIn(made))
	if keys := must(l, vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{}); len(keys) != 1 {
		t.Errorf("keys %+v", keys)
	}
}

// automation is the way of the program that is in production on the newer API, in
// the shapes that it sends and reads: ids as text, no body with DELETE, either
// key of the envelope, a server found by its hostname.
type automation struct {
	*testing.T
	lab *lab
	url string
}

func (a automation) ask(method, path, body string) (int, map[string]json.RawMessage) {
	a.Helper()
	r, err := http.NewRequestWithContext(a.Context(), method, a.url+"/rest-api"+path, strings.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	r.Header.Set("X-Api-Token", Token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		a.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	envelope := map[string]json.RawMessage{}
	if err != nil || json.Unmarshal(text, &envelope) != nil {
		a.Fatalf("%s %s: %s, %v", method, path, text, err)
	}
	return response.StatusCode, envelope
}

func TestTheWayOfTheProgramInProduction(t *testing.T) {
	l := newLab(t)
	served := httptest.NewServer(l.Sandbox)
	defer served.Close()
	a := automation{t, l, served.URL}

	status, made := a.ask("POST", "/ssd-vps/locations/117/servers",
		`{"label":"vn-1","hostname":"vn-1.vps.net","product_name":"V4","custom_template_id":"8817","bill_hourly":false,"backups":false,"ssh_key_id":"77"}`)
	if diff := cmp.Diff(map[string]json.RawMessage{"status_code": json.RawMessage("201"), "message": json.RawMessage(`"Created SSD Virtual Machine"`), "data": json.RawMessage("[]")}, made); status != 201 || diff != "" {
		t.Fatalf("HTTP %d (-facts +ours):\n%s", status, diff)
	}
	find := func() (path string) {
		var list []struct {
			ID       json.RawMessage
			Hostname string
			Location struct{ ID json.RawMessage }
		}
		_, envelope := a.ask("GET", "/ssd-vps/servers", "")
		if err := json.Unmarshal(envelope["data"], &list); err != nil || envelope["statusCode"] == nil {
			t.Fatalf("%s, %v", envelope, err)
		}
		for _, s := range list {
			if s.Hostname == "vn-1.vps.net" {
				return fmt.Sprintf("/ssd-vps/locations/%s/servers/%s", s.Location.ID, strings.Trim(string(s.ID), `"`))
			}
		}
		return ""
	}
	waited := 0
	for ; find() == ""; waited++ {
		l.pass(firstBootTime / 2)
	}
	if waited < 10 {
		t.Errorf("a server from a template is listed after %d looks", waited)
	}
	path := find()
	up := func() bool {
		_, envelope := a.ask("GET", path+"/status", "")
		return strings.ReplaceAll(string(envelope["data"]), " ", "") == `{"status":1}`
	}
	if up() {
		t.Error("up as soon as it is listed")
	}
	l.pass(firstBootTime)
	if !up() {
		t.Error("not up")
	}
	var detail struct {
		Addresses []struct {
			IP struct{ Address, CreatedAt string } `json:"ip_address"`
		} `json:"ip_addresses"`
		Password  string `json:"initial_root_password"`
		Hostname  string
		Suspended *bool
	}
	_, envelope := a.ask("GET", path, "")
	if err := json.Unmarshal(envelope["data"], &detail); err != nil || detail.Password == "" || detail.Hostname != "vn-1.vps.net" || detail.Suspended == nil || detail.Addresses[0].IP.Address == "" {
		t.Errorf("detail %s, %v", envelope["data"], err)
	}
	status, gone := a.ask("DELETE", path, "")
	if diff := cmp.Diff(map[string]json.RawMessage{"statusCode": json.RawMessage("200"), "message": json.RawMessage(`"Virtual Machine Deleted"`), "data": json.RawMessage("[]")}, gone); status != 200 || diff != "" {
		t.Errorf("HTTP %d (-facts +ours):\n%s", status, diff)
	}
	if find() != "" {
		t.Error("still listed")
	}
}

// TestPlatformOddities: what the newer API's clients meet beside its functions.
func TestPlatformOddities(t *testing.T) {
	l := newLab(t)
	served := httptest.NewServer(l.Sandbox)
	defer served.Close()
	a := automation{t, l, served.URL}
	if status, envelope := a.ask("GET", "/ssd-vps/plans/", ""); status != 200 || envelope["status_code"] == nil {
		t.Errorf("with a slash at the end: %d %s", status, envelope)
	}
	if status, envelope := a.ask("POST", "/ssd-vps/locations/117/servers/4107/power/reboot", "[]"); status != 200 {
		t.Errorf("no arguments, the vendor's way: %d %s", status, envelope)
	}
	if status, envelope := a.ask("GET", "/ssd-vps/nowhere", ""); status != 404 || string(envelope["status"]) != "404" {
		t.Errorf("a wrong route: %d %s", status, envelope)
	}
	for _, token := range []string{"", "another", "Sandbox"} {
		stranger, _ := vpsapi.NewClient(vpsapi.Config{Token: token + " ", Transport: l.Sandbox, PerSecond: -1, Concurrent: -1})
		if _, err := vpsapi.ListPlatformLocations.Call(t.Context(), stranger, vpsapi.ListPlatformLocationsIn{}); !vpsapi.IsAuth(err) || !strings.Contains(err.Error(), "Invalid API Key") {
			t.Errorf("token %q: %v", token, err)
		}
	}
	l.newer()
	for spec, auth := range map[string]bool{"expired": true, "429": false, "status=404": false} {
		l.Break(mustFault(t, spec))
		_, err := vpsapi.RebootPlatformServer.Call(t.Context(), l.client, vpsapi.RebootPlatformServerIn{ID: "117-4107"})
		if vpsapi.IsAuth(err) != auth || err == nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
}
