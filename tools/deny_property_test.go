package tools

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// generatedSeed is what the generated tests begin with; a failure names it with the
// call that it was found by.
const generatedSeed = 20261128

// freeChange is a line of testdata/free_changes.txt: a function that may leave where
// nobody can say yes, and the differences that it may make on the account.
type freeChange struct{ makes []string }

// freeChanges reads the list that a person wrote. The program has its own judgement,
// and never reads it.
func freeChanges(t *testing.T) map[string]freeChange {
	t.Helper()
	text, err := os.ReadFile("testdata/free_changes.txt")
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]freeChange{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 || parts[2] == "" {
			t.Fatalf("%q: function | differences | reason", line)
		}
		free[parts[0]] = freeChange{strings.Split(parts[1], ", ")}
	}
	return free
}

// lineSession speaks to a server over stdio, line by line, in one revision.
type lineSession struct {
	*testing.T
	modern bool
	deaf   bool // the client can ask nobody
	to     io.WriteCloser
	from   *bufio.Scanner
	last   int
}

func newLineSession(t *testing.T, s *Server, modern, deaf bool) *lineSession {
	t.Helper()
	in, to := io.Pipe()
	out, from := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- s.ServeStdio(context.WithoutCancel(t.Context()), in, from) }()
	c := &lineSession{T: t, modern: modern, deaf: deaf, to: to, from: bufio.NewScanner(out)}
	c.from.Buffer(nil, 16<<20)
	t.Cleanup(func() {
		_ = to.Close()
		go func() { _, _ = io.Copy(io.Discard, out) }()
		if err := <-served; err != nil {
			t.Log(err) // that the client went away is how it ends
		}
		_ = out.Close()
	})
	if !modern {
		can := `{"elicitation":{}}`
		if deaf {
			can = "{}"
		}
		c.ask("initialize", `{"protocolVersion":"2025-11-25","capabilities":`+can+`,"clientInfo":{"name":"t","version":"1"}}`)
	}
	return c
}

// ask gives the answer to a request. Where nobody can say yes, nobody is asked.
func (c *lineSession) ask(method, params string) string {
	c.Helper()
	c.last++
	if _, err := fmt.Fprintf(c.to, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", c.last, method, params); err != nil {
		c.Fatal(err)
	}
	for c.from.Scan() {
		var head struct {
			ID     *int
			Method string
		}
		if err := json.Unmarshal(c.from.Bytes(), &head); err != nil {
			c.Fatal(err, c.from.Text())
		}
		switch {
		case strings.HasPrefix(head.Method, "elicitation/"):
			c.Fatalf("in deny mode the client was asked: %s", c.from.Text())
		case head.ID != nil && *head.ID == c.last:
			return c.from.Text()
		}
	}
	c.Fatal("the session ended: ", c.from.Err())
	return ""
}

func (c *lineSession) call(tool string, arguments map[string]any) string {
	c.Helper()
	params := map[string]any{"name": tool, "arguments": arguments}
	raw, err := json.Marshal(params)
	if err != nil {
		c.Fatal(err)
	}
	if c.modern {
		meta := modernMeta
		if !c.deaf {
			meta = strings.Replace(modernMeta, `"io.modelcontextprotocol/clientCapabilities":{}`, `"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{},"url":{}}}`, 1)
		}
		raw = []byte("{" + meta + "," + string(raw[1:]))
	}
	return c.ask("tools/call", string(raw))
}

// routeOf finds the function of a request by its method and path.
func routeOf(request string) string {
	method, path, _ := strings.Cut(request, " ")
	for _, op := range everyOperation() {
		route := op.Info().Route
		pattern := regexp.MustCompile(`\\\{[a-z_]+\\\}`).ReplaceAllString(regexp.QuoteMeta(route.Path()), `[^/]+`)
		if route.Method() == method && regexp.MustCompile(`^(/rest-api)?`+pattern+`(\.api10json)?$`).MatchString(path) && op.Info().Safety > vpsapi.Reads {
			return op.Info().Name
		}
	}
	return request
}

// resolveGate is a call as the search surface has it: by any of its gates.
func (g *generator) throughGate(tool string, arguments map[string]any) (string, map[string]any) {
	gate := gates[g.random.IntN(len(gates))].Name
	if right := gateNameFor(g.server.tools[tool]); g.random.IntN(4) > 0 {
		gate = right
	}
	return gate, map[string]any{"function": tool, "arguments": arguments}
}

// TestDenySendsOnlyFreeChanges: under --consent deny nothing but reads and the free
// changes that a person listed leaves the program, whatever is called with whatever
// arguments, in both protocol revisions, by tools and by gates; and what leaves
// changes on the account only what the list says of it.
func TestDenySendsOnlyFreeChanges(t *testing.T) {
	t.Parallel()
	free := freeChanges(t)
	often := append(slices.Sorted(maps.Keys(free)), "create_domain_record", "apply_zone", "undo")
	sent := map[string]int{}
	for i, surface := range []string{SurfaceAll, SurfaceSearch} {
		for j, modern := range []bool{false, true} {
			seed := uint64(generatedSeed + 2*i + j)
			t.Run(fmt.Sprintf("%s, modern %v, seed %d", surface, modern, seed), func(t *testing.T) {
				f := generatedAccount(t, seed, 25)
				f.server = f.again(Options{Consent: consent.Deny, Surface: surface, Policy: generous()})
				g := newGenerator(t, f.again(Options{Consent: consent.Deny, Policy: generous()}), rand.New(rand.NewPCG(seed, 2)))
				c := newLineSession(t, f.server, modern, false)
				before, changes := snapshotOf(t, f.sb), len(f.sb.Changes())
				f.tap.take()
				for n := range 250 {
					tool, arguments := g.call()
					if n%3 == 0 {
						tool, arguments = g.call(often...)
					}
					called, given := tool, arguments
					if surface == SurfaceSearch {
						called, given = g.throughGate(tool, arguments)
					}
					text := c.call(called, given)
					left := changing(f.tap.take())
					if len(left) == 0 {
						continue
					}
					after := snapshotOf(t, f.sb)
					for _, request := range left {
						function := routeOf(request)
						if all := f.sb.Changes(); len(all) > changes {
							function, changes = all[changes].Op, changes+1
						}
						sent[function]++
						makes, listed := free[function]
						if !listed {
							t.Errorf("%s %v sent %s: %s", tool, arguments, request, text)
						}
						for _, d := range before.differences(after) {
							if listed && !slices.Contains(makes.makes, d) {
								t.Errorf("%s %v sent %s, and it changed %s", tool, arguments, request, d)
							}
						}
					}
					before = after
				}
			})
		}
	}
	for function := range free {
		if sent[function] == 0 {
			t.Errorf("%s is listed as free, and was never sent: the test has not tried it", function)
		}
	}
	t.Log(sent)
}

// again is another server on the same account and state.
func (f *fleet) again(o Options) *Server {
	f.Helper()
	o.Client, o.Now, o.Store, o.Log = f.server.options.Client, f.server.options.Now, f.store, f.server.options.Log
	o.Pause = func(context.Context, time.Duration) error { return context.DeadlineExceeded } // what is waited for does not come
	s, err := New(o)
	if err != nil {
		f.Fatal(err)
	}
	return s
}
