package account

import (
	"context"
	"slices"

	"vpsnet-mcp/vpsapi"
)

// Server reads a server. A plan that has all servers listed anyway, to see what a name or digits mean, takes it from there.
func (r *Reader) Server(ctx context.Context, id vpsapi.ServerID) (vpsapi.Server, error) {
	if r.listsWhole() {
		all, err := r.Servers(ctx)
		if err != nil {
			return vpsapi.Server{ID: id}, err
		}
		if i := slices.IndexFunc(all, func(s vpsapi.Server) bool { return s.ID == id }); i >= 0 && isWhole(all[i]) {
			return all[i], nil
		}
	}
	s, err := Read(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
	s.ID = id
	return s, err
}

// isWhole reports a server that a list shows with its state, addresses and nodes. The document gives list and server the same fields,
// but an entry that lacks some of these, as its example does, takes the place of no server.
func isWhole(s vpsapi.Server) bool {
	return s.Running != nil && s.Built != nil && s.PowerActionPending != nil && s.PrimaryIPAddress != nil && s.RegularNodesCount != nil
}

// PrefetchServer begins to read a server, unless the list of all is read, which has it.
func (r *Reader) PrefetchServer(ctx context.Context, id vpsapi.ServerID) {
	if !r.listsWhole() {
		Prefetch(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
	}
}

// Servers lists the live servers; whether they run is told where the call has listed them whole.
func (r *Reader) Servers(ctx context.Context) ([]vpsapi.Server, error) {
	if r.listsWhole() {
		return Read(ctx, r, vpsapi.ListServers, vpsapi.ListServersIn{})
	}
	return Read(ctx, r, vpsapi.ListServers, LiveServers())
}

// PrefetchServers begins what Servers reads.
func (r *Reader) PrefetchServers(ctx context.Context) {
	if !r.listsWhole() {
		Prefetch(ctx, r, vpsapi.ListServers, LiveServers())
	}
}

// prefetchNamed begins to list the servers by whose names one is meant: for a plan whole, as it needs that one, too.
func (r *Reader) prefetchNamed(ctx context.Context) {
	if r.Plans {
		Prefetch(ctx, r, vpsapi.ListServers, vpsapi.ListServersIn{})
	}
	r.PrefetchServers(ctx)
}

// listsWhole reports that the call lists the servers with all that they are.
func (r *Reader) listsWhole() bool { return hasBegun(r, vpsapi.ListServers, vpsapi.ListServersIn{}) }

// LiveServers asks for the live servers, without whether they run.
func LiveServers() vpsapi.ListServersIn {
	basic := vpsapi.Flag(true)
	return vpsapi.ListServersIn{Basic: &basic}
}
