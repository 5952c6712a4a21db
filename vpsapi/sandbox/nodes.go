package sandbox

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// nodeHandlers returns the handlers of the functions for nodes.
func nodeHandlers() []handler {
	return []handler{
		handle(vpsapi.ListNodes, listNodes),
		handle(vpsapi.CreateNodes, createNodes),
		handle(vpsapi.EditNode, editNode),
		handle(vpsapi.DeleteNode, deleteNode),
	}
}

// seedNodes gives every seeded server the nodes that it says it has, and the
// account a few that are free.
func seedNodes(a *account) {
	for _, s := range a.servers {
		for _, held := range heldNodes(s) {
			for range held.count {
				a.addNode(held.kind, s)
			}
		}
	}
	for _, kind := range []string{monthlyNodes, monthlyNodes, dailyNodes} {
		a.addNode(kind, nil)
	}
	a.billFromMidnight()
}

// listNodes answers list_nodes from the account in memory.
func listNodes(a *account, in vpsapi.ListNodesIn) ([]vpsapi.Node, error) {
	list := []vpsapi.Node{}
	for _, n := range a.nodes {
		if (in.Type == "" || string(n.Type) == in.Type) && (in.ConsumerID == "" || n.ConsumerID == in.ConsumerID) {
			list = append(list, *n)
		}
	}
	return list, nil
}

// createNodes answers with the new nodes, as the list shows them; nobody has
// published the reply.
func createNodes(a *account, in vpsapi.CreateNodesIn) (vpsapi.Raw, error) {
	if strings.EqualFold(string(a.profile.PaymentType), "paypal") {
		return nil, invalid("base", "PayPal based accounts can't create nodes through the API")
	}
	if faults := checkCount("quantity", in.Quantity, 1); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	kind := in.UpgradeOption
	if kind == "" {
		kind = monthlyNodes
	}
	made := a.buyNodes(int(in.Quantity), kind, nil)
	for _, n := range made {
		n.ConsumerID = cmp.Or(in.ConsumerID, noConsumer)
	}
	return vpsapi.ListNodes.EncodeReply(copyValues(made))
}

// editNode answers with the node as an element of the list, its wrapper included.
func editNode(a *account, in vpsapi.EditNodeIn) (vpsapi.Raw, error) {
	n, err := a.node(in.NodeID, in.Type)
	if err != nil {
		return nil, err
	}
	n.ConsumerID = in.ConsumerID
	list, err := vpsapi.ListNodes.EncodeReply([]vpsapi.Node{*n})
	return bytes.Trim(list, "[]"), err
}

// deleteNode answers delete_node from the account in memory.
func deleteNode(a *account, in vpsapi.DeleteNodeIn) (vpsapi.Done, error) {
	n, err := a.node(in.NodeID, in.Type)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if n.VirtualMachineID != nil {
		return vpsapi.Done{}, invalid("base", fmt.Sprintf("The node is assigned to virtual machine %s", *n.VirtualMachineID))
	}
	a.nodes = removeFirst(a.nodes, func(other *vpsapi.Node) bool { return other == n })
	return vpsapi.Done{}, nil
}

// node finds a node of a type; without one, a vps node.
func (a *account) node(id vpsapi.NodeID, kind string) (*vpsapi.Node, error) {
	if kind == "" {
		kind = monthlyNodes
	}
	for _, n := range a.nodes {
		if n.ID == id && string(n.Type) == kind {
			return n, nil
		}
	}
	return nil, notFound("Node", id)
}

// addNode puts a node on the account; daily ones are vps nodes billed by the day.
func (a *account) addNode(kind string, s *server) *vpsapi.Node {
	n := &vpsapi.Node{
		ID: newID[vpsapi.Node](a), Type: vpsapi.Text(kind), ConsumerID: noConsumer,
		FreeNode: ptr(vpsapi.Flag(false)), DiscountNode: ptr(vpsapi.Flag(false)), DailyNode: ptr(vpsapi.Flag(kind == dailyNodes)),
	}
	if kind == dailyNodes {
		n.Type = monthlyNodes
	}
	if s != nil {
		n.VirtualMachineID, n.ConsumerID = ptr(s.ID), s.ConsumerID
	}
	a.nodes = append(a.nodes, n)
	return n
}

// buyNodes puts nodes on the account and charges them until they are next billed.
func (a *account) buyNodes(count int, kind string, s *server) []*vpsapi.Node {
	if kind == dailyNodes {
		a.charge(a.restOfDay(dailyNodePrice*float64(count), countedNodes(count, kind)))
	} else {
		a.charge(a.restOfMonth(nodePrice*float64(count), countedNodes(count, kind)))
	}
	made := make([]*vpsapi.Node, count)
	for i := range made {
		made[i] = a.addNode(kind, s)
	}
	return made
}

// setNodes makes a server use count nodes of a type (vps, ram, storage, fusion,
// bandwidth; daily for daily-billed vps nodes): it gives back what is too many,
// takes free ones of the account first, and buys what is missing.
func (a *account) setNodes(s *server, kind string, count int) {
	var own, free []*vpsapi.Node
	for _, n := range a.nodes {
		switch {
		case nodeKind(n) != kind:
		case n.VirtualMachineID == nil:
			free = append(free, n)
		case *n.VirtualMachineID == s.ID:
			own = append(own, n)
		}
	}
	for _, n := range own[min(len(own), max(0, count)):] {
		n.VirtualMachineID = nil
	}
	missing := max(0, count-len(own))
	taken := free[:min(len(free), missing)]
	for _, n := range taken {
		n.VirtualMachineID = ptr(s.ID)
	}
	if missing > len(taken) {
		a.buyNodes(missing-len(taken), kind, s)
	}
}

// nodeKind is a node's type, with daily ones apart.
func nodeKind(n *vpsapi.Node) string {
	if n.Type == monthlyNodes && isOn(n.DailyNode) {
		return dailyNodes
	}
	return string(n.Type)
}

// releaseNodes takes every node from a server. They stay on the account and are
// billed until removed.
func (a *account) releaseNodes(s *server) {
	for _, n := range a.nodes {
		if n.VirtualMachineID != nil && *n.VirtualMachineID == s.ID {
			n.VirtualMachineID = nil
		}
	}
}
