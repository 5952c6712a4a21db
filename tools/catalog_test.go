package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// wiretap sees what goes upstream, and may change what comes back.
type wiretap struct {
	up   http.RoundTripper
	edit func(status int, body []byte) []byte

	mu   sync.Mutex
	sent []string // method and path
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
	response.Body = io.NopCloser(bytes.NewReader(w.edit(response.StatusCode, body)))
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

// last is what was sent last.
func (w *wiretap) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
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
	log     bytes.Buffer
	audited bytes.Buffer
}

func newFleet(t *testing.T, o Options, edit func(int, []byte) []byte) *fleet {
	t.Helper()
	f := &fleet{T: t, now: testStart}
	clock := func() time.Time { return f.now }
	f.sb = sandbox.New(sandbox.Options{Now: clock})
	f.tap = &wiretap{up: f.sb, edit: edit}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: f.tap, PerSecond: -1, Attempts: 1, Observe: Observe})
	if err != nil {
		t.Fatal(err)
	}
	f.store = state.NewMemory(clock)
	o.Client, o.Now, o.Store, o.Log, o.Audit = client, clock, f.store, zerolog.New(zerolog.SyncWriter(&f.log)), audit.New(&f.audited)
	if f.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fleet) call(tool, arguments string) Answer {
	return f.server.Call(context.Background(), tool, json.RawMessage(arguments))
}

// generous leaves room for every purchase of a test.
func generous() *policy.Policy {
	return &policy.Policy{Rules: []policy.Rule{{Action: policy.Ask, Effects: []string{"disruptive"}}}}
}

// TestReadsOnlyGet: a tool with the read hint never sends anything but GET, save
// the one read that the document makes a POST.
func TestReadsOnlyGet(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	for _, c := range drive {
		f.tap.take()
		f.call(c.tool, c.arguments)
		hint := *f.server.tools[c.tool].published().Annotations.ReadOnlyHint
		for _, sent := range f.tap.take() {
			if hint && !strings.HasPrefix(sent, "GET ") && c.tool != "check_ip_exists" {
				t.Errorf("%s sent %s", c.tool, sent)
			}
		}
	}
}

// TestNoEffectWithoutConsent: over the whole catalogue, no change above the free
// and reversible leaves unless it was agreed to; the audit says how.
func TestNoEffectWithoutConsent(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
	for _, c := range drive {
		op, _ := vpsapi.Find(c.tool)
		if op.Info().Safety <= vpsapi.Changes {
			continue
		}
		before := len(f.sb.Changes())
		f.audited.Reset()
		a := f.call(c.tool, c.arguments)
		var line audit.Line
		if err := json.Unmarshal(f.audited.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		sent := len(f.sb.Changes()) - before
		grave := strings.ContainsAny(strings.Join(line.Effects, ","), "dm") // disruptive, destructive, commit
		if sent > 0 && grave && line.Consent == "" {
			t.Errorf("%s %s: sent %d with effects %v and no consent: %s", c.tool, c.arguments, sent, line.Effects, a.Text)
		}
		if a.NeedsConsent && (sent > 0 || line.Outcome != "needs consent") {
			t.Errorf("%s: %d sent, audit %+v", c.tool, sent, line)
		}
	}
}

var (
	codeLike = regexp.MustCompile(`[A-Z0-9]{20,}|[a-z0-9]{8,}`)
	idLike   = regexp.MustCompile(`"?\b[0-9]{2,9}\b"?`)
)

// TestAModelAloneChangesNothing: with consent by a person, a model that calls
// everything, again and again, with anything it has read, changes nothing that
// needs consent.
func TestAModelAloneChangesNothing(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Person, Policy: generous(), Approve: "vpsnet-mcp approve %s"}, nil)
	words := []string{"yes", "true", "approved"}
	for range 3 {
		for _, c := range drive {
			a := f.call(c.tool, c.arguments)
			words = append(words, codeLike.FindAllString(a.Text, 3)...)
			words = append(words, idLike.FindAllString(a.Text, 2)...)
			for _, word := range words[max(0, len(words)-4):] {
				confirm, _ := json.Marshal(word)
				f.call(c.tool, strings.Replace(c.arguments, "{", `{"confirm":`+string(confirm)+",", 1))
			}
		}
	}
	for _, change := range f.sb.Changes() {
		op, _ := vpsapi.Find(change.Op)
		entries, err := f.store.Entries(context.Background(), sandbox.Email, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if op.Info().Safety > vpsapi.Changes && !mildlyDone(entries, change.Op) {
			t.Errorf("%s was done: %s %s", change.Op, change.Path, change.Body)
		}
	}
}

