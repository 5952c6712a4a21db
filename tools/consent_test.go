package tools

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mcpserver "github.com/mark3labs/mcp-go/server"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"
	"golang.org/x/tools/txtar"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestConversations plays the conversations of testdata/consent: a real client
// over streamable HTTP, a server, and the sandbox, whose list of changes proves
// what happened. Each file says why it is there; its script has a line a step:
//
//	serve [consent=MODE] [policy=FILE] [store=shared] [read-only]   a server of the script's own
//	client [era=legacy] [caller=NAME] [answer=accept:TEXT|decline|cancel|late]   one that can be asked when it has an answer
//	call TOOL JSON        $CODE in the JSON is the code of the last answer
//	ok TEXT, refused TEXT what the last answer was, and a part of it
//	asked N               how often the person was asked since the client came
//	pass DURATION         the clock moves
//	meanwhile METHOD PATH BODY   somebody else changes the account
//	only ERA              the rest is for this protocol's era alone
//	release               the late answer of a person comes
//	approve, decline      a person decides on the plan that waits
//	changes N             how many changes the service has seen through the servers
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/consent/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, file := range files {
		for _, era := range []string{"modern", "legacy"} {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+era, func(t *testing.T) { play(t, file, era) })
		}
	}
}

// talk is a conversation on its way.
type talk struct {
	*testing.T
	era    string
	files  map[string][]byte
	sb     *sandbox.Sandbox
	mu     sync.Mutex
	clock  time.Time
	shared state.Store
	store  state.Store

	server  *Server
	url     string
	session *mcp.ClientSession
	asked   *atomic.Int64
	others  int // changes made by somebody else
	release chan struct{}
	last    Answer
}

func (c *talk) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

func play(t *testing.T, file, era string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &talk{T: t, era: era, files: map[string][]byte{}, clock: testStart}
	for _, f := range archive.Files {
		c.files[f.Name] = f.Data
	}
	c.sb = sandbox.New(sandbox.Options{Now: c.now})
	c.shared = state.NewMemory(c.now)
	lines := bufio.NewScanner(strings.NewReader(string(c.files["script"])))
	for n := 1; lines.Scan(); n++ {
		verb, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if verb == "" || verb[0] == '#' {
			continue
		}
		if verb == "only" {
			if rest != era {
				return
			}
			continue
		}
		do, ok := steps[verb]
		if !ok {
			t.Fatalf("%s: line %d: no verb %s", file, n, verb)
		}
		if err := do(c, rest); err != nil {
			t.Fatalf("%s: script line %d: %s: %v", file, n, lines.Text(), err)
		}
	}
}

var steps = map[string]func(c *talk, rest string) error{
	"serve": (*talk).serve, "client": (*talk).client, "call": (*talk).call, "meanwhile": (*talk).meanwhile,
	"ok":      func(c *talk, want string) error { return c.expect(false, want) },
	"refused": func(c *talk, want string) error { return c.expect(true, want) },
	"approve": func(c *talk, _ string) error { return c.decide(true) },
	"decline": func(c *talk, _ string) error { return c.decide(false) },
	"asked":   func(c *talk, want string) error { return same("asked", strconv.FormatInt(c.asked.Load(), 10), want) },
	"changes": func(c *talk, want string) error {
		return same("changes", strconv.Itoa(len(c.sb.Changes())-c.others), want)
	},
	"pass": func(c *talk, d string) error {
		by, err := time.ParseDuration(d)
		c.mu.Lock()
		c.clock = c.clock.Add(by)
		c.mu.Unlock()
		return err
	},
	"release": func(c *talk, _ string) error { close(c.release); return nil },
}

func same(what, got, want string) error {
	if got != want {
		return fmt.Errorf("%s: %s, want %s", what, got, want)
	}
	return nil
}

// options reads key=value words; a word without = is set to true.
func options(rest string) map[string]string {
	out := map[string]string{}
	for _, word := range strings.Fields(rest) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		out[key] = value
	}
	return out
}

