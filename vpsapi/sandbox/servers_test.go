package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func (l *lab) get(id vpsapi.ServerID) vpsapi.Server {
	l.Helper()
	return must(l, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
}

// expect holds a server's state against words.
func (l *lab) expect(id vpsapi.ServerID, running, pending bool, status vpsapi.Text) {
	l.Helper()
	v := l.get(id)
	if isOn(v.Running) != running || isOn(v.PowerActionPending) != pending || v.Status != status {
		l.Errorf("server %s: running %v, pending %v, %s; want %v, %v, %s", id, isOn(v.Running), isOn(v.PowerActionPending), v.Status, running, pending, status)
	}
}

const documentServers = `[{"virtual_machine": {
	"running": true, "updated_at": "2009-05-15T06:55:02-04:00", "power_action_pending": false, "system_template_id": 41, "id": 1384,
	"cloud_id": 3, "domain_name": "demodomain.com", "hostname": "web01", "consumer_id": 0, "backups_enabled": false,
	"password": "a8hjsjnbs91", "label": "Web Server 01", "slices_count": null, "created_at": "2009-04-16T08:17:39-04:00",
	"delayed_storage": true, "delayed_storage_until": "2010-05-01T10:00:00-04:00"
}}, {"virtual_machine": {
	"running": true, "updated_at": "2009-05-15T06:55:02-04:00", "power_action_pending": false, "system_template_id": 41, "id": 1385,
	"cloud_id": 3, "domain_name": "demodomain.com", "hostname": "mysql01", "consumer_id": 0, "backups_enabled": false,
	"password": "dsi8h38hd2s", "label": "MySQL Server 01", "slices_count": null, "created_at": "2009-04-16T08:17:39-04:00",
	"delayed_storage": false, "delayed_storage_until": null
}}]`

func TestServersOfTheDocument(t *testing.T) {
	l := newLab(t)
	type wrapped []map[string]map[string]any
	status, body := l.send("GET", "/virtual_machines.api10json", "")
	got, want := decode[wrapped](l, []byte(body)), decode[wrapped](l, []byte(documentServers))
	if status != http.StatusOK || len(got) != len(want) {
		t.Fatalf("HTTP %d, %d servers", status, len(got))
	}
	for i, w := range want {
		shown := map[string]any{}
		for key := range w["virtual_machine"] {
			value, ok := got[i]["virtual_machine"][key]
			if !ok {
				t.Errorf("server %d lacks %s", i, key)
			}
			shown[key] = value
		}
		if diff := cmp.Diff(w["virtual_machine"], shown); diff != "" {
			t.Errorf("server %d (-document +ours):\n%s", i, diff)
		}
	}
}

func TestBasicListLeavesOut(t *testing.T) {
	l := newLab(t)
	for _, v := range must(l, vpsapi.ListServers, vpsapi.ListServersIn{Basic: ptr(vpsapi.Flag(true))}) {
		if v.Running != nil || v.BandwidthUsed != nil || v.Label == "" {
			t.Errorf("basic shows %+v", v)
		}
	}
	if _, body := l.send("GET", "/virtual_machines.api10json?basic", ""); strings.Contains(body, `"running":`) {
		t.Errorf("a bare ?basic shows running: %s", body)
	}
	if l.get("1384").Running == nil {
		t.Error("the basic list took running from the server itself")
	}
}

func TestServersAreFound(t *testing.T) {
	l := newLab(t)
	l.vm("1385").ConsumerID = "118"
	ids := func(list []vpsapi.Server) string {
		var ids []string
		for _, v := range list {
			ids = append(ids, string(v.ID))
		}
		return strings.Join(ids, " ")
	}
	address := string(l.get("1385").PrimaryIPAddress.IP.Address)
	for search, want := range map[string]string{
		"web01": "1384", "MYSQL server": "1385", "demodomain": "1384 1385", "web01.demodomain.com": "1384", address: "1385", "nothing": "",
	} {
		if got := ids(must(l, vpsapi.SearchServers, vpsapi.SearchServersIn{Search: search})); got != want {
			t.Errorf("search %q found %q, want %q", search, got, want)
		}
	}
	refused(l, vpsapi.SearchServers, vpsapi.SearchServersIn{Search: " "}, 422, "search")
	if got := ids(must(l, vpsapi.ListServers, vpsapi.ListServersIn{ConsumerID: "118"})); got != "1385" {
		t.Errorf("servers of consumer 118: %q", got)
	}
	if got := ids(must(l, vpsapi.ListServers, vpsapi.ListServersIn{ConsumerID: "0"})); got != "1384" {
		t.Errorf("servers of no consumer: %q", got)
	}
}

func TestServerShowsItsAddressesAndNodes(t *testing.T) {
	l := newLab(t)
	further := l.account.newIP("3", ptr(vpsapi.ServerID("1384")))
	l.account.nodes = append(l.account.nodes,
		&vpsapi.Node{Type: storageNodes, ID: "77", VirtualMachineID: ptr(vpsapi.ServerID("1384"))},
		&vpsapi.Node{Type: monthlyNodes, ID: "78", VirtualMachineID: ptr(vpsapi.ServerID("1384")), DailyNode: ptr(vpsapi.Flag(true))})
	v := l.get("1384")
	if len(v.IPAddresses) != 2 || v.PrimaryIPAddress.IP.ID != v.IPAddresses[0].IP.ID || len(v.AdditionalIPs) != 1 || v.AdditionalIPs[0].IP.ID != further.ID {
		t.Errorf("addresses %+v, primary %+v, additional %+v", v.IPAddresses, v.PrimaryIPAddress, v.AdditionalIPs)
	}
	if got, want := fmt.Sprint(*v.RegularNodesCount, *v.DailyNodesCount, *v.StorageNodesCount, *v.RAMNodesCount), "2 1 1 0"; got != want {
		t.Errorf("nodes %s, want %s (monthly, daily, storage, RAM)", got, want)
	}
	if v.SlicesCount != nil || v.AvailableDiskSize != "40" || v.DeployedDiskSize != "20" {
		t.Errorf("slices_count %v, disk %s of %s GB; want null, 20 of 40", v.SlicesCount, v.DeployedDiskSize, v.AvailableDiskSize)
	}
}

func TestActivityLogHasTheNewestFirst(t *testing.T) {
	l := newLab(t)
	must(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: "1384"})
	l.pass(shutdownTime)
	type line struct {
		Entry logEntry `json:"activity_log"`
	}
	lines := decode[[]line](l, must(l, vpsapi.GetActivityLog, vpsapi.GetActivityLogIn{ServerID: "1384"}))
	var got []string
	for _, line := range lines {
		got = append(got, line.Entry.Action+" "+line.Entry.Status+" "+line.Entry.CreatedAt)
	}
	want := []string{
		"shutdown complete 2014-05-06T09:00:30Z", "shutdown pending 2014-05-06T09:00:00Z",
		"reboot complete 2009-05-15T06:55:02-04:00", "build complete 2009-04-16T08:19:52-04:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUnknownServers(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{
		"GET ", "PUT ", "DELETE ", "GET /activity_log", "PUT /reinstall", "POST /reinstall", "POST /shutdown", "POST /reboot", "POST /power_on",
		"POST /power_off", "POST /rebuild", "POST /rebuild_network", "POST /reset_password", "POST /deploy_all_storage", "POST /recover",
	} {
		method, rest, _ := strings.Cut(path, " ")
		status, body := l.send(method, "/virtual_machines/99"+rest+".api10json", `{"virtual_machine":{"system_template_id":41,"slices_required":1}}`)
		if status != http.StatusNotFound || !json.Valid([]byte(body)) {
			t.Errorf("%s: HTTP %d %s, want 404", path, status, body)
		}
	}
}

