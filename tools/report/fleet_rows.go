package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Bounds of a report, whatever the size of the account.
const (
	maxRows       = 40
	maxNamed      = 8  // of one concern
	maxLabelRunes = 40 // of a label
)

// concern is a kind of thing that a person should look at, and all that it is
// true of.
type concern struct {
	What  string `json:"what"`
	Count int    `json:"count"`
	Which string `json:"which"`
	Next  string `json:"next_step"`
}

// serverConcerns are what may be wrong with a server, worst first: the note in
// its row, the words for all, and the call that goes on.
var serverConcerns = []struct {
	note, what string
	next       call
	of         func(a *accountReads, s vpsapi.Server) bool
}{
	{"off", "cloud servers that are switched off; their nodes are still billed", offServers, isOff},
	{"no backup", "cloud servers without any backup", call{function: vpsapi.CreateBackup.Name}, func(a *accountReads, s vpsapi.Server) bool {
		last, read := a.backups[s.ID]
		return read && last.at.IsZero() && !last.making
	}},
	{"old backup", "cloud servers whose newest backup is older than asked for", call{function: vpsapi.CreateBackup.Name}, func(a *accountReads, s vpsapi.Server) bool {
		last, read := a.backups[s.ID]
		return read && !last.at.IsZero() && last.at.Before(a.since) && !last.making
	}},
	{"no automatic backups", "cloud servers without automatic backups of any kind", call{vpsapi.ListServers.Name, `{"filter":["backups_enabled=false","rsync_backups_enabled!=true","r1_soft_backups_enabled!=true"]}`}, func(_ *accountReads, s vpsapi.Server) bool {
		return words.IsOff(s.BackupsEnabled) && !words.IsOn(s.RsyncEnabled) && !words.IsOn(s.R1SoftEnabled)
	}},
	{"task pending", "cloud servers with a task pending", call{vpsapi.ListServers.Name, `{"filter":["power_action_pending=true"]}`}, func(_ *accountReads, s vpsapi.Server) bool {
		return words.IsOn(s.PowerActionPending)
	}},
}

// call is a call that a report advises: a function, and its arguments as JSON.
type call struct{ function, arguments string }

// offFilter lets those through that are off and stay so.
const offFilter = `{"filter":["running=false","power_action_pending!=true"]}`

// unused lets those through that no server uses.
func unused(list string) call { return call{list, `{"filter":["virtual_machine_id="]}`} }

// offServers lists servers that are off.
var offServers = call{vpsapi.ListServers.Name, offFilter}

// unusedNodes lists the nodes that no server uses and that are billed.
var unusedNodes = call{vpsapi.ListNodes.Name, `{"filter":["virtual_machine_id=","free_node!=true"]}`}

// words words calls one after the other, as they can be made.
func (a *accountReads) words(calls ...call) string {
	texts := make([]string, len(calls))
	for i, c := range calls {
		texts[i] = a.reader.CallText(c.function, c.arguments)
	}
	return strings.Join(texts, ", then ")
}

// isOff reports a server that is off and stays so.
func isOff(_ *accountReads, s vpsapi.Server) bool {
	return words.IsOff(s.Running) && !words.IsOn(s.PowerActionPending)
}

// notes are what is wrong with a server, and how much that weighs.
func (a *accountReads) notes(s vpsapi.Server) (texts []string, weight int) {
	for i, c := range serverConcerns {
		if c.of(a, s) {
			texts = append(texts, c.note)
			weight += 1 << (len(serverConcerns) - i)
		}
	}
	return texts, weight
}

// concerns lists what needs attention, the most urgent first, each with a call that goes on from there.
func (a *accountReads) concerns() []concern {
	list := []concern{}
	add := func(what string, names []string, next ...call) {
		if len(names) > 0 {
			list = append(list, concern{what, len(names), joinFirst(names, maxNamed), a.words(next...)})
		}
	}
	var names []string
	for _, i := range a.unpaid() {
		names = append(names, fmt.Sprintf("%s (%s %s, %s, due %s)", i.No, i.Amount, i.Currency, answer.Clip(string(i.Status), 20), words.TimeText(i.DateDue)))
	}
	add("unpaid invoices", names, call{vpsapi.ListInvoices.Name, `{"filter":["status!=` + strings.Join(settledStates, `","status!=`) + `"]}`})
	for _, c := range serverConcerns {
		names = nil
		for _, s := range a.servers {
			if c.of(a, s) {
				names = append(names, fmt.Sprintf("%s %s", s.ID, answer.Clip(string(s.Label), maxLabelRunes)))
			}
		}
		add(c.what, names, c.next)
	}
	a.platformConcerns(add)
	for _, c := range ssdConcerns {
		add(c.what, a.ssdNamed(c.of), c.next)
	}
	add("nodes that no server uses, billed until they are deleted", a.unusedNodes(), unusedNodes, call{function: vpsapi.DeleteNode.Name})
	names = nil
	for _, ip := range a.unusedIPs() {
		names = append(names, fmt.Sprintf("%s %s", ip.ID, answer.Clip(string(ip.Address), maxLabelRunes)))
	}
	add("IP addresses that no server has, billed until deleted if public", names, unused(vpsapi.ListIPs.Name), call{function: vpsapi.DeleteIP.Name})
	return list
}

