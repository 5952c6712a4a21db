package sandbox

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestBackupListHasTheDocumentsExample(t *testing.T) {
	l := newLab(t)
	_, body := l.send("GET", "/virtual_machines/1384/backups.api10json", "")
	want := map[string]any{
		"built_at": "2011-01-07T15:44:43Z", "disk_id": 765.0, "operating_system_distro": "ubuntu",
		"created_at": "2011-01-07T20:43:33+05:30", "template_id": 7.0, "operating_system": "linux", "allowed_swap": true,
		"updated_at": "2011-01-07T21:14:43+05:30", "backup_type": "normal", "allow_resize_without_reboot": false,
		"id": 3774.0, "backup_size": "510340", "min_disk_size": 5.0, "identifier": "zvgrwpkoi16qfq", "built": true, "locked": false,
	}
	if diff := cmp.Diff(want, decode[[]map[string]any](l, []byte(body))[0]); diff != "" {
		t.Error(diff)
	}
}

func TestBackupIsBuiltAfterAWhile(t *testing.T) {
	l := newLab(t)
	started := decode[vpsapi.Backup](l, must(l, vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1384", Label: "before upgrade"}))
	latest := func() vpsapi.Backup {
		all := must(l, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: "1384"})
		return all[len(all)-1]
	}
	if b := latest(); b.ID != started.ID || b.Label != "before upgrade" || isOn(b.Built) || b.BuiltAt != nil {
		t.Errorf("at once: %+v, want backup %s, not built", b, started.ID)
	}
	refused(l, vpsapi.ConvertBackupToTemplate, vpsapi.ConvertBackupToTemplateIn{ServerID: "1384", BackupID: started.ID}, 422, "not built")
	refused(l, vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: "1384", BackupID: started.ID}, 422, "in use")
	l.pass(2 * time.Minute)
	if b := latest(); !isOn(b.Built) || b.BuiltAt == nil || *b.BuiltAt != "2014-05-06T09:01:30Z" || b.Size == "0" {
		t.Errorf("two minutes later: %+v, want built after 90 s, with a size", b)
	}
	must(l, vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: "1384", BackupID: started.ID})
	if b := latest(); b.ID == started.ID {
		t.Error("the deleted backup is still listed")
	}
}

func TestBackupNeedsNoBody(t *testing.T) {
	l := newLab(t)
	for _, body := range []string{"", "{}", `{"backup":{"label":"x"}}`} {
		if status, reply := l.send("POST", "/virtual_machines/1385/backups.api10json", body); status != http.StatusOK {
			t.Errorf("body %q: HTTP %d %s", body, status, reply)
		}
	}
	if n := len(must(l, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: "1385"})); n != 3 {
		t.Errorf("%d backups, want 3", n)
	}
}

func TestAutomaticBackupCannotBeDeleted(t *testing.T) {
	l := newLab(t)
	refused(l, vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: "1384", BackupID: "3775"}, 422, "Only manual backups")
}

func TestCloneListHasTheDocumentsExample(t *testing.T) {
	l := newLab(t)
	_, body := l.send("GET", "/virtual_machines/1384/clones.api10json", "")
	want := []map[string]any{{"clone": map[string]any{
		"label": "test_clone_machine", "id": 86.0, "status": "Cloned successfully",
		"created_at": "2014-03-10T18:23:10+05:30", "cloned_server_id": 2978.0,
	}}}
	if diff := cmp.Diff(want, decode[[]map[string]any](l, []byte(body))); diff != "" {
		t.Error(diff)
	}
}

func TestCloneIsANewServer(t *testing.T) {
	l := newLab(t)
	for in, wantCloud := range map[vpsapi.CloneServerIn]vpsapi.CloudID{
		{ServerID: "1384"}:                "3",
		{ServerID: "1384", CloudID: "15"}: "15",
	} {
		must(l, vpsapi.CloneServer, in)
		entries := must(l, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: "1384"})
		entry := entries[len(entries)-1]
		if entry.Status != "Pending" {
			t.Errorf("status at once: %s", entry.Status)
		}
		if s := l.vm(entry.ClonedServerID); s.CloudID != wantCloud || s.SystemTemplateID != "41" {
			t.Errorf("cloned server: %+v, want one on cloud %s with the same template", s.Server, wantCloud)
		}
		l.pass(time.Hour)
	}
	for _, entry := range must(l, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: "1384"}) {
		if entry.Status != "Cloned successfully" {
			t.Errorf("clone %s an hour later: %s", entry.ID, entry.Status)
		}
	}
	refused(l, vpsapi.CloneServer, vpsapi.CloneServerIn{ServerID: "1384", CloudID: "999"}, 422, "cloud_id")
}

func TestDeletingACloneKeepsTheServer(t *testing.T) {
	l := newLab(t)
	must(l, vpsapi.CloneServer, vpsapi.CloneServerIn{ServerID: "1384"})
	entry := must(l, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: "1384"})[1]
	must(l, vpsapi.DeleteClone, vpsapi.DeleteCloneIn{ServerID: "1384", CloneID: entry.ID})
	if n := len(must(l, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: "1384"})); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	l.vm(entry.ClonedServerID)
	must(l, vpsapi.DeleteClone, vpsapi.DeleteCloneIn{ServerID: "1385", CloneID: "543"}) // the document's
}

// One route serves three functions: what the body fixes tells them apart.
func TestBackupRouteTellsItsFunctionsApart(t *testing.T) {
	l := newLab(t)
	for body, want := range map[string]string{
		``:                                 "create_backup",
		`{"backup":{"label":"one_click"}}`: "create_backup",
		`{"one_click":true}`:               "create_template_from_server",
		`{"cloud_id":15,"one_click":true,"one_clone":true}`: "clone_cloud_server",
	} {
		if status, reply := l.send("POST", "/virtual_machines/1385/backups.api10json", body); status != http.StatusOK {
			t.Fatalf("body %s: HTTP %d %s", body, status, reply)
		}
		changes := l.Changes()
		if got := changes[len(changes)-1].Op; got != want {
			t.Errorf("body %s was served as %s, want %s", body, got, want)
		}
	}
}
