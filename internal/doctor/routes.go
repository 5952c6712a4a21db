package doctor

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
)

// routeCheck tries routes, and keeps what answered.
type routeCheck struct {
	settings *settings.Settings
	config   vpsapi.Config
	client   *vpsapi.Client
	samples  map[string]string
	answered map[string]string // by path: the reading function that was answered there
}

// routeFindings speak of every inferred route: of those that a read can check what
// answered, and of the others what is known of their paths.
func routeFindings(ctx context.Context, s *settings.Settings, config vpsapi.Config, client *vpsapi.Client) []Finding {
	check := &routeCheck{s, config, client, sampleIDs(ctx, client), map[string]string{}}
	var seen, changes []Finding
	for _, op := range vpsapi.Operations() {
		if info := op.Info(); info.Evidence == vpsapi.Inferred && info.Safety == vpsapi.Reads {
			seen = append(seen, check.checkRead(ctx, op))
		}
	}
	for _, op := range vpsapi.Operations() {
		if info := op.Info(); info.Evidence == vpsapi.Inferred && info.Safety != vpsapi.Reads {
			changes = append(changes, check.checkChange(info))
		}
	}
	return append(seen, changes...)
}

// checkRead calls a function that reads, to see whether its inferred route answers.
func (c *routeCheck) checkRead(ctx context.Context, op vpsapi.Operation) Finding {
	info := op.Info()
	check := "route of " + info.Name
	needs := info.Route.Placeholders()
	if info.Name == vpsapi.CheckIPExists.Name {
		needs = []string{"ip_address"}
	}
	given, missing := routeValues(needs, c.samples)
	if missing != "" {
		return Finding{check, StateNote, "cannot be tried: the account has no " + missing}
	}
	result, err := callRead(ctx, c.client, op, given)
	switch {
	case err != nil:
		return c.trySecond(ctx, op, given, Finding{check, StateFault, err.Error()})
	case result.Proposed != "":
		return c.secondAnswered(info.Name, result.Proposed)
	}
	route := c.configuredRoute(info)
	c.answered[route.Path()] = info.Name
	return Finding{check, StateOK, string(route) + " answers"}
}

// secondAnswered returns a function whose second candidate answers.
func (c *routeCheck) secondAnswered(tool string, route vpsapi.Route) Finding {
	c.answered[route.Path()] = tool
	return Finding{"route of " + tool, StateNote, "another route answers, " + string(route) + ": " + routeCorrection(tool, string(route))}
}

// trySecond tries the second candidate of a route that did not answer; after a 404 the
// client has tried it already, unless the route is a corrected one.
func (c *routeCheck) trySecond(ctx context.Context, op vpsapi.Operation, given map[string]string, first Finding) Finding {
	tool := op.Info().Name
	candidate, ok := vpsapi.SecondRoute(tool)
	if !ok {
		return first
	}
	route := string(candidate)
	other := *c.settings
	other.Routes = maps.Clone(c.settings.Routes)
	if other.Routes == nil {
		other.Routes = map[string]string{}
	}
	other.Routes[tool] = route
	client, err := newClient(&other, c.config)
	if err != nil || callFinding(ctx, client, "", op, given).State != StateOK {
		first.Says += "; nor does " + route + " answer"
		return first
	}
	return c.secondAnswered(tool, candidate)
}

// checkChange says what the answers to reads show about the route of a change; the change itself is not tried.
func (c *routeCheck) checkChange(info vpsapi.Info) Finding {
	f := Finding{"route of " + info.Name, StateOK, ""}
	route := c.configuredRoute(info)
	other, _ := vpsapi.SecondRoute(info.Name)
	by, elsewhere := c.answeredRead(route), c.answeredRead(other)
	switch {
	case by != "":
		f.Says = fmt.Sprintf("%s is not tried, as it changes something; but its path exists: %s got an answer there", route, by)
	case elsewhere != "":
		f.State = StateNote
		f.Says = fmt.Sprintf("%s is not tried, as it changes something; %s answered on another path: %s", route, elsewhere, routeCorrection(info.Name, string(other)))
		return f
	default:
		f.Says = fmt.Sprintf("%s is not tried, as it changes something", route)
	}
	if other != "" && (by == "" || other.Path() == route.Path()) {
		f.Says += ". If it answers 404: " + routeCorrection(info.Name, string(other))
	}
	return f
}

// answeredRead returns the reading function that was answered on a route's path, or on the
// list that the path is an element of.
func (c *routeCheck) answeredRead(r vpsapi.Route) string {
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

// configuredRoute returns a function's route as the settings have it.
func (c *routeCheck) configuredRoute(info vpsapi.Info) vpsapi.Route {
	if r, ok := c.settings.Routes[info.Name]; ok {
		return vpsapi.Route(r)
	}
	return info.Route
}

// routeCorrection returns the lines that correct a route.
func routeCorrection(tool, route string) string {
	return fmt.Sprintf("put into the config file:\nroutes:\n  %s: %q", tool, route)
}

// sampleIDs returns ids of the account's own things, for routes that need one.
func sampleIDs(ctx context.Context, client *vpsapi.Client) map[string]string {
	samples := map[string]string{}
	if servers, err := vpsapi.ListServers.Call(ctx, client, vpsapi.ListServersIn{}); err == nil && len(servers) > 0 {
		samples["server_id"] = string(servers[0].ID)
	}
	if templates, err := vpsapi.ListDNSTemplates.Call(ctx, client, vpsapi.ListDNSTemplatesIn{}); err == nil && len(templates) > 0 {
		samples["dns_template_id"] = string(templates[0].ID)
	}
	samples["ip_address"] = "192.0.2.1" // that of no one
	return samples
}

// routeValues returns the values that a function's request needs, or the first thing that
// the account has none of.
func routeValues(names []string, samples map[string]string) (given map[string]string, missing string) {
	given = map[string]string{}
	for _, name := range names {
		if samples[name] == "" {
			return nil, strings.TrimSuffix(name, "_id")
		}
		given[name] = samples[name]
	}
	return given, ""
}
