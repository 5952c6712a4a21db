package sandbox

import (
	"cmp"

	"vpsnet-mcp/vpsapi"
)

// listClones answers list_clones from the account in memory.
func listClones(a *account, in vpsapi.ListClonesIn) ([]vpsapi.Clone, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	return copyValues(s.clones), nil
}

// cloneServer builds a new server at once and keeps the entry of the clone list
// pending until the copy is done.
func cloneServer(a *account, in vpsapi.CloneServerIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	if err := requireIdle(s); err != nil {
		return nil, err
	}
	target := cmp.Or(in.CloudID, s.CloudID)
	if in.CloudID != "" {
		c, err := a.cloud(in.CloudID)
		if err != nil {
			return nil, invalid("cloud_id", "is not a cloud of this account")
		}
		if c.Available != nil && !isOn(c.Available) {
			return nil, invalid("cloud_id", "is not available")
		}
	}
	copied := a.newServer(vpsapi.Server{
		Label: s.Label + " clone", CloudID: target, SystemTemplateID: s.SystemTemplateID, ConsumerID: s.ConsumerID,
		BackupsEnabled: s.BackupsEnabled, RsyncEnabled: s.RsyncEnabled, R1SoftEnabled: s.R1SoftEnabled,
	}, string(s.Hostname+"."+s.DomainName), max(1, a.countNodes(s, "vps")+a.countNodes(s, "daily")))
	clone := &vpsapi.Clone{
		ID: newID[vpsapi.Clone](a), Label: copied.Label, Status: "Pending",
		ClonedServerID: copied.ID, CreatedAt: a.nowStamp(),
	}
	s.clones = append(s.clones, clone)
	a.logAction(s, "clone", "pending")
	a.schedule(cloneTime, func() {
		clone.Status = "Cloned successfully"
		a.logAction(s, "clone", "complete")
	})
	return vpsapi.RawOf(vpsapi.Object{{Key: "clone", Value: *clone}})
}

// deleteClone takes the entry out of the list and leaves the cloned server
// alone; what the real service does is not documented.
func deleteClone(a *account, in vpsapi.DeleteCloneIn) (vpsapi.Done, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	left := removeFirst(s.clones, func(c *vpsapi.Clone) bool { return c.ID == in.CloneID })
	if len(left) == len(s.clones) {
		return vpsapi.Done{}, notFound("Clone", in.CloneID)
	}
	s.clones = left
	a.logAction(s, "destroy_clone", "complete")
	return vpsapi.Done{}, nil
}
