// Package doctor finds what is wrong with an installation: its settings, files, state,
// credentials, the way to the service, and the clients that are connected.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// Finding is what one check of the doctor saw.
type Finding struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, note, fault
	Says  string `json:"says"`
}

// The states of a finding.
const (
	// StateOK is the state of a finding without a fault.
	StateOK   = "ok"
	StateNote = "note" // worth knowing; nothing is broken
	// StateFault is the state of a finding that something is broken.
	StateFault = "fault"
)

// Examine checks everything that the settings name, and goes on after a fault. It
// only reads; with routes it also tries the inferred routes that a read can check.
func Examine(ctx context.Context, s *settings.Settings, system setup.System, routes bool) []Finding {
	seen := settingsFindings(s)
	seen = append(seen, fileFindings(s)...)
	seen = append(seen, accountsFinding(s), policyFinding(s), stateFinding(ctx, s), auditFinding(s), tracesFinding(s))
	seen = append(seen, hostingFindings(ctx, s)...)
	clients := clientFindings(system)
	if !s.IsHosted() && !s.NamesAccount() && useSandboxAlone(clients) {
		seen = append(seen, Finding{"account", StateNote, "none is set up, and none is needed: the clients use the embedded VPS.NET alone; vpsnet-mcp setup connects yours"})
	} else {
		if !s.Sandbox {
			seen = append(seen, connectionFindings(ctx, s)...)
		}
		seen = append(seen, accountFindings(ctx, s, routes)...)
	}
	seen = append(seen, clients...)
	return slices.DeleteFunc(seen, func(f Finding) bool { return f.Says == "" })
}

// accountFindings are what needs credentials, and what a model is offered.
func accountFindings(ctx context.Context, s *settings.Settings, routes bool) []Finding {
	config, err := s.Account()
	if err != nil {
		if s.IsHosted() && (s.Hosted.Accounts != "" || s.Hosted.RequestCreds) {
			return []Finding{{"credentials", StateOK, "the server has no account of its own: each caller has one"}}
		}
		return []Finding{{"credentials", StateFault, err.Error()}}
	}
	server, err := settings.NewServer(s, config, zerolog.Nop(), tools.Options{})
	if err != nil {
		return []Finding{{"tools", StateFault, err.Error()}}
	}
	client, err := newClient(s, config)
	if err != nil {
		return []Finding{{"credentials", StateFault, err.Error()}}
	}
	var seen []Finding
	if client.HasAPI(vpsapi.Classic) {
		seen = append(seen, callFinding(ctx, client, "credentials", vpsapi.GetProfile, nil))
	}
	if client.HasAPI(vpsapi.Platform) {
		seen = append(seen, callFinding(ctx, client, "platform token", vpsapi.ListPlatformLocations, nil))
	}
	older := client.HasAPI(vpsapi.Classic) && seen[0].State == StateOK
	seen = append(seen, toolsFinding(server))
	if routes && older {
		seen = append(seen, routeFindings(ctx, s, config, client)...)
	}
	return seen
}

// newClient returns the account's client with the settings' routes.
func newClient(s *settings.Settings, config vpsapi.Config) (*vpsapi.Client, error) {
	config.Routes, config.UserAgent = s.Routes, "vpsnet-mcp/"+settings.Version()
	return vpsapi.NewClient(config)
}

// toolsFinding returns what a model is given with every request.
func toolsFinding(server *tools.Server) Finding {
	list := server.List()
	size := 0
	for i := range list {
		text, _ := json.Marshal(map[string]any{"name": list[i].Name, "description": list[i].Description, "input_schema": list[i].RawInputSchema})
		size += len(text)
	}
	says := fmt.Sprintf("%d, about %d tokens of a model's context", len(list), size/5*10/9)
	if len(list) > 40 {
		says += "; a client with a lower limit cuts the list: offer fewer with --toolsets, or use --surface search"
	}
	return Finding{"tools", StateOK, says}
}

// callFinding makes one call of a reading function. It asks the service itself:
// what a model is offered says nothing of whether the service answers.
func callFinding(ctx context.Context, client *vpsapi.Client, check string, op vpsapi.Operation, given map[string]string) Finding {
	if _, err := callRead(ctx, client, op, given); err != nil {
		return Finding{check, StateFault, err.Error()}
	}
	return Finding{check, StateOK, op.Info().Name + " answers"}
}

// callRead calls a function that reads, with the arguments given, and returns its reply.
func callRead(ctx context.Context, client *vpsapi.Client, op vpsapi.Operation, given map[string]string) (vpsapi.Result, error) {
	in, _, err := op.DecodeRequest(given, nil)
	if err != nil {
		return vpsapi.Result{}, err
	}
	return op.Do(ctx, client, in)
}
