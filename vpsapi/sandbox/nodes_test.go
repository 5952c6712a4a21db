package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// tally lists how many nodes of each type are in use and how many are free.
func (l *lab) tally() string {
	l.Helper()
	used, free := nodesByType{}, nodesByType{}
	for _, n := range must(l, vpsapi.ListNodes, vpsapi.ListNodesIn{}) {
		if n.VirtualMachineID != nil {
			used[nodeKind(&n)]++
		} else {
			free[nodeKind(&n)]++
		}
	}
	return fmt.Sprint(used, free)
}

// freeNode finds a node that no server uses.
func (l *lab) freeNode(kind string) vpsapi.Node {
	l.Helper()
	for _, n := range must(l, vpsapi.ListNodes, vpsapi.ListNodesIn{}) {
		if n.VirtualMachineID == nil && nodeKind(&n) == kind {
			return n
		}
	}
	l.Fatalf("no free %s node", kind)
	return vpsapi.Node{}
}

// charged lists what has been charged since the account was made.
func (l *lab) charged() (lines []string) {
	for _, line := range l.account.openInvoice().lines {
		lines = append(lines, fmt.Sprintf("%.2f %s", line.amount, line.what))
	}
	return lines
}

// nodeLab is a lab whose account has a free storage node too. A new sandbox has
// none: a public client takes every node of the list for a slice.
func nodeLab(t *testing.T) *lab {
	t.Helper()
	l := newLab(t)
	l.account.addNode(storageNodes, nil)
	return l
}

func TestNodesAtTheStart(t *testing.T) {
	l := nodeLab(t)
	if got, want := l.tally(), "map[vps:4] map[daily:1 storage:1 vps:2]"; got != want {
		t.Errorf("nodes %s, want %s (used, free)", got, want)
	}
	for _, id := range []vpsapi.ServerID{"1384", "1385"} {
		if n := l.get(id).RegularNodesCount; n == nil || *n != 2 {
			t.Errorf("server %s has %v regular nodes, want 2", id, n)
		}
	}
	if invoices := must(l, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}); len(invoices) != 1 {
		t.Errorf("the account starts with charges: %+v", invoices)
	}
}

func TestNodesAreListedByTypeAndConsumer(t *testing.T) {
	l := nodeLab(t)
	storage := l.freeNode(storageNodes)
	must(l, vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: storage.ID, Type: "storage", ConsumerID: "99"})
	for query, want := range map[string]int{"": 8, "?type=vps": 7, "?type=storage": 1, "?type=ram": 0, "?consumer_id=99": 1, "?type=vps&consumer_id=99": 0, "?consumer_id=0": 7} {
		status, body := l.send("GET", "/nodes.api10json"+query, "")
		if got := decode[[]map[string]json.RawMessage](l, []byte(body)); status != http.StatusOK || len(got) != want {
			t.Errorf("GET /nodes%s: HTTP %d, %d nodes, want %d: %s", query, status, len(got), want, body)
		}
	}
	_, body := l.send("GET", "/nodes.api10json?type=storage", "")
	want := fmt.Sprintf(`[{"storage_node":{"id":%s,"virtual_machine_id":null,"consumer_id":99,"free_node":false,"discount_node":false,"daily_node":false}}]`, storage.ID)
	if body != want {
		t.Errorf("a storage node is %s, want %s", body, want)
	}
}

