package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// untilMade waits until a server that a call made is built. The id in the reply is not taken on trust: a public client found that
// it was wrong. A list must show the server by the hostname or label that was asked for.
func untilMade(r *account.Reader, p *plan.Plan, reply any) Look {
	if len(p.Steps) == 0 {
		return nil
	}
	var label, fqdn, kind, list, field string
	var servers func(context.Context) ([]vpsapi.Server, error)
	var byID func(id string) Look
	cloudServers := func() {
		kind, list, field = "cloud server", vpsapi.ListServers.Name, "server_id"
		servers = func(ctx context.Context) ([]vpsapi.Server, error) {
			return vpsapi.ListServers.Call(ctx, r.Client, vpsapi.ListServersIn{})
		}
		byID = func(id string) Look { return LookAtServer(r, vpsapi.ServerID(id), Built) }
	}
	switch in := p.Steps[len(p.Steps)-1].In.(type) {
	case vpsapi.CreateServerIn:
		label, fqdn = in.Label, in.FQDN
		cloudServers()
	case vpsapi.CreateInstantServerIn:
		made, _ := reply.(vpsapi.Server)
		label, fqdn = string(made.Label), string(made.Hostname)
		cloudServers()
	case vpsapi.CreateSSDServerIn:
		label, fqdn, kind, list, field = in.Label, in.FQDN, "SSD server", vpsapi.ListSSDServers.Name, "ssd_server_id"
		servers = func(ctx context.Context) ([]vpsapi.Server, error) { return ssdServers(ctx, r) }
		byID = func(id string) Look { return LookAtSSD(r, vpsapi.SSDServerID(id), Built) }
	default:
		return nil
	}
	var known Look
	return func(ctx context.Context) (bool, string, string, error) {
		if known != nil {
			return known(ctx)
		}
		all, err := servers(ctx)
		if err != nil {
			return false, "", "", err
		}
		s, ok := findCreated(all, label, fqdn, replyID(reply))
		if !ok {
			return false, vpsapi.Quote(cmp.Or(label, fqdn)) + " is not listed yet, though it is bought (never create it again)", r.CallText(list, ""), nil
		}
		known = byID(string(s.ID))
		return Built.Is(s), DescribeState(kind, s), waitCall(r, field, string(s.ID), Built), nil
	}
}

// findCreated finds the server of a label or hostname. Where several have it, it is the one of the reply's id, or the newest.
func findCreated(all []vpsapi.Server, label, fqdn, id string) (vpsapi.Server, bool) {
	short := func(name string) string {
		host, _, _ := strings.Cut(strings.ToLower(name), ".")
		return host
	}
	named := slices.DeleteFunc(slices.Clone(all), func(s vpsapi.Server) bool {
		byLabel := label != "" && strings.EqualFold(string(s.Label), label)
		byHost := fqdn != "" && short(string(s.Hostname)) == short(fqdn)
		return !byLabel && !byHost
	})
	if len(named) == 0 {
		return vpsapi.Server{}, false
	}
	for _, s := range named {
		if string(s.ID) == id {
			return s, true
		}
	}
	return slices.MaxFunc(named, func(a, b vpsapi.Server) int { return int(number64(a.ID) - number64(b.ID)) }), true
}

// replyID is the id that a reply to a create gives.
func replyID(reply any) string {
	switch s := reply.(type) {
	case vpsapi.Server:
		return string(s.ID)
	case vpsapi.SSDServer:
		return string(s.ID)
	}
	return ""
}

// ssdServers lists the SSD servers as servers.
func ssdServers(ctx context.Context, r *account.Reader) ([]vpsapi.Server, error) {
	ssd, err := vpsapi.ListSSDServers.Call(ctx, r.Client, vpsapi.ListSSDServersIn{})
	all := make([]vpsapi.Server, len(ssd))
	for i, s := range ssd {
		all[i] = words.ServerOfSSD(s)
	}
	return all, err
}
