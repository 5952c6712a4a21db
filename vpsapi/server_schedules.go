package vpsapi

import "time"

// ScheduleTime is how the API takes moments of schedules and delays. The
// document names their time zone for delayed storage alone, US Eastern; it is
// assumed for schedules.
const ScheduleTime = "2006-01-02 15:04"

// ListScheduledUpgradesIn names a server.
type ListScheduledUpgradesIn struct {
	ServerID ServerID `json:"server_id"`
}

// ListScheduledUpgrades lists a server's scheduled upgrades.
var ListScheduledUpgrades = Op[ListScheduledUpgradesIn, Raw]{
	Name: "list_scheduled_upgrades", Title: "List scheduled upgrades",
	Doc:     "List a server's scheduled upgrades (bursts).",
	Heading: "Get Schedule Bursts of a cloud server.",
	Route:   "GET /virtual_machines/{server_id}/upgrade_schedules", Reply: rawShape(),
	Safety: Reads, Evidence: Inferred,
}

// CreateScheduledUpgradeIn describes an upgrade to come.
type CreateScheduledUpgradeIn struct {
	ServerID       ServerID `json:"server_id"`
	Label          string   `json:"label" jsonschema:"minLength=1"`
	ExtraSlices    Int      `json:"extra_slices" jsonschema:"minimum=1" jsonschema_description:"Nodes to add"`
	Temporary      *Flag    `json:"temporary,omitempty" jsonschema_description:"True reverts after days; otherwise permanent"`
	Days           *Int     `json:"days,omitempty" jsonschema:"minimum=1" jsonschema_description:"Required when temporary"`
	RunAt          string   `json:"run_at,omitempty" jsonschema_description:"YYYY-MM-DD HH:MM, presumably US Eastern"`
	DelayedStorage *Flag    `json:"delayed_storage,omitempty" jsonschema_description:"True leaves the disk as it is"`
}

// Check asks for the days of a temporary upgrade, and refuses those of a
// permanent one: it would be billed for longer than its author thinks.
func (in CreateScheduledUpgradeIn) Check() []Fault {
	var faults []Fault
	temporary := in.Temporary != nil && bool(*in.Temporary)
	switch {
	case temporary && in.Days == nil:
		faults = append(faults, Fault{"days", "a temporary upgrade needs its length in days"})
	case !temporary && in.Days != nil:
		faults = append(faults, Fault{"days", "only a temporary upgrade ends after days: set temporary to true, or leave days out"})
	}
	if _, err := time.Parse(ScheduleTime, in.RunAt); err != nil && in.RunAt != "" {
		faults = append(faults, Fault{"run_at", "not a time: " + Quote(in.RunAt) + "; give YYYY-MM-DD HH:MM such as 2014-05-08 12:00"})
	}
	return faults
}

// Body always says whether the upgrade is temporary: the document requires it.
func (in CreateScheduledUpgradeIn) Body(o *Object) {
	if in.Temporary == nil {
		o.Set("temporary", false)
	}
}

// CreateScheduledUpgrade arranges an upgrade of a server.
var CreateScheduledUpgrade = Op[CreateScheduledUpgradeIn, Raw]{
	Name: "create_scheduled_upgrade", Title: "Create scheduled upgrade",
	Doc:     "Schedule extra nodes for a server, for some days or for good. They are bought and billed. To upgrade now use edit_cloud_server.",
	Heading: "Create Scheduled Upgrade for a cloud server.",
	Route:   "POST /virtual_machines/{server_id}/upgrade_schedules", Envelope: "upgrade_schedule", Reply: rawShape(),
	Safety: Commits, Evidence: Inferred,
}

// DeleteScheduledUpgradeIn names a scheduled upgrade of a server.
type DeleteScheduledUpgradeIn struct {
	ServerID   ServerID   `json:"server_id"`
	ScheduleID ScheduleID `json:"schedule_id" jsonschema_description:"From list_scheduled_upgrades"`
}

// DeleteScheduledUpgrade cancels a scheduled upgrade. What it does to one that
// is under way is not documented.
var DeleteScheduledUpgrade = Op[DeleteScheduledUpgradeIn, Done]{
	Name: "delete_scheduled_upgrade", Title: "Delete scheduled upgrade",
	Doc:     "Cancel a server's scheduled upgrade. One that is under way may end at once, taking its nodes away.",
	Heading: "DELETE a Scheduled Upgrade of a cloud server.",
	Route:   "DELETE /virtual_machines/{server_id}/upgrade_schedules/{schedule_id}", Reply: noContent(),
	Safety: Destroys, Evidence: Inferred,
}
