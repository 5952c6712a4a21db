package host

import (
	"fmt"
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
