package vpsapi

import (
	"context"
	"time"
)

// EditServerIn is what of a server changes; what is not given stays.
//
// The document demands slices_required on every edit, save where its example
// gives daily_nodes_required: WithPresentNodes fills in the one that fits.
type EditServerIn struct {
	ServerID               ServerID   `json:"server_id"`
	Label                  string     `json:"label,omitempty" jsonschema:"pattern=^[A-Za-z0-9 ._-]+$" jsonschema_description:"No special characters"`
	PublicFQDN             string     `json:"public_fqdn,omitempty" jsonschema_description:"New hostname, such as web01.example.com"`
	FQDN                   string     `json:"fqdn,omitempty" jsonschema:"-"` // goes out along with PublicFQDN, see Body
	ConsumerID             ConsumerID `json:"consumer_id,omitempty" jsonschema_description:"0 none; IPs of another consumer stop working"`
	BackupsEnabled         *Flag      `json:"backups_enabled,omitempty"`
	RsyncEnabled           *Flag      `json:"rsync_backups_enabled,omitempty"`
	R1SoftEnabled          *Flag      `json:"r1_soft_backups_enabled,omitempty"`
	SlicesRequired         *Int       `json:"slices_required,omitempty" jsonschema:"minimum=1" jsonschema_description:"Monthly nodes; without any count the present one is kept"`
	DailyNodesRequired     *Int       `json:"daily_nodes_required,omitempty" jsonschema:"minimum=1" jsonschema_description:"Daily nodes instead of monthly ones"`
	StorageNodesRequired   *Int       `json:"storage_nodes_required,omitempty" jsonschema:"minimum=0"`
	RAMNodesRequired       *Int       `json:"ram_nodes_required,omitempty" jsonschema:"minimum=0"`
	BandwidthNodesRequired *Int       `json:"bandwidth_nodes_required,omitempty" jsonschema:"minimum=0" jsonschema_description:"On selected clouds only"`
	Licenses               Licenses   `json:"licenses,omitempty"`
	DelayedStorage         *Flag      `json:"delayed_storage,omitempty" jsonschema_description:"Resize the disk later"`
	DelayedStorageUntil    string     `json:"delayed_storage_until,omitempty" jsonschema:"pattern=^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$" jsonschema_description:"YYYY-MM-DD HH:MM, US Eastern time"`
}

// Check finds faults that the schema cannot: which arguments go together.
func (in EditServerIn) Check() []Fault {
	faults := in.Licenses.check()
	if in.SlicesRequired != nil && in.DailyNodesRequired != nil {
		faults = append(faults, Fault{"daily_nodes_required", "a server has daily nodes instead of monthly ones; give slices_required or daily_nodes_required, not both"})
	}
	if in.DelayedStorageUntil != "" {
		if _, err := time.Parse(ScheduleTime, in.DelayedStorageUntil); err != nil {
			faults = append(faults, Fault{"delayed_storage_until", "not a moment: " + Quote(in.DelayedStorageUntil) + "; write it as YYYY-MM-DD HH:MM in US Eastern time"})
		}
	}
	return faults
}

// Body sends a hostname under both of its names, as the vendor's own client
// does; the document knows public_fqdn alone.
func (in EditServerIn) Body(o *Object) {
	switch {
	case in.FQDN == "" && in.PublicFQDN != "":
		o.Set("fqdn", in.PublicFQDN)
	case in.FQDN != "" && in.PublicFQDN == "":
		o.Set("public_fqdn", in.FQDN)
	}
}

// EditServer changes a server.
var EditServer = Op[EditServerIn, Raw]{
	Name: "edit_cloud_server", Title: "Edit cloud server",
	Doc:     "Change a cloud server's label, hostname, consumer, backups, nodes or licenses. Added nodes and licenses are billed; fewer nodes shrink it.",
	Heading: "EDIT a cloud server",
	Route:   "PUT /virtual_machines/{server_id}", Envelope: "virtual_machine", Reply: rawShape(),
	Safety: Commits, Evidence: Clients,
}

// WithPresentNodes gives the input with the server's present number of nodes
// under its own name, monthly or daily, when the input names neither: an edit
// that sends a wrong count would resize the server, or turn daily nodes into
// monthly ones. first is the server as it was just read; one that is locked by a
// task, or does not deny it, is read again. It takes no count that is in doubt or
// in motion: the error is an *InputError, or that of the read.
func (in EditServerIn) WithPresentNodes(ctx context.Context, c *Client, first Server) (EditServerIn, error) {
	if in.SlicesRequired != nil || in.DailyNodesRequired != nil {
		return in, nil
	}
	monthly, daily := presentNodes(first)
	if first.mayBeLocked() {
		again, err := GetServer.Call(ctx, c, GetServerIn{in.ServerID})
		if err != nil {
			return in, err
		}
		if m, d := presentNodes(again); m != monthly || d != daily {
			return in, unknownNodesError("its number of nodes is changing right now")
		}
	}
	switch {
	case monthly > 0 && daily > 0:
		return in, unknownNodesError("it has monthly and daily nodes at once")
	case daily > 0:
		in.DailyNodesRequired = &daily
	case monthly > 0:
		in.SlicesRequired = &monthly
	default:
		return in, unknownNodesError("the service does not say how many nodes it has")
	}
	return in, nil
}

// mayBeLocked reports a server that is locked by a task, such as a resize, or does not deny it.
func (s Server) mayBeLocked() bool {
	return s.PowerActionPending == nil || bool(*s.PowerActionPending) || s.Built != nil && !bool(*s.Built)
}

// presentNodes counts a server's monthly and daily nodes. slices_count stands in
// for the monthly ones where the service does not count by type.
func presentNodes(s Server) (monthly, daily Int) {
	switch {
	case s.RegularNodesCount != nil:
		monthly = *s.RegularNodesCount
	case s.SlicesCount != nil:
		monthly = *s.SlicesCount
	}
	if s.DailyNodesCount != nil {
		daily = *s.DailyNodesCount
	}
	return monthly, daily
}

// unknownNodesError returns the error of an edit for which the present number of nodes is not known.
func unknownNodesError(why string) error {
	return &InputError{EditServer.Name, []Fault{{"slices_required",
		"every edit sends the server's number of nodes, and " + why + "; give slices_required (monthly) or daily_nodes_required"}}}
}
