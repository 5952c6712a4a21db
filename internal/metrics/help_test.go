package metrics_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/metrics"
	"vpsnet-mcp/vpsapi"
)

// served is what /metrics serves after one of everything.
func served(t *testing.T) string {
	t.Helper()
	m := metrics.New([]string{"reboot_cloud_server"})
	m.Call(audit.Line{Tool: "reboot_cloud_server", Outcome: "done", Consent: "code (model-confirmed)"})
	m.Exchange(vpsapi.Exchange{Attempt: 2, Status: 200, Duration: time.Second, Err: errors.New("lost")})
	m.Breaker("open")
	m.Refused("pace")
	m.Watch(func() int { return 1 }, func() (int, int) { return 1, 2 }, func() map[string]int { return map[string]int{"open": 1} })
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

// TestHelp: each metric of ours says what it is, once, before its values.
func TestHelp(t *testing.T) {
	text := served(t)
	families := map[string]bool{}
	for line := range strings.Lines(text) {
		name := regexp.MustCompile(`^vpsnet_[a-z_]+`).FindString(line)
		for _, part := range []string{"_bucket", "_sum", "_count"} {
			name = strings.TrimSuffix(name, part)
		}
		if name != "" {
			families[name] = true
		}
	}
	if len(families) != 11 {
		t.Errorf("%d metrics are served: %v", len(families), families)
	}
	for name := range families {
		if n := len(regexp.MustCompile(`(?m)^# HELP `+name+` \S.+\.$`).FindAllString(text, -1)); n != 1 {
			t.Errorf("%s has %d lines of HELP", name, n)
		}
		if n := strings.Count(text, "# TYPE "+name+" "); n != 1 {
			t.Errorf("%s has %d lines of TYPE", name, n)
		}
	}
}

// TestFilesNameMetricsThatThereAre: dashboard, alerts and page ask for no metric that
// is not served, and leave out none.
func TestFilesNameMetricsThatThereAre(t *testing.T) {
	name := regexp.MustCompile(`\bvpsnet_(?:tool|consents|api|calls|sessions|refused)[a-z_]*`)
	trimmed := func(text string) []string {
		var names []string
		for _, n := range name.FindAllString(text, -1) {
			for _, part := range []string{"_bucket", "_sum", "_count"} {
				n = strings.TrimSuffix(n, part)
			}
			names = append(names, n)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	known := trimmed(served(t))
	for _, file := range []string{"../../deploy/grafana.json", "../../deploy/alerts.yaml", "../../docs/hosting.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		asked := trimmed(string(text))
		for _, n := range asked {
			if !slices.Contains(known, n) {
				t.Errorf("%s asks for %s, which is not served", file, n)
			}
		}
		if strings.HasSuffix(file, ".md") {
			if diff := cmp.Diff(known, asked); diff != "" {
				t.Errorf("%s (-served +named):\n%s", file, diff)
			}
		}
	}
}

// TestUnknownOutcomesBeginAtZero: an alert on the rise of a counter sees the first change of unknown outcome too.
func TestUnknownOutcomesBeginAtZero(t *testing.T) {
	m := metrics.New([]string{"reboot_cloud_server", "list_cloud_servers"})
	read := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		return w.Body.String()
	}
	for _, want := range []string{"0", "1"} {
		if !strings.Contains(read(), "vpsnet_tool_calls_total{tool=\"reboot_cloud_server\",outcome=\"unknown\"} "+want+"\n") {
			t.Errorf("no %s", want)
		}
		m.Call(audit.Line{Tool: "reboot_cloud_server", Outcome: "unknown"})
	}
}
