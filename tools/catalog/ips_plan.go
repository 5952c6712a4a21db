package catalog

import (
	"cmp"
	"context"
	"fmt"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planAddIPs plans add_ips: what the call would change, cost and break. It only reads.
func planAddIPs(ctx context.Context, r *account.Reader, in vpsapi.AddIPsIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	p, s, err := account.OnServer(ctx, r, vpsapi.AddIPs, in, in.VirtualMachineID)
	if err != nil {
		return nil, err
	}
	n := int(in.Quantity)
	p.Buys, p.Creates = n, n
	p.Say("Add %s to %s.", words.Counted(n, in.Type+" IP address"), words.ServerText(s))
	if in.ConsumerID != "" && words.ConsumerText(in.ConsumerID) != words.ConsumerText(s.ConsumerID) {
		p.AddSay("They work on servers of consumer %s only, and this server's is %s.", words.ConsumerText(in.ConsumerID), words.ConsumerText(s.ConsumerID))
	}
	addIdleIPs(ctx, p, r, s, in.Type)
	p.Words.Cost = "until they are deleted: " + words.PriceUnknown
	p.Words.Undo = vpsapi.DeleteIP.Name + " ends the billing of each; nothing is known to be refunded."
	return p, nil
}

// planEditIP plans edit_ip: what the call would change, cost and break. It only reads.
func planEditIP(ctx context.Context, r *account.Reader, in vpsapi.EditIPIn) (*plan.Plan, error) {
	p, ip, err := account.OnIP(ctx, r, vpsapi.EditIP, in, in.IPID)
	if err != nil {
		return nil, err
	}
	p.Say("Edit %s, %s.", words.IPText(ip), usingServer(ctx, r, ip))
	back := vpsapi.EditIPIn{IPID: ip.ID}
	p.SetEffect(vpsapi.Changes, "an address's note")
	if in.Notes != nil && p.ChangeText("notes", ip.Description, string(*in.Notes)) {
		back.Notes = &ip.Description
	}
	if in.ConsumerID != "" && p.Change("consumer", words.ConsumerText(ip.ConsumerID), words.ConsumerText(in.ConsumerID)) {
		back.ConsumerID = cmp.Or(ip.ConsumerID, "0")
		p.Moves = true
		p.SetEffect(vpsapi.Disrupts, "an address's consumer")
		p.Words.Downtime = "the address stops working on a server of another consumer"
	}
	if len(p.Words.Changes) == 0 {
		p.Nothing = p.Thing.String() + " is so already"
	}
	p.Undo(vpsapi.EditIP.Name+" sets the old values again.", vpsapi.EditIP, back, "")
	return p, nil
}

// usingServer says which server uses an address.
func usingServer(ctx context.Context, r *account.Reader, ip vpsapi.IP) string {
	id := words.UsingServer(ip.VirtualMachineID)
	switch id {
	case "":
		return "which no server uses"
	case vpsapi.UnknownServer:
		return "of which the service does not say whether a server uses it"
	}
	s, err := r.Server(ctx, id)
	role := "of"
	if err == nil && s.PrimaryIPAddress != nil && s.PrimaryIPAddress.IP.Address == ip.Address {
		role = "the primary one of"
	}
	return role + " " + r.OtherServer(ctx, id)
}

// planJustifiedIPs plans request_justified_ips: what the call would change, cost and break. It only reads.
func planJustifiedIPs(ctx context.Context, r *account.Reader, in vpsapi.RequestJustifiedIPsIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.RequestJustifiedIPs, in, in.VirtualMachineID)
	if err != nil {
		return nil, err
	}
	n := len(in.Justification)
	p.Buys, p.Creates = n, n
	p.Say("Ask the staff of VPS.NET for %s for %s.", words.Counted(n, "further IP address"), words.ServerText(s))
	use := map[vpsapi.Text]string{"0": "dns", "1": "ns", "2": "others", "3": "ssl"}
	for i, j := range in.Justification {
		p.AddSay("Reason %d: %s, %s.", i+1, use[j.Type], vpsapi.Quote(j.Reason))
	}
	p.Words.Cost = "those that are granted are billed until deleted: " + words.PriceUnknown
	p.Words.Undo = "no: the API cannot take a request back; " + vpsapi.DeleteIP.Name + " gives up what is granted."
	return p, nil
}

// planDeleteIP plans delete_ip: what the call would change, cost and break. It only reads.
func planDeleteIP(ctx context.Context, r *account.Reader, in vpsapi.DeleteIPIn) (*plan.Plan, error) {
	p, ip, err := account.OnIP(ctx, r, vpsapi.DeleteIP, in, in.IPID)
	if err != nil {
		return nil, err
	}
	checkOnlyAddress(ctx, p, r, ip)
	p.Say("Give up %s, %s.", words.IPText(ip), usingServer(ctx, r, ip))
	p.Loses("the address: it can no longer be used, and is no longer billed. DNS records that name it are left as they are")
	if words.UsingServer(ip.VirtualMachineID) != "" {
		p.Words.Downtime = "whatever reaches the server by this address is cut off, for good"
	}
	p.Words.Undo = "no: the address goes back to VPS.NET."
	return p, nil
}

// isPrimary reports the primary address of a server.
func isPrimary(ctx context.Context, r *account.Reader, ip vpsapi.IP) bool {
	s, err := r.Server(ctx, words.UsingServer(ip.VirtualMachineID))
	return err == nil && s.PrimaryIPAddress != nil && s.PrimaryIPAddress.IP.ID == ip.ID
}

// planReassignIP plans reassign_ip: what the call would change, cost and break. It only reads.
func planReassignIP(ctx context.Context, r *account.Reader, in vpsapi.ReassignIPIn) (*plan.Plan, error) {
	r.PrefetchServer(ctx, in.VirtualMachineID)
	p, ip, err := account.OnIP(ctx, r, vpsapi.ReassignIP, in, in.IPID)
	if err != nil {
		return nil, err
	}
	to, err := r.Server(ctx, in.VirtualMachineID)
	if err != nil {
		return nil, err
	}
	checkReassign(ctx, p, r, ip, to)
	p.Moves = true
	p.Say("Move %s, %s, to %s.", words.IPText(ip), usingServer(ctx, r, ip), words.ServerText(to))
	if from := words.UsingServer(ip.VirtualMachineID); from != "" && from != in.VirtualMachineID && isPrimary(ctx, r, ip) {
		p.AddSay("It is the primary address of its server: another address takes its place there, and moving it back may not make it the primary one again.")
	}
	p.Words.Downtime = "its traffic goes to the new server; " + vpsapi.RebuildServerNetwork.Name + ", a reboot, may be needed there"
	from := words.UsingServer(ip.VirtualMachineID)
	switch from {
	case in.VirtualMachineID:
		p.Nothing = fmt.Sprintf("%s is with %s already", p.Thing, account.ServerThing(to))
	case vpsapi.UnknownServer:
		p.Words.Undo = "no: which server has it now is not known."
	case "":
		p.Words.Undo = "no: the API cannot take an address from its server; " + vpsapi.DeleteIP.Name + " gives it up."
	default:
		back := vpsapi.ReassignIPIn{IPID: ip.ID, VirtualMachineID: from}
		p.Undo("move it back with "+vpsapi.ReassignIP.Name+".", vpsapi.ReassignIP, back, "the servers' network configuration may have to be rebuilt")
	}
	return p, nil
}