// Every way of the document to buy; what is bought is paid until it is next billed.
func TestNodesAreBoughtProRata(t *testing.T) {
	l := nodeLab(t) // 6 May 2014, 09:00: 26 of 31 days, 15 of 24 hours
	for _, body := range []string{
		`{"quantity": 1}`, `{"quantity": 1, "upgrade_option": "ram"}`, `{"quantity": 2, "upgrade_option": "storage"}`,
		`{"quantity": 3, "upgrade_option": "daily"}`, `{"quantity": "2", "upgrade_option": "bandwidth"}`,
	} {
		if status, answer := l.send("POST", "/nodes.api10json", body); status != http.StatusOK {
			t.Errorf("%s: HTTP %d %s", body, status, answer)
		}
	}
	if got, want := l.tally(), "map[vps:4] map[bandwidth:2 daily:4 ram:1 storage:3 vps:3]"; got != want {
		t.Errorf("nodes %s, want %s", got, want)
	}
	want := []string{
		"16.77 1 node, pro rata for 26 of 31 days", "16.77 1 ram node, pro rata for 26 of 31 days",
		"33.55 2 storage nodes, pro rata for 26 of 31 days", "1.25 3 daily nodes, pro rata for 15 of 24 hours",
		"33.55 2 bandwidth nodes, pro rata for 26 of 31 days",
	}
	if diff := cmp.Diff(want, l.charged()); diff != "" {
		t.Errorf("charged (-want +got):\n%s", diff)
	}
	if b := must(l, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{}); b.CurrentBalance != "-2.89" {
		t.Errorf("balance %s, want 99 - 101.89", b.CurrentBalance)
	}
}

func TestNewNodesAreAnswered(t *testing.T) {
	l := nodeLab(t)
	raw := must(l, vpsapi.CreateNodes, vpsapi.CreateNodesIn{Quantity: 2, UpgradeOption: "ram"})
	made := decode[[]struct {
		Node vpsapi.Node `json:"ram_node"`
	}](l, raw)
	if len(made) != 2 || made[0].Node.ID == "" || made[0].Node.ID == made[1].Node.ID {
		t.Errorf("answered %s", raw)
	}
}

func TestNodesThatCannotBeBought(t *testing.T) {
	l := nodeLab(t)
	for body, field := range map[string]string{
		`{"quantity": 0}`: "quantity", `{"quantity": 1000000000}`: "quantity", `{}`: "quantity", `{"quantity": "many"}`: "quantity", `many`: "base",
		`{"quantity": 1, "upgrade_option": "gold"}`: "upgrade_option", `{"quantity": 1, "upgrade_option": "vps"}`: "upgrade_option",
	} {
		if status, answer := l.send("POST", "/nodes.api10json", body); status != http.StatusUnprocessableEntity || !strings.Contains(answer, `["`+field+`"`) {
			t.Errorf("%s: HTTP %d %s, want 422 about %s", body, status, answer, field)
		}
	}
	l.account.profile.PaymentType = "Paypal"
	refused(l, vpsapi.CreateNodes, vpsapi.CreateNodesIn{Quantity: 1}, 422, "PayPal")
	if got := l.charged(); len(got) > 0 {
		t.Errorf("charged for nothing: %v", got)
	}
}

func TestNodeOfAServerStays(t *testing.T) {
	l := nodeLab(t)
	used := must(l, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"})[0]
	if used.VirtualMachineID == nil {
		t.Fatal("the first node is free")
	}
	refused(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: used.ID}, 422, string(*used.VirtualMachineID))
	must(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: *used.VirtualMachineID})
	if got, want := l.tally(), "map[vps:2] map[daily:1 storage:1 vps:4]"; got != want {
		t.Errorf("after the server: %s, want %s", got, want)
	}
	must(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: used.ID})
	refused(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: used.ID}, 404, string(used.ID))
}

// Each type has its routes: an id by another type's route is unknown.
func TestNodeIsReachedByItsTypeAlone(t *testing.T) {
	l := nodeLab(t)
	storage := l.freeNode(storageNodes).ID
	for _, kind := range []string{"", "vps", "ram", "fusion", "bandwidth"} {
		refused(l, vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: storage, Type: kind, ConsumerID: "99"}, 404, "Node")
		refused(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: storage, Type: kind}, 404, "Node")
	}
	if raw := must(l, vpsapi.EditNode, vpsapi.EditNodeIn{NodeID: storage, Type: "storage", ConsumerID: "99"}); !strings.HasPrefix(string(raw), `{"storage_node":{`) {
		t.Errorf("edit answers %s", raw)
	}
	must(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: storage, Type: "storage"})
	must(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: l.freeNode(dailyNodes).ID, Type: "vps"}) // a daily node is a vps node
	if got, want := l.tally(), "map[vps:4] map[vps:2]"; got != want {
		t.Errorf("nodes %s, want %s", got, want)
	}
}

