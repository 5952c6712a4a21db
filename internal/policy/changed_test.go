package policy

import (
	"slices"
	"testing"
)

// TestRenames: a rename is judged under the old and the new name, the stricter
// holds, and what it would loosen is told.
func TestRenames(t *testing.T) {
	for _, c := range []struct {
		name, text string
		from, to   string
		want       Action
		loosens    []string
	}{
		{"into an allow of another tool", `rules: [{action: allow, tools: [delete_cloud_server], labels: ["test-*"]}]`, "MySQL S", "test-1", None,
			[]string{`the allow rule at line 1 would apply to server "MySQL S"`}},
		{"out of an allow", `rules: [{action: allow, tools: [delete_cloud_server], labels: ["test-*"]}]`, "test-1", "other", None, nil},
		{"into an allow of renames", `rules: [{action: allow, labels: ["test-*"]}]`, "MySQL S", "test-1", None,
			[]string{`the allow rule at line 1 would apply to server "MySQL S"`}},
		{"out of a deny of another tool", `rules: [{action: deny, tools: [delete_cloud_server], labels: ["MySQL*"]}]`, "MySQL S", "other", None,
			[]string{`the deny rule at line 1 would no longer apply to server "MySQL S"`}},
		{"out of an ask", `rules: [{action: ask, tools: [delete_cloud_server], labels: ["MySQL*"]}]`, "MySQL S", "other", None,
			[]string{`the ask rule at line 1 would no longer apply to server "MySQL S"`}},
		{"into a deny", `rules: [{action: deny, labels: ["MySQL*"]}]`, "other", "mysql 1", Deny, nil},
		{"out of a deny of it", `rules: [{action: deny, labels: ["MySQL*"]}]`, "MySQL S", "other", Deny, []string{`the deny rule at line 1 would no longer apply to server "MySQL S"`}},
		{"out of a protection", `protect: [{label: "MySQL*"}]`, "MySQL S", "other", Deny, []string{`server "MySQL S" would no longer be protected (line 1)`}},
		{"into a protection", `protect: [{label: "MySQL*"}]`, "other", "MySQL S", Deny, nil},
		{"within a rule", `rules: [{action: deny, tools: [delete_cloud_server], labels: ["MySQL*"]}]`, "MySQL S", "MySQL T", None, nil},
		{"a rule by id", `rules: [{action: deny, tools: [delete_cloud_server], servers: ["1"]}]`, "MySQL S", "other", None, nil},
		{"one of two conditions", `rules: [{action: deny, tools: [delete_cloud_server], clouds: ["3"], labels: ["MySQL*"]}]`, "MySQL S", "other", None,
			[]string{`the deny rule at line 1 would no longer apply to server "MySQL S"`}},
	} {
		p, q := parse(t, c.text), renamed(c.from, c.to)
		if got := p.Judge(q); got.Action != c.want {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
		if got := p.Loosened(q); !slices.Equal(got, c.loosens) {
			t.Errorf("%s: loosens %q, want %q", c.name, got, c.loosens)
		}
	}
}
