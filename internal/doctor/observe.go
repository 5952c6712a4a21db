package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
)

// Observation is what was seen of one reading function: routes, statuses and keys, and no value of the account.
type Observation struct {
	Function string          `json:"function"`
	Evidence vpsapi.Evidence `json:"evidence"`
	Route    vpsapi.Route    `json:"route"`
	Proposed vpsapi.Route    `json:"second_route_answered,omitempty"`
	Status   int             `json:"status,omitempty"`
	Failed   vpsapi.Kind     `json:"failed,omitempty"`
	Seen     []string        `json:"keys_seen,omitempty"`    // that the program knows
	Absent   []string        `json:"keys_absent,omitempty"`  // that it knows, and that no answer had
	Unknown  []string        `json:"keys_unknown,omitempty"` // that it does not know
	Skipped  string          `json:"skipped,omitempty"`
}

// Observe calls each reading function that the account has something for, and writes what was seen of it to a file, in a form that
// can be sent to whoever maintains the program.
func Observe(ctx context.Context, s *settings.Settings, path string) Finding {
	const check = "observe"
	config, err := s.Account()
	if err != nil {
		return Finding{check, StateFault, err.Error()}
	}
	client, err := newClient(s, config)
	if err != nil {
		return Finding{check, StateFault, err.Error()}
	}
	seen := observeAll(ctx, client)
	text, err := json.MarshalIndent(map[string]any{"program": "vpsnet-mcp " + settings.Version(), "functions": seen}, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), 0o600)
	}
	if err != nil {
		return Finding{check, StateFault, fmt.Sprintf("%s was not written: %v", path, err)}
	}
	return Finding{check, StateOK, fmt.Sprintf("%d functions, %d of them called, in %s: routes, statuses and keys, and no value of the account. "+
		"It may be sent with a report", len(seen), countCalled(seen), path)}
}

// countCalled counts the functions that were called.
func countCalled(seen []Observation) int {
	n := 0
	for _, o := range seen {
		if o.Skipped == "" {
			n++
		}
	}
	return n
}

// observeAll calls every reading function of the APIs that the client has credentials for.
func observeAll(ctx context.Context, client *vpsapi.Client) []Observation {
	given := observedIDs(ctx, client)
	var all []Observation
	for _, g := range vpsapi.All() {
		for _, op := range g.Operations {
			info := op.Info()
			if info.Safety != vpsapi.Reads || !client.HasAPI(info.API) {
				continue
			}
			all = append(all, observe(ctx, client, op, given))
		}
	}
	return all
}

// observe calls one function and says what was seen: status and keys, no values.
func observe(ctx context.Context, client *vpsapi.Client, op vpsapi.Operation, samples map[string]string) Observation {
	info := op.Info()
	o := Observation{Function: info.Name, Evidence: info.Evidence, Route: client.Route(info)}
	given, missing := routeValues(requiredFields(info), samples)
	if missing != "" {
		o.Skipped = "the account has no " + missing
		return o
	}
	result, err := callRead(ctx, client, op, given)
	var failed *vpsapi.Error
	switch {
	case errors.As(err, &failed):
		o.Status, o.Failed = failed.Status, failed.Kind
		return o
	case err != nil:
		o.Skipped = "it needs arguments that the doctor does not have"
		return o
	}
	o.Status, o.Proposed = http.StatusOK, result.Proposed
	o.Seen, o.Absent, o.Unknown = compareKeys(result.Out, result.Raw)
	return o
}

// requiredFields returns the fields without which a function cannot be called.
func requiredFields(info vpsapi.Info) []string {
	needs := info.Route.Placeholders()
	switch info.Name {
	case vpsapi.CheckIPExists.Name:
		needs = append(needs, "ip_address")
	case vpsapi.SearchServers.Name:
		needs = append(needs, "search")
	}
	return needs
}

// observedIDs returns samples of the account's own things, for every function that names one.
func observedIDs(ctx context.Context, client *vpsapi.Client) map[string]string {
	all := map[string]string{"search": "a", "ip_address": "192.0.2.1"}
	if client.HasAPI(vpsapi.Classic) {
		maps.Copy(all, sampleIDs(ctx, client))
	}
	first := func(field string, op vpsapi.Operation, given map[string]string, key string) {
		if result, err := callRead(ctx, client, op, given); err == nil {
			if id := firstValue(result.Raw, key); id != "" {
				all[field] = id
			}
		}
	}
	if client.HasAPI(vpsapi.Classic) {
		first("ssd_server_id", vpsapi.ListSSDServers, nil, "id")
		first("cloud_id", vpsapi.ListClouds, nil, "id")
		first("domain_id", vpsapi.ListDomains, nil, "id")
		first("ticket_id", vpsapi.ListTickets, nil, "id")
		first("invoice_no", vpsapi.ListInvoices, nil, "invoice_no")
		if all["domain_id"] != "" {
			first("record_id", vpsapi.ListDomainRecords, map[string]string{"domain_id": all["domain_id"]}, "id")
		}
		if cloud, err := vpsapi.ListClouds.Call(ctx, client, vpsapi.ListCloudsIn{}); err == nil {
			for _, c := range cloud {
				if len(c.SystemTemplates) > 0 {
					all["cloud_id"], all["system_template_id"] = string(c.ID), string(c.SystemTemplates[0].ID)
				}
			}
		}
	}
	if client.HasAPI(vpsapi.Platform) {
		if servers, err := vpsapi.ListPlatformServers.Call(ctx, client, vpsapi.ListPlatformServersIn{}); err == nil && len(servers) > 0 {
			all["platform_server_id"] = string(servers[0].ServerID())
		}
		first("ssh_key_id", vpsapi.ListPlatformSSHKeys, nil, "id")
		first("location_id", vpsapi.ListPlatformLocations, nil, "id")
	}
	return all
}
