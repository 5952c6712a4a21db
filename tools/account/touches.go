package account

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Touches lists what an input names and what that belongs to, freshly read, for
// the policy. What cannot be looked up is an error: a policy that speaks of
// things must know them. Records of watched domains are followed into others.
func Touches(ctx context.Context, r *Reader, in any, watched []string) ([]policy.Thing, error) {
	t := &touchedThings{r: r, in: in, watched: watched, followed: map[string]bool{}}
	ids := plan.NamedIn(in)
	for _, n := range ids {
		if err := t.addNamed(ctx, n, ids); err != nil {
			return nil, err
		}
	}
	if made, ok := in.(vpsapi.CreateDomainIn); ok {
		if err := t.addTakenNames(ctx, made.Name); err != nil {
			return nil, err
		}
	}
	if err := t.addAddressHolder(ctx); err != nil {
		return nil, err
	}
	if err := t.records(ctx, ids); err != nil {
		return nil, err
	}
	return t.things, nil
}

// touchedThings collects what one input touches.
type touchedThings struct {
	r        *Reader
	in       any
	watched  []string // the domains that the policy names
	things   []policy.Thing
	zones    []zoneRecords   // the watched domains, once they are read
	followed map[string]bool // names whose records were followed already
}

// add adds a thing once.
func (t *touchedThings) add(thing policy.Thing) {
	if !slices.Contains(t.things, thing) {
		t.things = append(t.things, thing)
	}
}

