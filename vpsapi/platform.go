package vpsapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// PlatformServers is the group of functions of the newer API. Nobody has
// published a document of it: what is known is read off public programs, and
// each function's evidence says of which kind.
var PlatformServers = Group{Name: "platform", Title: "SSD servers of the newer API", Operations: []Operation{
	ListPlatformServers, GetPlatformServer, GetPlatformServerStatus, CreatePlatformServer, DeletePlatformServer,
	StartPlatformServer, PowerOffPlatformServer, RebootPlatformServer, RecoveryRebootPlatformServer, ResetPlatformPassword,
	ListPlatformPlans, ListPlatformLocations, ListPlatformSystems, ListPlatformTemplates, ListPlatformStatusUpdates,
	ListPlatformSSHKeys, GetPlatformSSHKey, CreatePlatformSSHKey, RenamePlatformSSHKey, DeletePlatformSSHKey,
}}

// PlatformServerID names a server of the newer API, which knows it by its
// location and an id of its own: "117-5023". The location's is a number. The own
// one is opaque, and may hold letters and dashes; it is a segment of paths.
type PlatformServerID string

// NewPlatformServerID joins a location's id and a server's own.
func NewPlatformServerID(location LocationID, own Text) PlatformServerID {
	return PlatformServerID(string(location) + "-" + string(own))
}

// Location is the id of the server's location.
func (id PlatformServerID) Location() LocationID {
	location, _ := id.split()
	return LocationID(location)
}

// split returns the location's id and the server's own id.
func (id PlatformServerID) split() (location, own string) {
	location, own, _ = strings.Cut(string(id), "-")
	return location, own
}

// validID implements identifier.
func (id PlatformServerID) validID() error {
	const legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:~"
	location, own := id.split()
	if validID(location) != nil || own == "" || own == "." || own == ".." || len(own) > 80 || strings.Trim(own, legal) != "" {
		return fmt.Errorf("not a server id of the newer API: %s; give LOCATION-ID such as 117-5023, as list_platform_servers shows it", Quote(string(id)))
	}
	return nil
}

// UnmarshalJSON takes the id as text.
func (id *PlatformServerID) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(id)) }

// AnyServerID names a server of either API: a ServerID, or a PlatformServerID,
// which is told by its dash.
type AnyServerID string

// Newer gives the id of a server of the newer API, where it is one.
func (id AnyServerID) Newer() (PlatformServerID, bool) {
	return PlatformServerID(id), strings.Contains(string(id), "-")
}

// validID implements identifier, for ids of both APIs.
func (id AnyServerID) validID() error {
	if newer, ok := id.Newer(); ok {
		return newer.validID()
	}
	return validID(string(id))
}

// UnmarshalJSON takes the id as a number or as text.
func (id *AnyServerID) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(id)) }

// IsPlatformServerID reports a text that has the form of a server's id of the
// newer API.
func IsPlatformServerID(s string) bool { return PlatformServerID(s).validID() == nil }

// The placeholders of a route that a PlatformServerID fills.
const (
	// locationField is the placeholder of a route for the location in a PlatformServerID.
	locationField = "location_id"
	// serverField is the placeholder of a route for the server in a PlatformServerID.
	serverField = "server_id"
)

// withJoinedServerID gives the values of a request's path and query with both parts of
// a server's id put together again, where the function takes one.
func withJoinedServerID(info Info, values map[string]string) map[string]string {
	for _, f := range fieldsOf(info.In) {
		if info.In.FieldByIndex(f.index).Type != platformIDType {
			continue
		}
		joined := maps.Clone(values)
		joined[f.name] = values[locationField] + "-" + values[serverField]
		delete(joined, locationField)
		delete(joined, serverField)
		return joined
	}
	return values
}

// The envelope of the newer API's replies. Which of the two keys holds the
// status differs by function.
const (
	// dataKey is the key of the newer API's replies that holds what was asked for.
	dataKey = "data"
	// statusKey is the key of the status in some of the newer API's replies.
	statusKey = "status_code"
	// statusCodeKey is the key of the status in the other ones.
	statusCodeKey = "statusCode"
)

// platformEnvelope returns a shape inside the newer API's envelope. The last three say how a
// server writes it: the key and value of the status, and the message.
func platformEnvelope[T any](s Shape[T], key string, status int, message string) Shape[T] {
	return Shape[T]{
		decode: func(b []byte) (T, error) {
			var none T
			if name, inner := unwrapKey(b, dataKey); name == dataKey && !isNull(inner) {
				return s.decode(inner)
			}
			if _, ok := any(none).(Done); ok {
				return none, nil
			}
			return none, errNoKey(dataKey, b)
		},
		encode: func(v T) ([]byte, error) {
			data, err := s.encode(v)
			if err != nil {
				return nil, err
			}
			if len(data) == 0 {
				data = []byte("[]")
			}
			return encodeWire(Object{{key, status}, {"message", message}, {dataKey, json.RawMessage(data)}})
		},
	}
}

// isNull reports the JSON value null.
func isNull(b []byte) bool { return string(b) == "null" }

