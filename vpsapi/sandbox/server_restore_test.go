package sandbox

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestRsyncInfoIsTheDocumentsExample(t *testing.T) {
	l := newLab(t)
	_, body := l.send("GET", "/virtual_machines/1384/backups/rsync_backup.api10json", "")
	want := map[string]any{"username": 1000.0, "quota": "0.00 GB out of 10 GB", "password": "GGD3sH"}
	if diff := cmp.Diff(want, decode[map[string]any](l, []byte(body))); diff != "" {
		t.Error(diff)
	}
}

func TestRsyncInfoNeedsTheService(t *testing.T) {
	l := newLab(t)
	in := vpsapi.GetRsyncBackupInfoIn{ServerID: "1385"}
	refused(l, vpsapi.GetRsyncBackupInfo, in, 422, "not enabled")
	l.vm("1385").RsyncEnabled = ptr(vpsapi.Flag(true))
	first := must(l, vpsapi.GetRsyncBackupInfo, in)
	if again := must(l, vpsapi.GetRsyncBackupInfo, in); first.Username == "" || first != again {
		t.Errorf("got %v, then %v: want the same account twice", first, again)
	}
}

func TestRestore(t *testing.T) {
	l := newLab(t)
	s := l.vm("1384")
	in := vpsapi.RestoreServerIn{ServerID: "1384", BackupID: "3774"}

	s.Running = ptr(vpsapi.Flag(true))
	refused(l, vpsapi.RestoreServer, in, 422, "powered off")
	s.Running = ptr(vpsapi.Flag(false))
	s.DeployedDiskSize = "4 GB"
	refused(l, vpsapi.RestoreServer, in, 422, "disk of 5 GB")
	s.DeployedDiskSize = "10"

	must(l, vpsapi.RestoreServer, in)
	if !isOn(s.PowerActionPending) {
		t.Error("the server is not pending while it is restored")
	}
	refused(l, vpsapi.RestoreServer, in, 422, "pending")
	refused(l, vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1384"}, 422, "pending")
	refused(l, vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: "1384", BackupID: "3774"}, 422, "in use")

	l.pass(10 * time.Minute)
	if isOn(s.PowerActionPending) || isOn(s.Running) {
		t.Errorf("ten minutes later: pending %v, running %v; want neither", *s.PowerActionPending, *s.Running)
	}
	must(l, vpsapi.RestoreServer, in)
}

func TestRestoreNeedsABuiltBackup(t *testing.T) {
	l := newLab(t)
	s := l.vm("1384")
	b := decode[vpsapi.Backup](l, must(l, vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1384"}))
	s.Running = ptr(vpsapi.Flag(false))
	refused(l, vpsapi.RestoreServer, vpsapi.RestoreServerIn{ServerID: "1384", BackupID: b.ID}, 422, "not built")
}

// A backup of a large disk does not fit the server once it is smaller.
func TestBackupRemembersTheDisk(t *testing.T) {
	l := newLab(t)
	s := l.vm("1385")
	s.DeployedDiskSize = "40"
	b := decode[vpsapi.Backup](l, must(l, vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1385"}))
	l.pass(time.Hour)
	s.DeployedDiskSize, s.Running = "20", ptr(vpsapi.Flag(false))
	refused(l, vpsapi.RestoreServer, vpsapi.RestoreServerIn{ServerID: "1385", BackupID: b.ID}, 422, "disk of 40 GB")
}

func TestConvertUsesTheBackupUp(t *testing.T) {
	l := newLab(t)
	before := len(l.account.customTemplates)
	in := vpsapi.ConvertBackupToTemplateIn{ServerID: "1384", BackupID: "3774"}
	must(l, vpsapi.ConvertBackupToTemplate, in)
	refused(l, vpsapi.ConvertBackupToTemplate, in, 422, "in use")
	l.pass(time.Hour)
	if n := len(l.account.customTemplates); n != before+1 {
		t.Errorf("%d custom templates, want one more than %d", n, before)
	}
	refused(l, vpsapi.ConvertBackupToTemplate, in, 404, "3774")
}

func TestTemplateInOneStep(t *testing.T) {
	l := newLab(t)
	templates, backups := len(l.account.customTemplates), len(l.vm("1384").backups)
	must(l, vpsapi.CreateTemplateFromServer, vpsapi.CreateTemplateFromServerIn{ServerID: "1384"})
	if n := len(l.account.customTemplates); n != templates {
		t.Error("the template is there at once")
	}
	l.pass(time.Hour)
	made := l.account.customTemplates[len(l.account.customTemplates)-1]
	if _, err := l.account.template(made.ID); err != nil || made.OperatingSystem != "Custom Templates" || len(l.account.customTemplates) != templates+1 {
		t.Errorf("an hour later: %+v, %v", made, err)
	}
	if n := len(l.vm("1384").backups); n != backups {
		t.Errorf("%d backups, want the %d that there were", n, backups)
	}
}
