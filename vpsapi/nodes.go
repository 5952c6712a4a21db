package vpsapi

import (
	"encoding/json"
	"slices"
	"strings"
)

// Node is a bought unit of CPU, memory, disk or bandwidth.
type Node struct {
	Type             Text       `json:"type,omitempty"` // vps, ram, storage, fusion or bandwidth: the wrapper it came in
	ID               NodeID     `json:"id"`
	VirtualMachineID *ServerID  `json:"virtual_machine_id" wire:"null"` // nil when no server uses it; UnknownServer when the reply does not say
	ConsumerID       ConsumerID `json:"consumer_id,omitempty"`
	FreeNode         *Flag      `json:"free_node,omitempty"`
	DiscountNode     *Flag      `json:"discount_node,omitempty"`
	DailyNode        *Flag      `json:"daily_node,omitempty"` // billed by the day
}

// UnmarshalJSON leaves UnknownServer where the reply does not say who uses it.
func (n *Node) UnmarshalJSON(b []byte) error {
	type plain Node
	unknown := UnknownServer
	n.VirtualMachineID = &unknown
	return json.Unmarshal(b, (*plain)(n))
}

// nodeWrappers are the names that nodes of each type are wrapped in; slice is
// what a client program shows, the others but ram_node and storage_node are
// assumed.
var nodeWrappers = map[string]string{
	"vps": "slice", "ram": "ram_node", "storage": "storage_node", "fusion": "fusion_node", "bandwidth": "bandwidth_node",
}

// nodeList is a list whose elements tell their type by what they are wrapped in.
func nodeList() Shape[[]Node] {
	return Shape[[]Node]{decode: decodeNodes, encode: encodeNodes}
}

// decodeNodes reads a list of nodes, each in a wrapper whose key is its type.
func decodeNodes(b []byte) ([]Node, error) {
	elements, err := unmarshal[[]json.RawMessage](b)
	if err != nil {
		return nil, err
	}
	nodes := make([]Node, len(elements))
	for i, element := range elements {
		for _, kind := range sortedKeys(nodeWrappers) {
			if key, inner := unwrapKey(element, nodeWrappers[kind]); key != "" {
				element, nodes[i].Type = inner, Text(kind)
				break
			}
		}
		if err := json.Unmarshal(element, &nodes[i]); err != nil {
			return nil, decodeError(err)
		}
	}
	return nodes, nil
}

// encodeNodes writes a list of nodes as the service does.
func encodeNodes(nodes []Node) ([]byte, error) {
	wrapped := make([]Object, len(nodes))
	for i, n := range nodes {
		wrapper := orDefault(nodeWrappers[string(n.Type)], "slice")
		n.Type = "" // the wrapper says it
		wrapped[i] = Object{{wrapper, n}}
	}
	return encodeWire(wrapped)
}

// ListNodesIn filters the list.
type ListNodesIn struct {
	Type       string     `json:"type,omitempty" jsonschema:"enum=vps,enum=ram,enum=storage,enum=fusion,enum=bandwidth"`
	ConsumerID ConsumerID `json:"consumer_id,omitempty"`
}

// Check refuses an unknown type of nodes.
func (in ListNodesIn) Check() []Fault { return checkNodeType(in.Type) }

// checkNodeType refuses what is not a type of node: it would choose no route of its
// own, and a function that is sent by the plain one hits another node.
func checkNodeType(kind string) []Fault {
	return checkChoice("type", orDefault(kind, "vps"), sortedKeys(nodeWrappers)...)
}

// checkChoice refuses a word that is none of the allowed ones.
func checkChoice(field, word string, allowed ...string) []Fault {
	if slices.Contains(allowed, word) {
		return nil
	}
	last := len(allowed) - 1
	return []Fault{{field, "not known: " + Quote(word) + "; give " + strings.Join(allowed[:last], ", ") + " or " + allowed[last]}}
}

// ListNodes lists the account's nodes.
var ListNodes = Op[ListNodesIn, []Node]{
	Name: "list_nodes", Title: "List nodes",
	Doc:     "List nodes: type, billing, which server uses each; not RAM or CPU.",
	Heading: "GET Nodes",
	Route:   "GET /nodes", Reply: nodeList(), Safety: Reads, Evidence: Document,
}

