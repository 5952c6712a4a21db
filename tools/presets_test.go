package tools

import (
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/tools/offer"
)

// TestJobs holds that each job stays under the caps of clients, and names tools
// that there are.
func TestJobs(t *testing.T) {
	s, _ := newSandboxServer(t, Options{})
	all := s.catalog()
	for job, names := range offer.JobToolsets {
		if len(names) > 39 {
			t.Errorf("%s has %d tools; the smallest cap is 40", job, len(names))
		}
		for _, name := range names {
			if !slices.ContainsFunc(all, func(tool *offer.Tool) bool { return tool.Name == name }) {
				t.Errorf("%s: there is no tool %s", job, name)
			}
		}
		s, _ := newSandboxServer(t, Options{Toolsets: []string{job}})
		if n := len(s.List()); n != len(names) {
			t.Errorf("%s publishes %d tools, not %d", job, n, len(names))
		}
	}
}

func TestListCutAdvice(t *testing.T) {
	for count, want := range map[int]string{39: "", 40: "", 45: "Cursor from 40 on)", 114: "Windsurf from 50 on, many others from 100 on)"} {
		if got := offer.ListCutAdvice(count); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("ListCutAdvice(%d) = %q, want %q", count, got, want)
		}
	}
}
