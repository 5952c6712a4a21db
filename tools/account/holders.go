package account

import (
	"context"
	"net/netip"
	"slices"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// reachedServer is a server of either API, with the addresses and the name by which it is
// reached.
type reachedServer struct {
	policy.Thing
	host      string
	addresses []vpsapi.Text
}

// reachedServers lists the account's servers of all kinds.
func (r *Reader) reachedServers(ctx context.Context) ([]reachedServer, error) {
	var all []reachedServer
	servers, err := r.Servers(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range servers {
		one := reachedServer{ServerTarget(s), words.Hostname(s), nil}
		for _, ip := range slices.Concat(s.IPAddresses, s.AdditionalIPs) {
			one.addresses = append(one.addresses, ip.IP.Address)
		}
		if s.PrimaryIPAddress != nil {
			one.addresses = append(one.addresses, s.PrimaryIPAddress.IP.Address)
		}
		all = append(all, one)
	}
	ssds, err := Read(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
	if err != nil {
		return nil, err
	}
	for _, s := range ssds {
		one := reachedServer{ssdTarget(s), words.Hostname(words.ServerOfSSD(s)), nil}
		if s.PrimaryIPAddress != nil {
			one.addresses = append(one.addresses, s.PrimaryIPAddress.IP.Address)
		}
		all = append(all, one)
	}
	newer, err := r.PlatformServers(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range newer {
		all = append(all, reachedServer{platformTarget(s), string(s.Hostname), []vpsapi.Text{s.IPAddress}})
	}
	return all, nil
}

// addServerAt adds the server that has an address.
func (t *touchedThings) addServerAt(ctx context.Context, address netip.Addr) error {
	ips, err := Read(ctx, t.r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return err
	}
	for _, ip := range ips {
		if own, err := netip.ParseAddr(string(ip.Address)); err == nil && own == address {
			if user := words.UsingServer(ip.VirtualMachineID); user != vpsapi.UnknownServer {
				return t.addListedServer(ctx, user)
			}
		}
	}
	return t.addHolderOf(ctx, address.String())
}

// addHolderOf adds the servers that show an address as their own: not every list of
// addresses says whose one is, and those of SSD servers are in none.
func (t *touchedThings) addHolderOf(ctx context.Context, text string) error {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil // no address
	}
	all, err := t.r.reachedServers(ctx)
	for _, s := range all {
		if slices.ContainsFunc(s.addresses, func(a vpsapi.Text) bool {
			own, err := netip.ParseAddr(string(a))
			return err == nil && own.Unmap() == address.Unmap()
		}) {
			t.add(s.Thing)
		}
	}
	return err
}

// addServersCalled adds the servers whose hostname a name is, or is below it where the name
// speaks for those too: who reaches them by it goes where its records say.
func (t *touchedThings) addServersCalled(ctx context.Context, name string, below bool) error {
	all, err := t.r.reachedServers(ctx)
	for _, s := range all {
		if host := normalizeName(s.host); host == name || below && host != "" && isBelow(host, name) {
			t.add(s.Thing)
		}
	}
	return err
}

// addListedServer adds a server from the list of all: a zone may point to many.
func (t *touchedThings) addListedServer(ctx context.Context, id vpsapi.ServerID) error {
	if id == "" {
		return nil
	}
	all, err := t.r.Servers(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID == id {
			t.add(ServerTarget(s))
		}
	}
	return nil
}