// nodeKind returns a node's type with how it is billed, as a row of the report.
func nodeKind(n vpsapi.Node) string {
	switch {
	case n.Type == "vps" && n.DailyNode == nil:
		return "vps, monthly or daily"
	case words.IsOn(n.DailyNode):
		return "daily " + answer.Clip(string(n.Type), 20)
	}
	return answer.Clip(string(n.Type), 20)
}

// fleetRow is one server of a report.
type fleetRow struct {
	ID       vpsapi.AnyServerID `json:"id"`
	Label    string             `json:"label"`
	CloudID  vpsapi.CloudID     `json:"cloud_id,omitempty"`
	Location string             `json:"location,omitempty"` // of the newer API
	Power    string             `json:"power"`
	Nodes    int                `json:"nodes,omitempty"`
	IPs      int                `json:"ips,omitempty"`
	TrafficG *float64           `json:"bandwidth_gb,omitempty"` // nil is unknown
	Licenses string             `json:"licenses,omitempty"`
	Cost     string             `json:"nodes_monthly_cost,omitempty"`
	Backup   string             `json:"last_backup,omitempty"`
	Notes    string             `json:"notes,omitempty"`

	weight int
}

// rows are the servers that need a look most, with what the lists tell of them.
func (a *accountReads) rows() []fleetRow {
	nodes, ips := map[vpsapi.ServerID]int{}, map[vpsapi.ServerID]int{}
	for _, n := range a.nodes {
		nodes[words.UsingServer(n.VirtualMachineID)]++
	}
	for _, ip := range a.ips {
		ips[words.UsingServer(ip.VirtualMachineID)]++
	}
	costs := a.nodeCosts()
	rows := make([]fleetRow, len(a.servers))
	for i, s := range a.servers {
		texts, weight := a.notes(s)
		rows[i] = fleetRow{
			ID: vpsapi.AnyServerID(s.ID), Label: answer.Clip(string(s.Label), maxLabelRunes), CloudID: s.CloudID, Power: powerWord(s), Nodes: nodes[s.ID], IPs: ips[s.ID],
			Licenses: licensesOf(s), Notes: strings.Join(texts, ", "), weight: weight,
		}
		rows[i].TrafficG = usedGB(s)
		switch last := a.backups[s.ID]; {
		case last.making:
			rows[i].Backup = "one is being made"
		case !last.at.IsZero():
			rows[i].Backup = last.at.UTC().Format(time.DateOnly)
		}
		rows[i].Cost = costs.of[s.ID].text()
	}
	rows = append(rows, a.platformRows()...)
	slices.SortStableFunc(rows, func(x, y fleetRow) int { return y.weight - x.weight })
	return rows[:min(len(rows), maxRows)]
}

// licensesOf counts a server's licenses: an empty text is none.
func licensesOf(s vpsapi.Server) string {
	switch {
	case s.Licenses == nil:
		return "unknown"
	case len(s.Licenses) == 0:
		return ""
	}
	return strconv.Itoa(len(s.Licenses))
}

// powerWord returns on, off, pending or unknown.
func powerWord(s vpsapi.Server) string {
	switch {
	case words.IsOn(s.PowerActionPending):
		return "pending"
	case words.IsOn(s.Running):
		return "on"
	case words.IsOff(s.Running):
		return "off"
	}
	return "unknown"
}

// joinFirst names the first of many, and counts the others.
func joinFirst(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:n], ", ") + ", and " + strconv.Itoa(len(names)-n) + " more"
}

// ssdConcerns are what a fleet report says of SSD servers, worst first.
var ssdConcerns = []struct {
	what string
	next call
	of   func(s vpsapi.SSDServer) bool
}{
	{"SSD servers that are switched off, and still billed", call{vpsapi.ListSSDServers.Name, offFilter}, func(s vpsapi.SSDServer) bool {
		return words.IsOff(s.Running) && !words.IsOn(s.PowerActionPending)
	}},
	{"SSD servers without automatic backups of any kind", call{vpsapi.ListSSDServers.Name, `{"filter":["backups_enabled=false","rsync_backups_enabled!=true"]}`}, func(s vpsapi.SSDServer) bool {
		return words.IsOff(s.BackupsEnabled) && !words.IsOn(s.RsyncEnabled)
	}},
	{"SSD servers with a task pending", call{vpsapi.ListSSDServers.Name, `{"filter":["power_action_pending=true"]}`}, func(s vpsapi.SSDServer) bool {
		return words.IsOn(s.PowerActionPending)
	}},
}

// ssdNamed names the SSD servers that something is true of.
func (a *accountReads) ssdNamed(of func(vpsapi.SSDServer) bool) []string {
	var names []string
	for _, s := range a.ssd {
		if of(s) {
			names = append(names, fmt.Sprintf("%s %s", s.ID, answer.Clip(string(s.Label), maxLabelRunes)))
		}
	}
	return names
}