// PlatformStatus is the status that a reply of the newer API has in its
// envelope; 0 when it has none.
func PlatformStatus(body []byte) int {
	var envelope map[string]json.RawMessage
	if json.Unmarshal(body, &envelope) != nil {
		return 0
	}
	for _, key := range []string{statusKey, statusCodeKey, "status"} {
		var n Int
		if v, ok := envelope[key]; ok && json.Unmarshal(v, &n) == nil && n >= 100 && n < 600 {
			return int(n)
		}
	}
	return 0
}

// platformStatus is the status to judge a success of the newer API by: a
// refusal may stand in its envelope alone.
func platformStatus(status int, body []byte, valid bool) int {
	if own := PlatformStatus(body); valid && own >= 300 {
		return own
	}
	if status >= 200 {
		return 200
	}
	return status
}

// CreatePlatformServerIn is a new server of the newer API.
type CreatePlatformServerIn struct {
	LocationID       LocationID         `json:"location_id" jsonschema_description:"From list_platform_locations; no cloud_id"`
	Label            string             `json:"label" jsonschema:"minLength=1"`
	Hostname         string             `json:"hostname" jsonschema_description:"Such as web1.example.com; no other server may have it"`
	ProductName      string             `json:"product_name" jsonschema:"minLength=1" jsonschema_description:"Of a plan, from list_platform_plans"`
	OSComponentCode  string             `json:"os_component_code,omitempty" jsonschema_description:"From list_platform_systems; or custom_template_id"`
	CustomTemplateID PlatformTemplateID `json:"custom_template_id,omitempty" jsonschema_description:"From list_platform_templates"`
	SSHKeyID         SSHKeyID           `json:"ssh_key_id,omitempty" jsonschema_description:"Required where the location's ssh_key_required is true"`
	Backups          Flag               `json:"backups,omitempty" jsonschema_description:"Backup protection, billed"`
}

// Check finds faults that the schema cannot: which arguments go together.
func (in CreatePlatformServerIn) Check() []Fault {
	var faults []Fault
	if (in.OSComponentCode == "") == (in.CustomTemplateID == "") {
		faults = append(faults, Fault{"os_component_code", "give either os_component_code or custom_template_id"})
	}
	if host, domain, ok := strings.Cut(in.Hostname, "."); !ok || host == "" || domain == "" {
		faults = append(faults, Fault{"hostname", "not a full hostname: " + Quote(in.Hostname) + "; give one such as web1.example.com"})
	}
	return faults
}

// Body sends both flags always, as the program in production does. Billing is
// by the month: by its author's word hourly billing does not exist yet.
func (in CreatePlatformServerIn) Body(o *Object) {
	o.Set("backups", in.Backups)
	o.Set("bill_hourly", false)
}

// CreatePlatformServer buys and builds a server. The reply has no id, and the
// server may be missing from ListPlatformServers for ten minutes and more: it is
// found by its hostname, and creating it again buys another.
var CreatePlatformServer = Op[CreatePlatformServerIn, Done]{
	Name: "create_platform_server", Title: "Create SSD server (newer API)", API: Platform,
	Doc:   "Buy and build an SSD server, billed monthly from now. It is listed within minutes, found by its hostname; never create it twice.",
	Route: "POST /ssd-vps/locations/{location_id}/servers", Reply: platformEnvelope(noContent(), statusKey, 201, "Created SSD Virtual Machine"),
	Safety: Commits, Evidence: Production,
}

// DeletePlatformServerIn names a server of the newer API.
type DeletePlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// DeletePlatformServer deletes a server. Nothing is known of a grace period, nor
// of what becomes of the month that was paid.
var DeletePlatformServer = Op[DeletePlatformServerIn, Done]{
	Name: "delete_platform_server", Title: "Delete SSD server (newer API)", API: Platform,
	Doc:   "Delete an SSD server of the newer API with its disk; no way back is known.",
	Route: "DELETE /ssd-vps/locations/{location_id}/servers/{server_id}", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Virtual Machine Deleted"),
	Safety: Destroys, Evidence: Production,
}

// ResetPlatformPasswordIn is a new root password for a server.
type ResetPlatformPasswordIn struct {
	ID          PlatformServerID `json:"platform_server_id"`
	NewPassword Secret           `json:"new_password" jsonschema:"minLength=6,maxLength=32"`
}

// Check tells the password's length, which is told without the password.
func (in ResetPlatformPasswordIn) Check() []Fault {
	if n := len([]rune(string(in.NewPassword))); n < 6 || n > 32 {
		return []Fault{{"new_password", fmt.Sprintf("%d characters; give 6 to 32", n)}}
	}
	return nil
}

// ResetPlatformPassword sets a server's root password. The service also takes
// none, and would make one; where it would tell it is not known, so one is
// demanded here.
var ResetPlatformPassword = Op[ResetPlatformPasswordIn, Done]{
	Name: "reset_platform_password", Title: "Reset root password (newer API)", API: Platform,
	Doc:   "Set the root password of an SSD server of the newer API; the old one stops working. It may restart the server.",
	Route: "POST /ssd-vps/locations/{location_id}/servers/{server_id}/password-reset", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Password Reset"),
	Safety: Disrupts, Evidence: SisterBrand,
}
