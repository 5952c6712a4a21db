package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// checkCloud rules out a cloud that is not one for servers or takes no new ones, and a
// template that it does not have.
func checkCloud(ctx context.Context, p *plan.Plan, r *account.Reader, cloud vpsapi.CloudID, template vpsapi.TemplateID, unread error) {
	if unread != nil && !vpsapi.IsNotFound(unread) {
		return // the service tells nothing now
	}
	all, err := account.Read(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
	i := slices.IndexFunc(all, func(c vpsapi.Cloud) bool { return c.ID == cloud })
	switch {
	case err == nil && i < 0:
		p.RuleOut("cloud_id: the account has no cloud "+words.IDText(cloud)+" for cloud servers", vpsapi.ListClouds.Name+" lists them")
	case err == nil && words.IsOff(all[i].Available):
		p.RuleOut("cloud_id: "+r.CloudText(ctx, cloud)+" takes no new servers now", vpsapi.ListClouds.Name+` {"filter":["available=true"]} shows those that do`)
	case vpsapi.IsNotFound(unread):
		ruleOutTemplate(p, r.CloudText(ctx, cloud), template, vpsapi.ListTemplates.Name)
	}
}

// ruleOutTemplate rules out a template that a cloud does not have.
func ruleOutTemplate(p *plan.Plan, cloud string, template vpsapi.TemplateID, list string) {
	p.RuleOut("system_template_id: "+cloud+" has no template "+words.IDText(template), list+" shows which cloud has which")
}

// onlyAddress reports the one public address that a server has.
func onlyAddress(ctx context.Context, r *account.Reader, ip vpsapi.IP) bool {
	user := words.UsingServer(ip.VirtualMachineID)
	if user == "" || user == vpsapi.UnknownServer || ip.CloudID == nil || *ip.CloudID == "0" {
		return false
	}
	all, err := account.Read(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	return err == nil && !slices.ContainsFunc(all, func(o vpsapi.IP) bool {
		return o.ID != ip.ID && words.UsingServer(o.VirtualMachineID) == user && o.CloudID != nil && *o.CloudID != "0"
	})
}

// checkOnlyAddress rules out to take a server's only public address.
func checkOnlyAddress(ctx context.Context, p *plan.Plan, r *account.Reader, ip vpsapi.IP) {
	if !onlyAddress(ctx, r, ip) {
		return
	}
	p.RuleOut(fmt.Sprintf("%s is the primary address of %s, which has no other", words.AddressText(ip.Address), r.OtherServer(ctx, *ip.VirtualMachineID)),
		vpsapi.AddIPs.Name+" gives the server another one first; "+vpsapi.DeleteServer.Name+" can hand its address on")
}

// checkReassign rules out to move an address to another cloud, and one that is its
// server's only one.
func checkReassign(ctx context.Context, p *plan.Plan, r *account.Reader, ip vpsapi.IP, to vpsapi.Server) {
	if words.UsingServer(ip.VirtualMachineID) == to.ID {
		return
	}
	if ip.CloudID != nil && *ip.CloudID != "0" && to.CloudID != "" && *ip.CloudID != to.CloudID {
		p.RuleOut(fmt.Sprintf("%s is of %s, and %s is on %s: an address can move only within its cloud",
			words.AddressText(ip.Address), r.CloudText(ctx, *ip.CloudID), words.ServerText(to), r.CloudText(ctx, to.CloudID)), vpsapi.AddIPs.Name+" buys that server one")
	}
	if a, b := words.ConsumerText(ip.ConsumerID), words.ConsumerText(to.ConsumerID); a != "none" && a != b {
		p.RuleOut(fmt.Sprintf("%s is of consumer %s and works only on its servers; %s is of consumer %s", words.AddressText(ip.Address), a, words.ServerText(to), b),
			vpsapi.EditIP.Name+" changes the address's consumer")
	}
	checkOnlyAddress(ctx, p, r, ip)
}

// unusedTemplate rules out to change or give up a bought template that a server uses.
func unusedTemplate(ctx context.Context, p *plan.Plan, r *account.Reader, b account.BoughtTemplate) {
	if b.User == "" {
		return
	}
	p.RuleOut(p.Thing.String()+" is in use by "+r.OtherServer(ctx, b.User), vpsapi.ReinstallServer.Name+" with another template, or "+vpsapi.DeleteServer.Name+", frees it")
}

// checkHeir rules out to hand what a deleted server leaves to one that is not there.
func checkHeir(ctx context.Context, p *plan.Plan, r *account.Reader, what string, id vpsapi.ServerID) {
	if id == "" {
		return
	}
	if _, err := r.Server(ctx, id); vpsapi.IsNotFound(err) {
		p.RuleOut("its "+what+" cannot go to cloud server "+words.IDText(id)+", which is not there", vpsapi.ListServers.Name+" lists them")
	}
}

// checkRestore rules out a restore to a server that runs, or whose disk is too small for the backup. The
// refusal says what a restore would lose, so that nobody stops a server for what they do not want.
func checkRestore(p *plan.Plan, s vpsapi.Server, b vpsapi.Backup) {
	if account.IsSettledAs(s, true) {
		p.RuleOut(p.Thing.String()+" is running, and a backup can be restored only to a stopped server",
			fmt.Sprintf("if everything on its disk since the %s may be lost, stop it with %s, and call again", words.BackupText(b), vpsapi.ShutdownServer.Name))
	}
	if deployed := words.Gigabytes(s.DeployedDiskSize); b.MinDiskSize != nil && deployed > 0 && deployed < float64(*b.MinDiskSize) {
		next := vpsapi.EditServer.Name + " with more nodes"
		if words.Gigabytes(s.AvailableDiskSize) >= float64(*b.MinDiskSize) {
			next = vpsapi.DeployAllStorage.Name + " grows it"
		}
		p.RuleOut(fmt.Sprintf("the backup needs a disk of %d GB, and that of %s has %g", *b.MinDiskSize, p.Thing, deployed), next)
	}
}

// checkFQDN rules out a name for a server that is no full host name.
func checkFQDN(p *plan.Plan, field, name string) {
	name = strings.TrimSuffix(name, ".")
	if name != "" && (!strings.Contains(name, ".") || strings.ContainsAny(name, " :/@") || strings.Contains(name, "..")) {
		p.RuleOut(field+": "+vpsapi.Quote(name)+" is not a full host name", "give one such as web1.example.com")
	}
}

// checkRecordFields rules out fields that only records of another type have.
func checkRecordFields(p *plan.Plan, in vpsapi.EditDomainRecordIn) {
	for _, f := range []struct {
		given     bool
		name, has string
	}{
		{in.Service != "", "service", "srv"}, {in.Protocol != "", "protocol", "srv"}, {in.Priority != nil, "priority", "srv"},
		{in.Weight != nil, "weight", "srv"}, {in.Port != nil, "port", "srv"}, {in.MXPriority != nil, "mx_priority", "mx"},
		{in.PrimaryData != "", "primary_data", "failover"}, {in.ServiceType != "", "service_type", "failover"},
	} {
		if f.given && !strings.EqualFold(in.Type, f.has) {
			p.RuleOut(f.name+": only "+f.has+" records have it, and this is of type "+vpsapi.Quote(in.Type), "leave it out")
			return
		}
	}
}

// checkRunning rules out to reboot a server that is stopped.
func checkRunning(p *plan.Plan, s vpsapi.Server, start string) {
	if account.IsSettledAs(s, false) {
		p.RuleOut(p.Thing.String()+" is not running, and only running servers can be rebooted", "boot it with "+start)
	}
}
