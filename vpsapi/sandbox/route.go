package sandbox

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// handler serves one function of the API.
type handler struct {
	op    vpsapi.Operation
	serve func(a *account, in any) (any, error)
	// refuse makes the answer to bad input from pairs of field and message:
	// invalid, but for the few functions that answer with a status 200.
	refuse func(pairs ...string) error
	// adapt takes out of an input what the client refuses and public programs send;
	// nil for nothing.
	adapt func(in any) any
}

// handle ties a function to what serves it. The types are the function's own: a
// handler of a wrong shape does not compile.
func handle[In, Out any](op vpsapi.Op[In, Out], serve func(a *account, in In) (Out, error)) handler {
	return handler{op: op, serve: func(a *account, in any) (any, error) { return serve(a, in.(In)) }, refuse: invalid}
}

// refusing replaces the answer to bad input.
func (h handler) refusing(refuse func(pairs ...string) error) handler {
	h.refuse = refuse
	return h
}

// handlers lists what serves every function of the API.
func handlers() []handler {
	return slices.Concat(serverHandlers(), ssdHandlers(), serverFeatureHandlers(), nodeHandlers(), ipHandlers(), backupHandlers(), cloudHandlers(),
		dnsHandlers(), ticketHandlers(), templateHandlers(), invoiceHandlers(), profileHandlers(), oldClientHandlers(), platformHandlers())
}

// newMux registers each route once; functions that share one are told apart by
// their fixed fields and required query.
func newMux(s *Sandbox) *http.ServeMux {
	shared := map[vpsapi.Route][]handler{}
	for _, h := range handlers() {
		for _, r := range h.op.Info().Routes() {
			shared[r] = append(shared[r], h)
		}
	}
	mux := http.NewServeMux()
	for route, hs := range shared {
		mux.HandleFunc(muxPattern(hs[0].op.Info().API, route), func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route, hs) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { writeRefusal(w, unknownPage) })
	mux.HandleFunc(platformPath+"/", func(w http.ResponseWriter, r *http.Request) {
		writeRefusal(w, platformRefusal(http.StatusNotFound, "Not Found"))
	})
	return mux
}

// muxPattern returns a function's route as the mux has it.
func muxPattern(api vpsapi.API, route vpsapi.Route) string {
	if api == vpsapi.Platform {
		return route.Method() + " " + platformPath + route.Path()
	}
	return string(route)
}

// maxBody bounds the body of a request.
const maxBody = 4 << 20

// ServeHTTP answers a request as the services would: the newer API below
// /rest-api, the older one elsewhere. What ends a path is taken off first, the
// older one's suffix (.api10json, .pdf), which is not a legal pattern of a ServeMux,
// and the slash that the newer one takes.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	newer := strings.HasPrefix(r.URL.Path, platformPath+"/")
	switch {
	case newer && subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Token")), []byte(Token)) == 0:
		writeRefusal(w, badToken)
		return
	case !newer && !s.authenticated(r):
		writeRefusal(w, badCredentials)
		return
	}
	r = r.Clone(r.Context())
	suffixes := []string{".api10json", ".pdf"}
	if newer {
		suffixes = []string{"/"}
	}
	r.URL.Path, r.URL.RawPath = normalizePath(r.URL.Path, suffixes), normalizePath(r.URL.RawPath, suffixes)
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.mux.ServeHTTP(w, r)
}

// normalizePath takes off a path what leads to the same function without it: the
// suffix, and slashes beside others, which public clients send.
func normalizePath(path string, suffixes []string) string {
	path = repeatedSlashes.ReplaceAllString(path, "/")
	for _, suffix := range suffixes {
		path = strings.TrimSuffix(path, suffix)
	}
	return path
}

// repeatedSlashes finds slashes that old clients write twice in a path.
var repeatedSlashes = regexp.MustCompile("//+")

// authenticated reports a request with the account's e-mail address and API key (HTTP Basic).
func (s *Sandbox) authenticated(r *http.Request) bool {
	email, key, ok := r.BasicAuth()
	good := subtle.ConstantTimeCompare([]byte(email), []byte(s.options.Email)) &
		subtle.ConstantTimeCompare([]byte(key), []byte(s.options.APIKey))
	return ok && good == 1
}

// serve answers a request to a route: it picks the function among those that share the route.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request, route vpsapi.Route, hs []handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeRefusal(w, &refusal{status: http.StatusRequestEntityTooLarge})
		return
	}
	if r.Method == http.MethodGet || vpsapi.IsEmptyBody(body) || (r.Method == http.MethodDelete && !json.Valid(body)) {
		body = nil // what public clients send where no body is meant
	}
	values := map[string]string{}
	for k := range r.URL.Query() {
		values[k] = r.URL.Query().Get(k)
	}
	h, sent := chooseHandler(hs, values, body)
	for _, name := range route.Placeholders() {
		values[name] = r.PathValue(name)
	}
	if by := h.op.Info().RouteBy; by.Arg != "" {
		values[by.Arg] = routeArgument(by, route)
	}
	answer := func(w http.ResponseWriter) { s.answer(w, r, h, values, body, sent) }
	if strokes := s.faults.drawStrikes(h.op.Info()); len(strokes) > 0 {
		serveWithFaults(strokes, w, r, answer)
		return
	}
	answer(w)
}

