package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// wiretap sees what goes upstream, and may change what comes back.
type wiretap struct {
	up   http.RoundTripper
	edit func(status int, body []byte) []byte

	mu   sync.Mutex
	sent []string // method and path

	editing sync.Mutex
	edited  string // what the reply that edit has is to; empty while it has none
}

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent = append(w.sent, r.Method+" "+r.URL.Path)
	w.mu.Unlock()
	response, err := w.up.RoundTrip(r)
	if err != nil || w.edit == nil {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	w.editing.Lock()
	defer w.editing.Unlock()
	w.about(r.Method + " " + r.URL.Path)
	response.Body = io.NopCloser(bytes.NewReader(w.edit(response.StatusCode, body)))
	w.about("")
	response.ContentLength = -1
	return response, nil
}

// take gives what was sent since the last take.
func (w *wiretap) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

func (w *wiretap) about(request string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edited = request
}

// last is what was sent last; to edit, what its reply is to.
func (w *wiretap) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.edited != "" {
		return w.edited
	}
	if len(w.sent) == 0 {
		return ""
	}
	return w.sent[len(w.sent)-1]
}

// fleet is a server of a test's own, with everything that it writes.
type fleet struct {
	*testing.T
	server  *Server
	tap     *wiretap
	sb      *sandbox.Sandbox
	store   state.Store
	now     time.Time
	asker   *yes // the person before the client; nil for none
	log     bytes.Buffer
	audited bytes.Buffer
}

func newFleet(t *testing.T, o Options, edit func(int, []byte) []byte) *fleet {
	t.Helper()
	f := &fleet{T: t, now: testStart}
	clock := func() time.Time { return f.now }
	f.sb = sandbox.New(sandbox.Options{Now: clock})
	f.tap = &wiretap{up: f.sb, edit: edit}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: f.tap, PerSecond: -1, Concurrent: -1, Attempts: 1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	f.store = state.NewMemory(clock)
	o.Client, o.Now, o.Store, o.Log, o.Audit = client, clock, f.store, zerolog.New(zerolog.SyncWriter(&f.log)), audit.New(&f.audited)
	if f.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	proveRoutes(t, f.server)
	return f
}

func (f *fleet) call(tool, arguments string) answer.Answer {
	ctx := context.Background()
	if f.asker != nil {
		ctx = confirm.WithAsker(ctx, f.asker)
	}
	return f.server.Call(ctx, tool, json.RawMessage(arguments))
}

// generous leaves room for every purchase of a test.
func generous() *policy.Policy {
	return noneReached()
}

// fill puts ids that only the account knows into arguments.
func (f *fleet) fill(arguments string) string {
	f.Helper()
	return fill(f.T, f.call, arguments)
}

// compound is a call of each tool that is more than one function, for an account
// on which all of drive was done.
var compound = []struct{ tool, arguments string }{
	{"export_zone", `{"domain_id":"51"}`},
	{"diff_zone", `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`},
	{"apply_zone", `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`},
	{"wait_for_server", `{"server_id":"1384","state":"running"}`},
	{"fleet_report", `{}`},
	{"cost_report", `{}`},
	{"diagnose_server", `{"server_id":"1384"}`},
	{"history", `{"limit":5}`},
	{"undo", `{}`},
}

// everything is a call of each tool.
func everything(t *testing.T) []struct{ tool, arguments string } {
	t.Helper()
	var all []struct{ tool, arguments string }
	for _, c := range append(undriven(t, olderOperations(), drive), drive...) {
		all = append(all, struct{ tool, arguments string }{c.tool, c.arguments})
	}
	return append(all, compound...)
}

// milder are the calls of drive whose plans are milder than their function, as the
// things stand: they ask nobody. That a new one comes to them is to be seen.
var milder = []string{"start_cloud_server", "edit_cloud_server", "edit_ip"}

// way is a way to agree to a plan, or to none.
type way struct {
	name    string
	options Options
	agree   func(f *fleet, tool, arguments string, first answer.Answer) answer.Answer // nil: the first call is agreed to already
	audit   string                                                                    // how the audit says that it was
}

func withConfirm(arguments, confirm string) string {
	return strings.Replace(strings.Replace(arguments, "{", `{"confirm":"`+confirm+`",`, 1), ",}", "}", 1)
}

