package cli

import (
	"regexp"
	"strings"
	"testing"
)

// TestApprove goes the way of consent by a person: the server of one process
// holds a plan, its person approves it in another, and the same call runs, once.
func TestApprove(t *testing.T) {
	settings := []string{"--sandbox", "--consent", "person", "--state-dir", t.TempDir()}
	first := serveOne(t, settings)
	m := regexp.MustCompile(`vpsnet-mcp approve (\S+)`).FindStringSubmatch(first)
	if m == nil || !strings.Contains(first, `"isError":true`) {
		t.Fatalf("the first call: %s", first)
	}
	for _, c := range []struct {
		name     string
		terminal bool
		args     []string
		code     int
		want     string
	}{
		{"a pipe is not a person", false, []string{"approve", m[1]}, exitFailed, "needs a terminal"},
		{"another id", true, []string{"approve", "nonesuch"}, exitFailed, "no such plan"},
		{"the only one that waits", true, []string{"approve"}, exitOK, "Approved until"},
	} {
		if code, text := runAt(t, c.terminal, append(c.args, settings...)); code != c.code || !strings.Contains(text, c.want) {
			t.Errorf("%s: code %d: %s", c.name, code, text)
		}
	}
	if second := serveOne(t, settings); !strings.Contains(second, "done") || strings.Contains(second, `"isError":true`) {
		t.Errorf("the approved call: %s", second)
	}
	if third := serveOne(t, settings); !strings.Contains(third, "vpsnet-mcp approve") {
		t.Errorf("the approval was good twice: %s", third)
	}
	if code, text := runAt(t, false, append([]string{"approve", "--decline"}, settings...)); code != exitOK || !strings.Contains(text, "Declined") {
		t.Errorf("declining: code %d: %s", code, text)
	}
	if fourth := serveOne(t, settings); !strings.Contains(fourth, "declined") {
		t.Errorf("the declined call: %s", fourth)
	}
}

// runAt runs a command, at a terminal whose person types what is asked for, or
// without one.
func runAt(t *testing.T, terminal bool, args []string) (code int, text string) {
	t.Helper()
	var out, errs strings.Builder
	p := &program{in: obedient{&errs}, out: &out, err: &errs, terminal: terminal, configDir: func() (string, error) { return t.TempDir(), nil }}
	code = p.run(t.Context(), args)
	return code, out.String() + errs.String()
}

// serveOne lets a client that cannot ask its person delete a server, and gives
// the answer.
func serveOne(t *testing.T, settings []string) string {
	t.Helper()
	const request = `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"delete_cloud_server","arguments":{"server_id":"1384"}}}`
	answers, _ := converse(t, initialize+request+"\n", []int{2}, settings...)
	return answers[2]
}
