package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// startPlatform starts the plan of what happens to a server of the newer API.
func startPlatform(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.PlatformServerID, does string) (*plan.Plan, vpsapi.PlatformServer, error) {
	s, err := r.PlatformServer(ctx, id)
	if err != nil {
		return nil, s, err
	}
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, s, err
	}
	p.Thing = account.PlatformThing(s)
	p.Say("%s %s.", does, account.PlatformText(s))
	return p, s, nil
}

// planCreatePlatform refuses what cannot succeed by what is known, and a hostname
// that is taken: the hostname is how the new server is found.
func planCreatePlatform(ctx context.Context, r *account.Reader, in vpsapi.CreatePlatformServerIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreatePlatformServer, in)
	if err != nil {
		return nil, err
	}
	location, err := r.Location(ctx, in.LocationID)
	if err != nil {
		return nil, err
	}
	refuse := func(field, format string, args ...any) error {
		return &vpsapi.InputError{Op: p.Tool, Faults: []vpsapi.Fault{{Field: field, Message: fmt.Sprintf(format, args...)}}}
	}
	servers, err := r.PlatformServers(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(servers, func(s vpsapi.PlatformServer) bool { return strings.EqualFold(string(s.Hostname), in.Hostname) }); i >= 0 {
		return nil, refuse("hostname", "%s has it; a new server is found by its hostname: give another", account.PlatformText(servers[i]))
	}
	if location.NeedsKey() && in.SSHKeyID == "" {
		return nil, refuse("ssh_key_id", "%s accepts only an SSH key; give one from "+vpsapi.ListPlatformSSHKeys.Name, account.LocationText(location))
	}
	p.Thing = plan.Thing{Kind: "platform server", Label: in.Hostname, Host: in.Hostname}
	p.Buys, p.Creates = 1, 1
	size, cost, err := platformCost(ctx, r, p, in)
	if err != nil {
		return nil, err
	}
	from, err := platformSource(ctx, r, in)
	if err != nil {
		return nil, err
	}
	p.Say("Buy and build SSD server %s (%s) of the newer API: plan %s in %s from %s.", vpsapi.Quote(in.Label), vpsapi.Quote(in.Hostname), size, account.LocationText(location), from)
	p.AddSay("The answer has no id, and the server may be missing from the list for ten minutes and more, though it is bought: it is found by its hostname.")
	if in.SSHKeyID != "" {
		key, err := r.SSHKey(ctx, in.SSHKeyID)
		if err != nil {
			return nil, err
		}
		p.AddSay("It gets %s: whoever has the matching private key can log in as root.", account.SSHKeyText(key))
		p.State, p.Touches = append(p.State, account.SSHKeyText(key)), append(p.Touches, account.SSHKeyTouched(key))
	}
	if location.NeedsKey() {
		p.AddSay("There the root password that the service shows does not work: log in with that key, with Debian as the user debian.")
	}
	p.Words.After = fmt.Sprintf("It may not be listed yet, for ten minutes and more: do not repeat. %s shows it by its hostname %s.", vpsapi.ListPlatformServers.Name, vpsapi.Quote(in.Hostname))
	p.Words.Cost, p.Words.Undo = cost, vpsapi.DeletePlatformServer.Name+" ends it, once it is listed; nothing is known to be refunded."
	return p, nil
}

// platformCost says a plan's size and price. Prices are net, in USD a month.
func platformCost(ctx context.Context, r *account.Reader, p *plan.Plan, in vpsapi.CreatePlatformServerIn) (size, cost string, err error) {
	size, cost = vpsapi.Quote(in.ProductName), words.PriceUnknown
	if plans, err := account.Read(ctx, r, vpsapi.ListPlatformPlans, vpsapi.ListPlatformPlansIn{}); err == nil {
		i := slices.IndexFunc(plans, func(plan vpsapi.PlatformPlan) bool { return string(plan.ProductName) == in.ProductName })
		if i < 0 {
			return "", "", &vpsapi.InputError{Op: p.Tool, Faults: []vpsapi.Fault{{Field: "product_name", Message: "no plan has " + size + "; " + vpsapi.ListPlatformPlans.Name + " lists them"}}}
		}
		size += " (" + vpsapi.Quote(string(plans[i].Label)) + ")"
		if price := words.PriceOf(plans[i].Price, "USD"); price.Known {
			cost, p.Cost = price.String()+" a month, net, billed monthly from now", price.Amount
		}
	}
	if bool(in.Backups) {
		p.Buys++
		cost += "; backup protection: " + words.PriceUnknown
	}
	if systems, err := account.Read(ctx, r, vpsapi.ListPlatformSystems, vpsapi.ListPlatformSystemsIn{LocationID: in.LocationID}); err == nil && in.OSComponentCode != "" {
		for _, s := range systems {
			if price := words.PriceOf(s.Price, words.CurrencyText(s.Currency)); string(s.ComponentCode) == in.OSComponentCode && price.Known && price.Amount > 0 {
				p.Buys, p.Cost = p.Buys+1, p.Cost+price.Amount
				cost += fmt.Sprintf("; the system: %s", price)
			}
		}
	}
	return size, cost, nil
}

