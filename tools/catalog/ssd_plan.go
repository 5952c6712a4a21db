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

// startSSD starts the plan of what happens to an SSD server.
func startSSD(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.SSDServerID) (*plan.Plan, vpsapi.SSDServer, error) {
	s, err := r.SSDServer(ctx, id)
	if err != nil {
		return nil, s, err
	}
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, s, err
	}
	p.Thing = account.SSDThing(s)
	account.RequireIdle(p, words.ServerOfSSD(s))
	p.Say("%s%s.", strings.TrimSuffix(op.Info().Title, "SSD server"), words.SSDText(s))
	return p, s, nil
}

// planCreateSSD plans create_ssd_server: what the call would change, cost and break. It only reads.
func planCreateSSD(ctx context.Context, r *account.Reader, in vpsapi.CreateSSDServerIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateSSDServer, in)
	if err != nil {
		return nil, err
	}
	checkFQDN(p, "fqdn", in.FQDN)
	label := in.Label
	if label == "" {
		label = in.FQDN
	}
	p.Thing = plan.Thing{Kind: "SSD server", Label: label}
	cloud, template := ssdPlace(p, nil, in.CloudID, in.SystemTemplateID)
	if clouds, err := account.Read(ctx, r, vpsapi.ListSSDClouds, vpsapi.ListSSDCloudsIn{}); err == nil {
		cloud, template = ssdPlace(p, clouds, in.CloudID, in.SystemTemplateID)
	}
	p.Say("Build a new SSD server %s (%s) of plan %s (%s) on %s from %s.", vpsapi.Quote(label), vpsapi.Quote(in.FQDN), in.Plan, words.SSDMemory[in.Plan], cloud, template)
	rsync := in.RsyncEnabled
	for _, service := range backupServices(&in.BackupsEnabled, &rsync, nil) {
		if words.IsOn(service.wanted) {
			p.Buys++
			p.AddSay("It gets %s: %s.", service.name, words.PriceUnknown)
		}
	}
	p.Buys, p.Creates = p.Buys+1, p.Creates+1
	idUnproved(p, vpsapi.ListSSDServers)
	p.Words.Cost = words.PriceUnknown
	p.Words.Undo = vpsapi.DeleteSSDServer.Name + " ends it; nothing is known to be refunded."
	return p, nil
}

// ssdPlace names an SSD server's cloud and template by the list of SSD clouds; nil
// is a list that was not read. What the list does not have is ruled out.
func ssdPlace(p *plan.Plan, clouds []vpsapi.Cloud, id vpsapi.CloudID, of vpsapi.TemplateID) (cloud, template string) {
	cloud, template = "cloud "+words.IDText(id), "template "+words.IDText(of)
	i := slices.IndexFunc(clouds, func(c vpsapi.Cloud) bool { return c.ID == id })
	if i < 0 {
		if clouds != nil {
			p.RuleOut("cloud_id: "+cloud+" is not an SSD cloud", vpsapi.ListSSDClouds.Name+" shows those that are")
		}
		return cloud, template
	}
	cloud = fmt.Sprintf("cloud %s (id %s)", vpsapi.Quote(string(clouds[i].Label)), words.IDText(id))
	switch t := slices.IndexFunc(clouds[i].SystemTemplates, func(t vpsapi.CloudTemplate) bool { return t.ID == of }); {
	case t >= 0:
		template = fmt.Sprintf("template %s (id %s)", vpsapi.Quote(string(clouds[i].SystemTemplates[t].Label)), words.IDText(of))
	case len(clouds[i].SystemTemplates) > 0:
		ruleOutTemplate(p, cloud, of, vpsapi.ListSSDClouds.Name)
	}
	return cloud, template
}

// planShutdownSSD plans shutdown_ssd_server: what the call would change, cost and break. It only reads.
func planShutdownSSD(ctx context.Context, r *account.Reader, in vpsapi.ShutdownSSDServerIn) (*plan.Plan, error) {
	p, s, err := startSSD(ctx, r, vpsapi.ShutdownSSDServer, in, in.ID)
	if err != nil {
		return nil, err
	}
	stopsSSD(p, s)
	return p, nil
}

// planPowerOffSSD plans power_off_ssd_server: what the call would change, cost and break. It only reads.
func planPowerOffSSD(ctx context.Context, r *account.Reader, in vpsapi.PowerOffSSDServerIn) (*plan.Plan, error) {
	p, s, err := startSSD(ctx, r, vpsapi.PowerOffSSDServer, in, in.ID)
	if err != nil {
		return nil, err
	}
	p.Loses("what its programs have not written to its disk")
	stopsSSD(p, s)
	return p, nil
}

// stopsSSD are the words of an SSD server that goes offline until it is started.
func stopsSSD(p *plan.Plan, s vpsapi.SSDServer) {
	if account.IsSettledAs(words.ServerOfSSD(s), false) {
		p.Nothing = p.Thing.String() + " is stopped already"
	}
	p.Keeps("its plan")
	p.Words.Downtime = "until it is started again"
	p.Undo("start it with "+vpsapi.StartSSDServer.Name+", at any time.", vpsapi.StartSSDServer, vpsapi.StartSSDServerIn{ID: s.ID}, "")
}

// planStartSSD plans start_ssd_server: what the call would change, cost and break. It only reads.
func planStartSSD(ctx context.Context, r *account.Reader, in vpsapi.StartSSDServerIn) (*plan.Plan, error) {
	p, s, err := startSSD(ctx, r, vpsapi.StartSSDServer, in, in.ID)
	if err != nil {
		return nil, err
	}
	if account.IsSettledAs(words.ServerOfSSD(s), true) {
		p.Nothing = p.Thing.String() + " is running already"
	}
	p.Undo("shut it down with "+vpsapi.ShutdownSSDServer.Name+".", vpsapi.ShutdownSSDServer, vpsapi.ShutdownSSDServerIn{ID: s.ID}, "")
	return p, nil
}

// planRebootSSD plans reboot_ssd_server: what the call would change, cost and break. It only reads.
func planRebootSSD(ctx context.Context, r *account.Reader, in vpsapi.RebootSSDServerIn) (*plan.Plan, error) {
	p, s, err := startSSD(ctx, r, vpsapi.RebootSSDServer, in, in.ID)
	if err != nil {
		return nil, err
	}
	p.Words.Downtime, p.Words.Undo = "about a minute", "a reboot cannot be taken back."
	checkRunning(p, words.ServerOfSSD(s), vpsapi.StartSSDServer.Name)
	return p, nil
}

// planDeleteSSD plans delete_ssd_server: what the call would change, cost and break. It only reads.
func planDeleteSSD(ctx context.Context, r *account.Reader, in vpsapi.DeleteSSDServerIn) (*plan.Plan, error) {
	p, s, err := startSSD(ctx, r, vpsapi.DeleteSSDServer, in, in.ID)
	if err != nil {
		return nil, err
	}
	p.Loses("its disk and its backups")
	if s.PrimaryIPAddress != nil {
		p.Loses("its primary IP address %s", words.AddressText(s.PrimaryIPAddress.IP.Address))
	}
	p.Words.Downtime = "at once, and for good"
	p.Words.Undo = "no: VPS.NET is not known to recover SSD servers."
	return p, nil
}
