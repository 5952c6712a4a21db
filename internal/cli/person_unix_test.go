//go:build unix

package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// stdio is a server in person mode as a client starts it, whose person has a
// scripted browser.
type stdio struct {
	*testing.T
	in   io.WriteCloser
	out  *bufio.Reader
	errs *bufio.Reader
	pipe string // gives what the browser was told to open
	said strings.Builder
	id   int
}

// newStdio starts the server; script is what the browser does.
func newStdio(t *testing.T, script string, args ...string) *stdio {
	t.Helper()
	dir := t.TempDir()
	s := &stdio{T: t, pipe: filepath.Join(dir, "pipe")}
	if err := syscall.Mkfifo(s.pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	browser := filepath.Join(dir, "browser")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := command(context.WithoutCancel(t.Context()), t, append([]string{"--sandbox", "--consent", "person", "--log-level", "error"}, args...)...)
	cmd.Env = append(cmd.Env, "BROWSER="+browser, "PIPE="+s.pipe)
	s.in, s.out, s.errs = piped(t, cmd)
	t.Cleanup(func() { _ = s.in.Close(); _, _ = io.Copy(io.Discard, s.out); ends(t, cmd) })
	s.write(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"form":{},"url":{}}},"clientInfo":{"name":"test","version":"1"}}}`)
	s.id = 1
	s.answer()
	s.write(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return s
}

func (s *stdio) write(line string) {
	s.Helper()
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		s.Fatal(err)
	}
}

// begin sends a call.
func (s *stdio) begin(tool, arguments string) {
	s.Helper()
	s.id++
	s.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, s.id, tool, arguments))
}

// answer reads until the last call has its answer. Whatever the server asks the
// client meanwhile is answered with a yes.
func (s *stdio) answer() string {
	s.Helper()
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			log, _ := io.ReadAll(s.errs)
			s.Fatalf("%v: %s", err, log)
		}
		s.said.WriteString(line)
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			s.Fatalf("not JSON: %s", line)
		}
		switch {
		case m.Method == "elicitation/create":
			s.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"action":"accept","content":{"confirm":"Web Server 01"}}}`, m.ID))
		case string(m.ID) == fmt.Sprint(s.id) && m.Method == "":
			return line
		}
	}
}

func (s *stdio) call(tool, arguments string) string {
	s.Helper()
	s.begin(tool, arguments)
	return s.answer()
}

func (s *stdio) post(to string, values url.Values, origin string) string {
	s.Helper()
	r, _ := http.NewRequestWithContext(s.Context(), http.MethodPost, to, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

var (
	opensAt  = regexp.MustCompile(`action="(http://127\.0\.0\.1:\d+)/open"`)
	secretOf = regexp.MustCompile(`name="secret" value="([A-Z0-9]+)"`)
	formOf   = regexp.MustCompile(`name="form" value="([A-Z0-9]+)"`)
)

// TestApprovedInTheBrowser: in person mode the plan opens in the browser of who
// sits there, the call waits, and goes on with their yes. The page's secret passes
// by no client.
func TestApprovedInTheBrowser(t *testing.T) {
	s := newStdio(t, `cat "${1#file://}" >"$PIPE"`)
	for _, answer := range []string{"no", "yes"} {
		s.begin("delete_cloud_server", `{"server_id":"1384"}`)
		handed, err := os.ReadFile(s.pipe)
		if err != nil {
			t.Fatal(err)
		}
		own, secret := opensAt.FindStringSubmatch(string(handed)), secretOf.FindStringSubmatch(string(handed))
		if own == nil || secret == nil {
			t.Fatalf("the browser was handed %s", handed)
		}
		form := formOf.FindStringSubmatch(s.post(own[1]+"/open", url.Values{"secret": {secret[1]}}, "null"))
		if form == nil {
			t.Fatal("no form on the page")
		}
		s.post(own[1]+"/decide", url.Values{"form": {form[1]}, "answer": {answer}, "typed": {"Web Server 01"}}, own[1])
		want := map[string]string{"no": "declined", "yes": "Done on account"}[answer]
		if text := s.answer(); !strings.Contains(text, want) {
			t.Errorf("after a %s: %s", answer, text)
		}
		if strings.Contains(s.said.String(), secret[1]) || strings.Contains(s.said.String(), form[1]) {
			t.Error("the page's secret came to the client")
		}
	}
	if text := s.call("history", `{}`); !strings.Contains(text, "approved on this computer") {
		t.Errorf("the journal: %s", text)
	}
}
