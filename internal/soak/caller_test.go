//go:build linux

package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// caller works on the account until its time is over.
type caller struct {
	*world
	name, transport string
	journal         string // the caller's name in the journal
	rng             *rand.Rand
	n               int
	session         *mcp.ClientSession
	cut             func() // ends the connection without a farewell
	end             func() // what is left of the session's context
}

func (c *caller) mark() string {
	c.n++
	return fmt.Sprintf("soak-%s-%d", c.name, c.n)
}

var marks = regexp.MustCompile(`soak-[a-z]+-\d+`)

// patience is how long a caller waits for an answer; a server answers before.
const patience = 40 * time.Second

func (c *caller) work(ctx context.Context) {
	for ctx.Err() == nil {
		if c.session == nil {
			if err := c.connect(ctx, c.current().url); err != nil {
				c.book.count("no connection", 1)
				time.Sleep(100 * time.Millisecond)
				continue
			}
		}
		switch n := c.rng.IntN(100); {
		case n < 40:
			c.echo(ctx)
		case n < 48:
			_, err := c.session.ListTools(ctx, nil)
			c.after(err)
		case n < 60:
			c.read(ctx)
		case n < 88:
			c.change(ctx, patience)
		case n < 92:
			c.book.count("cancelled calls", 1)
			c.change(ctx, time.Duration(c.rng.IntN(300))*time.Millisecond)
		case n < 97 && c.transport == "stdio":
			c.password(ctx)
		case n < 98:
			c.leave()
		default:
			c.book.count(map[bool]string{true: "kill -9", false: "disconnects"}[c.transport == "stdio"], 1)
			c.cutOff()
		}
	}
	if c.session != nil {
		c.leave()
	}
}

// leave ends the session as it should be.
func (c *caller) leave() {
	_ = c.session.Close()
	c.end()
	c.session = nil
}

// cutOff goes away in the middle of a call.
func (c *caller) cutOff() {
	mark := c.mark()
	done := make(chan struct{})
	session := c.session
	call := &mcp.CallToolParams{Name: "create_dns_template", Arguments: map[string]any{"template_name": mark}}
	if c.transport == "stdio" && c.rng.IntN(2) == 0 {
		call = &mcp.CallToolParams{Name: "reset_root_password", Arguments: map[string]any{"server_id": c.nextServer(), "confirm": "yes"}}
	}
	c.book.tell(mark, unknown)
	go func() {
		defer close(done)
		_, _ = session.CallTool(context.Background(), call)
	}()
	time.Sleep(time.Duration(c.rng.IntN(200)) * time.Millisecond)
	c.cut()
	c.leave()
	<-done
}

// after drops a session that has failed.
func (c *caller) after(err error) {
	if err != nil && c.session != nil {
		c.Logf("%s over %s: %v", c.name, c.transport, err)
		c.book.count("broken calls", 1)
		c.cut()
		c.leave()
	}
}

func (c *caller) call(ctx context.Context, tool string, arguments map[string]any) (text string, failed bool, err error) {
	begun := time.Now()
	result, err := c.session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		return "", false, err
	}
	c.book.took(c.transport, time.Since(begun))
	var b strings.Builder
	for _, part := range result.Content {
		if t, ok := part.(*mcp.TextContent); ok {
			b.WriteString(t.Text)
		}
	}
	for _, bad := range []string{"panic", "internal error", "json:"} {
		if strings.Contains(b.String(), bad) {
			c.Errorf("%s %s: %s", c.name, tool, b.String())
		}
	}
	return b.String(), result.IsError, nil
}

// echo makes a call that is refused by its own words: what comes back must be
// the caller's own.
func (c *caller) echo(ctx context.Context) {
	mark := c.mark()
	text, failed, err := c.call(ctx, "get_cloud_server", map[string]any{mark: 1})
	if err == nil && (!failed || !strings.Contains(text, mark) || len(marks.FindAllString(text, -1)) != 1) {
		c.Errorf("%s asked with %s and was answered: %s", c.name, mark, text)
	}
	c.after(err)
}

func (c *caller) read(ctx context.Context) {
	text, failed, err := c.call(ctx, "get_profile", nil)
	if err == nil && !failed && !strings.Contains(text, "sandbox@vps.net") {
		c.Errorf("%s read: %s", c.name, text)
	}
	c.after(err)
}

