package account

import (
	"context"

	"vpsnet-mcp/vpsapi"
)

// Clone finds an entry of a server's clone list.
func (r *Reader) Clone(ctx context.Context, server vpsapi.ServerID, id vpsapi.CloneID) (vpsapi.Clone, error) {
	all, err := Read(ctx, r, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: server})
	if err != nil {
		return vpsapi.Clone{}, err
	}
	return FindOne(all, func(c vpsapi.Clone) bool { return c.ID == id }, "clone "+string(id)+" of cloud server "+string(server), vpsapi.ListClones.Name)
}
