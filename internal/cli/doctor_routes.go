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
	"get_activity_log":           "GET /virtual_machines/{server_id}/activity_logs",
	"get_cloud_server_licenses":  "GET /virtual_machines/{server_id}/virtual_machine_licenses",
	"list_service_types":         "GET /domains/service_type_textkeys",
	"list_managed_services":      "GET /tickets/managed_services",
	"get_billing_info":           "GET /get_credits",
	"list_justified_ips":         "GET /ips/ip_justifications",
	"request_justified_ips":      "POST /ips/ip_justifications",
	"reassign_ip":                "POST /ips/{ip_id}/reassign",
	"edit_autoscaling":           "POST /virtual_machines/{server_id}/auto_scaling",
	"remove_dotdefender_license": "DELETE /virtual_machines/{server_id}/dotdefender_licenses",
	"list_dns_template_records":  "GET /dns_templates/{dns_template_id}/dns_template_records",
	"create_dns_template_record": "POST /dns_templates/{dns_template_id}/dns_template_records",
	"edit_dns_template_record":   "PUT /dns_templates/{dns_template_id}/dns_template_records/{record_id}",
	"delete_dns_template_record": "DELETE /dns_templates/{dns_template_id}/dns_template_records/{record_id}",
}

// routeCheck tries routes, and keeps what answered.
type routeCheck struct {
	*program
	settings *Settings
	server   *tools.Server
	samples  map[string]string
	answered map[string]string // by path: the reading function that was answered there
}

// routeFindings speak of every inferred route: of those that a read can check what
// answered, and of the others what is known of their paths.
func (p *program) routeFindings(ctx context.Context, s *Settings, server *tools.Server) []finding {
	check := &routeCheck{program: p, settings: s, server: server, samples: p.samples(ctx, s), answered: map[string]string{}}
	var seen, changes []finding
	for _, op := range vpsapi.Operations() {
		if info := op.Info(); info.Evidence == vpsapi.Inferred && info.Safety == vpsapi.Reads {
			seen = append(seen, check.read(ctx, info))
		}
	}
	for _, op := range vpsapi.Operations() {
		if info := op.Info(); info.Evidence == vpsapi.Inferred && info.Safety != vpsapi.Reads {
			changes = append(changes, check.change(info))
		}
	}
	return append(seen, changes...)
}

// read tries a reading function.
func (c *routeCheck) read(ctx context.Context, info vpsapi.Info) finding {
	check := "route of " + info.Name
	if !offers(c.server, info.Name) {
		return finding{check, stateNote, "not tried: the settings do not offer it"}
	}
	needs := info.Route.Placeholders()
	if info.Name == vpsapi.CheckIPExists.Name {
		needs = []string{"ip_address"}
	}
	arguments, missing := argumentsFor(needs, c.samples)
	if missing != "" {
		return finding{check, stateNote, "cannot be tried: the account has no " + missing}
	}
	f := callFinding(ctx, c.server, check, info.Name, arguments)
	if f.State == stateFault {
		return c.second(ctx, info.Name, arguments, f)
	}
	route := c.routeOf(info)
	c.answered[route.Path()] = info.Name
	f.Says = string(route) + " answers"
	return f
}

// second tries the second candidate of a route that did not answer.
func (c *routeCheck) second(ctx context.Context, tool, arguments string, first finding) finding {
	route, ok := second[tool]
	if !ok {
		return first
	}
	other := *c.settings
	other.Routes = maps.Clone(c.settings.Routes)
	if other.Routes == nil {
		other.Routes = map[string]string{}
	}
	other.Routes[tool] = route
	config, err := c.account(&other)
	if err != nil {
		return first
	}
	server, err := newServer(&other, config, zerolog.Nop(), tools.Options{})
	if err != nil || callFinding(ctx, server, "", tool, arguments).State != stateOK {
		first.Says += "; nor does " + route + " answer"
		return first
	}
	c.answered[vpsapi.Route(route).Path()] = tool
	return finding{first.Check, stateNote, "another one answers, " + route + ": " + toPaste(tool, route)}
}

// change says what the answers to reads tell of a change's route; it is not tried.
func (c *routeCheck) change(info vpsapi.Info) finding {
	f := finding{"route of " + info.Name, stateOK, ""}
	route, other := c.routeOf(info), vpsapi.Route(second[info.Name])
	by, elsewhere := c.readAt(route), c.readAt(other)
	switch {
	case by != "":
		f.Says = fmt.Sprintf("%s is not tried; its path answers to %s", route, by)
	case elsewhere != "":
		f.State = stateNote
		f.Says = fmt.Sprintf("%s is not tried; %s answers on another path: %s", route, elsewhere, toPaste(info.Name, string(other)))
		return f
	default:
		f.Says = fmt.Sprintf("%s is not tried: it changes something", route)
	}
	if other != "" && (by == "" || other.Path() == route.Path()) {
		f.Says += ". Should it answer 404: " + toPaste(info.Name, string(other))
	}
	return f
}

// readAt is the reading function that was answered on a route's path, or on the
// list that the path is an element of.
func (c *routeCheck) readAt(r vpsapi.Route) string {
	path := r.Path()
	if path == "" {
		return ""
	}
	if by := c.answered[path]; by != "" {
		return by
	}
	list := path[:strings.LastIndex(path, "/")]
	if strings.HasSuffix(path, "}") {
		return c.answered[list]
	}
	return ""
}

// routeOf is a function's route as the settings have it.
func (c *routeCheck) routeOf(info vpsapi.Info) vpsapi.Route {
	if r, ok := c.settings.Routes[info.Name]; ok {
		return vpsapi.Route(r)
	}
	return info.Route
}

// toPaste are the lines that correct a route.
func toPaste(tool, route string) string {
	return fmt.Sprintf("put into the config file:\nroutes:\n  %s: %q", tool, route)
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
