package host

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnknownAccountIsTold: the log names each caller whose account the server does not have, at
// the start and after a reload; the calls of such a caller are all refused.
func TestUnknownAccountIsTold(t *testing.T) {
	again := make(chan struct{})
	_, hash := NewToken()
	_, other := NewToken()
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	write := func(more string) {
		t.Helper()
		text := fmt.Sprintf("tokens:\n  - {name: anna, sha256: %s, scopes: [read], account: anna}\n  - {name: dora, sha256: %s, scopes: [read]%s}\n", hash, other, more)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(", account: nowhere")
	s := newSite(t, func(c *Config) { c.TokensFile, c.Reload = file, again })
	told := func(what string, want ...string) {
		t.Helper()
		var lines []string
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, "every call of this caller is refused") {
				lines = append(lines, line)
			}
		}
		if len(lines) != len(want) {
			t.Fatalf("%s: %q", what, lines)
		}
		for i, words := range want {
			if !strings.Contains(lines[i], `"caller":"dora"`) || !strings.Contains(lines[i], words) {
				t.Errorf("%s: %s", what, lines[i])
			}
		}
	}
	told("at the start", "nowhere")
	reload := func() { again <- struct{}{}; again <- struct{}{} } // the second is taken when the first is done
	write(", account: anna")
	reload()
	told("once it is mended", "nowhere")
	write("")
	again <- struct{}{}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	told("without an account", "nowhere", `no account \"`)
}

// TestPersonTokenIsNoCallers: a sign-in token that an assistant was given is told from one that nobody knows.
func TestPersonTokenIsNoCallers(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"/mcp", "/sse"} {
		text := s.status("a person's token at "+path, http.StatusUnauthorized, http.MethodGet, path, "", "Authorization", "Bearer "+s.people["anna"])
		if !strings.Contains(text, "person's sign-in token, for the page /approve") || strings.Contains(text, s.people["anna"]) {
			t.Errorf("%s: %s", path, text)
		}
		if text := s.status("an unknown one", http.StatusUnauthorized, http.MethodGet, path, "", "Authorization", "Bearer x"); !strings.Contains(text, "that it knows") {
			t.Errorf("%s: %s", path, text)
		}
	}
}

// TestLogOfARefusal: the log line of a call that was refused after reads that went well has no status
// that looks like success.
func TestLogOfARefusal(t *testing.T) {
	s := newSite(t, nil)
	s.call("anna", "rename_cloud_server_there_is_not", `{}`)
	s.call("anna", "reboot_cloud_server", `{"server_id":"no-such-name"}`)
	s.call("anna", "list_cloud_servers", `{}`)
	for line := range strings.Lines(s.log.String()) {
		if !strings.Contains(line, `"message":"call"`) {
			continue
		}
		if ok := strings.Contains(line, `"outcome":"ok"`); ok != strings.Contains(line, `"upstream_status":200`) || strings.Contains(line, `"status"`) {
			t.Error(line)
		}
	}
}