func (c *talk) serve(rest string) error {
	o := options(rest)
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: c.sb, PerSecond: -1, Observe: Observe})
	if err != nil {
		return err
	}
	c.store = state.NewMemory(c.now)
	if o["store"] == "shared" {
		c.store = c.shared
	}
	options := Options{
		Client: client, Log: zerolog.Nop(), Now: c.now, Store: c.store, Consent: consent.Mode(o["consent"]),
		ReadOnly: o["read-only"] != "", NoDestroy: o["no-destroy"] != "", AskPatience: 200 * time.Millisecond, Approve: "vpsnet-mcp approve %s",
	}
	if file := o["policy"]; file != "" {
		if options.Policy, err = policy.Parse(c.files[file], namesOfPolicy()); err != nil {
			return err
		}
	}
	if c.server, err = New(options); err != nil {
		return err
	}
	transport := mcpserver.NewStreamableHTTPServer(c.server.MCP(), mcpserver.WithStateful(true),
		mcpserver.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			return WithCaller(ctx, Caller{Name: r.Header.Get("X-Caller"), Client: client})
		}))
	web := httptest.NewServer(transport)
	c.Cleanup(web.Close)
	c.url = web.URL
	return nil
}

func namesOfPolicy() policy.Names {
	var n policy.Names
	for _, g := range vpsapi.All() {
		n.Groups = append(n.Groups, g.Name)
		for _, op := range g.Operations {
			n.Tools = append(n.Tools, op.Info().Name)
		}
	}
	return n
}

// as sends the caller's name with every request.
type as struct{ name string }

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Caller", a.name)
	return http.DefaultTransport.RoundTrip(r)
}

func (c *talk) client(rest string) error {
	o := options(strings.SplitN(rest, "answer=", 2)[0])
	_, answer, asks := strings.Cut(rest, "answer=")
	asked, release := new(atomic.Int64), make(chan struct{})
	c.asked, c.release = asked, release
	var elicit func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)
	if asks {
		elicit = func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			asked.Add(1)
			action, text, _ := strings.Cut(answer, ":")
			if action == "late" {
				<-release
				action = "accept"
			}
			content := map[string]any{}
			if strings.Contains(fmt.Sprint(r.Params.RequestedSchema), "confirm") && action == "accept" {
				content["confirm"] = text
			}
			return &mcp.ElicitResult{Action: action, Content: content}, nil
		}
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{ElicitationHandler: elicit})
	version := ""
	if c.era == "legacy" {
		version = "2025-11-25"
	}
	caller := o["caller"]
	if caller == "" {
		caller = "anna"
	}
	session, err := client.Connect(c.Context(), &mcp.StreamableClientTransport{
		Endpoint: c.url, HTTPClient: &http.Client{Transport: as{caller}}, DisableStandaloneSSE: c.era == "modern",
	}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		return err
	}
	c.Cleanup(func() { _ = session.Close() })
	c.session = session
	return nil
}

var codeInText = regexp.MustCompile(`confirm: "([A-Z0-9]+)"`)

func (c *talk) call(rest string) error {
	tool, arguments, _ := strings.Cut(rest, " ")
	if m := codeInText.FindStringSubmatch(c.last.Text); m != nil {
		arguments = strings.ReplaceAll(arguments, "$CODE", m[1])
	}
	result, err := c.session.CallTool(c.Context(), &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		c.last = Answer{IsError: true, Text: err.Error()}
		return nil
	}
	c.last = Answer{IsError: result.IsError}
	for _, part := range result.Content {
		if text, ok := part.(*mcp.TextContent); ok {
			c.last.Text += text.Text
		}
	}
	return nil
}

func (c *talk) expect(isError bool, want string) error {
	if c.last.IsError != isError || !strings.Contains(c.last.Text, want) {
		return fmt.Errorf("the answer (error %v) is\n%s", c.last.IsError, c.last.Text)
	}
	return nil
}

// meanwhile changes the account behind the server's back.
func (c *talk) meanwhile(rest string) error {
	words := strings.SplitN(rest, " ", 3)
	body := ""
	if len(words) == 3 {
		body = words[2]
	}
	before := len(c.sb.Changes())
	r := httptest.NewRequest(words[0], words[1]+".api10json", strings.NewReader(body))
	r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
	w := httptest.NewRecorder()
	c.sb.ServeHTTP(w, r)
	c.others += len(c.sb.Changes()) - before
	if w.Code != http.StatusOK {
		return fmt.Errorf("HTTP %d %s", w.Code, w.Body)
	}
	return nil
}

func (c *talk) decide(yes bool) error {
	held, err := c.store.AllHeld(c.Context())
	if err != nil || len(held) != 1 {
		return fmt.Errorf("%d plans wait, %v", len(held), err)
	}
	return c.store.Decide(c.Context(), held[0].ID, "anna at a terminal", yes)
}
