package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

const documentRules = `{
	"max_nodes": {"nodes": 1},
	"load_average": {"average": 2, "node_type": "permanent", "nodes": 1, "period": 10},
	"ram_usage": {"percentage": 50, "node_type": "permanent", "nodes": 1, "period": 10},
	"disk_usage": {"percentage": 50, "node_type": "storage", "nodes": 1},
	"swap_usage": {"percentage": 50, "node_type": "permanent", "nodes": 1, "period": 10}
}`

func TestAutoscalingIsTheDocumentsExample(t *testing.T) {
	l := newLab(t)
	_, body := l.send("GET", "/virtual_machines/1384/auto_scaling.api10json", "")
	if diff := cmp.Diff(decode[any](l, []byte(documentRules)), decode[any](l, []byte(body))); diff != "" {
		t.Error(diff)
	}
	if _, body := l.send("GET", "/virtual_machines/1385/auto_scaling.api10json", ""); body != "{}" {
		t.Errorf("a server without rules: %s", body)
	}
}

// The document's own edit leads to the document's own configuration.
func TestAutoscalingEditIsReadBackInWords(t *testing.T) {
	l := newLab(t)
	status, reply := l.send("PUT", "/virtual_machines/1385/auto_scaling.api10json", `{
		"max_nodes": {"enabled": 1, "nodes": 1},
		"swap_usage": {"enabled": 1, "percentage": 50, "period": 10, "nodes": 1, "node_type": 1},
		"ram_usage": {"enabled": 1, "percentage": 50, "period": 10, "nodes": 1, "node_type": 1},
		"load_average": {"enabled": 1, "average": 2, "period": 10, "nodes": 1, "node_type": 1},
		"disk_usage": {"enabled": 1, "percentage": 50, "nodes": 1, "node_type": 1}}`)
	if status != 200 {
		t.Fatalf("HTTP %d %s", status, reply)
	}
	_, body := l.send("GET", "/virtual_machines/1385/auto_scaling.api10json", "")
	if diff := cmp.Diff(decode[any](l, []byte(documentRules)), decode[any](l, []byte(body))); diff != "" {
		t.Error(diff)
	}
}

func TestAutoscalingEditChangesTheNamedRulesAlone(t *testing.T) {
	l := newLab(t)
	two := ptr(vpsapi.Int(2))
	must(l, vpsapi.EditAutoscaling, vpsapi.EditAutoscalingIn{
		ServerID:  "1384",
		RAMUsage:  &vpsapi.UsageScalingRule{Enabled: true, Percentage: ptr(vpsapi.Int(80)), Period: two, Nodes: two, NodeType: two},
		DiskUsage: &vpsapi.DiskScalingRule{Enabled: true, Percentage: ptr(vpsapi.Int(90)), Nodes: two, NodeType: two},
		SwapUsage: &vpsapi.UsageScalingRule{Enabled: false},
	})
	want := documentScaling()
	want.RAMUsage = &vpsapi.ScalingRule{Percentage: ptr(vpsapi.Int(80)), Period: two, Nodes: two, NodeType: "daily"}
	want.DiskUsage = &vpsapi.ScalingRule{Percentage: ptr(vpsapi.Int(90)), Nodes: two, NodeType: "permanent"}
	want.SwapUsage = nil
	if diff := cmp.Diff(want, must(l, vpsapi.GetAutoscaling, vpsapi.GetAutoscalingIn{ServerID: "1384"})); diff != "" {
		t.Error(diff)
	}
}

func TestAutoscalingRefusesRulesOutOfBounds(t *testing.T) {
	l := newLab(t)
	for body, words := range map[string]string{
		`{}`:                                    "base",
		`{"max_nodes":{"enabled":1}}`:           "max_nodes.nodes",
		`{"max_nodes":{"enabled":1,"nodes":0}}`: "nodes must be",
		`{"ram_usage":{"enabled":1,"percentage":101,"period":1,"nodes":1,"node_type":1}}`:               "between 1 and 100",
		`{"swap_usage":{"enabled":1,"percentage":50,"period":0,"nodes":1,"node_type":1}}`:               "period must be",
		`{"disk_usage":{"enabled":1,"percentage":50,"nodes":1,"node_type":3}}`:                          "node type must be",
		`{"load_average":{"enabled":1,"period":5,"nodes":1,"node_type":1}}`:                             "load_average.average",
		`{"max_nodes":{"enabled":0},"disk_usage":{"enabled":1,"percentage":0,"nodes":1,"node_type":1}}`: "between 1 and 100",
	} {
		status, reply := l.send("PUT", "/virtual_machines/1384/auto_scaling.api10json", body)
		if status != 422 || !strings.Contains(reply, words) {
			t.Errorf("%s: HTTP %d %s, want 422 with %q", body, status, reply, words)
		}
	}
	if diff := cmp.Diff(documentScaling(), l.vm("1384").autoscaling); diff != "" {
		t.Errorf("a refused edit changed the rules: %s", diff)
	}
}
