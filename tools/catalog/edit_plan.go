package catalog

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// serverEdit is the plan of an edit of a server on its way: each part adds its words,
// its effect, and what puts it back.
type serverEdit struct {
	*plan.Plan
	in     vpsapi.EditServerIn // as it is sent
	server vpsapi.Server
	back   vpsapi.EditServerIn // what puts the old values back
	lost   []string            // what that does not bring back
	byHand []string            // calls that take back what it does not
	costs  []string
}

// planEditServer plans edit_cloud_server: each field from which value to which, and what that interrupts or costs.
func planEditServer(ctx context.Context, r *account.Reader, asked vpsapi.EditServerIn) (*plan.Plan, error) {
	now, err := r.Server(ctx, asked.ServerID)
	if err != nil {
		return nil, err
	}
	in, err := asked.WithPresentNodes(ctx, r.Client, now)
	if err != nil {
		return nil, err
	}
	p, s, err := account.OnServer(ctx, r, vpsapi.EditServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Edit %s.", words.ServerText(s))
	p.Effects = nil
	e := &serverEdit{Plan: p, in: in, server: s, back: vpsapi.EditServerIn{ServerID: in.ServerID}}
	e.names()
	if !r.Restores {
		checkFQDN(p, "public_fqdn", in.PublicFQDN)
		checkFQDN(p, "fqdn", in.FQDN)
	}
	e.consumer()
	e.backupServices()
	if err := e.bandwidth(ctx, r); err != nil {
		return nil, err
	}
	e.nodes(ctx, r)
	e.licenses(ctx, r)
	if err := licenseRules(ctx, r, p, s, in.Licenses); err != nil {
		return nil, err
	}
	if err := e.storage(r); err != nil {
		return nil, err
	}
	if len(p.Words.Changes) == 0 {
		p.Nothing = p.Thing.String() + " is so already"
	}
	if p.Worst() > vpsapi.Changes { // another size, which is a task of its own
		account.TellBusy(p, s)
	}
	if len(e.costs) > 0 {
		p.Words.Cost = strings.Join(e.costs, "; ")
	}
	e.reverse()
	return p, nil
}

// plainLabel is what the service takes as a label.
var plainLabel = regexp.MustCompile(`^[A-Za-z0-9 ._-]+$`)

// names adds what the edit changes of label and host name.
func (e *serverEdit) names() {
	if e.in.Label != "" && e.ChangeText("label", e.server.Label, e.in.Label) {
		e.Effect(vpsapi.Changes, "renames the server")
		e.Moves = true
		then := account.ServerTarget(e.server)
		then.Label = e.in.Label
		e.Changed = append(e.Changed, policy.Change{Before: account.ServerTarget(e.server), After: then})
		if plainLabel.MatchString(string(e.server.Label)) {
			e.back.Label = string(e.server.Label)
		} else {
			e.lost = append(e.lost, "the old label, which the API would not take")
		}
	}
	wanted := cmp.Or(e.in.PublicFQDN, e.in.FQDN)
	if old := words.Hostname(e.server); wanted != "" && e.ChangeText("hostname", vpsapi.Text(old), wanted) {
		e.Effect(vpsapi.Changes, "changes the hostname")
		e.Moves = true
		if e.back.PublicFQDN = old; old == "" {
			e.lost = append(e.lost, "a hostname that was empty")
		}
	}
}

// consumer adds a change of the consumer to which the server belongs.
func (e *serverEdit) consumer() {
	if e.in.ConsumerID != "" && e.Change("consumer", words.ConsumerText(e.server.ConsumerID), words.ConsumerText(e.in.ConsumerID)) {
		e.Effect(vpsapi.Disrupts, "gives the server to another consumer")
		e.Moves = true
		e.addDowntime("its IP addresses of another consumer stop working on it")
		e.back.ConsumerID = cmp.Or(e.server.ConsumerID, "0")
	}
}

// backupServices adds each backup service that is switched on to the plan, and assumes that it is paid.
func (e *serverEdit) backupServices() {
	in, present := backupServices(e.in.BackupsEnabled, e.in.RsyncEnabled, e.in.R1SoftEnabled), backupServices(e.server.BackupsEnabled, e.server.RsyncEnabled, e.server.R1SoftEnabled)
	back := []**vpsapi.Flag{&e.back.BackupsEnabled, &e.back.RsyncEnabled, &e.back.R1SoftEnabled}
	for i, service := range in {
		old := present[i].wanted
		if service.wanted == nil || !e.Change(service.name, words.FlagText(old), words.FlagText(service.wanted)) {
			continue
		}
		if *back[i] = old; old == nil {
			e.lost = append(e.lost, service.name+", whose present setting is unknown")
		}
		if words.IsOn(service.wanted) {
			e.Effect(vpsapi.Commits, "switches a backup service on")
			e.Buys++
			e.costs = append(e.costs, service.name+": "+words.PriceUnknown)
			continue
		}
		e.Effect(vpsapi.Disrupts, "switches a backup service off")
		e.Loses("%s from now on; whether its present backups are kept is not documented", service.name)
		e.lost = append(e.lost, "backups that are gone by then ("+service.name+")")
	}
}

// nodeEdit is a number of nodes in an edit.
type nodeEdit struct {
	kind   string
	before *vpsapi.Int
	after  vpsapi.Int
	back   **vpsapi.Int
}

// nodeEdits lists the numbers of nodes that an edit sets. Monthly and daily nodes
// stand in for each other: to name one is to give the other back.
func (e *serverEdit) nodeEdits() []nodeEdit {
	var list []nodeEdit
	add := func(kind string, before, after *vpsapi.Int, back **vpsapi.Int) {
		if after != nil && (before == nil || *before != *after) {
			list = append(list, nodeEdit{kind, before, *after, back})
		}
	}
	monthly, daily, _ := words.NodeCounts(e.server)
	none := new(vpsapi.Int)
	if e.in.SlicesRequired != nil {
		add("monthly", monthly, e.in.SlicesRequired, &e.back.SlicesRequired)
		add("daily", cmp.Or(daily, none), none, &e.back.DailyNodesRequired)
	}
	if e.in.DailyNodesRequired != nil {
		add("daily", daily, e.in.DailyNodesRequired, &e.back.DailyNodesRequired)
		add("monthly", monthly, none, &e.back.SlicesRequired)
	}
	add("storage", e.server.StorageNodesCount, e.in.StorageNodesRequired, &e.back.StorageNodesRequired)
	add("RAM", e.server.RAMNodesCount, e.in.RAMNodesRequired, &e.back.RAMNodesRequired)
	add("bandwidth", e.server.BandwidthNodesCount, e.in.BandwidthNodesRequired, &e.back.BandwidthNodesRequired)
	return list
}

// bandwidth refuses bandwidth nodes on a cloud that has none, by what the cloud says.
func (e *serverEdit) bandwidth(ctx context.Context, r *account.Reader) error {
	if n := e.in.BandwidthNodesRequired; n == nil || *n == 0 || r.Restores {
		return nil
	}
	cloud, err := account.Read(ctx, r, vpsapi.GetCloud, vpsapi.GetCloudIn{CloudID: e.server.CloudID})
	switch {
	case err == nil && words.IsOff(cloud.BandwidthNodes):
		return fmt.Errorf("%s: bandwidth_nodes_required: cloud %s has no bandwidth nodes; nothing was sent", e.Tool, vpsapi.Quote(string(cloud.Label)))
	case err != nil || cloud.BandwidthNodes == nil:
		e.Words.Warnings = append(e.Words.Warnings, "bandwidth nodes are available only on selected clouds; whether on this one could not be looked up")
	}
	return nil
}

// nodes adds the changes of node numbers: what they cost, and whether free nodes suffice.
func (e *serverEdit) nodes(ctx context.Context, r *account.Reader) {
	for _, n := range e.nodeEdits() {
		before := "unknown"
		more := int(n.after)
		if n.before != nil {
			before, more = fmt.Sprint(*n.before), int(n.after-*n.before)
			if *n.before > 0 || (n.kind != "monthly" && n.kind != "daily") {
				count := *n.before
				*n.back = &count
			}
		}
		e.Change(n.kind+" nodes", before, fmt.Sprint(n.after))
		e.addDowntime("a resize may interrupt the server: how long is not documented")
		switch {
		case more > 0:
			e.AddSay("How much memory and processor a node has, the API does not tell.")
			e.Effect(vpsapi.Commits, "uses more nodes")
			e.Does(vpsapi.CreateNodes, plan.Thing{})
			e.Buys, e.Creates = e.Buys+more, e.Creates+more
			if n.before != nil {
				e.Need(n.kind, more)
			}
			each := r.NodePrice(ctx, e.server.CloudID)
			if n.kind == "monthly" {
				free, known := addFreeNodes(ctx, e.Plan, r)
				e.moreNodes(n.kind, more, each, moreNodesCost(more, free, known, each))
			} else {
				e.moreNodes(n.kind, more, each, words.Counted(more, n.kind+" node")+" more: "+words.PriceUnknown)
			}
		case more < 0:
			e.Effect(vpsapi.Disrupts, "shrinks the server")
			if n.kind == "monthly" || n.kind == "daily" || n.kind == "storage" {
				e.Loses("perhaps what does not fit on a smaller disk: that its disk shrinks with its nodes is not documented; %s keeps it first", vpsapi.CreateBackup.Name)
			}
			e.lost = append(e.lost, "what did not fit on a smaller disk; nodes that were removed by then are bought anew")
			e.Keeps("the %s that it gives up: billed until removed with "+vpsapi.DeleteNode.Name, words.Counted(-more, n.kind+" node"))
		default:
			e.Effect(vpsapi.Commits, "sets a number of nodes whose present one is unknown")
			e.Does(vpsapi.CreateNodes, plan.Thing{})
		}
	}
}

// moreNodes adds what further nodes cost; its words say it.
func (e *serverEdit) moreNodes(kind string, more int, each words.Price, cost string) {
	e.lost = append(e.lost, "what the further nodes cost: they stay on the account, and are billed until removed with "+vpsapi.DeleteNode.Name)
	e.costs = append(e.costs, cost)
	if kind == "monthly" {
		e.Cost += each.Times(more).Amount // at most
	}
}

// licenses adds the licenses that the edit buys or cancels.
func (e *serverEdit) licenses(ctx context.Context, r *account.Reader) {
	for _, l := range e.in.Licenses {
		has := slices.ContainsFunc(e.server.Licenses, func(w vpsapi.LicenseWrapper) bool { return w.License.ID == l.LicenseID })
		switch buys := l.Action == "buy"; {
		case buys && !has:
			text := r.LicenseText(ctx, l.LicenseID, e.server.CloudID)
			e.Change(text, "not there", "bought")
			e.Effect(vpsapi.Commits, "buys a license")
			e.Buys++
			e.costs = append(e.costs, text+": what is billed is not documented")
			e.byHand = append(e.byHand, fmt.Sprintf(`%s {"server_id":%q,"licenses":[{"license_id":%q,"action":"cancel"}]} cancels the license; nothing is known to be refunded`,
				vpsapi.EditServer.Name, e.in.ServerID, l.LicenseID))
		case !buys && has:
			e.Change(r.LicenseText(ctx, l.LicenseID, e.server.CloudID), "there", "cancelled")
			e.Effect(vpsapi.Disrupts, "cancels a license")
			e.Loses("license %s: what runs by it may stop", words.IDText(l.LicenseID))
			e.lost = append(e.lost, "the cancelled licenses")
		}
	}
}

// addDowntime adds to the downtime, each thing once.
func (e *serverEdit) addDowntime(text string) {
	if !strings.Contains(e.Words.Downtime, text) {
		e.Words.Downtime = strings.TrimPrefix(e.Words.Downtime+"; "+text, "; ")
	}
}

// storage adds to the plan that the disk is resized later, or that a later resize is called off.
func (e *serverEdit) storage(r *account.Reader) error {
	wanted, until := e.in.DelayedStorage, e.in.DelayedStorageUntil
	switch {
	case words.IsOff(wanted) && e.Change("delayed storage", words.FlagText(e.server.DelayedStorage), "off"):
		e.Effect(vpsapi.Disrupts, "resizes the disk")
		e.addDowntime("the disk is resized, which interrupts the server")
		e.lost = append(e.lost, "presumably the disk's present size; that is not documented")
	case words.IsOn(wanted) && until == "" && e.Change("delayed storage", words.FlagText(e.server.DelayedStorage), "on"):
		e.Effect(vpsapi.Changes, "resizes the disk later, not now")
		e.back.DelayedStorage = e.server.DelayedStorage
	case !words.IsOff(wanted) && until != "":
		old := "not set"
		if e.server.DelayedStorageUntil != nil {
			old = r.ShownMoment(*e.server.DelayedStorageUntil)
		}
		moment, err := r.Moment(e.Plan, "delayed_storage_until", until)
		if err != nil {
			return err
		}
		e.Change("delayed storage", words.FlagText(e.server.DelayedStorage)+", until "+old, "on, until "+moment)
		e.Effect(vpsapi.Disrupts, "the disk is resized at a set moment")
		e.addDowntime("at the set moment the disk is resized, which interrupts the server")
		e.lost = append(e.lost, "the moment of a delayed resize")
	}
	return nil
}

// reverse says how the edit is undone, as far as it can be.
func (e *serverEdit) reverse() {
	slices.Sort(e.lost)
	lost := ""
	if e.lost = slices.Compact(e.lost); len(e.lost) > 0 {
		lost = "not brought back: " + strings.Join(e.lost, "; ")
	}
	if len(e.byHand) > 0 {
		lost = strings.TrimSuffix("by hand: "+strings.Join(e.byHand, "; ")+"; "+lost, "; ")
	}
	back := plan.Inverse(vpsapi.EditServer, e.back, lost)
	if back == nil || reflect.DeepEqual(e.back, vpsapi.EditServerIn{ServerID: e.in.ServerID}) {
		e.Words.Undo = "no; " + cmp.Or(lost, "the old values cannot be set again") + "."
		if len(e.byHand) > 0 {
			e.Words.Undo = lost + "."
		}
		return
	}
	e.UndoMade(strings.TrimSuffix(vpsapi.EditServer.Name+" sets the old values again; "+lost, "; ")+".", func(any) *state.Inverse { return back })
}
