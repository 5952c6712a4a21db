package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// maxStatuses bounds the servers of the newer API whose status a report reads.
const maxStatuses = 40

// platformFleet is what a fleet report has read of the newer API.
type platformFleet struct {
	servers  []vpsapi.PlatformServer
	statuses map[vpsapi.PlatformServerID]vpsapi.PlatformState // as far as they were read
	bought   []boughtServer                                   // by the journal
	read     bool
}

// boughtServer is a server that was bought from here a while ago.
type boughtServer struct {
	hostname string
	at       time.Time
	lost     bool // the answer was
}

// platformTotals are the fleet report's figures of servers of the newer API.
type platformTotals struct {
	Servers int `json:"platform_servers"`
	Up      int `json:"platform_servers_up"`
}

// readPlatform reads the servers of the newer API but those that the older one
// lists too, and whether each is up.
func (a *accountReads) readPlatform(ctx context.Context, r *account.Reader) []string {
	g := account.NewGather(ctx, r)
	statuses := make([]vpsapi.PlatformState, min(len(a.platform.servers), maxStatuses))
	got := make([]*bool, len(statuses))
	a.platform.servers = slices.DeleteFunc(slices.Clone(a.platform.servers), a.isInOlderAPI)
	for i, s := range a.platform.servers[:min(len(a.platform.servers), len(statuses))] {
		got[i] = account.Fetch(g, vpsapi.GetPlatformServerStatus, vpsapi.GetPlatformServerStatusIn{ID: s.ServerID()}, &statuses[i])
	}
	missing, _ := g.Wait()
	a.platform.statuses = map[vpsapi.PlatformServerID]vpsapi.PlatformState{}
	for i := range got {
		if got[i] != nil && *got[i] {
			a.platform.statuses[a.platform.servers[i].ServerID()] = statuses[i]
		}
	}
	if n := len(a.platform.servers) - len(statuses); n > 0 {
		missing = append(missing, "the status of "+words.Counted(n, "further platform server"))
	}
	return missing
}

// isInOlderAPI reports a server that the older API lists too, by its address: whether
// there are such is not known, and each is told once.
func (a *accountReads) isInOlderAPI(s vpsapi.PlatformServer) bool {
	if s.IPAddress == "" {
		return false
	}
	return slices.ContainsFunc(a.servers, func(o vpsapi.Server) bool { return slices.Contains(account.AddressesOf(o), string(s.IPAddress)) }) ||
		slices.ContainsFunc(a.ssd, func(o vpsapi.SSDServer) bool {
			return o.PrimaryIPAddress != nil && o.PrimaryIPAddress.IP.Address == s.IPAddress
		})
}

// boughtServers are the servers that the journal has as bought from the newer API.
func boughtServers(ctx context.Context, r *account.Reader, past Journal) ([]boughtServer, error) {
	entries, err := past(ctx, r)
	var list []boughtServer
	for _, e := range entries {
		if e.Subject == nil || e.DidNotHappen() {
			continue
		}
		switch host := e.Subject.Host; e.Tool {
		case vpsapi.CreatePlatformServer.Name:
			list = append(list, boughtServer{host, e.Time, e.Outcome == nil || e.Outcome.IsUnknown()})
		case vpsapi.DeletePlatformServer.Name: // unless it is not known to be gone
			if e.Outcome != nil && !e.Outcome.IsUnknown() {
				list = slices.DeleteFunc(list, func(b boughtServer) bool { return strings.EqualFold(b.hostname, host) })
			}
		}
	}
	return list, err
}

// platformTotals counts the servers of the newer API, and those that are up.
func (a *accountReads) platformTotals() *platformTotals {
	t := &platformTotals{Servers: len(a.platform.servers)}
	for _, s := range a.platform.statuses {
		if s.IsUp() {
			t.Up++
		}
	}
	return t
}