func TestGeneratedServers(t *testing.T) {
	generate := func(seed uint64) []vpsapi.Server {
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		sb := New(Options{Servers: 50, Seed: seed, Now: func() time.Time { return at }})
		return sb.account.serverViews(func(vpsapi.Server) bool { return true })
	}
	fleet := generate(1)
	if diff := cmp.Diff(fleet, generate(1)); diff != "" {
		t.Errorf("one seed gives two fleets:\n%s", diff)
	}
	if fleet[2].Password == generate(2)[2].Password {
		t.Error("two seeds give one password")
	}
	if len(fleet) != 52 || fleet[0].ID != "1384" {
		t.Fatalf("%d servers, the first %s", len(fleet), fleet[0].ID)
	}
	labels, ids := map[vpsapi.Text]bool{}, map[vpsapi.ServerID]bool{}
	clouds := map[vpsapi.CloudID]bool{}
	stopped, withoutBackups := 0, 0
	for _, v := range fleet[2:] {
		labels[v.Label], ids[v.ID] = true, true
		if !isOn(v.Running) {
			stopped++
		}
		if !isOn(v.BackupsEnabled) {
			withoutBackups++
		}
		if !plainLabel.MatchString(string(v.Label)) || v.PrimaryIPAddress == nil || *v.SlicesCount < 1 || v.AvailableDiskSize != v.DeployedDiskSize {
			t.Errorf("server %q has %d nodes, %s of %s GB, address %v", v.Label, *v.SlicesCount, v.DeployedDiskSize, v.AvailableDiskSize, v.PrimaryIPAddress)
		}
		clouds[v.CloudID] = true
	}
	if len(clouds) < 3 {
		t.Errorf("all on the clouds %v", clouds)
	}
	if len(labels) != 50 || len(ids) != 50 || stopped == 0 || stopped > 25 || withoutBackups == 0 || withoutBackups > 25 {
		t.Errorf("%d labels, %d ids, %d stopped, %d without backups", len(labels), len(ids), stopped, withoutBackups)
	}
}
