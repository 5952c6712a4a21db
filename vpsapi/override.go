package vpsapi

import (
	"fmt"
	"slices"
	"strings"
)

// routeCorrection is a function's route in place of its own.
type routeCorrection struct {
	route   Route
	without []string // members of the body that are not sent
}

// checkRoutes reads corrected routes. A correction keeps the function's
// placeholders and its class: a read is GET or POST, by no route of a change; a
// DELETE stays DELETE or POST, any other stays a change. After the path may stand
// which of the fields that decline monitoring are left out, for an account that
// refuses them: "POST /virtual_machines without server_monitoring_service_required".
func checkRoutes(routes map[string]string) (map[string]routeCorrection, error) {
	checked := map[string]routeCorrection{}
	for _, name := range sortedKeys(routes) {
		op, ok := Find(name)
		if !ok {
			return nil, fmt.Errorf("routes: %s is not a function of the API", Quote(name))
		}
		text, fields, leaves := strings.Cut(routes[name], " without ")
		route, err := checkOverride(op.Info(), text)
		checked[name] = routeCorrection{route: route}
		if err == nil && leaves {
			checked[name], err = parseOmittedFields(op, route, fields)
		}
		if err != nil {
			return nil, fmt.Errorf("routes: %s: %w", name, err)
		}
	}
	return checked, nil
}

// checkOverride returns the corrected route of a function, or why it may not have that.
func checkOverride(info Info, text string) (Route, error) {
	route := Route(strings.Join(strings.Fields(text), " "))
	method, path := route.Method(), route.Path()
	if len(info.RouteBy.Routes) > 0 {
		return "", fmt.Errorf("its route is documented and chosen by %s; it cannot be replaced", info.RouteBy.Arg)
	}
	if allowed := overrideMethods(info); !slices.Contains(allowed, method) {
		return "", fmt.Errorf("method %s: use %s", Quote(method), strings.Join(allowed, " or "))
	}
	if !overridePath(path) {
		return "", fmt.Errorf("path %s: give a path from the root such as %s, without host, query or suffix", Quote(path), info.Route.Path())
	}
	got, want := route.Placeholders(), info.Route.Placeholders()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return "", fmt.Errorf("path %s: it must have the placeholders of %s", Quote(path), info.Route.Path())
	}
	if changing := changeOfRoute(route); info.Safety == Reads && changing != "" {
		return "", fmt.Errorf("path %s: it is the route of %s, which changes something", Quote(path), changing)
	}
	return route, nil
}

// changeOfRoute names the function that changes something by a route; empty for none.
func changeOfRoute(route Route) string {
	for _, op := range Operations() {
		info := op.Info()
		if info.Safety == Reads {
			continue
		}
		for _, r := range info.Routes() {
			if r.Method() == route.Method() && placeholder.ReplaceAllString(r.Path(), "{}") == placeholder.ReplaceAllString(route.Path(), "{}") {
				return info.Name
			}
		}
	}
	return ""
}

// parseOmittedFields reads which fields a correction does not send.
func parseOmittedFields(op Operation, route Route, list string) (routeCorrection, error) {
	fields := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, field := range fields {
		if !slices.Contains(monitoringFields, field) || !declinesMonitoring(op) {
			return routeCorrection{}, fmt.Errorf("without %s: only %s can be left out, and only of functions that create a server", Quote(field), strings.Join(monitoringFields, " and "))
		}
	}
	return routeCorrection{route, fields}, nil
}

// declinesMonitoring reports a function that sends the fields that decline it.
func declinesMonitoring(op Operation) bool {
	switch op.NewIn().(type) {
	case *CreateServerIn, *CreateSSDServerIn:
		return true
	}
	return false
}

// overrideMethods returns the HTTP methods that a corrected route of the function may have.
func overrideMethods(info Info) []string {
	switch {
	case info.Safety == Reads:
		return []string{"GET", "POST"}
	case info.Route.Method() == "DELETE":
		return []string{"DELETE", "POST"}
	default:
		return []string{"POST", "PUT"}
	}
}

// overridePath takes plain segments and placeholders only.
func overridePath(path string) bool {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return false
	}
	for _, segment := range strings.Split(rest, "/") {
		plain := placeholder.ReplaceAllString(segment, "")
		if segment == "" || strings.Trim(plain, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || (plain != "" && plain != segment) {
			return false
		}
	}
	return true
}