// answer runs a function's handler and writes its reply or refusal.
func (s *Sandbox) answer(w http.ResponseWriter, r *http.Request, h handler, values map[string]string, body []byte, sent map[string]json.RawMessage) {
	reply, err := s.run(h, r, values, body, sent)
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		writeRefusal(w, refused)
	case err != nil:
		writeRefusal(w, &refusal{http.StatusInternalServerError, "<html><head><title>500 Internal Server Error</title></head></html>"})
	default:
		writeReply(w, h.op, reply)
	}
}

// run decodes, checks and serves one request under the sandbox's lock.
func (s *Sandbox) run(h handler, r *http.Request, values map[string]string, body []byte, sent map[string]json.RawMessage) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.account.advanceTo(s.now())
	in, missing, err := h.op.DecodeRequest(values, body)
	var pairs []string
	var input *vpsapi.InputError
	switch {
	case errors.As(err, &input):
		for _, f := range input.Faults {
			pairs = append(pairs, f.Field, "is invalid")
		}
	case err != nil:
		return nil, unparsable(h.op.Info().API)
	}
	for _, m := range h.op.Info().Fixed {
		switch got, ok := sent[m.Key]; {
		case !ok:
			missing = append(missing, m.Key)
		case !sameConstant(got, m.Value):
			pairs = append(pairs, m.Key, "is not accepted")
		}
	}
	for _, name := range missing {
		pairs = append(pairs, name, "can't be blank")
	}
	if h.adapt != nil {
		in = h.adapt(in)
	}
	faults := h.op.Check(in)
	if err := unknownPath(h.op.Info(), faults, values); err != nil {
		return nil, err
	}
	if len(pairs) == 0 {
		for _, f := range faults {
			pairs = append(pairs, cmp.Or(f.Field, "base"), serviceWord(f))
		}
	}
	if len(pairs) > 0 {
		return nil, h.refuse(pairs...)
	}
	reply, err := h.serve(s.account, in)
	if err == nil && h.op.Info().Safety != vpsapi.Reads {
		change := Change{Op: h.op.Info().Name, Path: r.URL.Path, Body: string(body), At: s.account.now, Request: r.Header.Get("X-Request-Id")}
		s.changes = append(s.changes, change)
		if s.options.Changed != nil {
			s.options.Changed(change)
		}
	}
	return reply, err
}

// chooseHandler picks the function that a request means: the one with the most fixed
// fields and required query arguments that it carries. It also gives the members
// of the body, the envelope taken off.
func chooseHandler(hs []handler, query map[string]string, body []byte) (handler, map[string]json.RawMessage) {
	best, bestScore := hs[0], -1
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal(body, &members)
	for _, h := range hs {
		if score := matchScore(h.op.Info(), query, members); score > bestScore {
			best, bestScore = h, score
		}
	}
	if inner, ok := members[best.op.Info().Envelope]; ok {
		innerMembers := map[string]json.RawMessage{}
		if json.Unmarshal(inner, &innerMembers) == nil {
			maps.Copy(members, innerMembers)
		}
	}
	return best, members
}

// matchScore scores a function against a request; -1 when the request lacks what
// marks the function.
func matchScore(info vpsapi.Info, query map[string]string, members map[string]json.RawMessage) int {
	score := 0
	for _, m := range info.Fixed {
		if info.Envelope != "" {
			break
		}
		if !sameConstant(members[m.Key], m.Value) {
			return -1
		}
		score++
	}
	if info.Route.Method() != http.MethodGet {
		return score
	}
	for _, name := range requiredQuery(info) {
		if _, ok := query[name]; !ok {
			return -1
		}
		score++
	}
	return score
}

// sameConstant compares a member of a body with a function's constant: "1" and
// 1 are the same.
func sameConstant(got json.RawMessage, want any) bool {
	text, _ := json.Marshal(want)
	return strings.Trim(string(got), `"`) == strings.Trim(string(text), `"`)
}

// requiredQuery returns the names of the query arguments that a function cannot be called without.
func requiredQuery(info vpsapi.Info) []string {
	var names []string
	for i := range info.In.NumField() {
		f := info.In.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() != reflect.Pointer && !strings.Contains(options, "omitempty") && !slices.Contains(info.Route.Placeholders(), name) {
			names = append(names, name)
		}
	}
	return names
}

// routeArgument returns the value of the argument by which a function's route is chosen.
func routeArgument(by vpsapi.RouteBy, route vpsapi.Route) string {
	for _, value := range slices.Sorted(maps.Keys(by.Routes)) {
		if by.Routes[value] == route {
			return value
		}
	}
	return ""
}