// platformSource says what a new server is made from.
func platformSource(ctx context.Context, r *account.Reader, in vpsapi.CreatePlatformServerIn) (string, error) {
	if in.CustomTemplateID != "" {
		all, err := account.Read(ctx, r, vpsapi.ListPlatformTemplates, vpsapi.ListPlatformTemplatesIn{LocationID: in.LocationID})
		if err != nil {
			return "", err
		}
		t, err := account.FindOne(all, func(t vpsapi.PlatformTemplate) bool { return t.ID == in.CustomTemplateID }, "template "+string(in.CustomTemplateID)+" in this location", vpsapi.ListPlatformTemplates.Name)
		return fmt.Sprintf("the account's template %s (id %s)", vpsapi.Quote(string(t.Label)), words.IDText(t.ID)), err
	}
	all, err := account.Read(ctx, r, vpsapi.ListPlatformSystems, vpsapi.ListPlatformSystemsIn{LocationID: in.LocationID})
	if err != nil { // the program in production does not read this list
		return "system " + vpsapi.Quote(in.OSComponentCode), nil
	}
	s, err := account.FindOne(all, func(s vpsapi.PlatformSystem) bool { return string(s.ComponentCode) == in.OSComponentCode }, "system "+vpsapi.Quote(in.OSComponentCode)+" in this location", vpsapi.ListPlatformSystems.Name)
	return vpsapi.Quote(string(s.Name)), err
}

// planDeletePlatform plans delete_platform_server: what the call would change, cost and break. It only reads.
func planDeletePlatform(ctx context.Context, r *account.Reader, in vpsapi.DeletePlatformServerIn) (*plan.Plan, error) {
	p, s, err := startPlatform(ctx, r, vpsapi.DeletePlatformServer, in, in.ID, "Delete")
	if err != nil {
		return nil, err
	}
	p.Loses("its disk, and what backups it has")
	if s.IPAddress != "" {
		p.Loses("its IP address %s", words.AddressText(s.IPAddress))
	}
	p.Words.Downtime = "at once, and for good"
	p.Words.Cost = "nothing is known to be refunded of the month that is paid"
	p.Words.Undo = "no: the newer API is not known to recover servers."
	return p, nil
}

// readIsUp reads whether a server is powered on; what is not up may be anything.
func readIsUp(ctx context.Context, r *account.Reader, id vpsapi.PlatformServerID) (bool, error) {
	now, err := account.Read(ctx, r, vpsapi.GetPlatformServerStatus, vpsapi.GetPlatformServerStatusIn{ID: id})
	return now.IsUp(), err
}

// planStartPlatform plans start_platform_server: what the call would change, cost and break. It only reads.
func planStartPlatform(ctx context.Context, r *account.Reader, in vpsapi.StartPlatformServerIn) (*plan.Plan, error) {
	p, _, err := startPlatform(ctx, r, vpsapi.StartPlatformServer, in, in.ID, "Start")
	if err != nil {
		return nil, err
	}
	if up, err := readIsUp(ctx, r, in.ID); err == nil && up {
		p.Nothing = p.Thing.String() + " is up already"
	}
	p.Undo("stop it with "+vpsapi.PowerOffPlatformServer.Name+".", vpsapi.PowerOffPlatformServer, vpsapi.PowerOffPlatformServerIn(in), "")
	return p, nil
}

// planPowerOffPlatform plans power_off_platform_server: what the call would change, cost and break. It only reads.
func planPowerOffPlatform(ctx context.Context, r *account.Reader, in vpsapi.PowerOffPlatformServerIn) (*plan.Plan, error) {
	p, _, err := startPlatform(ctx, r, vpsapi.PowerOffPlatformServer, in, in.ID, "Power off")
	if err != nil {
		return nil, err
	}
	p.Loses("perhaps what its programs have not written to its disk: whether it is stopped cleanly is not known")
	p.Keeps("its plan")
	p.Words.Downtime = "until it is started again"
	p.Undo("start it with "+vpsapi.StartPlatformServer.Name+", at any time.", vpsapi.StartPlatformServer, vpsapi.StartPlatformServerIn(in), "")
	return p, nil
}

// planRebootPlatform plans reboot_platform_server: what the call would change, cost and break. It only reads.
func planRebootPlatform(ctx context.Context, r *account.Reader, in vpsapi.RebootPlatformServerIn) (*plan.Plan, error) {
	p, _, err := startPlatform(ctx, r, vpsapi.RebootPlatformServer, in, in.ID, "Reboot")
	if err != nil {
		return nil, err
	}
	if up, err := readIsUp(ctx, r, in.ID); err == nil && !up {
		p.AddSay("It is not up now: %s boots one that is off.", vpsapi.StartPlatformServer.Name)
	}
	p.Words.Downtime, p.Words.Undo = "about a minute", "a reboot cannot be taken back."
	return p, nil
}