// change makes something that has a name of its own, and writes down what the
// caller was told of it.
func (c *caller) change(ctx context.Context, wait time.Duration) {
	mark := c.mark()
	tool, arguments := "create_dns_template", map[string]any{"template_name": mark}
	if c.rng.IntN(4) == 0 {
		tool, arguments = "create_domain_record", map[string]any{"domain_id": "51", "type": "a", "host": mark, "data": "192.0.2.1", "ttl": 3600}
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	c.book.tell(mark, unknown) // until there is an answer
	text, failed, err := c.call(waiting, tool, arguments)
	switch {
	case err != nil:
		if waiting.Err() == nil {
			c.after(err)
		}
		return
	case len(marks.FindAllString(text, -1)) > 0 && !strings.Contains(text, mark):
		c.Errorf("%s asked for %s and was answered: %s", c.name, mark, text)
	case !failed:
		c.book.tell(mark, done)
	case !strings.Contains(text, "unknown"):
		c.book.tell(mark, not)
	default:
		c.again(ctx, tool, arguments, mark)
	}
}

// again repeats a change whose answer the server has lost: it must not be sent.
func (c *caller) again(ctx context.Context, tool string, arguments map[string]any, mark string) {
	c.book.count("lost answers", 1)
	text, failed, err := c.call(ctx, tool, arguments)
	if err == nil && !failed && !strings.Contains(text, "nothing to do") {
		c.Errorf("%s repeated %s, whose answer was lost, and it was sent: %s", c.name, mark, text)
	}
	c.after(err)
}

var secretFile = regexp.MustCompile(`in the file (\S+), which`)

// password sets a new password, which goes into a file.
func (c *caller) password(ctx context.Context) {
	text, failed, err := c.call(ctx, "reset_root_password", map[string]any{"server_id": c.nextServer(), "confirm": "yes"})
	if m := secretFile.FindStringSubmatch(text); err == nil && !failed && m != nil {
		c.book.secret(m[1])
	}
	c.after(err)
}

// connect begins a session over the caller's transport.
func (c *caller) connect(ctx context.Context, url string) error {
	lives, end := context.WithCancel(context.WithoutCancel(ctx)) // the session's, not its start's alone
	late := time.AfterFunc(20*time.Second, end)
	defer late.Stop()
	var transport mcp.Transport
	switch c.transport {
	case "stdio":
		cmd := exec.Command(c.binary) // it lives longer than the context of its start
		cmd.Env = c.environment()
		log, err := os.OpenFile(filepath.Join(c.dir, c.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = log.Close() }()
		cmd.Stderr = log
		transport = &mcp.CommandTransport{Command: cmd}
		c.cut = func() { _ = cmd.Process.Kill() }
	default:
		line := newLine(c.tokens[c.name])
		c.cut = line.cut
		end = func(end func()) func() { return func() { end(); line.up.CloseIdleConnections() } }(end)
		if c.transport == "sse" {
			transport = &mcp.SSEClientTransport{Endpoint: url + "/sse", HTTPClient: &http.Client{Transport: line}}
		} else {
			transport = &mcp.StreamableClientTransport{Endpoint: url + "/mcp", HTTPClient: &http.Client{Transport: line}, MaxRetries: -1}
		}
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: c.name, Version: "1"}, nil).Connect(lives, transport, nil)
	if err != nil {
		c.cut()
		end()
		return err
	}
	c.end = end
	c.book.count("sessions over "+c.transport, 1)
	c.session = session
	return nil
}

// visit calls a server once over each of its transports, so that what a server
// holds after calls is there.
func (w *world) visit(p *process) {
	w.Helper()
	for _, name := range []string{"anna", "sara"} {
		c := &caller{world: w, name: name, transport: map[string]string{"anna": "http", "sara": "sse"}[name], rng: rand.New(rand.NewPCG(0, 0))}
		if err := c.connect(w.Context(), p.url); err != nil {
			w.Fatal(err)
		}
		c.echo(w.Context())
		if c.session == nil {
			w.Fatal("the calm server does not answer")
		}
		c.read(w.Context())
		c.leave()
	}
}

// line is a caller's connections, which can be cut.
type line struct {
	token string
	up    *http.Transport
	mu    sync.Mutex
	conns []net.Conn
	dead  bool
}

var errCut = errors.New("the line is cut")

func newLine(token string) *line {
	l := &line{token: token}
	l.up = &http.Transport{MaxIdleConnsPerHost: 4, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err == nil && l.dead {
			_ = conn.Close()
			return nil, errCut
		}
		l.conns = append(l.conns, conn)
		return conn, err
	}}
	return l
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	dead := l.dead
	l.mu.Unlock()
	if dead {
		return nil, errCut
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+l.token)
	return l.up.RoundTrip(r)
}

// cut ends every connection at once.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
	for _, conn := range l.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	l.up.CloseIdleConnections()
}

// changeLine is a line of the sandbox's ledger.
type changeLine struct {
	Op, Path, Body, Request string
}

func readLedger(path string) ([]changeLine, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var lines []changeLine
	for text := range strings.Lines(string(text)) {
		var l changeLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}