// addNamed adds the thing of an id, and its owner.
func (t *touchedThings) addNamed(ctx context.Context, n plan.Named, all []plan.Named) error {
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
	case reflect.TypeFor[vpsapi.SSHKeyID]():
		return t.sshKey(ctx, vpsapi.SSHKeyID(n.ID))
	case reflect.TypeFor[vpsapi.DNSTemplateID]():
		return t.dnsTemplate(ctx, vpsapi.DNSTemplateID(n.ID))
	case reflect.TypeFor[vpsapi.DomainID]():
		return t.domain(ctx, vpsapi.DomainID(n.ID))
	case reflect.TypeFor[vpsapi.TemplateID]():
		return t.template(ctx, vpsapi.TemplateID(n.ID))
	case reflect.TypeFor[vpsapi.CommercialTemplateID](), reflect.TypeFor[vpsapi.WindowsTemplateID]():
		return t.addBoughtTemplate(ctx, n)
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
func (t *touchedThings) server(ctx context.Context, id vpsapi.ServerID) error {
	s, err := t.r.Server(ctx, id)
	if !vpsapi.IsNotFound(err) {
		if err == nil {
			t.add(ServerTarget(s))
		}
		return err
	}
	deleted, unread := Read(ctx, t.r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	i := slices.IndexFunc(deleted, func(s vpsapi.Server) bool { return s.ID == id })
	if unread != nil || i < 0 {
		return err
	}
	t.add(ServerTarget(deleted[i]))
	return nil
}

// addUsingServer adds the server that uses a thing, if it is still there. Of a node or template of which the service does not say who uses
// it nothing is added: it refuses to take away one that is in use.
func (t *touchedThings) addUsingServer(ctx context.Context, id vpsapi.ServerID) error {
	if id == "" || id == vpsapi.UnknownServer {
		return nil
	}
	err := t.server(ctx, id)
	if vpsapi.IsNotFound(err) {
		t.add(policy.Thing{Kind: "server", ID: string(id)})
		return nil
	}
	return err
}

// cloud adds a cloud. Its label is not a condition of a policy that its id is not.
func (t *touchedThings) cloud(ctx context.Context, id vpsapi.CloudID) {
	thing := policy.Thing{Kind: "cloud", ID: string(id), Cloud: string(id)}
	if c, ok := t.r.cloud(ctx, id); ok {
		thing.Label = string(c.Label)
	}
	t.add(thing)
}

// ip adds an IP address and the server that uses it.
func (t *touchedThings) ip(ctx context.Context, id vpsapi.IPID) error {
	ip, err := t.r.IP(ctx, id)
	if err != nil {
		return err
	}
	thing := policy.Thing{Kind: "ip", ID: string(id), Label: string(ip.Address)}
	if ip.CloudID != nil {
		thing.Cloud = string(*ip.CloudID)
	}
	t.add(thing)
	if user := words.UsingServer(ip.VirtualMachineID); user != vpsapi.UnknownServer {
		return t.addUsingServer(ctx, user)
	}
	return t.addHolderOf(ctx, string(ip.Address))
}

// node adds a node. Nodes of different types are counted apart: which is meant,
// the input's type says.
func (t *touchedThings) node(ctx context.Context, id vpsapi.NodeID) error {
	kind := ""
	if f := reflect.ValueOf(t.in).FieldByName("Type"); f.IsValid() {
		kind = f.String()
	}
	n, err := t.r.Node(ctx, id, kind)
	if err != nil {
		return err
	}
	t.add(policy.Thing{Kind: "node", ID: string(id)})
	return t.addUsingServer(ctx, words.UsingServer(n.VirtualMachineID))
}

// backup adds a backup of a server.
func (t *touchedThings) backup(ctx context.Context, server vpsapi.ServerID, id vpsapi.BackupID) error {
	b, err := t.r.Backup(ctx, server, id)
	if err == nil {
		t.add(policy.Thing{Kind: "backup", ID: string(id), Label: string(b.Label)})
	}
	return err
}

// clone adds the server that a clone became: it may go with the clone.
func (t *touchedThings) clone(ctx context.Context, server vpsapi.ServerID, id vpsapi.CloneID) error {
	c, err := t.r.Clone(ctx, server, id)
	if err != nil {
		return err
	}
	return t.addUsingServer(ctx, words.UsingServer(&c.ClonedServerID))
}

// domain adds a domain; one that is deleted takes all names below it along.
func (t *touchedThings) domain(ctx context.Context, id vpsapi.DomainID) error {
	d, err := t.r.Domain(ctx, id)
	if err == nil {
		_, goes := t.in.(vpsapi.DeleteDomainIn)
		t.add(policy.Thing{Kind: "domain", ID: string(id), Label: string(d.Name), Domain: string(d.Name), Below: goes})
	}
	return err
}

// template adds a template that is the input's own subject with its label, and
// any other one by its id.
func (t *touchedThings) template(ctx context.Context, id vpsapi.TemplateID) error {
	thing := policy.Thing{Kind: "template", ID: string(id)}
	all, err := Read(ctx, t.r, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
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

// addBoughtTemplate adds a bought template and the server that uses it.
func (t *touchedThings) addBoughtTemplate(ctx context.Context, n plan.Named) error {
	all, err := t.r.Bought(ctx, n.Type == reflect.TypeFor[vpsapi.WindowsTemplateID]())
	if err != nil {
		return err
	}
	t.add(policy.Thing{Kind: "template", ID: n.ID})
	for _, b := range all {
		if b.Id == n.ID {
			return t.addUsingServer(ctx, b.User)
		}
	}
	return nil
}

// records adds the records that a change of a zone puts in or takes out, and the
// names and servers that they lead to.
func (t *touchedThings) records(ctx context.Context, ids []plan.Named) error {
	id := vpsapi.DomainID(idOf(ids, "domain_id"))
	if id == "" {
		return nil
	}
	d, present, err := t.r.Zone(ctx, id)
	if err != nil {
		return err
	}
	goes, comes := changedRecords(t.in, present)
	for i, z := range append(goes, comes...) {
		if err := t.addRecordNames(ctx, d, z, present, i < len(goes)); err != nil {
			return err
		}
	}
	return nil
}

// changedRecords lists the records that an input changes, as they are and as they
// will be.
func changedRecords(in any, present []vpsapi.Record) (goes, comes []vpsapi.ZoneRecord) {
	one := func(id vpsapi.RecordID) (is []vpsapi.ZoneRecord) {
		for _, x := range present {
			if x.ID == id {
				is = append(is, x.Zone())
			}
		}
		return is
	}
	switch in := in.(type) {
	case vpsapi.CreateDomainRecordIn:
		return nil, []vpsapi.ZoneRecord{in.Zone()}
	case vpsapi.EditDomainRecordIn:
		then := vpsapi.ZoneRecord{Host: in.Host, Data: in.Data, PrimaryData: in.PrimaryData}
		for _, x := range present {
			if x.ID == in.RecordID {
				then.Host, then.Type = cmp.Or(in.Host, string(x.Host)), string(x.Type)
			}
		}
		return one(in.RecordID), []vpsapi.ZoneRecord{then}
	case vpsapi.DeleteDomainRecordIn:
		return one(in.RecordID), nil
	case vpsapi.UpdateDomainRecordsIn:
		return ZoneDiff(present, in.DomainRecords)
	case vpsapi.DeleteDomainIn:
		for _, x := range present {
			goes = append(goes, x.Zone())
		}
	}
	return goes, nil
}

// addAddressHolder adds the server whose address an input has in the place of an id.
func (t *touchedThings) addAddressHolder(ctx context.Context) error {
	var text string
	switch in := t.in.(type) {
	case vpsapi.CreateDomainIn:
		text = in.IPAddress
	case vpsapi.OpenTicketIn:
		text = in.IPAddress
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil // none was given
	}
	return t.addServerAt(ctx, address)
}

// ZoneKey is all that a record says: records of one key are the same.
func ZoneKey(z vpsapi.ZoneRecord) string {
	number := func(n *vpsapi.Int) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	return fmt.Sprintf("%q", append([]string{
		strings.ToLower(z.Type), strings.ToLower(z.Host), number(z.TTL), number(z.MXPriority), z.PrimaryData, z.ServiceType,
		z.Service, z.Protocol, number(z.Priority), number(z.Weight), number(z.Port),
	}, z.Data...))
}

// ZoneDiff gives the records of a zone that another one has not, and those that
// it has more.
func ZoneDiff(present []vpsapi.Record, wanted []vpsapi.ZoneRecord) (removed, added []vpsapi.ZoneRecord) {
	left := map[string]int{}
	for _, z := range wanted {
		left[ZoneKey(z)]++
	}
	for _, x := range present {
		if z := x.Zone(); left[ZoneKey(z)] > 0 {
			left[ZoneKey(z)]--
		} else {
			removed = append(removed, z)
		}
	}
	for _, z := range slices.Backward(wanted) { // of equal records the last ones are the further ones
		if left[ZoneKey(z)] > 0 {
			left[ZoneKey(z)]--
			added = append([]vpsapi.ZoneRecord{z}, added...)
		}
	}
	return removed, added
}

// ServerTarget returns a server as the policy sees it.
func ServerTarget(s vpsapi.Server) policy.Thing {
	return policy.Thing{Kind: "server", ID: string(s.ID), Label: string(s.Label), Cloud: string(s.CloudID)}
}
