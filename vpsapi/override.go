package vpsapi

import (
	"fmt"
	"slices"
	"strings"
)

// checkRoutes reads corrected routes. A correction keeps the function's
// placeholders and its class: a read stays GET (check_ip_exists may be POST), a
// DELETE stays DELETE or POST, any other stays a change.
func checkRoutes(routes map[string]string) (map[string]Route, error) {
	checked := map[string]Route{}
	for _, name := range sortedKeys(routes) {
		op, ok := Find(name)
		if !ok {
			return nil, fmt.Errorf("routes: %s is no function of the API", Quote(name))
		}
		route, err := checkOverride(op.Info(), routes[name])
		if err != nil {
			return nil, fmt.Errorf("routes: %s: %w", name, err)
		}
		checked[name] = route
	}
	return checked, nil
}

func checkOverride(info Info, text string) (Route, error) {
	route := Route(strings.Join(strings.Fields(text), " "))
	method, path := route.Method(), route.Path()
	if len(info.RouteBy.Routes) > 0 {
		return "", fmt.Errorf("its route depends on %s and stands in the document; it cannot be replaced", info.RouteBy.Arg)
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
	return route, nil
}

func overrideMethods(info Info) []string {
	switch {
	case info.Name == "check_ip_exists":
		return []string{"GET", "POST"}
	case info.Safety == Reads:
		return []string{"GET"}
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