var ways = []way{
	{"code", Options{Consent: consent.Code, Policy: generous()}, func(f *fleet, tool, arguments string, first answer.Answer) answer.Answer {
		m := codeInText.FindStringSubmatch(first.Text)
		if m == nil {
			f.Fatalf("%s: no code in %s", tool, first.Text)
		}
		return f.call(tool, withConfirm(arguments, m[1]))
	}, "code (model-confirmed)"},
	{"flag", Options{Consent: consent.Flag, Policy: generous()}, func(f *fleet, tool, arguments string, _ answer.Answer) answer.Answer {
		return f.call(tool, withConfirm(arguments, "yes"))
	}, "flag (model-confirmed)"},
	{"person", Options{Consent: consent.Person, Policy: generous(), Approve: "approve %s"}, func(f *fleet, tool, arguments string, _ answer.Answer) answer.Answer {
		held, err := f.store.AllHeld(f.Context())
		if err != nil || len(held) != 1 || held[0].Tool != tool {
			f.Fatalf("%s: %+v waits, %v", tool, held, err)
		}
		if err := f.store.Decide(f.Context(), held[0].ID, "anna", true); err != nil {
			f.Fatal(err)
		}
		return f.call(tool, arguments)
	}, "person: anna"},
	{"asked", Options{Consent: consent.Person, Policy: generous()}, func(f *fleet, tool, arguments string, _ answer.Answer) answer.Answer {
		f.asker = &yes{}
		a := f.call(tool, arguments)
		if f.asker.asked != 1 {
			f.Errorf("%s: asked %d times", tool, f.asker.asked)
		}
		f.asker = nil
		return a
	}, "anna, asked"},
	{"allow", Options{Consent: consent.Deny, Policy: allowing()}, nil, "policy: allow rule"},
}

// allowing is a policy that allows each tool by its name.
func allowing() *policy.Policy {
	p := noneReached()
	p.Rules = append(p.Rules, policy.Rule{Action: policy.Allow, Tools: namesOfPolicy().Tools}, policy.Rule{Action: policy.Allow, Tools: []string{"apply_zone"}})
	return p
}

// yes is a person who agrees to everything, typing what they are asked to type.
type yes struct{ asked int }

func (y *yes) Ask(_ context.Context, q answer.Question) (confirm.Reply, error) {
	y.asked++
	return confirm.Reply{Yes: true, Typed: q.Typed, By: "anna, asked"}, nil
}

// changing are the requests that are not reads.
func changing(sent []string) []string {
	return slices.DeleteFunc(sent, func(s string) bool {
		return strings.HasPrefix(s, "GET ") || s == "POST /ips/ip_address_exists.api10json" // a question that the document asks by POST
	})
}

// audit gives the audit's line of the last call.
func (f *fleet) audit() audit.Line {
	f.Helper()
	lines := strings.Split(strings.TrimSpace(f.audited.String()), "\n")
	var line audit.Line
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &line); err != nil {
		f.Fatal(err)
	}
	return line
}

// TestWholeCatalogue calls every tool, in every way to agree. Tools that say that
// they read send reads alone. Of the others no plan with an effect above a change
// leaves before this very plan was agreed to; then it leaves once, and the audit
// says who agreed. The same call again, with the same yes, sends nothing.
func TestWholeCatalogue(t *testing.T) {
	t.Parallel()
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			f := newFleet(t, w.options, nil)
			called := map[string]bool{}
			for _, c := range everything(t) {
				called[c.tool] = true
				if w.agree == nil && c.tool == "undo" { // of a change that this mode sends
					f.call("edit_cloud_server", `{"server_id":"1384","label":"again"}`)
				}
				f.walk(w, c.tool, f.fill(c.arguments))
				if c.tool != "create_instant_cloud_server" {
					f.now = f.now.Add(10 * time.Minute) // what was begun is done
				}
			}
			for _, tool := range f.server.order {
				if !called[tool.Name] {
					t.Errorf("%s is not called", tool.Name)
				}
			}
		})
	}
}

