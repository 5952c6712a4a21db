package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzConfig: whatever stands in a config file, the settings are read, or the
// error names the file.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"", "sandbox: true\nread_only: yes\n", "routes:\n  reassign_ip: \"POST /ips/{ip_id}/reassign\"\n", "toolsets: [servers, dns]\napi-key-file: key\n",
		"email: |\n  a@example.com\n", "sandbox_fault: [\"reset,op=reads\", \"cut\"]\n", "api_key: x", "log_level: loud", "sandbox_speed: 1e9", "a: &a [*a]",
		"routes: [1]", "? [x]\n: y", "transport: http,sse\nlisten: :80\n", "---\nsandbox: true\n---\nsandbox: true\n", "x: !!float .nan", "state_dir: ~/x",
	} {
		f.Add([]byte(text))
	}
	path := filepath.Join(f.TempDir(), "config.yaml")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s := newSettings()
		if err := readConfig(s, path, true); err != nil && !strings.HasPrefix(err.Error(), "config ") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
