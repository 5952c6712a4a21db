package tools

import (
	"context"
	"net/netip"
	"reflect"
	"slices"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// touches lists what an input names and what that belongs to, freshly read, for
// the policy. What cannot be looked up is an error: a policy that speaks of
// things must know them.
func touches(ctx context.Context, r *reader, in any) ([]policy.Thing, error) {
	t := &touch{r: r, in: in}
	ids := plan.NamedIn(in)
	for _, n := range ids {
		if err := t.named(ctx, n, ids); err != nil {
			return nil, err
		}
	}
	if made, ok := in.(vpsapi.CreateDomainIn); ok {
		t.add(policy.Thing{Kind: "domain", Label: made.Name, Domain: made.Name})
	}
	if err := t.records(ctx, ids); err != nil {
		return nil, err
	}
	return t.things, nil
}

// touch collects what one input touches.
type touch struct {
	r      *reader
	in     any
	things []policy.Thing
}

func (t *touch) add(thing policy.Thing) {
	if !slices.Contains(t.things, thing) {
		t.things = append(t.things, thing)
	}
}

// named adds the thing of an id, and its owner.
func (t *touch) named(ctx context.Context, n plan.Named, all []plan.Named) error {
	switch n.Type {
	case reflect.TypeFor[vpsapi.ServerID]():
		return t.server(ctx, vpsapi.ServerID(n.ID))
	case reflect.TypeFor[vpsapi.SSDServerID]():
		return t.ssd(ctx, vpsapi.SSDServerID(n.ID))
	case reflect.TypeFor[vpsapi.PlatformServerID]():
		return t.platform(ctx, vpsapi.PlatformServerID(n.ID))
	case reflect.TypeFor[vpsapi.CloudID]():
		t.cloud(ctx, vpsapi.CloudID(n.ID))
		return nil
	case reflect.TypeFor[vpsapi.IPID]():
		return t.ip(ctx, vpsapi.IPID(n.ID))
	case reflect.TypeFor[vpsapi.NodeID]():
		return t.node(ctx, vpsapi.NodeID(n.ID))
	case reflect.TypeFor[vpsapi.BackupID]():
		return t.backup(ctx, vpsapi.ServerID(idOf(all, "server_id")), vpsapi.BackupID(n.ID))
	case reflect.TypeFor[vpsapi.CloneID]():
		return t.clone(ctx, vpsapi.ServerID(idOf(all, "server_id")), vpsapi.CloneID(n.ID))
	case reflect.TypeFor[vpsapi.DomainID]():
		return t.domain(ctx, vpsapi.DomainID(n.ID))
	case reflect.TypeFor[vpsapi.TemplateID]():
		return t.template(ctx, vpsapi.TemplateID(n.ID))
	case reflect.TypeFor[vpsapi.CommercialTemplateID](), reflect.TypeFor[vpsapi.WindowsTemplateID]():
		return t.bought(ctx, n)
	}
	return nil // what it belongs to is named beside it, or there is nothing
}

// idOf is the id of a field; empty when it has none.
func idOf(ids []plan.Named, field string) string {
	i := slices.IndexFunc(ids, func(n plan.Named) bool { return n.Field == field })
	if i < 0 {
		return ""
	}
	return ids[i].ID
}

// server adds a live server, or a deleted one.
func (t *touch) server(ctx context.Context, id vpsapi.ServerID) error {
	s, err := t.r.server(ctx, id)
	if !vpsapi.IsNotFound(err) {
		if err == nil {
			t.add(serverTouched(s))
		}
		return err
	}
	deleted, unread := read(ctx, t.r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	i := slices.IndexFunc(deleted, func(s vpsapi.Server) bool { return s.ID == id })
	if unread != nil || i < 0 {
		return err
	}
	t.add(serverTouched(deleted[i]))
	return nil
}

// user adds the server that uses a thing, if it is still there.
func (t *touch) user(ctx context.Context, id vpsapi.ServerID) error {
	if id == "" {
		return nil
	}
	err := t.server(ctx, id)
	if vpsapi.IsNotFound(err) {
		t.add(policy.Thing{Kind: "server", ID: string(id)})
		return nil
	}
	return err
}

// cloud adds a cloud. Its label is no condition of a policy that its id is not.
func (t *touch) cloud(ctx context.Context, id vpsapi.CloudID) {
	thing := policy.Thing{Kind: "cloud", ID: string(id), Cloud: string(id)}
	if c, ok := t.r.cloud(ctx, id); ok {
		thing.Label = string(c.Label)
	}
	t.add(thing)
}

func (t *touch) ip(ctx context.Context, id vpsapi.IPID) error {
	ip, err := t.r.ip(ctx, id)
	if err != nil {
		return err
	}
	thing := policy.Thing{Kind: "ip", ID: string(id), Label: string(ip.Address)}
	if ip.CloudID != nil {
		thing.Cloud = string(*ip.CloudID)
	}
	t.add(thing)
	return t.user(ctx, words.InUse(ip.VirtualMachineID))
}

// node adds a node. Nodes of different types are counted apart: which is meant,
// the input's type says.
func (t *touch) node(ctx context.Context, id vpsapi.NodeID) error {
	kind := ""
	if f := reflect.ValueOf(t.in).FieldByName("Type"); f.IsValid() {
		kind = f.String()
	}
	n, err := t.r.node(ctx, id, kind)
	if err != nil {
		return err
	}
	t.add(policy.Thing{Kind: "node", ID: string(id)})
	return t.user(ctx, words.InUse(n.VirtualMachineID))
}

func (t *touch) backup(ctx context.Context, server vpsapi.ServerID, id vpsapi.BackupID) error {
	b, err := t.r.backup(ctx, server, id)
	if err == nil {
		t.add(policy.Thing{Kind: "backup", ID: string(id), Label: string(b.Label)})
	}
	return err
}

// clone adds the server that a clone became: it may go with the clone.
func (t *touch) clone(ctx context.Context, server vpsapi.ServerID, id vpsapi.CloneID) error {
	c, err := t.r.clone(ctx, server, id)
	if err != nil {
		return err
	}
	return t.user(ctx, words.InUse(&c.ClonedServerID))
}

func (t *touch) domain(ctx context.Context, id vpsapi.DomainID) error {
	d, err := t.r.domain(ctx, id)
	if err == nil {
		t.add(policy.Thing{Kind: "domain", ID: string(id), Label: string(d.Name), Domain: string(d.Name)})
	}
	return err
}

// template adds a template that is the input's own subject with its label, and
// any other one by its id.
func (t *touch) template(ctx context.Context, id vpsapi.TemplateID) error {
	thing := policy.Thing{Kind: "template", ID: string(id)}
	all, err := read(ctx, t.r, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.ID == id {
			thing.Label = string(c.Label)
		}
	}
	t.add(thing)
	return nil
}

func (t *touch) bought(ctx context.Context, n plan.Named) error {
	all, err := t.r.bought(ctx, n.Type == reflect.TypeFor[vpsapi.WindowsTemplateID]())
	if err != nil {
		return err
	}
	t.add(policy.Thing{Kind: "template", ID: n.ID})
	for _, b := range all {
		if b.id == n.ID {
			return t.user(ctx, b.user)
		}
	}
	return nil
}

// records adds the records that a change of a zone puts in or takes out, and the
// servers that they point to.
func (t *touch) records(ctx context.Context, ids []plan.Named) error {
	id := vpsapi.DomainID(idOf(ids, "domain_id"))
	if id == "" {
		return nil
	}
	d, present, err := t.r.zone(ctx, id)
	if err != nil {
		return err
	}
	for _, z := range zoneTouched(t.in, present) {
		name := words.FullName(z.Host, d)
		t.add(policy.Thing{Kind: "record", Label: name, Domain: name})
		for _, address := range append(slices.Clone(z.Data), z.PrimaryData) {
			if err := t.pointedTo(ctx, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// zoneTouched lists the records that an input changes, as they are and as they
// will be.
func zoneTouched(in any, present []vpsapi.Record) []vpsapi.ZoneRecord {
	one := func(id vpsapi.RecordID, as ...vpsapi.ZoneRecord) []vpsapi.ZoneRecord {
		for _, x := range present {
			if x.ID == id {
				as = append(as, x.Zone())
			}
		}
		return as
	}
	switch in := in.(type) {
	case vpsapi.CreateDomainRecordIn:
		return []vpsapi.ZoneRecord{in.Zone()}
	case vpsapi.EditDomainRecordIn:
		then := vpsapi.ZoneRecord{Host: in.Host, Data: in.Data, PrimaryData: in.PrimaryData}
		for _, x := range present {
			if x.ID == in.RecordID && in.Host == "" {
				then.Host = string(x.Host)
			}
		}
		return one(in.RecordID, then)
	case vpsapi.DeleteDomainRecordIn:
		return one(in.RecordID)
	case vpsapi.UpdateDomainRecordsIn:
		removed, added := zoneDiff(present, in.DomainRecords)
		return append(removed, added...)
	case vpsapi.DeleteDomainIn:
		var all []vpsapi.ZoneRecord
		for _, x := range present {
			all = append(all, x.Zone())
		}
		return all
	}
	return nil
}

// pointedTo adds the server that has an address.
func (t *touch) pointedTo(ctx context.Context, text string) error {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil // a name: what it points to is another record's affair
	}
	ips, err := read(ctx, t.r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return err
	}
	for _, ip := range ips {
		if own, err := netip.ParseAddr(string(ip.Address)); err == nil && own == address {
			return t.holder(ctx, words.InUse(ip.VirtualMachineID))
		}
	}
	return nil
}

// holder adds a server from the list of all: a zone may point to many.
func (t *touch) holder(ctx context.Context, id vpsapi.ServerID) error {
	if id == "" {
		return nil
	}
	all, err := t.r.servers(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID == id {
			t.add(serverTouched(s))
		}
	}
	return nil
}
