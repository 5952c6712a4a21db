package tools

import (
	"strings"
	"testing"
)

// TestCostOfNodesThatAreFree: a plan that takes further nodes tells no cost as sure where nodes that are billed already are free for it.
func TestCostOfNodesThatAreFree(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil) // two monthly nodes are free
	for _, c := range []struct{ tool, arguments, want string }{
		{"edit_cloud_server", `{"server_id":"1384","slices_required":3}`, "Cost: nothing more but a cloud's premium if free nodes of the account are used, which are billed already; else at most 20.00 USD a month for 1 monthly node"},
		{"edit_cloud_server", `{"server_id":"1384","slices_required":5}`, "Cost: if free nodes of the account are used, which are billed already, 20.00 USD a month for 1 monthly node"},
		{"edit_cloud_server", `{"server_id":"1384","slices_required":5}`, "else at most 60.00 USD a month for 3 monthly nodes"},
		{"clone_cloud_server", `{"server_id":"1384","cloud_id":"3"}`, "Cost: nothing more but a cloud's premium if free nodes of the account are used, which are billed already; else at most 40.00 USD a month for 2 monthly nodes"},
	} {
		if a := f.call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: no %q in %s", c.tool, c.arguments, c.want, a.Text)
		}
	}
	f.agreed("delete_node", `{"node_id":"5005","type":"vps"}`)
	f.agreed("delete_node", `{"node_id":"5006","type":"vps"}`)
	if a := f.call("edit_cloud_server", `{"server_id":"1384","slices_required":3}`); !strings.Contains(a.Text, "Cost: 20.00 USD a month for 1 monthly node (20.00 USD each), the first month pro rata at once\n") {
		t.Errorf("without a free one: %s", a.Text)
	}
}

// TestIdleAddressIsNamed: who buys an address is told of those that no server has.
func TestIdleAddressIsNamed(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	for kind, c := range map[string][2]string{"external": {"192.0.2.4 (id 5010", "10.100.0.5"}, "internal": {"10.100.0.5 (id 5011", "192.0.2.4"}} {
		a := f.call("add_ips", `{"quantity":1,"type":"`+kind+`","virtual_machine_id":"1384"}`)
		if !strings.Contains(a.Text, "No server has IP address "+c[0]) || strings.Contains(a.Text, c[1]) {
			t.Errorf("%s: %s", kind, a.Text)
		}
	}
}
