package catalog

import (
	"context"
	"net/netip"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// maxIdleIPs bounds the addresses that a plan names.
const maxIdleIPs = 3

// addIdleIPs names addresses of the kind that is bought which no server has, though they are paid for and may go to the server: those of
// its cloud, and those of no cloud, as internal ones are.
func addIdleIPs(ctx context.Context, p *plan.Plan, r *account.Reader, s vpsapi.Server, kind string) {
	all, err := account.Read(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return
	}
	var idle []string
	for _, ip := range all {
		address, err := netip.ParseAddr(string(ip.Address))
		elsewhere := ip.CloudID != nil && *ip.CloudID != "" && *ip.CloudID != "0" && *ip.CloudID != s.CloudID
		if err != nil || elsewhere || words.UsingServer(ip.VirtualMachineID) != "" || address.IsPrivate() != (kind == "internal") {
			continue
		}
		idle = append(idle, words.IPText(ip))
	}
	if len(idle) > 0 {
		p.AddSay("No server has %s, which the account pays for already: %s gives it to one.", words.JoinAnd(idle[:min(len(idle), maxIdleIPs)]), vpsapi.ReassignIP.Name)
	}
}
