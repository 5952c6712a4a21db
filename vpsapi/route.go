package vpsapi

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Route is the method and path template of a function, such as
// "DELETE /virtual_machines/{server_id}". It serves the client, which fills the
// placeholders, and the sandbox's router.
type Route string

// Method is the HTTP method.
func (r Route) Method() string {
	method, _, _ := strings.Cut(string(r), " ")
	return method
}

// Path is the template without the method.
func (r Route) Path() string {
	_, path, _ := strings.Cut(string(r), " ")
	return path
}

// placeholder finds the fields of a route, such as {server_id}.
var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// Placeholders lists the names of the route's fields in their order.
func (r Route) Placeholders() []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(string(r), -1) {
		names = append(names, m[1])
	}
	return names
}

// fill puts escaped values into the placeholders.
func (r Route) fill(values map[string]string) (string, error) {
	var missing string
	path := placeholder.ReplaceAllStringFunc(r.Path(), func(p string) string {
		v := values[p[1:len(p)-1]]
		if v == "" || v == "." || v == ".." {
			missing = p
		}
		return url.PathEscape(v)
	})
	if missing != "" {
		return "", fmt.Errorf("route %s: no value for %s", r, missing)
	}
	return path, nil
}
