package catalog

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// buysServer marks the plan of a new server.
func buysServer(p *plan.Plan) {
	p.Buys, p.Creates = p.Buys+1, p.Creates+1
	p.Words.Undo = vpsapi.DeleteServer.Name + " ends it, but its nodes are billed until removed with " + vpsapi.DeleteNode.Name + ", and nothing is known to be refunded."
}

// idUnproved says that the id which a reply gives for a new server is not known to be right.
func idUnproved(p *plan.Plan, list vpsapi.Operation) {
	p.Words.After = "The id below is as the reply gives it, not proved: before using it, see in " + list.Info().Name + " that it is this server's."
}

// planCreateServer plans create_cloud_server: what the call would change, cost and break. It only reads.
func planCreateServer(ctx context.Context, r *account.Reader, in vpsapi.CreateServerIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateServer, in)
	if err != nil {
		return nil, err
	}
	p.Thing = plan.Thing{Kind: "cloud server", Label: in.Label}
	checkFQDN(p, "fqdn", in.FQDN)
	r.PrefetchPrice(ctx, in.CloudID)
	if len(in.Licenses) > 0 {
		account.Prefetch(ctx, r, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{})
	}
	t, unread := r.Template(ctx, in.CloudID, in.SystemTemplateID)
	checkCloud(ctx, p, r, in.CloudID, in.SystemTemplateID, unread)
	p.Say("Build a new cloud server %s (%s) on %s from %s, with %s.", vpsapi.Quote(in.Label), vpsapi.Quote(in.FQDN),
		r.CloudText(ctx, in.CloudID), words.TemplateText(t, in.SystemTemplateID, unread), words.Counted(int(in.SlicesRequired), "monthly node"))
	nodesKeptFree(ctx, p, r)
	each := r.NodePrice(ctx, in.CloudID)
	p.Cost = each.Times(int(in.SlicesRequired)).Amount
	p.Buys += max(0, int(in.SlicesRequired)-1) // each of its nodes is bought
	p.Need("monthly", int(in.SlicesRequired))
	costs := []string{words.NodesCost(int(in.SlicesRequired), each)}
	for _, more := range []struct {
		kind string
		n    *vpsapi.Int
	}{{"storage", in.StorageNodes}, {"RAM", in.RAMNodes}} {
		if more.n != nil && *more.n > 0 {
			p.Buys++
			p.Need(more.kind, int(*more.n))
			p.AddSay("It gets %s.", words.Counted(int(*more.n), more.kind+" node"))
			costs = append(costs, words.Counted(int(*more.n), more.kind+" node")+": "+words.PriceUnknown)
		}
	}
	if text := account.AddTemplatePrice(ctx, p, r, t, in.CloudID, unread); text != "" {
		costs = append(costs, text)
	}
	rsync := in.RsyncEnabled
	for _, service := range backupServices(&in.BackupsEnabled, &rsync, in.R1SoftEnabled) {
		if words.IsOn(service.wanted) {
			p.Buys++
			costs = append(costs, service.name+": "+words.PriceUnknown)
		}
	}
	if err := licenseRules(ctx, r, p, vpsapi.Server{CloudID: in.CloudID}, in.Licenses); err != nil {
		return nil, err
	}
	for _, l := range in.Licenses {
		if l.Action == "buy" {
			p.Buys++
			p.AddSay("It gets %s.", r.LicenseText(ctx, l.LicenseID, in.CloudID))
			costs = append(costs, "license "+words.IDText(l.LicenseID)+": what is billed is not documented")
		}
	}
	p.Words.Cost = strings.Join(costs, "; ") + ". Whether free nodes of the account are used first is not documented"
	buysServer(p)
	idUnproved(p, vpsapi.ListServers)
	return p, nil
}

// backupService is one of the backup services that a server can have.
type backupService struct {
	field, name string
	wanted      *vpsapi.Flag
}

// backupServices returns the three backup services by the fields that turn them on.
func backupServices(automatic, rsync, r1soft *vpsapi.Flag) []backupService {
	return []backupService{
		{"backups_enabled", "automatic backups", automatic},
		{"rsync_backups_enabled", "rsync backup", rsync},
		{"r1_soft_backups_enabled", "R1Soft backup", r1soft},
	}
}

// planInstantServer plans create_instant_cloud_server: what the call would change, cost and break. It only reads.
func planInstantServer(ctx context.Context, r *account.Reader, in vpsapi.CreateInstantServerIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateInstantServer, in)
	if err != nil {
		return nil, err
	}
	country := map[vpsapi.Text]string{"1": "the UK", "2": "the US"}[in.Country]
	p.Thing = plan.Thing{}
	p.Say("Take a ready-made cloud server in %s; VPS.NET chooses its name, template, cloud and size.", country)
	each := r.NodePrice(ctx, "")
	p.Cost = each.Amount
	p.Words.Cost = "at least " + words.NodesCost(1, each) + "; its size and its cloud's premium are not known before"
	if !each.Known {
		p.Words.Cost = words.PriceUnknown
	}
	p.Need("monthly", 1)
	buysServer(p)
	idUnproved(p, vpsapi.ListServers)
	return p, nil
}

