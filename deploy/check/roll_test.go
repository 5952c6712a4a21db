package check

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const site = "upstream vpsnet {\n    server 127.0.0.1:8081;\n    server 127.0.0.1:8082;\n}\n"

// TestRollRefuses: a replica that nginx's file does not name as it must is not
// restarted, and nothing else is done either.
func TestRollRefuses(t *testing.T) {
	for name, address := range map[string]string{"another port": "127.0.0.1:8083", "a pattern": "127.0.0.1:808.", "a part": "127.0.0.1:808", "none": ""} {
		dir := t.TempDir()
		conf, done := filepath.Join(dir, "site.conf"), filepath.Join(dir, "done")
		if err := os.WriteFile(conf, []byte(site), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("bash", "../roll.sh", conf, address, "http://127.0.0.1:9/metrics", "touch "+done, "touch", done).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "server "+address+";") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		if text, err := os.ReadFile(conf); err != nil || string(text) != site {
			t.Errorf("%s: nginx's file is now %q, %v", name, text, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
			t.Errorf("%s: something was done: %v", name, left)
		}
	}
}

// TestRollShown: the ways of calling it that are shown restart the replica that
// the unit starts where they turn nginx away from.
func TestRollShown(t *testing.T) {
	shown := regexp.MustCompile(`roll\.sh \S+ (\S+) http://(\S+)/metrics "[^"]+" systemctl restart vpsnet-mcp@(\S+)`)
	unit := execStart(t, "../vpsnet-mcp@.service")
	for _, file := range []string{"../roll.sh", "../../docs/hosting.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := shown.FindStringSubmatch(string(text))
		if m == nil {
			t.Fatalf("%s shows no call of roll.sh", file)
		}
		replica := strings.ReplaceAll(unit, "%i", m[3])
		if !strings.Contains(replica, "--listen "+m[1]+" ") || !strings.Contains(replica, "--metrics "+m[2]+" ") {
			t.Errorf("%s shows %q, and the unit makes %q of it", file, m[0], replica)
		}
	}
}

// execStart is what a unit starts.
func execStart(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if command, ok := strings.CutPrefix(line, "ExecStart="); ok {
			return strings.TrimSpace(command)
		}
	}
	t.Fatalf("%s starts nothing", file)
	return ""
}
