package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mcpserver "github.com/mark3labs/mcp-go/server"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// talk is a conversation on its way: one account, the servers that serve it, and
// the client that speaks now.
type talk struct {
	*testing.T
	era    string
	files  map[string][]byte
	sb     *sandbox.Sandbox
	clock  clock
	dir    string // of the state that servers with store=file share
	others int    // changes made by somebody else

	servers map[string]*served
	at      *served // that the client speaks to
	session *mcp.ClientSession
	person  *person
	wire    *wire
	prefill *mcp.CallToolParams // an answer that the next call brings along
	kept    map[string]string
	last    answer.Answer
}

// clock is a clock that only the script moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// served is a server and the line of each of its calls.
type served struct {
	store state.Store
	web   *httptest.Server
	mu    sync.Mutex
	lines []string
	told  chan struct{} // has room for one: there is a new line
}

func (s *served) tell(l audit.Line) {
	b, _ := json.Marshal(l)
	s.mu.Lock()
	s.lines = append(s.lines, string(b))
	s.mu.Unlock()
	select {
	case s.told <- struct{}{}:
	default:
	}
}

// has reports a line with a text.
func (s *served) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(strings.Join(s.lines, "\n"), text)
}

func (s *served) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = nil
}

func (c *talk) serve(rest string) error {
	o := options(rest)
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: c.sb, PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		return err
	}
	s := &served{told: make(chan struct{}, 1)}
	options := Options{
		Client: client, Log: zerolog.Nop(), Now: c.clock.now, Consent: consent.Mode(o["consent"]), Sandbox: true, Told: s.tell,
		ReadOnly: o["read-only"] != "", NoDestroy: o["no-destroy"] != "", NoCommit: o["no-commit"] != "",
		AskPatience: time.Minute, Approve: "run vpsnet-mcp approve %s",
	}
	if d := o["patience"]; d != "" {
		if options.AskPatience, err = time.ParseDuration(d); err != nil {
			return err
		}
	}
	s.store = state.NewMemory(c.clock.now)
	if o["store"] == "file" {
		if s.store, err = state.OpenFile(c.dir, c.clock.now); err != nil {
			return err
		}
		if options.Sealer, err = consent.NewSealerFile(filepath.Join(c.dir, "consent.key"), c.clock.now); err != nil {
			return err
		}
	}
	options.Store = s.store
	if file := o["policy"]; file != "" {
		if options.Policy, err = policy.Parse(c.files[file], namesOfPolicy()); err != nil {
			return err
		}
	}
	server, err := New(options)
	if err != nil {
		return err
	}
	s.web = httptest.NewServer(rpc.NewWeb().Wrap(mcpserver.NewStreamableHTTPServer(server.MCP(), mcpserver.WithStateful(true),
		mcpserver.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			return WithCaller(ctx, confirm.Caller{Name: r.Header.Get("X-Caller"), Consent: consent.Mode(r.Header.Get("X-Consent")), Client: client})
		}))))
	c.Cleanup(func() { s.web.CloseClientConnections(); s.web.Close(); _ = s.store.Close() })
	c.servers[o["name"]], c.at = s, s
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

// wire is the way from a client to a server: it names the caller, and remembers
// the sealed state that questions travelled with.
type wire struct {
	http.Transport
	caller, consent string

	mu    sync.Mutex
	state string
}

var stateInRequest = regexp.MustCompile(`"requestState":"([^"]+)"`)

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Caller", w.caller)
	r.Header.Set("X-Consent", w.consent)
	if r.GetBody != nil {
		if body, err := r.GetBody(); err == nil {
			b, _ := io.ReadAll(body)
			if m := stateInRequest.FindSubmatch(b); m != nil {
				w.mu.Lock()
				w.state = string(m[1])
				w.mu.Unlock()
			}
		}
	}
	return w.Transport.RoundTrip(r)
}

func (w *wire) seen() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// person is who sits before a client that can ask.
type person struct {
	action, text string
	asked        atomic.Int64
	shown        atomic.Value  // what they were shown last
	release      chan struct{} // closed: the late answer comes
	hangUp       atomic.Value  // func() that ends the call
	server       *httptest.Server
}

func (p *person) answer(ctx context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	p.asked.Add(1)
	p.shown.Store(r.Params.Message)
	action := p.action
	switch action {
	case "late":
		<-p.release
		action = "accept"
	case "gone":
		p.server.CloseClientConnections()
		<-p.release
		action = "accept"
	case "hangup":
		p.hangUp.Load().(func())()
		select {
		case <-p.release:
		case <-ctx.Done():
		}
		action = "accept"
	}
	content := map[string]any{}
	if strings.Contains(fmt.Sprint(r.Params.RequestedSchema), "confirm") && action == "accept" {
		content["confirm"] = p.text
	}
	return &mcp.ElicitResult{Action: action, Content: content}, nil
}