// How long a deleted server can be recovered (the document), and how many of an
// account can (a hosting panel's module).
const (
	// recoverableFor is how long a deleted server can be recovered, by the vendor's document.
	recoverableFor = 12 * time.Hour
	// recoverableCount is how many deleted servers of an account can be recovered, by a public program that uses the API.
	recoverableCount = 3
)

// planDeleteServer plans delete_cloud_server: what is lost, what goes on costing, and until when it can be recovered.
func planDeleteServer(ctx context.Context, r *account.Reader, in vpsapi.DeleteServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.DeleteServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	prefetchDeletedServer(ctx, r, s, in)
	checkHeir(ctx, p, r, "address", in.ReassignIP)
	checkHeir(ctx, p, r, "managed service", in.AlternateVPS)
	checkHeir(ctx, p, r, "monitoring", in.AlternateSD)
	p.Say("Delete %s.", words.ServerText(s))
	backups := r.BackupsText(ctx, s.ID)
	if backups == "" {
		p.Loses("its disk, once it can no longer be recovered; it has no backups")
	} else {
		p.Loses("its disk and %s, once it can no longer be recovered", backups)
	}
	if all, err := account.Read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID}); err == nil {
		for _, b := range all {
			p.Does(vpsapi.DeleteBackup, plan.Thing{Kind: plan.Kinds[reflect.TypeFor[vpsapi.BackupID]()], ID: string(b.ID)})
		}
	}
	if n := len(s.UpgradeSchedules); n > 0 {
		p.Loses("%s", words.Counted(n, "scheduled upgrade"))
		p.Does(vpsapi.DeleteScheduledUpgrade, plan.Thing{})
	}
	if err := deletedAddresses(ctx, p, r, s, in); err != nil {
		return nil, err
	}
	if err := deletedServices(ctx, p, r, s, in); err != nil {
		return nil, err
	}
	p.Keeps("%s: they stay on the account and are billed%s until removed with "+vpsapi.DeleteNode.Name, words.NodesText(s), monthlyCost(ctx, r, s))
	if n := len(s.Licenses); n > 0 {
		p.Keeps("%s: whether their billing ends is not documented", words.Counted(n, "license"))
	}
	p.Words.Downtime = "at once, and for good unless it is recovered"
	addPushedOut(ctx, p, r)
	note := "whether it comes back with its addresses and nodes is not documented"
	if in.ReassignIP != "" {
		note = "the address that was moved does not come back by itself"
	}
	p.UndoMade(vpsapi.RecoverServer.Name+", within 12 hours and while it is among the last 3 deleted servers of the account; "+note+". After that: no.", func(any) *state.Inverse {
		i := plan.Inverse(vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: s.ID}, "only while it is among the last 3 servers deleted; "+note)
		deadline := r.Now().Add(recoverableFor)
		i.Deadline = &deadline
		return i
	})
	return p, nil
}

// prefetchDeletedServer begins the reads of what goes with a deleted server.
func prefetchDeletedServer(ctx context.Context, r *account.Reader, s vpsapi.Server, in vpsapi.DeleteServerIn) {
	account.Prefetch(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID})
	account.Prefetch(ctx, r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	for _, other := range []vpsapi.ServerID{in.ReassignIP, in.AlternateVPS, in.AlternateSD} {
		if other != "" {
			r.PrefetchServer(ctx, other)
		}
	}
	if in.AlternateVPS == "" {
		account.Prefetch(ctx, r, vpsapi.ListManagedServices, vpsapi.ListManagedServicesIn{})
	} else {
		account.Prefetch(ctx, r, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{})
	}
	if n, _, _ := words.NodeCounts(s); n != nil && *n > 0 {
		r.PrefetchShownPrice(ctx, s.CloudID)
	}
}

// monthlyCost returns what a server's monthly nodes cost, as a part of a sentence.
func monthlyCost(ctx context.Context, r *account.Reader, s vpsapi.Server) string {
	n, _, _ := words.NodeCounts(s)
	if n == nil || *n == 0 {
		return ""
	}
	each := r.ShownPrice(ctx, s.CloudID)
	if !each.Known {
		return " (" + words.PriceUnknown + ")"
	}
	return fmt.Sprintf(" (monthly ones: %s a month)", each.Times(int(*n)))
}

