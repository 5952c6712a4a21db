package vpsapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// A node's type is what it is wrapped in, both ways; it is not a field of the wire.
func TestNodeTypeIsItsWrapper(t *testing.T) {
	const wire = `[{"slice":{"id":1,"virtual_machine_id":1384,"daily_node":true}},{"ram_node":{"id":2,"virtual_machine_id":null}},` +
		`{"storage_node":{"id":3,"virtual_machine_id":null}},{"fusion_node":{"id":4,"virtual_machine_id":null}},{"bandwidth_node":{"id":5,"virtual_machine_id":null}}]`
	out, err := vpsapi.ListNodes.DecodeReply([]byte(wire))
	if err != nil {
		t.Fatal(err)
	}
	server, daily := vpsapi.ServerID("1384"), vpsapi.Flag(true)
	want := []vpsapi.Node{
		{Type: "vps", ID: "1", VirtualMachineID: &server, DailyNode: &daily},
		{Type: "ram", ID: "2"}, {Type: "storage", ID: "3"}, {Type: "fusion", ID: "4"}, {Type: "bandwidth", ID: "5"},
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	if back, err := vpsapi.ListNodes.EncodeReply(out); err != nil || string(back) != wire {
		t.Errorf("encoded %s, %v; want %s", back, err, wire)
	}
}

// An element of a wrapper that nobody has seen, or of none, is not an error: it is a
// node of unknown type.
func TestNodeWithoutWrapper(t *testing.T) {
	out, err := vpsapi.ListNodes.DecodeReply([]byte(`[{"id":"7","virtual_machine_id":null}]`))
	if diff := cmp.Diff(any([]vpsapi.Node{{ID: "7"}}), out); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if back, err := vpsapi.ListNodes.EncodeReply(out); err != nil || !strings.HasPrefix(string(back), `[{"slice":{"id":7`) {
		t.Errorf("encoded %s, %v", back, err)
	}
}

// refusal is an input that must not be sent, and the arguments that are at fault.
type refusal struct {
	op     vpsapi.Operation
	in     any
	fields string
}

func checkRefusals(t *testing.T, refusals []refusal) {
	t.Helper()
	for _, r := range refusals {
		var fields []string
		for _, f := range r.op.Check(r.in) {
			fields = append(fields, f.Field)
		}
		if got := strings.Join(fields, " "); got != r.fields {
			t.Errorf("%s(%+v) has faults in %q, want %q", r.op.Info().Name, r.in, got, r.fields)
		}
		if _, err := r.op.Encode(r.in); (err != nil) != (r.fields != "") {
			t.Errorf("%s(%+v) is encoded with %v", r.op.Info().Name, r.in, err)
		}
	}
}

// The plain route is that of vps nodes: a type that is not known must not take it.
func TestNodeInputs(t *testing.T) {
	checkRefusals(t, []refusal{
		{vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "daily"}, "type"},
		{vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: "7", Type: "RAM", ConsumerID: "99"}, "type"},
		{vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: "7"}, "consumer_id"},
		{vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: "7", ConsumerID: "0"}, ""},
		{vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: "7", Type: "disk"}, "type"},
		{vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: "7/remove_ram_node"}, "node_id"},
		{vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: "7"}, ""},
		{vpsapi.CreateNodes, vpsapi.CreateNodesIn{}, "quantity"},
		{vpsapi.CreateNodes, vpsapi.CreateNodesIn{Quantity: -1, UpgradeOption: "fusion"}, "quantity upgrade_option"},
		{vpsapi.CreateNodes, vpsapi.CreateNodesIn{Quantity: 1, UpgradeOption: "daily"}, ""},
	})
}

func TestNodeTypeChoosesTheRoute(t *testing.T) {
	for kind, want := range map[string]string{"": "/nodes/7", "vps": "/nodes/7", "ram": "/nodes/7/remove_ram_node"} {
		if r, err := vpsapi.DeleteNode.Encode(vpsapi.DeleteNodeIn{NodeID: "7", Type: kind}); err != nil || r.Path != want || r.Body != nil {
			t.Errorf("type %q: %s %s, %v; want %s without a body", kind, r.Path, r.Body, err, want)
		}
	}
}
