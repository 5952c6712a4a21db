package words

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// ServerText names a cloud server with its id, host name, address and state.
func ServerText(s vpsapi.Server) string {
	parts := []string{"id " + IDText(s.ID)}
	if host := Hostname(s); host != "" {
		parts = append(parts, vpsapi.Quote(host))
	}
	if s.PrimaryIPAddress != nil && s.PrimaryIPAddress.IP.Address != "" {
		parts = append(parts, AddressText(s.PrimaryIPAddress.IP.Address))
	}
	return fmt.Sprintf("cloud server %s (%s)", vpsapi.Quote(string(s.Label)), strings.Join(append(parts, stateText(s)), ", "))
}

// Hostname is a server's host name with its domain; empty when neither is known.
func Hostname(s vpsapi.Server) string {
	return strings.Trim(string(s.Hostname+"."+s.DomainName), ".")
}

// stateText says whether a server is built, runs or has a task under way.
func stateText(s vpsapi.Server) string {
	text := "whether it runs is unknown"
	switch {
	case IsOff(s.Built):
		text = "not built yet"
	case IsOn(s.Running):
		text = "running"
	case IsOff(s.Running):
		text = "stopped"
	}
	if IsOn(s.PowerActionPending) {
		text += ", a task is under way on it"
	}
	return text
}

// AddressText is an address as it is; what is none is quoted.
func AddressText(a vpsapi.Text) string {
	if ip, err := netip.ParseAddr(string(a)); err == nil && ip.Zone() == "" {
		return string(a)
	}
	return vpsapi.Quote(string(a))
}

// Gigabytes is the number that a size such as "10 GB" opens with; 0 where there is none.
func Gigabytes(t vpsapi.Text) float64 {
	text := strings.TrimSpace(string(t))
	if end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); end >= 0 {
		text = text[:end]
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return n
}

// FurtherAddresses are a server's addresses beside the primary one.
func FurtherAddresses(s vpsapi.Server) []string {
	var list []string
	for _, w := range s.IPAddresses {
		if s.PrimaryIPAddress == nil || w.IP.Address != s.PrimaryIPAddress.IP.Address {
			list = append(list, AddressText(w.IP.Address))
		}
	}
	return list
}

// NodeCounts are a server's nodes by type, as far as the service counts them.
func NodeCounts(s vpsapi.Server) (monthly, daily *vpsapi.Int, others []string) {
	monthly = cmp.Or(s.RegularNodesCount, s.SlicesCount)
	for _, n := range []struct {
		kind  string
		count *vpsapi.Int
	}{
		{"RAM node", s.RAMNodesCount}, {"storage node", s.StorageNodesCount},
		{"fusion node", s.FusionNodesCount}, {"bandwidth node", s.BandwidthNodesCount},
	} {
		if n.count != nil && *n.count > 0 {
			others = append(others, Counted(int(*n.count), n.kind))
		}
	}
	return monthly, s.DailyNodesCount, others
}

// NodesText lists a server's nodes.
func NodesText(s vpsapi.Server) string {
	monthly, daily, others := NodeCounts(s)
	var list []string
	if monthly != nil && *monthly > 0 {
		list = append(list, Counted(int(*monthly), "monthly node"))
	}
	if daily != nil && *daily > 0 {
		list = append(list, Counted(int(*daily), "daily node"))
	}
	if list = append(list, others...); len(list) == 0 {
		return "its nodes (the service does not say how many)"
	}
	return "its " + JoinAnd(list)
}

// BackupTime is when a backup was built, or else when it was begun.
func BackupTime(b vpsapi.Backup) vpsapi.Time {
	if b.BuiltAt != nil && *b.BuiltAt != "" {
		return *b.BuiltAt
	}
	return b.CreatedAt
}

// BackupText names a backup with its id, time and state.
func BackupText(b vpsapi.Backup) string {
	parts := []string{"id " + IDText(b.ID), "of " + TimeText(BackupTime(b))}
	if b.Type != "" && b.Type != "normal" {
		parts = append(parts, vpsapi.Quote(string(b.Type)))
	}
	if IsOff(b.Built) {
		parts = append(parts, "not finished yet")
	}
	label := ""
	if b.Label != "" {
		label = " " + vpsapi.Quote(string(b.Label))
	}
	return fmt.Sprintf("backup%s (%s)", label, strings.Join(parts, ", "))
}

// IPText names an IP address with its id and note.
func IPText(ip vpsapi.IP) string {
	text := fmt.Sprintf("IP address %s (id %s", AddressText(ip.Address), IDText(ip.ID))
	if ip.Description != "" {
		text += ", note " + vpsapi.Quote(string(ip.Description))
	}
	return text + ")"
}

// NodeText names a node by type and id, and says how it is billed.
func NodeText(n vpsapi.Node) string {
	billed := "monthly"
	switch {
	case IsOn(n.FreeNode):
		billed = "free"
	case IsOn(n.DailyNode):
		billed = "daily"
	case n.DailyNode == nil && cmp.Or(n.Type, "vps") == "vps":
		billed = "monthly or daily: VPS.NET does not say"
	}
	return fmt.Sprintf("%s node %s (%s)", cmp.Or(string(n.Type), "vps"), IDText(n.ID), billed)
}

// UsingServer returns what uses a thing; empty when nothing does, vpsapi.UnknownServer when the service does not say.
func UsingServer(id *vpsapi.ServerID) vpsapi.ServerID {
	if id == nil || *id == "0" {
		return ""
	}
	return *id
}

// ConsumerText is a consumer's id; "none" for what has none.
func ConsumerText(id vpsapi.ConsumerID) string {
	if id == "" || id == "0" {
		return "none"
	}
	return IDText(id)
}

// NodeType is the first kind of node for 1, the second for any other number, empty for none.
func NodeType(n *vpsapi.Int, first, second vpsapi.Text) vpsapi.Text {
	switch {
	case n == nil:
		return ""
	case *n == 1:
		return first
	default:
		return second
	}
}

// ServerOfSSD returns an SSD server by what it has in common with a cloud server.
func ServerOfSSD(s vpsapi.SSDServer) vpsapi.Server {
	return vpsapi.Server{
		ID: vpsapi.ServerID(s.ID), Label: s.Label, Hostname: s.Hostname, DomainName: s.DomainName, CloudID: s.CloudID,
		Running: s.Running, PowerActionPending: s.PowerActionPending, Built: s.Built, PrimaryIPAddress: s.PrimaryIPAddress,
	}
}

// SSDText names an SSD server with its id, host name, address and state.
func SSDText(s vpsapi.SSDServer) string {
	return "SSD" + strings.TrimPrefix(ServerText(ServerOfSSD(s)), "cloud")
}

// SSDMemory is what each plan has.
var SSDMemory = map[vpsapi.Text]string{"0": "unknown size", "1": "1 GB", "2": "2 GB", "3": "4 GB", "4": "8 GB", "5": "16 GB"}

// TicketState returns a ticket's status in words.
func TicketState(t vpsapi.Ticket) string {
	if t.Status == "" {
		return "its status is unknown"
	}
	return "status " + vpsapi.Quote(string(t.Status))
}
