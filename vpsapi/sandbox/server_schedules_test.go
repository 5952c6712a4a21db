package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

// listed gives the labels of a server's schedules.
func listed(l *lab, id vpsapi.ServerID) string {
	l.Helper()
	var labels []string
	type entry struct {
		Schedule vpsapi.Schedule `json:"upgrade_schedule"`
	}
	for _, e := range decode[[]entry](l, must(l, vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: id})) {
		labels = append(labels, string(e.Schedule.Label)+" "+string(e.Schedule.RunAt))
	}
	return strings.Join(labels, ", ")
}

func burst(l *lab) vpsapi.Schedule {
	l.Helper()
	reply := must(l, vpsapi.CreateScheduledUpgrade, vpsapi.CreateScheduledUpgradeIn{
		ServerID: "1384", Label: "sale", ExtraSlices: 2, Temporary: ptr(vpsapi.Flag(true)), Days: ptr(vpsapi.Int(2)),
		RunAt: "2014-05-08 12:00", DelayedStorage: ptr(vpsapi.Flag(true)),
	})
	return decode[map[string]vpsapi.Schedule](l, reply)["upgrade_schedule"]
}

func TestTemporaryUpgradeRunsAndReverts(t *testing.T) {
	l := newLab(t)
	s := l.vm("1384")
	burst(l)
	if got, want := listed(l, "1384"), "sale 2014-05-08T12:00:00-04:00"; got != want {
		t.Errorf("listed %q, want %q: run_at is in US Eastern", got, want)
	}
	if len(s.UpgradeSchedules) != 1 {
		t.Errorf("the server shows %d schedules, want 1", len(s.UpgradeSchedules))
	}
	at := func(when time.Time, pending bool, schedules string) {
		t.Helper()
		l.pass(when.Sub(l.clock))
		if got := isOn(s.PowerActionPending); got != pending || listed(l, "1384") != schedules {
			t.Errorf("at %s: pending %v, schedules %q; want %v, %q", when, got, listed(l, "1384"), pending, schedules)
		}
	}
	due := time.Date(2014, 5, 8, 16, 0, 0, 0, time.UTC)
	const still = "sale 2014-05-08T12:00:00-04:00"
	at(due.Add(-time.Second), false, still)
	at(due.Add(30*time.Second), true, still)
	at(due.Add(2*time.Minute), false, still)
	if !isOn(s.DelayedStorage) {
		t.Error("the storage is not delayed")
	}
	at(due.Add(48*time.Hour), false, still)
	at(due.Add(48*time.Hour+90*time.Second), true, "")
	at(due.Add(49*time.Hour), false, "")
}

func TestScheduledUpgradeUsesNodes(t *testing.T) {
	l := newLab(t)
	s := l.vm("1384")
	if l.account.setNodes(s, "daily", 1); l.account.countNodes(s, "daily") != 1 {
		t.Skip("this build's useNodes is empty")
	}
	regular := l.account.countNodes(s, "vps")
	burst(l)
	must(l, vpsapi.CreateScheduledUpgrade, vpsapi.CreateScheduledUpgradeIn{ServerID: "1384", Label: "for good", ExtraSlices: 3})
	l.pass(60 * time.Hour)
	if d, v := l.account.countNodes(s, "daily"), l.account.countNodes(s, "vps"); d != 3 || v != regular+3 {
		t.Errorf("during the burst: %d daily and %d regular nodes, want 3 and %d", d, v, regular+3)
	}
	l.pass(60 * time.Hour)
	if d, v := l.account.countNodes(s, "daily"), l.account.countNodes(s, "vps"); d != 1 || v != regular+3 {
		t.Errorf("after the burst: %d daily and %d regular nodes, want 1 and %d", d, v, regular+3)
	}
}

func TestPermanentUpgradeIsDoneOnce(t *testing.T) {
	l := newLab(t)
	must(l, vpsapi.CreateScheduledUpgrade, vpsapi.CreateScheduledUpgradeIn{ServerID: "1384", Label: "for good", ExtraSlices: 1, RunAt: "2010-01-01 00:00"})
	if s := l.vm("1384"); isOn(s.PowerActionPending) {
		t.Error("it ran before the clock moved")
	}
	l.pass(time.Second)
	if s := l.vm("1384"); !isOn(s.PowerActionPending) {
		t.Error("an upgrade whose time has passed did not run at once")
	}
	l.pass(time.Hour)
	if got := listed(l, "1384"); got != "" {
		t.Errorf("still listed: %s", got)
	}
}

func TestUpgradeWaitsForABusyServer(t *testing.T) {
	l := newLab(t)
	s := l.vm("1384")
	burst(l)
	l.pass(time.Date(2014, 5, 8, 15, 59, 30, 0, time.UTC).Sub(l.clock))
	s.Running = ptr(vpsapi.Flag(false))
	must(l, vpsapi.RestoreServer, vpsapi.RestoreServerIn{ServerID: "1384", BackupID: "3774"})
	l.pass(time.Minute) // due, and the restore still runs
	l.pass(10 * time.Minute)
	if !s.schedules[0].active {
		t.Error("the upgrade was lost")
	}
}

func TestDeletingASchedule(t *testing.T) {
	t.Run("before its time", func(t *testing.T) {
		l := newLab(t)
		in := vpsapi.DeleteScheduledUpgradeIn{ServerID: "1384", ScheduleID: burst(l).ID}
		must(l, vpsapi.DeleteScheduledUpgrade, in)
		refused(l, vpsapi.DeleteScheduledUpgrade, in, 404, string(in.ScheduleID))
		l.pass(55*time.Hour - time.Second)
		for range 60 {
			if l.pass(time.Second); isOn(l.vm("1384").PowerActionPending) {
				t.Fatal("it ran all the same")
			}
		}
	})
	t.Run("under way", func(t *testing.T) {
		l := newLab(t)
		in := vpsapi.DeleteScheduledUpgradeIn{ServerID: "1384", ScheduleID: burst(l).ID}
		l.pass(56 * time.Hour)
		must(l, vpsapi.DeleteScheduledUpgrade, in)
		if !isOn(l.vm("1384").PowerActionPending) || listed(l, "1384") != "" {
			t.Error("the upgrade did not end at once")
		}
	})
}

func TestScheduleRulesOfTheService(t *testing.T) {
	l := newLab(t)
	for body, field := range map[string]string{
		`{}`:                                 `"label"`,
		`{"upgrade_schedule":{"label":"x"}}`: `"extra_slices"`,
		`{"upgrade_schedule":{"label":" ","extra_slices":1}}`:                         `"label"`,
		`{"upgrade_schedule":{"label":"x","extra_slices":0}}`:                         `"extra_slices"`,
		`{"upgrade_schedule":{"label":"x","extra_slices":1,"temporary":true}}`:        `"days"`,
		`{"upgrade_schedule":{"label":"x","extra_slices":1,"run_at":"tomorrow"}}`:     `"run_at"`,
		`{"upgrade_schedule":{"label":"x","extra_slices":1,"temporary":1,"days":-1}}`: `"days"`,
	} {
		status, reply := l.send("POST", "/virtual_machines/1384/upgrade_schedules.api10json", body)
		if status != http.StatusUnprocessableEntity || !strings.Contains(reply, field) {
			t.Errorf("%s: HTTP %d %s, want 422 with %s", body, status, reply, field)
		}
	}
}