func (c *talk) client(rest string) error {
	texts, answer, asks := strings.Cut(rest, "answer=")
	o := options(texts)
	if s := c.servers[o["server"]]; s != nil {
		c.at = s
	}
	c.person = &person{release: make(chan struct{}), server: c.at.web}
	c.person.action, c.person.text, _ = strings.Cut(answer, ":")
	client := &mcp.ClientOptions{}
	if asks {
		client.ElicitationHandler = c.person.answer
	}
	version := ""
	if c.era == "legacy" {
		version = "2025-11-25"
	}
	c.wire = &wire{caller: o["caller"], consent: o["consent"]}
	if c.wire.caller == "" {
		c.wire.caller = "anna"
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, client).Connect(c.Context(), &mcp.StreamableClientTransport{
		Endpoint: c.at.web.URL, HTTPClient: &http.Client{Transport: c.wire}, DisableStandaloneSSE: c.era == "modern", MaxRetries: -1,
	}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		return err
	}
	p, w := c.person, c.wire
	c.Cleanup(func() {
		p.free()
		_ = session.Close()
		w.CloseIdleConnections()
	})
	c.session = session
	return nil
}

// free lets an answer that is late come.
func (p *person) free() {
	select {
	case <-p.release:
	default:
		close(p.release)
	}
}

var (
	codeInText  = regexp.MustCompile(`confirm: "([A-Z0-9]+)"`)
	entryInText = regexp.MustCompile(`entry ([a-z0-9]{8})`)
	planInText  = regexp.MustCompile(`vpsnet-mcp approve ([a-z0-9]+)`)
)

// keep gives a word of the last answer a name.
func (c *talk) keep(rest string) error {
	what, name, _ := strings.Cut(rest, " ")
	if what == "state" {
		c.kept["$"+name] = c.wire.seen()
		return nil
	}
	m := map[string]*regexp.Regexp{"code": codeInText, "entry": entryInText, "plan": planInText}[what].FindStringSubmatch(c.last.Text)
	if m == nil {
		return fmt.Errorf("there is no %s in %s", what, c.last.Text)
	}
	c.kept["$"+name] = m[1]
	return nil
}

func (c *talk) fill(text string) string {
	if m := codeInText.FindStringSubmatch(c.last.Text); m != nil {
		text = strings.ReplaceAll(text, "$CODE", m[1])
	}
	for name, value := range c.kept {
		text = strings.ReplaceAll(text, name, value)
	}
	return text
}

func (c *talk) call(rest string) error {
	tool, arguments, _ := strings.Cut(c.fill(rest), " ")
	params := mcp.CallToolParams{}
	if c.prefill != nil {
		params, c.prefill = *c.prefill, nil
	}
	params.Name, params.Arguments = tool, json.RawMessage(arguments)
	c.at.forget()
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	c.person.hangUp.Store(func() { cancel() })
	result, err := c.session.CallTool(ctx, &params)
	if err != nil {
		c.last = answer.Answer{IsError: true, Text: err.Error()}
		return nil
	}
	c.last = answer.Answer{IsError: result.IsError}
	for _, part := range result.Content {
		if text, ok := part.(*mcp.TextContent); ok {
			c.last.Text += text.Text
		}
	}
	return nil
}

// bring makes the next call bring an answer along that nobody asked for.
func (c *talk) bring(rest string) error {
	state, text, _ := strings.Cut(c.fill(rest), " ")
	action := "accept"
	if text == "no" {
		action = "decline"
	}
	c.prefill = &mcp.CallToolParams{RequestState: state, InputResponses: mcp.InputResponseMap{
		questionID: &mcp.ElicitResult{Action: action, Content: map[string]any{"confirm": text}},
	}}
	return nil
}

func (c *talk) expect(isError bool, want string) error {
	if want = c.fill(want); c.last.IsError != isError || !strings.Contains(c.last.Text, want) {
		return fmt.Errorf("the answer (error %v) is\n%s", c.last.IsError, c.last.Text)
	}
	return nil
}

// audited waits for a line of the call: one that was given up ends later than
// its client.
func (c *talk) audited(want string) error {
	for !c.at.has(want) {
		select {
		case <-c.at.told:
		case <-time.After(20 * time.Second):
			return fmt.Errorf("the lines are %v", c.at.lines)
		}
	}
	return nil
}

// meanwhile changes the account behind the server's back.
func (c *talk) meanwhile(rest string) error {
	texts := strings.SplitN(rest, " ", 3)
	body := ""
	if len(texts) == 3 {
		body = texts[2]
	}
	before := len(c.sb.Changes())
	r := httptest.NewRequest(texts[0], texts[1]+".api10json", strings.NewReader(body))
	r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
	w := httptest.NewRecorder()
	c.sb.ServeHTTP(w, r)
	c.others += len(c.sb.Changes()) - before
	if w.Code != http.StatusOK {
		return fmt.Errorf("HTTP %d %s", w.Code, w.Body)
	}
	return nil
}

// decide is a person's word on the one plan that waits.
func (c *talk) decide(yes bool) error {
	held, err := c.at.store.AllHeld(c.Context())
	switch {
	case err != nil:
		return err
	case len(held) != 1:
		return errors.New(fmt.Sprint(len(held), " plans wait"))
	}
	c.person.shown.Store(held[0].Plan)
	return c.at.store.Decide(c.Context(), held[0].ID, "anna at a terminal", yes)
}
