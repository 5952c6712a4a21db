package catalog

import (
	"context"
	"fmt"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planCreateSchedule plans create_scheduled_upgrade: what the call would change, cost and break. It only reads.
func planCreateSchedule(ctx context.Context, r *account.Reader, in vpsapi.CreateScheduledUpgradeIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.CreateScheduledUpgrade, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	n, at := int(in.ExtraSlices), "at once, as no moment is given"
	if in.RunAt != "" {
		moment, err := r.Moment(p, "run_at", in.RunAt)
		if err != nil {
			return nil, fmt.Errorf("%w (without run_at it runs at once)", err)
		}
		at = "at presumably " + moment
	}
	p.Buys = n
	p.Need("monthly", n)
	p.Words.Downtime = "whether the upgrade interrupts the server is not documented"
	p.Words.Undo = vpsapi.DeleteScheduledUpgrade.Name + " cancels it before it runs; what it has bought by then is not refunded, as far as is known."
	if words.IsOn(in.Temporary) {
		p.Say("Schedule %s, for %d days: %s more for %s.", at, *in.Days, words.Counted(n, "node"), words.ServerText(s))
		p.Words.Cost = "nodes for some days: " + words.PriceUnknown
	} else {
		p.Say("Schedule %s, for good: %s more for %s.", at, words.Counted(n, "node"), words.ServerText(s))
		each := r.NodePrice(ctx, s.CloudID)
		p.Cost = each.Times(n).Amount
		p.Words.Cost = "from then on " + words.NodesCost(n, each) + ", unless the account has free ones then"
	}
	if in.RunAt != "" {
		p.Inverse = func(reply any) *state.Inverse {
			made := vpsapi.DeleteScheduledUpgradeIn{ServerID: s.ID, ScheduleID: vpsapi.ScheduleID(account.CreatedID(reply))}
			return plan.Inverse(vpsapi.DeleteScheduledUpgrade, made, "before "+in.RunAt+" (presumably US Eastern time), when it runs; not what it has bought by then")
		}
	}
	return p, nil
}

// planDeleteSchedule plans delete_scheduled_upgrade: what the call would change, cost and break. It only reads.
func planDeleteSchedule(ctx context.Context, r *account.Reader, in vpsapi.DeleteScheduledUpgradeIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: in.ServerID})
	p, s, err := account.OnServer(ctx, r, vpsapi.DeleteScheduledUpgrade, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Thing = plan.Thing{Kind: "scheduled upgrade", ID: string(in.ScheduleID)}
	p.Say("Cancel scheduled upgrade %s%s of %s.", words.IDText(in.ScheduleID), scheduleText(ctx, r, in), words.ServerText(s))
	p.Loses("the scheduled upgrade; if it is under way, it may end at once, and its nodes be taken from the server")
	p.Words.Downtime = "none, unless the upgrade is under way; then it is not documented"
	p.Words.Undo = "by hand: " + vpsapi.CreateScheduledUpgrade.Name + " makes it again, as long as its moment has not passed."
	return p, nil
}

// scheduleText is what the service tells of a scheduled upgrade, in a reply that
// nobody has documented.
func scheduleText(ctx context.Context, r *account.Reader, in vpsapi.DeleteScheduledUpgradeIn) string {
	raw, err := account.Read(ctx, r, vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: in.ServerID})
	if err != nil {
		return " (which could not be looked up)"
	}
	text := ""
	found := account.FindRaw(raw, string(in.ScheduleID), "id")
	for _, name := range []string{"label", "extra_slices", "temporary", "days", "run_at"} {
		if v, ok := found[name]; ok && v != nil {
			text += fmt.Sprintf(", %s %s", name, vpsapi.Quote(fmt.Sprint(v)))
		}
	}
	if text == "" {
		return " (the service tells nothing about it)"
	}
	return " (" + text[2:] + ")"
}

// planAddDotdefender plans add_dotdefender_license: what the call would change, cost and break. It only reads.
func planAddDotdefender(ctx context.Context, r *account.Reader, in vpsapi.AddDotdefenderLicenseIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.AddDotdefenderLicense, in, in.VirtualMachineID)
	if err != nil {
		return nil, err
	}
	p.Buys = 1
	p.Say("Buy a dotDefender license (web application firewall) for %s, and accept its terms.", words.ServerText(s))
	p.Words.Cost = words.PriceUnknown
	p.Words.Undo = vpsapi.RemoveDotdefenderLicense.Name + " ends the license; nothing is known to be refunded."
	return p, nil
}

// planRemoveDotdefender plans remove_dotdefender_license: what the call would change, cost and break. It only reads.
func planRemoveDotdefender(ctx context.Context, r *account.Reader, in vpsapi.RemoveDotdefenderLicenseIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.RemoveDotdefenderLicense, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Cancel the dotDefender license of %s.", words.ServerText(s))
	p.Loses("the license, and the protection of its web sites")
	p.Words.Undo = vpsapi.AddDotdefenderLicense.Name + " buys it again; " + words.PriceUnknown + "."
	return p, nil
}