// mildlyDone reports that every entry of a function had no effect above a change.
func mildlyDone(entries []state.Entry, tool string) bool {
	for _, e := range entries {
		if e.Tool == tool && strings.Join(e.Effects, "") != "change" {
			return false
		}
	}
	return true
}

// Canaries: what is planted, and must come out nowhere.
const (
	planted  = "Canary-7hq2x9-token"
	password = "a8hjsjnbs91" // of server 1384, in the document's own example
)

// plant puts a secret under a key that nobody documented into every object, and
// repeats it in texts that people write and in errors.
func plant(status int, body []byte) []byte {
	s := string(body)
	if strings.HasPrefix(s, "%PDF") {
		return body
	}
	text := fmt.Sprintf("my password is %s and the key %s", password, planted)
	for _, key := range []string{"label", "comment", "description", "subject", "action", "notes", "info", "note"} {
		s = regexp.MustCompile(`("`+key+`":")`).ReplaceAllString(s, "${1}"+text+" ")
	}
	s = regexp.MustCompile(`\{("[a-z_]+":(?:[0-9"tfn]))`).ReplaceAllString(s, `{"vendor":{"Access_Key":["`+planted+`"]},"root_password":"`+password+`",$1`)
	if status != http.StatusOK {
		s = strings.Replace(s, `"errors":[`, `"errors":[["base","`+text+`"],`, 1)
	}
	return []byte(s)
}

// TestCanary plants secrets in every reply and looks for them in everything that
// comes out: answers, plans, errors, log at every level, audit, journal.
func TestCanary(t *testing.T) {
	for _, mode := range []consent.Mode{consent.Code, consent.Flag} {
		f := newFleet(t, Options{Consent: mode, Policy: generous(), Secrets: SecretsRedact}, plant)
		var out strings.Builder
		look := func(where, text string) {
			t.Helper()
			for _, secret := range []string{planted, password} {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%s: %s in ...%s", where, secret, text[max(0, i-100):min(len(text), i+40)])
				}
			}
		}
		f.call("get_cloud_server", `{"server_id":"1384"}`) // the process has seen them
		for _, c := range drive {
			arguments := c.arguments
			if op, _ := vpsapi.Find(c.tool); op.Info().Safety > vpsapi.Changes && mode == consent.Flag {
				arguments = strings.Replace(arguments, "{", `{"confirm":"yes",`, 1)
			}
			for _, a := range []Answer{f.call(c.tool, arguments), f.call(c.tool, `{"nonsense":"`+password+`"}`)} {
				look(c.tool+" text", strings.ReplaceAll(a.Text, `"nonsense"`, ""))
				look(c.tool+" structured", string(a.Structured))
				out.WriteString(a.Text)
			}
			f.now = f.now.Add(5 * time.Minute)
		}
		if !strings.Contains(out.String(), vpsapi.Redacted) {
			t.Error("nothing was redacted: the canaries were not planted")
		}
		look("log", f.log.String())
		look("audit", f.audited.String())
		entries, err := f.store.Entries(context.Background(), sandbox.Email, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(entries)
		if err != nil {
			t.Fatal(err)
		}
		look("journal", string(kept))
	}
}