// platformConcerns are what a report says of the newer API, worst first: a server
// that appeared after its create was given up is one that nobody uses, and billed.
func (a *accountReads) platformConcerns(add func(what string, names []string, next ...call)) {
	var down, unlisted, orphans, bare []string
	for _, s := range a.platform.servers {
		name := fmt.Sprintf("%s %s", s.ServerID(), answer.Clip(string(s.Label), maxLabelRunes))
		if state, read := a.platform.statuses[s.ServerID()]; read && !state.IsUp() {
			down = append(down, name)
		}
		if words.IsOff(s.Backups) {
			bare = append(bare, name)
		}
	}
	for _, b := range a.platform.bought {
		i := slices.IndexFunc(a.platform.servers, func(s vpsapi.PlatformServer) bool { return strings.EqualFold(string(s.Hostname), b.hostname) })
		text := fmt.Sprintf("%s (sent %s)", answer.Clip(b.hostname, maxLabelRunes), words.MomentText(b.at))
		switch {
		case i < 0:
			unlisted = append(unlisted, text)
		case b.lost:
			orphans = append(orphans, fmt.Sprintf("%s %s", a.platform.servers[i].ServerID(), text))
		}
	}
	add("platform servers that appeared after a create whose answer was lost; billed, wanted or not", orphans, call{function: vpsapi.ListPlatformServers.Name})
	add("platform servers that were bought in the last day, or may have been, and are not listed: not yet, or deleted elsewhere", unlisted, call{function: vpsapi.ListPlatformServers.Name})
	add("platform servers that are not running, and still billed", down, call{function: vpsapi.StartPlatformServer.Name})
	add("platform servers without backup protection", bare, call{vpsapi.ListPlatformServers.Name, `{"filter":["backups=false"]}`})
}

// platformRows are the servers of the newer API in a report.
func (a *accountReads) platformRows() []fleetRow {
	rows := make([]fleetRow, len(a.platform.servers))
	for i, s := range a.platform.servers {
		power, weight := "unknown", 0
		if state, read := a.platform.statuses[s.ServerID()]; read {
			if power = "on"; !state.IsUp() {
				power, weight = "off", 1<<len(serverConcerns)
			}
		}
		rows[i] = fleetRow{
			ID: vpsapi.AnyServerID(s.ServerID()), Label: answer.Clip(string(s.Label), maxLabelRunes), Power: power, weight: weight,
			Location: answer.Clip(fmt.Sprintf("%s (%s)", s.Location.Name, s.Location.ID), maxLabelRunes),
		}
	}
	return rows
}

// diagnosePlatform is diagnose_server for a server of the newer API, which tells
// less: it makes four upstream calls.
func diagnosePlatform(ctx context.Context, r *account.Reader, id vpsapi.PlatformServerID) (*answer.Answer, error) {
	server, err := r.PlatformServer(ctx, id)
	if err != nil {
		return nil, err
	}
	var detail vpsapi.PlatformServerDetail
	var now vpsapi.PlatformState
	var notices vpsapi.Raw
	g := account.NewGather(ctx, r)
	known := account.Fetch(g, vpsapi.GetPlatformServer, vpsapi.GetPlatformServerIn{ID: id}, &detail)
	seen := account.Fetch(g, vpsapi.GetPlatformServerStatus, vpsapi.GetPlatformServerStatusIn{ID: id}, &now)
	account.Fetch(g, vpsapi.ListPlatformStatusUpdates, vpsapi.ListPlatformStatusUpdatesIn{}, &notices)
	missing, err := g.Wait()
	if err != nil {
		return nil, err
	}
	d := Diagnosis{State: account.PlatformText(server), Missing: append(missing, "its load, traffic and log: the newer API does not tell them")}
	add := func(what, evidence, next string) { d.Causes = append(d.Causes, Cause{what, evidence, next}) }
	if *seen {
		d.State += " is " + catalog.StatusText(now)
	}
	arguments := fmt.Sprintf(`{"platform_server_id":%q}`, id)
	switch {
	case *known && words.IsOn(detail.Suspended):
		add("it is suspended", "suspended is true", "ask VPS.NET why: a bill may be unpaid")
	case *known && words.IsOff(detail.Built):
		add("it is not built yet", "built is false", r.CallText(catalog.WaitForServer, fmt.Sprintf(`{"server_id":%q,"state":"running"}`, id)))
	case *seen && !now.IsUp():
		add("it is not up", fmt.Sprintf("status %d, where 1 is up", now.Status), r.CallText(vpsapi.StartPlatformServer.Name, arguments))
	}
	if l, err := r.Location(ctx, server.Location.ID); err == nil && l.NeedsKey() {
		add("a login with the root password fails there", account.LocationText(l)+" requires an SSH key", "log in with the key, with Debian as the user debian")
	}
	if text := strings.TrimSpace(string(notices)); text != "" && text != "[]" && text != "{}" && text != "null" {
		add("the vendor has a notice", answer.Clip(text, 200), r.CallText(vpsapi.ListPlatformStatusUpdates.Name, ""))
	}
	if len(d.Causes) == 0 {
		add("nothing wrong was found", "it is up, built and not suspended, as far as the newer API tells", "look from within: log in, and read its logs")
	}
	return reportAnswer("Diagnosis of "+account.PlatformThing(server).String(), d)
}