// CreateNodesIn says how many nodes to buy, and of what; without UpgradeOption
// they are regular monthly ones.
type CreateNodesIn struct {
	Quantity      Int        `json:"quantity" jsonschema:"minimum=1"`
	UpgradeOption string     `json:"upgrade_option,omitempty" jsonschema:"enum=ram,enum=storage,enum=daily,enum=bandwidth" jsonschema_description:"Default: regular monthly nodes"`
	ConsumerID    ConsumerID `json:"consumer_id,omitempty"`
}

// Check refuses a purchase of nothing, and of what cannot be bought.
func (in CreateNodesIn) Check() []Fault {
	faults := checkQuantity(in.Quantity)
	if in.UpgradeOption != "" {
		faults = append(faults, checkChoice("upgrade_option", in.UpgradeOption, "ram", "storage", "daily", "bandwidth")...)
	}
	return faults
}

// checkQuantity returns the fault of a quantity below 1.
func checkQuantity(n Int) []Fault {
	if n < 1 {
		return []Fault{{"quantity", "must be 1 or more"}}
	}
	return nil
}

// CreateNodes buys nodes. Accounts that pay by PayPal cannot.
var CreateNodes = Op[CreateNodesIn, Raw]{
	Name: "create_nodes", Title: "Create nodes",
	Doc:     "BUY nodes: charged pro rata at once, then monthly (daily nodes: daily) until deleted. Not for PayPal accounts.",
	Heading: "CREATE Nodes",
	Route:   "POST /nodes", Reply: rawShape(), Safety: Commits, Evidence: Clients,
}

// EditNodeIn names a node, its type and its new consumer.
type EditNodeIn struct {
	NodeID     NodeID     `json:"node_id"`
	Type       string     `json:"type,omitempty" jsonschema:"enum=vps,enum=ram,enum=storage,enum=fusion,enum=bandwidth" jsonschema_description:"Default vps; from list_nodes"`
	ConsumerID ConsumerID `json:"consumer_id"`
}

// Check refuses an unknown type of node.
func (in EditNodeIn) Check() []Fault { return checkNodeType(in.Type) }

// EditNode gives a node to a consumer, the only thing of a node that can change.
var EditNode = Op[EditNodeIn, Raw]{
	Name: "edit_node", Title: "Edit node",
	Doc:     "Give a node to a consumer.",
	Heading: "EDIT Nodes",
	Route:   "PUT /nodes/{node_id}", RouteBy: RouteBy{"type", map[string]Route{
		"ram":       "PUT /nodes/{node_id}/update_ram_node",
		"storage":   "PUT /nodes/{node_id}/update_storage_node",
		"fusion":    "PUT /nodes/{node_id}/update_fusion_node",
		"bandwidth": "PUT /nodes/{node_id}/update_bandwidth_node",
	}}, Reply: rawShape(), Safety: Disrupts, Evidence: Document,
}

// DeleteNodeIn names a node and its type.
type DeleteNodeIn struct {
	NodeID NodeID `json:"node_id"`
	Type   string `json:"type,omitempty" jsonschema:"enum=vps,enum=ram,enum=storage,enum=fusion,enum=bandwidth" jsonschema_description:"Default vps; from list_nodes"`
}

// Check refuses an unknown type of node.
func (in DeleteNodeIn) Check() []Fault { return checkNodeType(in.Type) }

// DeleteNode takes a node off the account, unless a server uses it.
var DeleteNode = Op[DeleteNodeIn, Done]{
	Name: "delete_node", Title: "Delete node",
	Doc:     "Remove a node from the account and end its billing. Only nodes that no cloud server uses.",
	Heading: "DELETE Nodes",
	Route:   "DELETE /nodes/{node_id}", RouteBy: RouteBy{"type", map[string]Route{
		"ram":       "DELETE /nodes/{node_id}/remove_ram_node",
		"storage":   "DELETE /nodes/{node_id}/remove_storage_node",
		"fusion":    "DELETE /nodes/{node_id}/remove_fusion_node",
		"bandwidth": "DELETE /nodes/{node_id}/remove_bandwidth_node",
	}}, Reply: noContent(), Safety: Destroys, Evidence: Document,
}

// Nodes is the group of functions about nodes.
var Nodes = Group{Name: "nodes", Title: "Nodes", Operations: []Operation{ListNodes, CreateNodes, EditNode, DeleteNode}}
