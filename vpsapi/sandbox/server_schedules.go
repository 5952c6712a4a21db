package sandbox

import (
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // schedules are in US Eastern wherever the sandbox runs

	"vpsnet-mcp/vpsapi"
)

// schedule is a scheduled upgrade; a temporary one is active between its run and
// its end.
type schedule struct {
	vpsapi.Schedule
	active bool
}

// upgradeTime is how long a server is locked while its nodes change.
const upgradeTime = time.Minute

// eastern is the zone of the moments that the API takes without one.
var eastern = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return time.UTC
	}
	return zone
})

// listScheduledUpgrades answers list_scheduled_upgrades from the account in memory.
func listScheduledUpgrades(a *account, in vpsapi.ListScheduledUpgradesIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	all := make([]vpsapi.Object, len(s.schedules))
	for i, sch := range s.schedules {
		all[i] = sch.wrapped()
	}
	return vpsapi.RawOf(all)
}

// createScheduledUpgrade runs one whose moment has passed at once, as the
// document's own example would have to.
func createScheduledUpgrade(a *account, in vpsapi.CreateScheduledUpgradeIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	switch {
	case err != nil:
		return nil, err
	case strings.TrimSpace(in.Label) == "":
		return nil, invalid("label", "can't be blank")
	case in.ExtraSlices < 1:
		return nil, invalid("extra_slices", "must be greater than 0")
	case in.Days != nil && *in.Days < 1:
		return nil, invalid("days", "must be greater than 0")
	}
	runAt := a.now
	if in.RunAt != "" {
		if runAt, err = time.ParseInLocation(vpsapi.ScheduleTime, in.RunAt, eastern()); err != nil {
			return nil, invalid("run_at", "is invalid")
		}
	}
	sch := &schedule{Schedule: vpsapi.Schedule{
		ID: newID[vpsapi.Schedule](a), Label: vpsapi.Text(in.Label), ExtraSlices: &in.ExtraSlices,
		Temporary: ptr(vpsapi.Flag(isOn(in.Temporary))), Days: in.Days,
		RunAt: vpsapi.Time(runAt.In(eastern()).Format(time.RFC3339)), DelayedStorage: ptr(vpsapi.Flag(isOn(in.DelayedStorage))),
	}}
	s.schedules = append(s.schedules, sch)
	s.showSchedules()
	a.logAction(s, "create_upgrade_schedule", "complete")
	a.schedule(max(0, runAt.Sub(a.now)), func() { a.runUpgrade(s, sch) })
	return vpsapi.RawOf(sch.wrapped())
}

// deleteScheduledUpgrade cancels an upgrade to come, and ends at once one that
// is under way.
func deleteScheduledUpgrade(a *account, in vpsapi.DeleteScheduledUpgradeIn) (vpsapi.Done, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	i := slices.IndexFunc(s.schedules, func(sch *schedule) bool { return sch.ID == in.ScheduleID })
	if i < 0 {
		return vpsapi.Done{}, notFound("Upgrade schedule", in.ScheduleID)
	}
	sch := s.schedules[i]
	if sch.active {
		if err := requireIdle(s); err != nil {
			return vpsapi.Done{}, err
		}
		a.endUpgrade(s, sch)
		return vpsapi.Done{}, nil
	}
	s.dropSchedule(sch)
	a.logAction(s, "destroy_upgrade_schedule", "complete")
	return vpsapi.Done{}, nil
}

// runUpgrade adds a schedule's nodes: daily ones for a temporary upgrade, which
// then ends by itself. A busy server is tried again later.
func (a *account) runUpgrade(s *server, sch *schedule) {
	switch {
	case !a.scheduled(s, sch):
		return
	case requireIdle(s) != nil:
		a.schedule(upgradeTime, func() { a.runUpgrade(s, sch) })
		return
	}
	sch.active = true
	a.pending(s, upgradeTime, "upgrade", func() {
		if isOn(sch.DelayedStorage) {
			s.DelayedStorage = ptr(vpsapi.Flag(true))
		}
		a.changeNodes(s, sch, int(*sch.ExtraSlices))
		if !isOn(sch.Temporary) {
			s.dropSchedule(sch)
			return
		}
		a.schedule(time.Duration(*sch.Days)*24*time.Hour, func() { a.endUpgrade(s, sch) })
	})
}

// endUpgrade takes the nodes of a temporary upgrade away again.
func (a *account) endUpgrade(s *server, sch *schedule) {
	switch {
	case !a.scheduled(s, sch):
		return
	case requireIdle(s) != nil:
		a.schedule(upgradeTime, func() { a.endUpgrade(s, sch) })
		return
	}
	s.dropSchedule(sch)
	a.pending(s, upgradeTime, "downgrade", func() { a.changeNodes(s, sch, -int(*sch.ExtraSlices)) })
}

// changeNodes gives a server the nodes of a scheduled upgrade, or takes them back (by is negative).
func (a *account) changeNodes(s *server, sch *schedule, by int) {
	kind := "vps"
	if isOn(sch.Temporary) {
		kind = "daily"
	}
	a.setNodes(s, kind, max(0, a.countNodes(s, vpsapi.Text(kind))+by))
}

// scheduled reports a schedule that is still on a server that still lives.
func (a *account) scheduled(s *server, sch *schedule) bool {
	live, err := a.server(s.ID)
	return err == nil && live == s && slices.Contains(s.schedules, sch)
}

// dropSchedule takes a scheduled upgrade off its server.
func (s *server) dropSchedule(sch *schedule) {
	s.schedules = removeFirst(s.schedules, func(other *schedule) bool { return other == sch })
	s.showSchedules()
}

// showSchedules puts the schedules into the server's own object.
func (s *server) showSchedules() {
	s.UpgradeSchedules = nil
	for _, sch := range s.schedules {
		if raw, err := vpsapi.RawOf(sch.wrapped()); err == nil {
			s.UpgradeSchedules = append(s.UpgradeSchedules, raw)
		}
	}
}

// wrapped returns the schedule in the envelope that the service puts around it.
func (sch *schedule) wrapped() vpsapi.Object {
	return vpsapi.Object{{Key: "upgrade_schedule", Value: sch.Schedule}}
}
