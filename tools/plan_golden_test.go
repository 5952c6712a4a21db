package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

const plansDir = "testdata/plans"

// lab is a server on a sandbox of its own, with a clock that tests move, and an
// upstream that counts what is not a read.
type lab struct {
	*testing.T
	server *Server
	sb     *sandbox.Sandbox
	store  state.Store
	now    time.Time
	sent   []string                           // requests that are not GET
	answer func(*http.Request) *http.Response // answers in the sandbox's place, when not nil
}

func newLab(t *testing.T, p *policy.Policy) *lab {
	t.Helper()
	l := &lab{T: t, now: testStart}
	clock := func() time.Time { return l.now }
	l.sb, l.store = sandbox.New(sandbox.Options{Now: clock}), state.NewMemory(clock)
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token, Transport: l, PerSecond: -1, Concurrent: -1, Attempts: 1, Observe: trail.Observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		p = noneReached()
	}
	l.server, err = New(Options{Client: client, Consent: consent.Flag, Policy: p, Store: l.store, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	proveRoutes(t, l.server)
	return l
}

// RoundTrip stands before the sandbox.
func (l *lab) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		l.sent = append(l.sent, r.Method+" "+r.URL.Path)
	}
	if l.answer != nil {
		if a := l.answer(r); a != nil {
			return a, nil
		}
	}
	return l.sb.RoundTrip(r)
}

// call calls a tool, with or without a yes.
func (l *lab) call(tool, arguments string, yes bool) answer.Answer {
	l.Helper()
	if t := l.server.tools[tool]; t == nil {
		l.Fatalf("no tool %s", tool)
	} else if yes && t.Safety > vpsapi.Changes {
		arguments = strings.Replace(strings.Replace(arguments, "{", `{"confirm":"yes",`, 1), ",}", "}", 1)
	}
	return l.server.Call(context.Background(), tool, json.RawMessage(arguments))
}

// do calls a tool that must succeed, and lets what it began end.
func (l *lab) do(tool, arguments string) {
	l.Helper()
	if a := l.call(tool, l.fill(arguments), true); a.IsError {
		l.Fatalf("%s %s: %s", tool, arguments, a.Text)
	}
	l.now = l.now.Add(10 * time.Minute)
}

func (l *lab) fill(arguments string) string {
	return fill(l.T, func(tool, arguments string) answer.Answer { return l.call(tool, arguments, true) }, arguments)
}

// plan makes the plan of a call, and sees that this only reads.
func (l *lab) plan(tool, arguments string) *plan.Plan {
	l.Helper()
	before := len(l.sent)
	c, refused := l.server.prepare(context.Background(), tool, json.RawMessage(arguments))
	if refused != nil {
		l.Fatalf("%s %s: %s", tool, arguments, refused.Text)
	}
	p, err := c.Tool.Plan(context.Background(), c.Reader, c.In)
	if err != nil {
		l.Fatalf("%s %s: %v", tool, arguments, err)
	}
	if sent := l.sent[before:]; len(sent) > 0 {
		l.Errorf("%s: planning sent %v", tool, sent)
	}
	return p
}

// last is the newest entry of the journal.
func (l *lab) last() state.Entry {
	l.Helper()
	all, err := l.store.Entries(context.Background(), sandbox.Email, time.Time{})
	if err != nil || len(all) == 0 {
		l.Fatalf("no entry in the journal: %v", err)
	}
	return all[len(all)-1]
}

// TestPlans holds the plan of every function that changes something against its
// file, carries it out, and reverses it by the call that its result names.
func TestPlans(t *testing.T) {
	known, planned := map[string]bool{}, map[string]bool{}
	for _, c := range planCases {
		planned[c.tool] = true
	}
	cases := slices.Clip(planCases)
	for _, op := range everyOperation() {
		if info := op.Info(); info.Safety > vpsapi.Reads && !planned[info.Name] {
			cases = append(cases, planCase{name: info.Name, tool: info.Name, arguments: wired(t, op).arguments})
		}
	}
	for _, c := range cases {
		known[c.name+".txt"] = true
		t.Run(c.name, func(t *testing.T) { c.run(t) })
	}
	files, err := os.ReadDir(plansDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("%s is of no case", f.Name())
		}
	}
}

func (c planCase) run(t *testing.T) {
	l := newLab(t, nil)
	for _, before := range c.before {
		tool, arguments, _ := strings.Cut(before, " ")
		l.do(tool, arguments)
	}
	arguments := l.fill(c.arguments)
	p := l.plan(c.tool, arguments)
	op, _ := vpsapi.Find(c.tool)
	if p.Worst() > op.Info().Safety {
		t.Errorf("the plan is %s, the function %s at worst", p.Worst(), op.Info().Safety)
	}
	text := planText(c.tool, arguments, p, planning.WordToType(t.Context(), account.NewReader(l.server.options.Client, l.server.now), *p))
	if p.Nothing == "" {
		text += l.carryOut(c, arguments, p)
	} else if a := l.call(c.tool, arguments, false); a.IsError || !strings.Contains(a.Text, "nothing to do") {
		t.Errorf("nothing to do, and yet: %s", a.Text)
	}
	golden(t, filepath.Join(plansDir, c.name+".txt"), text)
}

