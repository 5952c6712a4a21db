package vpsapi

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
)

// apiSuffix ends every path of the older API on the wire, save those of documents.
const apiSuffix = ".api10json"

// Request is what goes to the service for one call, before authentication.
type Request struct {
	Op     string
	API    API
	Safety Safety
	Method string
	Route  Route  // the template, for logs and metrics
	Path   string // filled and escaped, without the suffix
	Suffix string
	Query  url.Values
	Body   []byte // JSON; nil for none
}

// URL is the request's path and query below the service's base URL.
func (r Request) URL() string {
	u := r.Path + r.Suffix
	if len(r.Query) > 0 {
		u += "?" + r.Query.Encode()
	}
	return u
}

// bodyEditor is an input whose body needs more than the one rule gives: it changes
// the members that are about to be sent. A list in a test names each and why.
type bodyEditor interface {
	Body(o *Object)
}

// pathMaker is an input whose path or query needs more than the one rule gives.
type pathMaker interface {
	Path(values map[string]string, query url.Values)
}

// encode checks an input and makes its request.
func encode(info Info, in any) (Request, error) {
	if faults := Check(in); len(faults) > 0 {
		return Request{}, &InputError{info.Name, faults}
	}
	request, err := fillRequest(info, in)
	if err != nil {
		return Request{}, &InputError{info.Name, []Fault{{Message: err.Error()}}}
	}
	return request, nil
}

// fillRequest returns the one rule that makes a request: route fields fill the route; on
// GET the rest is the query, otherwise the body, in the function's envelope.
func fillRequest(info Info, in any) (Request, error) {
	v := reflect.ValueOf(in)
	route := info.Route
	values, query, body := map[string]string{}, url.Values{}, Object{}
	for _, f := range fieldsOf(v.Type()) {
		fv := v.FieldByIndex(f.index)
		if id, ok := fv.Interface().(PlatformServerID); ok {
			values[locationField], values[serverField] = id.split()
			continue
		}
		switch {
		case f.name == info.RouteBy.Arg:
			if r, ok := info.RouteBy.Routes[fv.String()]; ok {
				route = r
			}
		case slices.Contains(info.Route.Placeholders(), f.name):
			values[f.name] = fv.String()
			if f.body != "" {
				body.Set(f.body, taggedValue{fv, f.wire})
			}
		case isAbsent(fv, f):
		case info.Route.Method() == "GET":
			setQuery(query, f.name, fv)
		default:
			body.Set(f.name, taggedValue{fv, f.wire})
		}
	}
	if p, ok := in.(pathMaker); ok {
		p.Path(values, query)
	}
	if b, ok := in.(bodyEditor); ok {
		b.Body(&body)
	}
	for _, m := range info.Fixed {
		body.Set(m.Key, m.Value)
	}
	body = slices.DeleteFunc(body, func(m Member) bool { return slices.Contains(info.without, m.Key) })
	path, err := route.fill(values)
	if err != nil {
		return Request{}, err
	}
	request := Request{Op: info.Name, API: info.API, Safety: info.Safety, Method: route.Method(), Route: route, Path: path, Suffix: info.Suffix, Query: query}
	request.Body, err = encodeBody(info, body)
	return request, err
}

// encodeBody returns the JSON of a request's body, in the function's envelope; nil for GET or no body.
func encodeBody(info Info, body Object) ([]byte, error) {
	if len(body) == 0 || info.Route.Method() == "GET" {
		return nil, nil
	}
	if info.Envelope != "" {
		body = Object{{info.Envelope, body}}
	}
	return encodeWire(body)
}

// setQuery leaves a false flag out: of ?basic and ?new the service looks at the
// key alone.
func setQuery(query url.Values, name string, v reflect.Value) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Bool || v.Bool() {
		query.Set(name, fmt.Sprint(v.Interface()))
	}
}

// sortedKeys returns a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