// walk makes one call the way that it is agreed to.
func (f *fleet) walk(w way, tool, arguments string) {
	f.Helper()
	published := published(f.server.tools[tool])
	f.tap.take()
	first := f.call(tool, arguments)
	sent, line := changing(f.tap.take()), f.audit()
	if *published.Annotations.ReadOnlyHint {
		if len(sent) > 0 || first.IsError || line.Consent != "" {
			f.Errorf("%s reads, and sent %v, consent %q: %s", tool, sent, line.Consent, first.Text)
		}
		return
	}
	grave := !onlyChanges(line.Effects)
	switch {
	case w.options.Consent == consent.Deny && f.server.tools[tool].Group == vpsapi.DNS.Name:
		if len(sent) > 0 || !first.IsError || !strings.Contains(first.Text, "no DNS change is sent") {
			f.Errorf("%s: sent %v in deny mode: %s", tool, sent, first.Text)
		}
		return
	case !grave:
		if op, ok := vpsapi.Find(tool); ok && op.Info().Safety > vpsapi.Changes && !slices.Contains(milder, tool) {
			f.Errorf("%s: its plan is milder than the function: %v", tool, line.Effects)
		}
		if len(sent) == 0 || first.IsError || (line.Consent != "none needed" && !strings.HasPrefix(line.Consent, "policy: ")) {
			f.Errorf("%s: sent %v, consent %q: %s", tool, sent, line.Consent, first.Text)
		}
		return
	case w.agree != nil:
		if len(sent) > 0 || !first.NeedsConsent || line.Consent != "" || line.Outcome != "needs consent" {
			f.Errorf("%s: sent %v before anybody agreed, audit %+v: %s", tool, sent, line, first.Text)
		}
		answer := w.agree(f, tool, arguments, first)
		if sent, line = changing(f.tap.take()), f.audit(); answer.IsError {
			f.Errorf("%s: agreed to, and %s", tool, answer.Text)
		}
	}
	if len(sent) == 0 || (len(sent) > 1 && tool != "apply_zone" && tool != "undo") || !strings.HasPrefix(line.Consent, w.audit) || !slices.Equal(line.Effects, f.entry().Effects) {
		f.Errorf("%s: sent %v, audit %+v", tool, sent, line)
	}
	if by := f.entry().Consent; by != line.Consent {
		f.Errorf("%s: the journal says %q, the audit %q", tool, by, line.Consent)
	}
}

// entry is the journal's newest.
func (f *fleet) entry() state.Entry {
	f.Helper()
	entries, err := f.store.Entries(f.Context(), sandbox.Email, time.Time{})
	if err != nil || len(entries) == 0 {
		f.Fatal(len(entries), err)
	}
	return entries[len(entries)-1]
}

func onlyChanges(effects []string) bool {
	return !slices.ContainsFunc(effects, func(e string) bool { return e != "change" && e != "read" })
}

// TestNobodyAgrees calls every tool where nobody agrees: what is graver than a
// change never leaves, and a rule that allows all tools by a pattern allows no
// purchase and no loss.
func TestNobodyAgrees(t *testing.T) {
	t.Parallel()
	pattern := &policy.Policy{Rules: []policy.Rule{{Action: policy.Allow, Tools: []string{"*"}}}}
	for _, w := range []struct {
		name    string
		options Options
		asker   confirm.Asker
		spared  string // the effect that is allowed
	}{
		{"deny", Options{Consent: consent.Deny, Policy: generous()}, nil, ""},
		{"declined", Options{Consent: consent.Flag, Policy: generous()}, no{}, ""},
		{"pattern", Options{Consent: consent.Deny, Policy: pattern}, nil, "disruptive"},
	} {
		t.Run(w.name, func(t *testing.T) {
			f := newFleet(t, w.options, nil)
			for _, c := range everything(t) {
				ctx := t.Context()
				if w.asker != nil {
					ctx = confirm.WithAsker(ctx, w.asker)
				}
				f.tap.take()
				a := f.server.Call(ctx, c.tool, json.RawMessage(anyID.ReplaceAllString(withYes(f, c.tool, c.arguments), `"5018"`)))
				sent, line := changing(f.tap.take()), f.audit()
				grave := slices.ContainsFunc(line.Effects, func(e string) bool { return e != "change" && e != "read" && e != w.spared })
				if grave && line.Outcome != "nothing to do" && (len(sent) > 0 || !a.IsError || line.Consent != "") {
					t.Errorf("%s: sent %v, audit %+v: %s", c.tool, sent, line, a.Text)
				}
				f.now = f.now.Add(10 * time.Minute)
			}
			for _, change := range f.sb.Changes() {
				op, _ := vpsapi.Find(change.Op)
				if s := op.Info().Safety; s > vpsapi.Changes && s.String() != w.spared && !slices.Contains(milder, change.Op) {
					t.Errorf("%s was done: %s", change.Op, change.Body)
				}
			}
		})
	}
}

// anyID is a place for an id that only the account knows.
var anyID = regexp.MustCompile(`"\$[a-z_]+"`)

func withYes(f *fleet, tool, arguments string) string {
	if !f.server.tools[tool].Asks {
		return arguments
	}
	return withConfirm(arguments, "yes")
}

// no is a person who agrees to nothing.
type no struct{}

func (no) Ask(context.Context, answer.Question) (confirm.Reply, error) { return confirm.Reply{}, nil }

