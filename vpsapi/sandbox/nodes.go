package sandbox

import (
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

func nodeHandlers() []handler {
	return []handler{
		on(vpsapi.ListNodes, listNodes),
		on(vpsapi.CreateNodes, createNodes),
		on(vpsapi.EditNode, editNode),
		on(vpsapi.DeleteNode, deleteNode),
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
	for _, kind := range []string{monthlyNodes, monthlyNodes, dailyNodes, storageNodes} {
		a.addNode(kind, nil)
	}
}

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
	if faults := faultyCount("quantity", in.Quantity, 1); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	kind := in.UpgradeOption
	if kind == "" {
		kind = monthlyNodes
	}
	var made []vpsapi.Node
	for range in.Quantity {
		made = append(made, *a.buyNode(kind, nil))
	}
	return vpsapi.ListNodes.EncodeReply(made)
}

func editNode(a *account, in vpsapi.EditNodeIn) (vpsapi.Raw, error) {
	n, err := a.node(in.NodeID, in.Type)
	if err != nil {
		return nil, err
	}
	n.ConsumerID = in.ConsumerID
	return vpsapi.ListNodes.EncodeReply([]vpsapi.Node{*n})
}

func deleteNode(a *account, in vpsapi.DeleteNodeIn) (vpsapi.Done, error) {
	n, err := a.node(in.NodeID, in.Type)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if n.VirtualMachineID != nil {
		return vpsapi.Done{}, invalid("base", fmt.Sprintf("The node is assigned to virtual machine %s", *n.VirtualMachineID))
	}
	a.nodes = remove(a.nodes, func(other *vpsapi.Node) bool { return other == n })
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

// buyNode charges a node for the rest of its first month, or for its first day.
func (a *account) buyNode(kind string, s *server) *vpsapi.Node {
	if kind == dailyNodes {
		a.charge(nodePrice/30, "Daily node, one day")
	} else {
		left := float64(daysLeft(a.now)) / 30
		a.charge(nodePrice*min(1, left), fmt.Sprintf("Node (%s), pro rata for %d days", kind, daysLeft(a.now)))
	}
	return a.addNode(kind, s)
}

// useNodes makes a server use count nodes of a type (vps, ram, storage, fusion,
// bandwidth; daily for daily-billed vps nodes): it gives back what is too many,
// takes free ones of the account first, and buys what is missing.
func (a *account) useNodes(s *server, kind string, count int) {
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
	for len(own) > count {
		own[len(own)-1].VirtualMachineID = nil
		own = own[:len(own)-1]
	}
	for len(own) < count {
		if len(free) == 0 {
			own = append(own, a.buyNode(kind, s))
			continue
		}
		free[0].VirtualMachineID = ptr(s.ID)
		own, free = append(own, free[0]), free[1:]
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
