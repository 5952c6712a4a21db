package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

func nodes(n int) *vpsapi.Int { return ptr(vpsapi.Int(n)) }

// editedServer makes an edit that must succeed and gives the server after it. The
// present number of nodes is sent where the edit names none.
func editedServer(l *lab, in vpsapi.EditServerIn) vpsapi.Server {
	l.Helper()
	in.ServerID = "1384"
	in, err := in.WithPresentNodes(l.Context(), l.client, l.get("1384"))
	if err != nil {
		l.Fatal(err)
	}
	must(l, vpsapi.EditServer, in)
	return l.get("1384")
}

func TestEditsOfTheDocument(t *testing.T) {
	for name, body := range map[string]string{
		"consumer": `{"virtual_machine":{"backups_enabled":false,"consumer_id":1,"label":"D Tester","slices_required":3}}`,
		"daily": `{"virtual_machine":{"backups_enabled":true,"consumer_id":118,"label":"Daily node tester","daily_nodes_required":2,
			"storage_nodes_required":1,"ram_nodes_required":1,"bandwidth_nodes_required":1}}`,
		"delayed":  `{"virtual_machine":{"slices_required":3,"delayed_storage":true,"delayed_storage_until":"2010-04-24 14:00"}}`,
		"licenses": `{"virtual_machine":{"backups_enabled":false,"label":"D Tester","slices_required":3,"licenses":{"2":1,"1":0}}}`,
	} {
		l := newLab(t)
		if status, reply := l.send("PUT", "/virtual_machines/1384.api10json", body); status != http.StatusOK || !strings.Contains(reply, `"id":1384`) {
			t.Errorf("%s: HTTP %d %s", name, status, reply)
		}
		l.pass(time.Hour)
		l.expect("1384", true, false, statusRunning)
	}
}

func TestEditChangesOnlyWhatItNames(t *testing.T) {
	l := newLab(t)
	v := editedServer(l, vpsapi.EditServerIn{
		Label: "Shop 2.0_a-b", PublicFQDN: "shop.example.org", ConsumerID: "118",
		BackupsEnabled: ptr(vpsapi.Flag(true)), R1SoftEnabled: ptr(vpsapi.Flag(true)),
	})
	if v.Label != "Shop 2.0_a-b" || v.Hostname != "shop" || v.DomainName != "example.org" || v.ConsumerID != "118" || !isOn(v.BackupsEnabled) {
		t.Errorf("after the edit: %+v", v)
	}
	if !isOn(v.BackupLicenses.R1Soft) || !isOn(v.BackupLicenses.Rsync) || isOn(v.PowerActionPending) || *v.RegularNodesCount != 2 {
		t.Errorf("R1Soft %v, rsync %v, pending %v, %d nodes; want all but pending, and 2", isOn(v.BackupLicenses.R1Soft), isOn(v.BackupLicenses.Rsync), isOn(v.PowerActionPending), *v.RegularNodesCount)
	}
	v = editedServer(l, vpsapi.EditServerIn{ConsumerID: "0", RsyncEnabled: ptr(vpsapi.Flag(false))})
	if v.Label != "Shop 2.0_a-b" || v.Hostname != "shop" || v.ConsumerID != "0" || !isOn(v.BackupsEnabled) || isOn(v.BackupLicenses.Rsync) {
		t.Errorf("after the second edit: %+v", v)
	}
	if !isOn(v.DelayedStorage) || v.DelayedStorageUntil == nil {
		t.Error("the edits ended the delay of the storage")
	}
}

func TestEditRefused(t *testing.T) {
	l := newLab(t)
	for body, field := range map[string]string{
		`{"label":"x"}`:                                                                            "slices_required",
		`{"slices_required":2,"label":"a/b"}`:                                                      "label",
		`{"slices_required":2,"public_fqdn":"web07"}`:                                              "public_fqdn",
		`{"slices_required":2,"fqdn":"a b.c"}`:                                                     "fqdn",
		`{"slices_required":0}`:                                                                    "slices_required",
		`{"daily_nodes_required":-1}`:                                                              "daily_nodes_required",
		`{"slices_required":1,"daily_nodes_required":1}`:                                           "daily_nodes_required",
		`{"slices_required":2,"storage_nodes_required":-1}`:                                        "storage_nodes_required",
		`{"slices_required":2,"licenses":{"1":1,"6":1}}`:                                           "licenses",
		`{"slices_required":2,"licenses":{"4242":1}}`:                                              "licenses",
		`{"slices_required":2,"licenses":{"3":1}}`:                                                 "licenses",
		`{"slices_required":2,"delayed_storage_until":"now"}`:                                      "delayed_storage_until",
		`{"slices_required":2,"delayed_storage":false,"delayed_storage_until":"2030-01-01 00:00"}`: "delayed_storage_until",
	} {
		status, reply := l.send("PUT", "/virtual_machines/1384.api10json", `{"virtual_machine":`+body+`}`)
		if status != http.StatusUnprocessableEntity || !strings.Contains(reply, `"`+field+`"`) {
			t.Errorf("%s: HTTP %d %s, want 422 about %s", body, status, reply, field)
		}
	}
	if v := l.get("1384"); v.Label != "Web Server 01" || len(v.Licenses) > 0 {
		t.Errorf("a refused edit changed the server: %+v", v)
	}
}