// TestReadsOnlyGet: what says that it reads sends nothing but GET: each tool of
// the search surface, each resource, and the completions, too.
func TestReadsOnlyGet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{Policy: generous(), Surface: SurfaceSearch}, nil)
	for _, tool := range f.server.List() {
		if !*tool.Annotations.ReadOnlyHint {
			continue
		}
		f.call(tool.Name, `{"query":"delete a server"}`)
		f.call(tool.Name, `{"function":"delete_cloud_server"}`)
		for _, c := range everything(t) {
			f.call(tool.Name, fmt.Sprintf(`{"function":%q,"arguments":%s}`, c.tool, c.arguments))
			f.call(tool.Name, fmt.Sprintf(`{"function":%q,"arguments":%s}`, c.tool, withConfirm(c.arguments, "yes")))
			f.call(tool.Name, fmt.Sprintf(`{"function":"call_danger","arguments":{"function":%q,"arguments":%s}}`, c.tool, c.arguments))
		}
	}
	for _, r := range resources {
		for _, id := range []string{"1384", "51", "9130", "web01"} {
			_, _ = f.server.readResource(t.Context(), r, mcp.ReadResourceRequest{}, fmt.Sprintf(`{%q:%q}`, r.argument, id))
		}
	}
	for name := range completions {
		completer{f.server}.names(t.Context(), name)
	}
	sent := f.tap.take()
	if bad := changing(slices.Clone(sent)); len(bad) > 0 || len(sent) < 50 {
		t.Errorf("%d requests, among them %v", len(sent), bad)
	}
}

var (
	codeLike = regexp.MustCompile(`[A-Z0-9]{20,}|[a-z0-9]{8,}`)
	idLike   = regexp.MustCompile(`\b[0-9]{2,9}\b`)
)

// TestAModelAloneChangesNothing: with consent by a person, a model that calls
// everything, again and again, with anything it has read, changes nothing that
// needs consent.
func TestAModelAloneChangesNothing(t *testing.T) {
	t.Parallel()
	for _, surface := range []string{SurfaceAll, SurfaceSearch} {
		t.Run(surface, func(t *testing.T) {
			f := newFleet(t, Options{Consent: consent.Person, Policy: generous(), Approve: "vpsnet-mcp approve %s", Surface: surface}, nil)
			m := &model{fleet: f, words: []string{"yes", "true", "approved", "Web Server 01"}, random: rand.New(rand.NewPCG(1, 2))}
			for range 3 {
				for _, c := range everything(t) {
					m.try(c.tool, c.arguments)
				}
			}
			if len(m.words) < 100 || f.sb.Calls() < 1000 {
				t.Errorf("%d words read, %d requests made", len(m.words), f.sb.Calls())
			}
			for _, change := range f.sb.Changes() {
				op, _ := vpsapi.Find(change.Op)
				if op.Info().Safety > vpsapi.Changes && !slices.Contains(milder, change.Op) {
					t.Errorf("%s was done: %s %s", change.Op, change.Path, change.Body)
				}
			}
			entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if !onlyChanges(e.Effects) {
					t.Errorf("%s: %v with consent %q", e.Tool, e.Effects, e.Consent)
				}
			}
		})
	}
}

// model calls with whatever it has read.
type model struct {
	*fleet
	words  []string
	random *rand.Rand
}

// try calls a tool as it is meant, and then with words that were read.
func (m *model) try(tool, arguments string) {
	arguments = anyID.ReplaceAllStringFunc(arguments, func(string) string { return `"` + m.word() + `"` })
	m.say(tool, arguments)
	confirms := append(slices.Clone(m.words[max(0, len(m.words)-3):]), m.word(), m.word())
	if !m.server.tools[tool].Asks {
		return
	}
	for _, word := range confirms {
		m.say(tool, withConfirm(arguments, word))
	}
}

// say makes a call, and remembers what it reads.
func (m *model) say(tool, arguments string) {
	if m.server.options.Surface == SurfaceSearch {
		arguments = fmt.Sprintf(`{"function":%q,"arguments":%s}`, tool, arguments)
		for _, g := range gates {
			if g.AcceptsTool(m.server.tools[tool]) {
				tool = g.Name
			}
		}
	}
	a := m.call(tool, arguments)
	m.words = append(m.words, codeLike.FindAllString(a.Text, 4)...)
	m.words = append(m.words, idLike.FindAllString(a.Text, 2)...)
}

func (m *model) word() string { return m.words[m.random.IntN(len(m.words))] }
