package tools

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// listings keeps the answers to tools/list as they went out, for requests that
// differ in their ids alone: the tools do not change while a server runs, and
// to write them anew takes more than a call does. The library's own answer is
// what is kept, so that every revision of the protocol gets what it would get
// from the library.
type listings struct {
	mu     sync.RWMutex
	bodies map[string]*listing
	same   map[string]*listing // by content: requests of many forms have few answers
}

// listing is an answer without its id.
type listing struct{ before, after []byte }

// Bounds of what is kept: what a request says beside its id is up to the client.
const (
	maxListings = 64
	maxListBody = 4 << 10
)

func (l *listings) get(key string) *listing {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.bodies[key]
}

// keep takes an answer that carries a list of tools.
func (l *listings) keep(key string, answer []byte) {
	var id, result []byte
	vpsapi.Members(answer, func(name, value []byte) bool {
		switch string(name) {
		case `"id"`:
			id = value
		case `"result"`:
			result = value
		}
		return true
	})
	if _, ok := find(result, "tools"); id == nil || !ok || !json.Valid(answer) {
		return
	}
	at := cap(answer) - cap(id) // id is a part of answer
	content := string(answer[:at]) + "\x00" + string(answer[at+len(id):])
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.bodies) >= maxListings || l.bodies == nil {
		l.bodies, l.same = map[string]*listing{}, map[string]*listing{}
	}
	if l.same[content] == nil {
		l.same[content] = &listing{bytes.Clone(answer[:at]), bytes.Clone(answer[at+len(id):])}
	}
	l.bodies[key] = l.same[content]
}

// listRequest reads a request for the tools: its id, and its parameters. It
// knows the plain form alone; any other is the library's to judge.
func listRequest(body []byte) (id, params []byte, ok bool) {
	if len(body) > maxListBody || !bytes.Contains(body, []byte(`"tools/list"`)) || !json.Valid(body) {
		return nil, nil, false
	}
	seen := 0
	ok = true
	vpsapi.Members(body, func(name, value []byte) bool {
		bit := 0
		switch string(name) {
		case `"jsonrpc"`:
			bit, ok = 1, string(value) == `"2.0"`
		case `"id"`:
			bit, ok, id = 2, plainID(value), value
		case `"method"`:
			bit, ok = 4, string(value) == `"tools/list"`
		case `"params"`:
			bit, ok, params = 8, value[0] == '{', value
		}
		ok = ok && bit != 0 && seen&bit == 0
		seen |= bit
		return ok
	})
	return id, params, ok && seen&7 == 7
}

// plainID reports an id that is written in one way only.
func plainID(id []byte) bool {
	if text, ok := vpsapi.Plain(id); ok && id[0] == '"' {
		return !slices.ContainsFunc(text, func(c byte) bool {
			return c < ' ' || c >= 0x7f || c == '<' || c == '>' || c == '&'
		})
	}
	return len(id) > 0 && len(id) < 16 && (id[0] != '0' || len(id) == 1) && len(bytes.Trim(id, "0123456789")) == 0
}

// visible names the set of tools that the caller of a context sees.
func (s *Server) visible(ctx context.Context) string {
	c := s.caller(ctx)
	if c.Allows == nil {
		return "all"
	}
	set := make([]byte, (len(s.public)+7)/8)
	for i, t := range s.public {
		if s.shows(c, t) {
			set[i/8] |= 1 << (i % 8)
		}
	}
	return string(set)
}

// Listing answers requests for the tools from what next answered before. The
// request's body must have been read into memory; valid says whether its
// session still is.
func (s *Server) Listing(next http.Handler, valid func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.ContentLength <= 0 || r.ContentLength > maxListBody {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
		id, params, ok := listRequest(body)
		if err != nil || !ok || !valid(r) {
			next.ServeHTTP(w, r)
			return
		}
		key := headerKey(r.Header) + string(params) + "\n" + s.visible(r.Context())
		if known := s.listings.get(key); known != nil {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(slices.Concat(known.before, id, known.after))
			return
		}
		heard := &listener{ResponseWriter: w}
		next.ServeHTTP(heard, r)
		if heard.plain() {
			s.listings.keep(key, heard.body.Bytes())
		}
	})
}

// headerKey is what of a request's head can change its answer.
func headerKey(h http.Header) string {
	var b strings.Builder
	names := make([]string, 0, len(h))
	for name := range h {
		if name != "Mcp-Session-Id" && (name == "Content-Type" || name == "Accept" || name == "Last-Event-Id" || strings.HasPrefix(name, "Mcp-")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name + ": " + strings.Join(h[name], "\x00") + "\n")
	}
	return b.String()
}

// listener keeps a copy of an answer.
type listener struct {
	http.ResponseWriter
	status  int
	flushed bool
	body    bytes.Buffer
}

func (l *listener) WriteHeader(status int) {
	l.status = status
	l.ResponseWriter.WriteHeader(status)
}

func (l *listener) Write(b []byte) (int, error) {
	l.body.Write(b)
	return l.ResponseWriter.Write(b)
}

// Flush and Unwrap keep streams streaming.
func (l *listener) Flush() {
	l.flushed = true
	if f, ok := l.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

func (l *listener) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// plain reports an answer that is one JSON text.
func (l *listener) plain() bool {
	return (l.status == 0 || l.status == http.StatusOK) && !l.flushed && l.Header().Get("Content-Type") == "application/json"
}

// stdioListing answers a client's later requests for the tools from the first
// answer. It stands between the client and the library, in both directions.
type stdioListing struct {
	kept listings
	in   *bufio.Reader
	line []byte // what the library has not yet read of a line
	err  error  // of the input, after that

	mu      sync.Mutex // one answer is written at a time
	out     io.Writer
	pending map[string]string // the keys of requests under way, by id
}

// Read gives the library what is its own to answer.
func (s *stdioListing) Read(p []byte) (int, error) {
	for len(s.line) == 0 && s.err == nil {
		if s.line, s.err = s.in.ReadBytes('\n'); s.answered(s.line) {
			s.line = nil
		}
	}
	n := copy(p, s.line)
	if s.line = s.line[n:]; len(s.line) > 0 {
		return n, nil
	}
	return n, s.err
}

// answered answers a line that it knows the answer to.
func (s *stdioListing) answered(line []byte) bool {
	id, params, ok := listRequest(line)
	if !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := string(params)
	if known := s.kept.get(key); known != nil {
		_, err := s.out.Write(slices.Concat(known.before, id, known.after))
		return err == nil
	}
	if len(s.pending) < maxListings {
		s.pending[string(id)] = key
	}
	return false
}

// Write passes an answer on, and keeps it when it is a list of tools.
func (s *stdioListing) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) > 0 {
		vpsapi.Members(p, func(name, value []byte) bool {
			if string(name) != `"id"` {
				return true
			}
			if key, ok := s.pending[string(value)]; ok {
				delete(s.pending, string(value))
				s.kept.keep(key, p)
			}
			return false
		})
	}
	return s.out.Write(p)
}