func TestLicensesOfAServer(t *testing.T) {
	l := newLab(t)
	change := func(changes ...vpsapi.LicenseChange) vpsapi.EditServerIn {
		return vpsapi.EditServerIn{ServerID: "1384", SlicesRequired: nodes(2), Licenses: changes}
	}
	buy := func(id vpsapi.LicenseID) vpsapi.LicenseChange {
		return vpsapi.LicenseChange{LicenseID: id, Action: "buy"}
	}
	cancel := func(id vpsapi.LicenseID) vpsapi.LicenseChange {
		return vpsapi.LicenseChange{LicenseID: id, Action: "cancel"}
	}
	before := l.account.balance
	must(l, vpsapi.EditServer, change(buy("1"), buy("3")))
	must(l, vpsapi.EditServer, change(buy("1"))) // bought already
	if spent := before - l.account.balance; spent != 17.5 {
		t.Errorf("cPanel and an add-on cost %v, want 17.5", spent)
	}
	refused(l, vpsapi.EditServer, change(buy("6")), 422, "two control panels")
	refused(l, vpsapi.EditServer, change(cancel("1")), 422, "without a control panel")
	must(l, vpsapi.EditServer, change(buy("6"), cancel("1")))
	var ids []vpsapi.LicenseID
	for _, w := range l.get("1384").Licenses {
		ids = append(ids, w.License.ID)
	}
	if slices.Sort(ids); !slices.Equal(ids, []vpsapi.LicenseID{"3", "6"}) {
		t.Errorf("licenses %v, want 3 and 6", ids)
	}
}

func TestEditMovesNodes(t *testing.T) {
	l := newLab(t)
	before := l.account.balance
	v := editedServer(l, vpsapi.EditServerIn{SlicesRequired: nodes(3), StorageNodesRequired: nodes(1), RAMNodesRequired: nodes(2)})
	if *v.RegularNodesCount != 3 || *v.StorageNodesCount != 1 || *v.RAMNodesCount != 2 || l.account.balance >= before {
		t.Errorf("%+v, balance %v after %v", v, l.account.balance, before)
	}
	if !isOn(v.PowerActionPending) || v.AvailableDiskSize != "40" || v.DeployedDiskSize != "20" {
		t.Errorf("pending %v, %s of %s GB; want pending, 20 of 40", isOn(v.PowerActionPending), v.DeployedDiskSize, v.AvailableDiskSize)
	}
	refused(l, vpsapi.EditServer, vpsapi.EditServerIn{ServerID: "1384", SlicesRequired: nodes(4)}, 422, "pending")
	must(l, vpsapi.EditServer, vpsapi.EditServerIn{ServerID: "1384", SlicesRequired: nodes(3), Label: "a rename may"})
	l.pass(resizeTime)
	if v = l.get("1384"); v.DeployedDiskSize != "40" || isOn(v.PowerActionPending) {
		t.Errorf("at the end: %s GB, pending %v", v.DeployedDiskSize, isOn(v.PowerActionPending))
	}
	v = editedServer(l, vpsapi.EditServerIn{DailyNodesRequired: nodes(2), StorageNodesRequired: nodes(0)})
	if *v.RegularNodesCount != 0 || *v.DailyNodesCount != 2 || *v.StorageNodesCount != 0 || *v.RAMNodesCount != 2 {
		t.Errorf("on daily nodes: %+v", v)
	}
	l.pass(resizeTime)
	v = editedServer(l, vpsapi.EditServerIn{Label: "still daily"})
	if *v.RegularNodesCount != 0 || *v.DailyNodesCount != 2 || isOn(v.PowerActionPending) {
		t.Errorf("a rename moved nodes: %+v", v)
	}
}

func TestDelayedStorageComesAtItsTime(t *testing.T) {
	l := newLab(t)
	v := editedServer(l, vpsapi.EditServerIn{SlicesRequired: nodes(4), DelayedStorage: ptr(vpsapi.Flag(true)), DelayedStorageUntil: "2014-05-08 14:00"})
	if !isOn(v.DelayedStorage) || *v.DelayedStorageUntil != "2014-05-08T14:00:00-04:00" {
		t.Errorf("delayed %v until %v", isOn(v.DelayedStorage), v.DelayedStorageUntil)
	}
	due := time.Date(2014, 5, 8, 18, 0, 0, 0, time.UTC)
	l.pass(due.Add(-time.Second).Sub(l.clock))
	if v = l.get("1384"); v.AvailableDiskSize != "40" || v.DeployedDiskSize != "20" || isOn(v.PowerActionPending) {
		t.Errorf("before its time: %s of %s GB", v.DeployedDiskSize, v.AvailableDiskSize)
	}
	l.pass(time.Second)
	l.expect("1384", false, true, statusStopped)
	l.pass(deployTime)
	if v = l.get("1384"); v.DeployedDiskSize != "40" || isOn(v.DelayedStorage) || !isOn(v.Running) {
		t.Errorf("after it: %s GB, delayed %v, running %v", v.DeployedDiskSize, isOn(v.DelayedStorage), isOn(v.Running))
	}
}

func TestDelayedStorageWaitsForABusyServer(t *testing.T) {
	l := newLab(t)
	editedServer(l, vpsapi.EditServerIn{DelayedStorage: ptr(vpsapi.Flag(true)), DelayedStorageUntil: "2014-05-08 14:00"})
	l.pass(time.Date(2014, 5, 8, 17, 59, 50, 0, time.UTC).Sub(l.clock))
	must(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: "1384"})
	l.pass(10 * time.Minute)
	l.expect("1384", true, false, statusRunning)
	if isOn(l.get("1384").DelayedStorage) {
		t.Error("the storage was not deployed once the server was free")
	}
}
