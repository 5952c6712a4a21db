package policy

import (
	"testing"
	"time"
)

// FuzzParse: whatever stands in a policy file, it is refused, or it judges.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "rules: []", "rules:\n- action: deny\n  tools: [delete_*]\n  why: no\n", "protect:\n- kind: server\n  label: web*\n  from: [destructive]\n",
		"limits:\n  cost_per_day: 10\n", "rules: [{action: ask, effects: [commit], hours: '22:00-06:00'}]", "a: &a [*a]", "rules: {x: *y}", "rules:\n- {action: allow, tools: [[]]}",
		"---\n---\n", "rules: !!binary x", "rules:\n  - action: deny\n    groups: [servers]\n    days: [mon]\n",
	} {
		f.Add([]byte(text))
	}
	names := Names{Tools: []string{"delete_cloud_server", "create_nodes"}, Groups: []string{"servers", "nodes"}}
	query := Query{
		Function: Function{"delete_cloud_server", "servers"}, Also: []Function{{"undo", "journal"}}, Effects: []string{"destructive"}, Now: time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC),
		Things: []Thing{{Kind: "server", ID: "1384", Label: "web01"}}, Cost: 5, Creates: 1, Buys: 1,
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse(text, names)
		if err != nil {
			if err.Error() == "" {
				t.Errorf("%q: refused without a word", text)
			}
			return
		}
		p.Judge(query)
		_ = p.CheckLimits(query, []Past{{Function: Function{"create_nodes", "nodes"}, Time: query.Now.Add(-time.Hour), Effects: []string{"commit"}, Cost: 3}}, nil)
	})
}
