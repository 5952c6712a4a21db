package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// second are the routes that may be right where an inferred one is not.
var second = map[string]string{
	"get_activity_log":          "GET /virtual_machines/{server_id}/activity_logs",
	"get_cloud_server_licenses": "GET /virtual_machines/{server_id}/virtual_machine_licenses",
	"list_service_types":        "GET /domains/service_type_textkeys",
	"list_dns_template_records": "GET /dns_templates/{dns_template_id}/dns_template_records",
	"list_managed_services":     "GET /tickets/managed_services",
	"get_billing_info":          "GET /get_credits",
}

// routeFindings tries the inferred routes that a read can check.
func (p *program) routeFindings(ctx context.Context, s *Settings, server *tools.Server) []finding {
	samples := p.samples(ctx, s)
	var found []finding
	for _, op := range vpsapi.Operations() {
		info := op.Info()
		if info.Evidence != vpsapi.Inferred || info.Safety != vpsapi.Reads || !offers(server, info.Name) {
			continue
		}
		check := "route of " + info.Name
		needs := info.Route.Placeholders()
		if info.Name == vpsapi.CheckIPExists.Name {
			needs = []string{"ip_address"}
		}
		arguments, missing := argumentsFor(needs, samples)
		if missing != "" {
			found = append(found, finding{check, stateNote, "cannot be tried: the account has no " + missing})
			continue
		}
		f := callFinding(ctx, server, check, info.Name, arguments)
		if f.State == stateFault {
			f = p.secondFinding(ctx, s, info.Name, arguments, f)
		}
		found = append(found, f)
	}
	return found
}

// secondFinding tries the second candidate of a route that did not answer.
func (p *program) secondFinding(ctx context.Context, s *Settings, tool, arguments string, first finding) finding {
	route, ok := second[tool]
	if !ok {
		return first
	}
	other := *s
	other.Routes = maps.Clone(s.Routes)
	if other.Routes == nil {
		other.Routes = map[string]string{}
	}
	other.Routes[tool] = route
	server, err := p.server(&other, zerolog.Nop())
	if err != nil || callFinding(ctx, server, "", tool, arguments).State != stateOK {
		first.Says += "; nor does " + route + " answer"
		return first
	}
	return finding{first.Check, stateNote, fmt.Sprintf("another one answers. Put into the config file:\nroutes:\n  %s: %q", tool, route)}
}

// samples are ids of the account's own things, for routes that need one.
func (p *program) samples(ctx context.Context, s *Settings) map[string]string {
	samples := map[string]string{}
	config, err := p.account(s)
	if err != nil {
		return samples
	}
	config.Routes = s.Routes
	client, err := vpsapi.NewClient(config)
	if err != nil {
		return samples
	}
	if servers, err := vpsapi.ListServers.Call(ctx, client, vpsapi.ListServersIn{}); err == nil && len(servers) > 0 {
		samples["server_id"] = string(servers[0].ID)
	}
	if templates, err := vpsapi.ListDNSTemplates.Call(ctx, client, vpsapi.ListDNSTemplatesIn{}); err == nil && len(templates) > 0 {
		samples["dns_template_id"] = string(templates[0].ID)
	}
	samples["ip_address"] = "192.0.2.1" // that of no one
	return samples
}

func argumentsFor(names []string, samples map[string]string) (arguments, missing string) {
	given := map[string]string{}
	for _, name := range names {
		if samples[name] == "" {
			return "", strings.TrimSuffix(name, "_id")
		}
		given[name] = samples[name]
	}
	text, _ := json.Marshal(given)
	return string(text), ""
}