// planRecoverPlatform plans recovery_reboot_platform_server: what the call would change, cost and break. It only reads.
func planRecoverPlatform(ctx context.Context, r *account.Reader, in vpsapi.RecoveryRebootPlatformServerIn) (*plan.Plan, error) {
	p, _, err := startPlatform(ctx, r, vpsapi.RecoveryRebootPlatformServer, in, in.ID, "Reboot into the recovery system")
	if err != nil {
		return nil, err
	}
	p.Words.Downtime = "its services are down until it is rebooted again"
	p.Undo(vpsapi.RebootPlatformServer.Name+" leaves the recovery system.", vpsapi.RebootPlatformServer, vpsapi.RebootPlatformServerIn(in), "")
	return p, nil
}

// planResetPlatformPassword plans reset_platform_password: what the call would change, cost and break. It only reads.
func planResetPlatformPassword(ctx context.Context, r *account.Reader, in vpsapi.ResetPlatformPasswordIn) (*plan.Plan, error) {
	p, s, err := startPlatform(ctx, r, vpsapi.ResetPlatformPassword, in, in.ID, "Set the root password of")
	if err != nil {
		return nil, err
	}
	if l, err := r.Location(ctx, s.Location.ID); err == nil && l.NeedsKey() {
		p.AddSay("In %s servers are accessed by an SSH key: a root password may not work there.", account.LocationText(l))
	}
	p.Loses("the present root password")
	p.Words.Downtime, p.Words.Undo = "it may be restarted: that is not known", "no: the old password is not known here."
	return p, nil
}

// planCreateSSHKey plans create_platform_ssh_key: what the call would change, cost and break. It only reads.
func planCreateSSHKey(_ context.Context, r *account.Reader, in vpsapi.CreatePlatformSSHKeyIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreatePlatformSSHKey, in)
	if err != nil {
		return nil, err
	}
	p.Thing, p.Creates = plan.Thing{Kind: "SSH key", Label: in.Label}, 1
	p.Moves, p.Touches = true, append(p.Touches, account.SSHKeyTouched(vpsapi.SSHKey{Label: vpsapi.Text(in.Label)})) // its label may stand for another then
	p.Say("Store the SSH key %s.", vpsapi.Quote(in.Label))
	p.UndoMade(vpsapi.DeletePlatformSSHKey.Name+".", func(reply any) *state.Inverse {
		made, _ := reply.(vpsapi.NewSSHKey)
		return plan.Inverse(vpsapi.DeletePlatformSSHKey, vpsapi.DeletePlatformSSHKeyIn(made), "")
	})
	return p, nil
}

// startSSHKey starts the plan of what happens to an SSH key.
func startSSHKey(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.SSHKeyID) (*plan.Plan, vpsapi.SSHKey, error) {
	k, err := r.SSHKey(ctx, id)
	if err != nil {
		return nil, k, err
	}
	p, err := plan.New(r.Client, op, in)
	if err == nil {
		p.Thing = plan.Thing{Kind: "SSH key", ID: string(k.ID), Label: string(k.Label)}
	}
	return p, k, err
}

// planRenameSSHKey plans rename_platform_ssh_key: what the call would change, cost and break. It only reads.
func planRenameSSHKey(ctx context.Context, r *account.Reader, in vpsapi.RenamePlatformSSHKeyIn) (*plan.Plan, error) {
	p, k, err := startSSHKey(ctx, r, vpsapi.RenamePlatformSSHKey, in, in.ID)
	if err != nil {
		return nil, err
	}
	p.Say("Rename %s.", p.Thing)
	if p.Moves = true; !p.ChangeText("label", k.Label, in.Label) {
		p.Nothing = p.Thing.String() + " has this label already"
	}
	then := account.SSHKeyTouched(k)
	then.Label = in.Label
	p.Changed = append(p.Changed, policy.Change{Before: account.SSHKeyTouched(k), After: then})
	p.Undo(vpsapi.RenamePlatformSSHKey.Name+" gives it its label back.", vpsapi.RenamePlatformSSHKey, vpsapi.RenamePlatformSSHKeyIn{ID: in.ID, Label: string(k.Label)}, "")
	return p, nil
}

// planDeleteSSHKey plans delete_platform_ssh_key: what the call would change, cost and break. It only reads.
func planDeleteSSHKey(ctx context.Context, r *account.Reader, in vpsapi.DeletePlatformSSHKeyIn) (*plan.Plan, error) {
	p, k, err := startSSHKey(ctx, r, vpsapi.DeletePlatformSSHKey, in, in.ID)
	if err != nil {
		return nil, err
	}
	p.Say("Delete %s from the account.", p.Thing)
	p.Loses("the key for new servers; those that have it are not known to lose it")
	if k.Key != "" {
		p.Undo(vpsapi.CreatePlatformSSHKey.Name+" stores it again, under another id.", vpsapi.CreatePlatformSSHKey, vpsapi.CreatePlatformSSHKeyIn{PublicKey: string(k.Key), Label: string(k.Label)}, "it gets another id")
	}
	return p, nil
}