// deletedAddresses says what becomes of a deleted server's addresses.
func deletedAddresses(ctx context.Context, p *plan.Plan, r *account.Reader, s vpsapi.Server, in vpsapi.DeleteServerIn) error {
	primary, address := "its primary IP address", plan.Thing{}
	if s.PrimaryIPAddress != nil {
		address = plan.Thing{Kind: plan.Kinds[reflect.TypeFor[vpsapi.IPID]()], ID: string(s.PrimaryIPAddress.IP.ID)}
		primary += " " + words.AddressText(s.PrimaryIPAddress.IP.Address)
	}
	if in.ReassignIP != "" {
		if to, err := r.Server(ctx, in.ReassignIP); err == nil && to.CloudID != "" && s.CloudID != "" && to.CloudID != s.CloudID {
			return fmt.Errorf("%s: its address cannot go to %s, which is on another cloud (%s, not %s): it can only go to a server on the same cloud; nothing was sent",
				p.Tool, words.ServerText(to), words.IDText(to.CloudID), words.IDText(s.CloudID))
		}
		p.AddSay("%s becomes a further address of %s, which is chargeable.", strings.ToUpper(primary[:1])+primary[1:], r.OtherServer(ctx, in.ReassignIP))
		p.Effect(vpsapi.Commits, "moves a chargeable address")
		p.Does(vpsapi.ReassignIP, address)
		p.Buys++
		p.Moves = true
		p.Words.Cost = "the moved address: " + words.PriceUnknown
	} else {
		p.Loses("%s", primary)
		p.Does(vpsapi.DeleteIP, address)
	}
	if further := words.FurtherAddresses(s); len(further) > 0 {
		p.Keeps("%s %s: whether it stays on the account and is billed is not documented", words.Counted(len(further), "further address"), words.JoinAnd(further))
	}
	return nil
}

// deletedServices says what becomes of the services that another server can take over.
func deletedServices(ctx context.Context, p *plan.Plan, r *account.Reader, s vpsapi.Server, in vpsapi.DeleteServerIn) error {
	if in.AlternateVPS != "" {
		if to, err := r.Server(ctx, in.AlternateVPS); err == nil && runsWindows(ctx, r, to) {
			return fmt.Errorf("%s: alternate_vps: %s runs Windows, to which a Pro-Active Managed Service cannot go; nothing was sent", p.Tool, words.ServerText(to))
		}
		p.AddSay("Its Pro-Active Managed Service goes to %s.", r.OtherServer(ctx, in.AlternateVPS))
		p.Effect(vpsapi.Commits, "moves a paid service")
	} else if all, err := account.Read(ctx, r, vpsapi.ListManagedServices, vpsapi.ListManagedServicesIn{}); err == nil &&
		slices.ContainsFunc(all, func(m vpsapi.ManagedService) bool { return m.VirtualMachineID == s.ID }) {
		p.Loses("its Pro-Active Managed Service; alternate_vps would hand it on")
	}
	if in.AlternateSD != "" {
		p.AddSay("Its monitoring (server density) goes to %s.", r.OtherServer(ctx, in.AlternateSD))
		p.Effect(vpsapi.Commits, "moves a paid service")
	}
	return nil
}

// runsWindows reports a server whose template is known to be of Windows: one of the
// account's Windows templates, or called so by its cloud.
func runsWindows(ctx context.Context, r *account.Reader, s vpsapi.Server) bool {
	if all, err := r.Bought(ctx, true); err == nil && slices.ContainsFunc(all, func(t account.BoughtTemplate) bool { return string(t.Template) == string(s.SystemTemplateID) }) {
		return true
	}
	cloud, err := account.Read(ctx, r, vpsapi.GetCloud, vpsapi.GetCloudIn{CloudID: s.CloudID})
	return err == nil && slices.ContainsFunc(cloud.SystemTemplates, func(t vpsapi.CloudTemplate) bool {
		return t.ID == s.SystemTemplateID && strings.Contains(strings.ToLower(string(t.Label)), "windows")
	})
}

// addPushedOut says which deleted server is lost for good by one more. The order of
// the service's list is not documented: every one of it is taken to be touched.
func addPushedOut(ctx context.Context, p *plan.Plan, r *account.Reader) {
	deleted, err := account.Read(ctx, r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	if err != nil {
		p.Loses("perhaps another deleted server for good: only the last 3 deleted can be recovered, and the list of them could not be read")
		return
	}
	if len(deleted) < recoverableCount {
		return
	}
	var others []string
	for _, s := range deleted {
		p.Touches = append(p.Touches, account.ServerTarget(s))
		others = append(others, account.ServerThing(s).String())
	}
	p.Loses("another deleted server for good, as only the last 3 deleted can be recovered: by the list's order, which is not documented, %s; otherwise one of %s", others[0], words.JoinAnd(others[1:]))
}