// calledBefore is what the journal, which a planner does not read, adds to a plan.
var calledBefore = regexp.MustCompile(` It was called "[^"]*" before vpsnet-mcp renamed it at [^.]*\.`)

// carryOut calls without and with a yes, then calls what reverses it.
func (l *lab) carryOut(c planCase, arguments string, p *plan.Plan) string {
	l.Helper()
	whole := l.snapshot()
	changes := len(l.sb.Changes())
	if p.Cannot != "" {
		if a := l.call(c.tool, arguments, true); !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, p.Cannot) || len(l.sb.Changes()) != changes {
			l.Errorf("it cannot succeed, and yet: %s", a.Text)
		}
		return "refused, and nobody asked: " + p.Cannot + "\n"
	}
	if p.Worst() > vpsapi.Changes {
		if a := l.call(c.tool, arguments, false); !a.NeedsConsent || !strings.Contains(calledBefore.ReplaceAllString(a.Text, ""), p.Text()) || len(l.sb.Changes()) != changes {
			l.Errorf("without a yes: %s", a.Text)
		}
	}
	a := l.call(c.tool, arguments, true)
	if a.IsError {
		l.Fatalf("with a yes: %s", a.Text)
	}
	if got := len(l.sb.Changes()) - changes; got != 1 {
		l.Errorf("%d changes were made", got)
	}
	i := l.last().Outcome.Inverse
	if i == nil {
		return "reversed by: nothing\n"
	}
	if !strings.Contains(p.Words.Undo, i.Tool) {
		l.Errorf("undo says %q, and the call is of %s", p.Words.Undo, i.Tool)
	}
	l.now = l.now.Add(10 * time.Minute)
	back, _, err := replacementZone(l.Context(), account.NewReader(l.server.options.Client, l.server.now), i)
	if err != nil {
		l.Fatal(err)
	}
	if a := l.call(i.Tool, string(back), true); a.IsError {
		l.Errorf("reversed by %s %s: %s", i.Tool, i.Arguments, a.Text)
	}
	l.now = l.now.Add(10 * time.Minute)
	if diff := cmp.Diff(whole, l.snapshot()); diff != "" && i.Note == "" {
		l.Errorf("%s does not bring back (-before +after):\n%s", i.Tool, diff)
	}
	text := fmt.Sprintf("reversed by: %s %s\n", i.Tool, i.Arguments)
	if i.Deadline != nil {
		text += "until: " + i.Deadline.Format(time.RFC3339) + "\n"
	}
	if i.Note != "" {
		text += "note: " + i.Note + "\n"
	}
	return text
}

// planText is a plan as its golden file has it; typed is what a person types to agree.
func planText(tool, arguments string, p *plan.Plan, typed string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\neffects: %s\n", tool, arguments, strings.Join(p.EffectWords(), ", "))
	if p.Thing != (plan.Thing{}) {
		fmt.Fprintf(&b, "thing: %s\n", p.Thing)
	}
	if typed != "" {
		fmt.Fprintf(&b, "typed: %s\n", typed)
	}
	if p.Buys+p.Creates > 0 || p.Cost > 0 || p.Moves {
		fmt.Fprintf(&b, "buys %d, creates %d, cost %.2f, moves %v\n", p.Buys, p.Creates, p.Cost, p.Moves)
	}
	for _, t := range p.Touches {
		fmt.Fprintf(&b, "touches: %s %s %q\n", t.Kind, t.ID, t.Label)
	}
	if p.Nothing != "" {
		return b.String() + "nothing to do: " + p.Nothing + "\n"
	}
	return b.String() + "\n" + p.Text() + "\n\n"
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./tools -run TestPlans -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s\ngo test ./tools -run TestPlans -update accepts it", path, diff)
	}
}

// snapshot is what an account holds, without what any change and its reversal
// leave behind.
func (l *lab) snapshot() []string {
	l.Helper()
	var all []string
	for _, read := range []string{
		"/virtual_machines", "/virtual_machines/1384/backups", "/virtual_machines/1384/upgrade_schedules", "/ips", "/nodes", "/domains", "/domains/51/records", "/domains/52/records",
		"/system_templates", "/dns_templates", "/dns_templates/55/records", "/tickets",
	} {
		r, _ := http.NewRequest(http.MethodGet, "https://api.vps.net"+read+".api10json?new=true", nil)
		r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
		answer, err := l.sb.RoundTrip(r)
		if err != nil {
			l.Fatal(err)
		}
		var list []any
		if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
			l.Fatal(err)
		}
		for _, item := range list {
			scrub(item)
			text, _ := json.Marshal(item)
			all = append(all, read+" "+string(text))
		}
	}
	slices.Sort(all)
	return all
}

func scrub(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			scrub(e)
		}
	case map[string]any:
		delete(v, "updated_at")
		delete(v, "serial")
		for _, e := range v {
			scrub(e)
		}
	}
}