// A server takes free nodes first, buys what is missing, gives back what is too many.
func TestServerUsesNodes(t *testing.T) {
	l := nodeLab(t)
	s := l.vm("1384")
	l.account.setNodes(s, monthlyNodes, 3)
	if got := l.charged(); len(got) > 0 {
		t.Errorf("free nodes were charged: %v", got)
	}
	l.account.setNodes(s, monthlyNodes, 6)
	l.account.setNodes(s, dailyNodes, 2)
	l.account.setNodes(s, ramNodes, 1)
	if got, want := l.tally(), "map[daily:2 ram:1 vps:8] map[storage:1]"; got != want {
		t.Errorf("grown: %s, want %s", got, want)
	}
	if got := strings.Join(l.charged(), "; "); !strings.Contains(got, " 2 nodes,") || !strings.Contains(got, " 1 daily node,") || !strings.Contains(got, " 1 ram node,") {
		t.Errorf("charged %s, want 2 nodes, 1 daily node, 1 ram node", got)
	}
	v := l.get("1384")
	if got, want := fmt.Sprint(*v.RegularNodesCount, *v.DailyNodesCount, *v.RAMNodesCount, *v.StorageNodesCount, *v.FusionNodesCount, *v.BandwidthNodesCount), "6 2 1 0 0 0"; got != want {
		t.Errorf("server counts %s, want %s", got, want)
	}
	l.account.setNodes(s, monthlyNodes, 1)
	l.account.setNodes(s, dailyNodes, -1)
	if got, want := l.tally(), "map[ram:1 vps:3] map[daily:2 storage:1 vps:5]"; got != want {
		t.Errorf("shrunk: %s, want %s", got, want)
	}
	l.account.releaseNodes(s)
	if n := l.account.countNodes(s, ramNodes); n != 0 {
		t.Errorf("%d ram nodes after the release", n)
	}
}

// Nodes are billed until they are removed: daily ones at midnight, the others on
// the first.
func TestNodesAreBilledUntilRemoved(t *testing.T) {
	l := nodeLab(t)
	l.pass(16 * time.Hour)
	if diff := cmp.Diff([]string{"0.67 1 daily node, 7 May 2014"}, l.charged()); diff != "" {
		t.Errorf("after midnight (-want +got):\n%s", diff)
	}
	must(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: l.freeNode(dailyNodes).ID})
	must(l, vpsapi.DeleteNode, vpsapi.DeleteNodeIn{NodeID: l.freeNode(monthlyNodes).ID})
	must(l, vpsapi.DeleteIP, vpsapi.DeleteIPIn{IPID: l.spare().ID})
	l.pass(31 * 24 * time.Hour)
	want := []string{"0.67 1 daily node, 7 May 2014", "100.00 5 nodes, June 2014", "20.00 1 storage node, June 2014"}
	if diff := cmp.Diff(want, l.charged()); diff != "" {
		t.Errorf("after a month (-want +got):\n%s", diff)
	}
}

func TestBillingRunsOverTheYear(t *testing.T) {
	l := nodeLab(t)
	l.pass(365 * 24 * time.Hour)
	months := 0
	for _, line := range l.charged() {
		if strings.Contains(line, " IP address") {
			months++
		}
	}
	if lines := len(l.charged()); months != 12 || lines != 365+12*3 {
		t.Errorf("%d months and %d lines, want 12 and 401", months, lines)
	}
}
