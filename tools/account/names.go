package account

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// candidate is a thing that a name may mean.
type candidate struct {
	id, label string
	names     []string // that fit to the letter
	hosts     []string // that fit whatever their case
}

// hasName reports that a candidate is called so, as the account writes it; addresses are compared as addresses.
func (c candidate) hasName(name string) bool {
	return slices.ContainsFunc(c.names, func(n string) bool { return strings.TrimSpace(n) == name || sameAddress(n, name) }) || slices.ContainsFunc(c.hosts, func(h string) bool { return h != "" && strings.EqualFold(h, strings.TrimSuffix(name, ".")) })
}

// sameAddress reports two spellings of one IP address.
func sameAddress(a, b string) bool {
	x, err := netip.ParseAddr(a)
	if err != nil {
		return false
	}
	y, err := netip.ParseAddr(b)
	return err == nil && x == y
}

// lookup lists what a kind of thing may be called, on the caller's own account.
// The input is known so far: a template is one of its cloud's, a backup one of
// its server's. A list with an error is what could be read of a longer one.
type lookup func(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error)

// nameLookups by the kind of the argument.
var nameLookups = map[reflect.Type]lookup{
	reflect.TypeFor[vpsapi.ServerID]():    lookupServers,
	reflect.TypeFor[vpsapi.SSDServerID](): lookupSSD,
	reflect.TypeFor[vpsapi.CloudID]():     lookupClouds,
	reflect.TypeFor[vpsapi.DomainID]():    nil, // by the API's own route, see domainByName
	reflect.TypeFor[vpsapi.IPID]():        lookupIPs,
	reflect.TypeFor[vpsapi.TemplateID]():  lookupTemplates,
	reflect.TypeFor[vpsapi.BackupID]():    lookupBackups,
	reflect.TypeFor[vpsapi.RecordID]():    lookupRecords,

	reflect.TypeFor[vpsapi.TicketID]():   lookupTickets,
	reflect.TypeFor[vpsapi.ScheduleID](): lookupSchedules,
	reflect.TypeFor[vpsapi.LicenseID]():  lookupLicenses,

	reflect.TypeFor[vpsapi.DNSTemplateID]():       lookupDNSTemplates,
	reflect.TypeFor[vpsapi.DNSTemplateRecordID](): lookupTemplateRecords,

	reflect.TypeFor[vpsapi.AnyServerID]():        lookupAnyServer,
	reflect.TypeFor[vpsapi.PlatformServerID]():   lookupPlatform,
	reflect.TypeFor[vpsapi.LocationID]():         lookupLocations,
	reflect.TypeFor[vpsapi.PlatformTemplateID](): lookupPlatformTemplates,
	reflect.TypeFor[vpsapi.SSHKeyID]():           lookupSSHKeys,
}

// DigitsMean says what digits in the place of an id may mean.
type DigitsMean int

// The meanings of digits.
const (
	IDsOnly  DigitsMean = iota // the id, which the service judges
	IDsFirst                   // the id, but a change is not a guess: never where they are another thing's name too
	AsNames                    // a name, once the service knows no such id
)

// Resolve puts ids in the place of names; id:1385 is the id 1385, whatever else is
// called so. It returns what it resolved, for the answer to echo.
func Resolve(ctx context.Context, r *Reader, in any, mean DigitsMean) (any, []plan.Thing, []vpsapi.Fault, error) {
	value := reflect.New(reflect.TypeOf(in)).Elem()
	value.Set(reflect.ValueOf(in))
	var things []plan.Thing
	var faults []vpsapi.Fault
	for _, f := range resolvableFields(value) {
		given := f.value.String()
		if id, ok := strings.CutPrefix(given, "id:"); ok && isIDOf(f.value.Type(), id) {
			f.value.SetString(id)
			continue
		}
		isID := isIDOf(f.value.Type(), given)
		if isID && (mean == IDsOnly || mean == IDsFirst && !hasChosenLabels(f.value.Type())) {
			continue
		}
		found, fault, err := matchOne(ctx, r, value, f, given)
		switch {
		case err != nil && isID && (mean == AsNames || !isServer(f.value.Type())):
			continue // the service judges it
		case err != nil:
			return in, nil, nil, err
		case fault != "" && isID && len(found) <= 1:
			continue // an id that no list shows: the service judges it
		case fault != "":
			faults = append(faults, vpsapi.Fault{Field: f.name, Message: fault})
		case found[0].id != given:
			f.value.SetString(found[0].id)
			things = append(things, plan.Thing{Kind: plan.Kinds[f.value.Type()], ID: found[0].id, Label: found[0].label})
		}
	}
	return value.Interface(), things, faults, nil
}

// PrefetchLabels begins to list what digits in an input may also be called.
func PrefetchLabels(ctx context.Context, r *Reader, in any) {
	value := reflect.New(reflect.TypeOf(in)).Elem()
	value.Set(reflect.ValueOf(in))
	for _, f := range resolvableFields(value) {
		if given := f.value.String(); hasChosenLabels(f.value.Type()) && isIDOf(f.value.Type(), given) {
			if f.value.Type() == reflect.TypeFor[vpsapi.ServerID]() && !namesDeleted(value) {
				r.prefetchNamed(ctx) // at once: the plan takes its server from there
				continue
			}
			r.Begin(func() { _, _ = nameLookups[f.value.Type()](vpsapi.WithoutRetry(ctx), r, value) })
		}
	}
}

// hasChosenLabels reports the kinds whose labels the account's people choose, and which
// may read as ids.
func hasChosenLabels(kind reflect.Type) bool {
	switch kind {
	case reflect.TypeFor[vpsapi.BackupID](), reflect.TypeFor[vpsapi.SSHKeyID](), reflect.TypeFor[vpsapi.DNSTemplateID]():
		return true
	}
	return isServer(kind)
}

// isServer reports the id type of a server of any kind: cloud, SSD or newer API.
func isServer(kind reflect.Type) bool {
	return kind == reflect.TypeFor[vpsapi.ServerID]() || kind == reflect.TypeFor[vpsapi.SSDServerID]() || kind == reflect.TypeFor[vpsapi.PlatformServerID]()
}

// isIDOf reports a text that has the form of a kind's ids: a number as it is usually
// written, and for servers
// of the newer API its location's and its own with a dash between.
func isIDOf(kind reflect.Type, given string) bool {
	digits := given != "" && len(given) <= 19 && strings.Trim(given, "0123456789") == "" && (given[0] != '0' || given == "0")
	switch kind {
	case reflect.TypeFor[vpsapi.PlatformServerID]():
		return vpsapi.IsPlatformServerID(given)
	case reflect.TypeFor[vpsapi.AnyServerID]():
		return digits || vpsapi.IsPlatformServerID(given)
	}
	return digits
}

// idField is an argument that names a thing.
type idField struct {
	name  string
	value reflect.Value
}

// resolvableFields lists the fields whose kind has names; servers and clouds first,
// because templates and backups are looked for on them.
func resolvableFields(value reflect.Value) []idField {
	var fields []idField
	for _, sf := range reflect.VisibleFields(value.Type()) {
		v := value.FieldByIndex(sf.Index)
		if _, ok := nameLookups[v.Type()]; ok && v.String() != "" && sf.Tag.Get("jsonschema") != "-" {
			fields = append(fields, idField{plan.JSONName(sf), v})
		}
		if list, ok := v.Interface().(vpsapi.Licenses); ok && len(list) > 0 {
			v.Set(reflect.ValueOf(slices.Clone(list))) // the caller keeps what was given
			for i := range list {
				fields = append(fields, idField{fmt.Sprintf("%s[%d].license_id", plan.JSONName(sf), i), v.Index(i).FieldByName("LicenseID")})
			}
		}
	}
	last := func(f idField) int {
		switch f.value.Type() {
		case reflect.TypeFor[vpsapi.TemplateID](), reflect.TypeFor[vpsapi.BackupID](), reflect.TypeFor[vpsapi.PlatformTemplateID](),
			reflect.TypeFor[vpsapi.ScheduleID](), reflect.TypeFor[vpsapi.RecordID](), reflect.TypeFor[vpsapi.DNSTemplateRecordID]():
			return 1
		}
		return 0
	}
	slices.SortStableFunc(fields, func(a, b idField) int { return last(a) - last(b) })
	return fields
}

// AcceptsNames reports arguments of which a name may stand in the place of an id.
func AcceptsNames(in reflect.Type) bool {
	for _, f := range reflect.VisibleFields(in) {
		if _, ok := nameLookups[f.Type]; ok && f.Tag.Get("jsonschema") != "-" {
			return true
		}
	}
	return false
}

// matchOne finds the one thing that a name means, or says why it cannot.
func matchOne(ctx context.Context, r *Reader, in reflect.Value, f idField, name string) ([]candidate, string, error) {
	kind := plan.Kinds[f.value.Type()]
	look := nameLookups[f.value.Type()]
	if look == nil {
		look = domainByName(name)
	}
	all, err := look(ctx, r, in)
	var fitting []candidate
	for _, c := range all {
		if c.id == name || c.hasName(name) {
			fitting = append(fitting, c)
		}
	}
	if len(fitting) == 0 {
		fitting = inAnyCase(all, name)
	}
	switch {
	case err != nil && len(fitting) == 0:
		return nil, "", fmt.Errorf("%s: looking up %s %s: %w", f.name, kind, vpsapi.Quote(name), err)
	case err != nil:
		r.overlook(err)
	}
	switch len(fitting) {
	case 1:
		return fitting, "", nil
	case 0:
		if why := whyUnlisted(ctx, r, f.value.Type(), name); why != "" {
			return nil, why, nil
		}
		if nameLookups[f.value.Type()] == nil {
			all = domainsLike(ctx, r)
		}
		return nil, fmt.Sprintf("no %s is called %s; %s", kind, vpsapi.Quote(name), cmp.Or(similarText(kind, all, name), otherKindText(ctx, r, f.value.Type(), name), listedText(f.value.Type()))), nil
	}
	texts := make([]string, 0, 5)
	ids := make([]string, 0, 5)
	for _, c := range fitting[:min(5, len(fitting))] {
		texts = append(texts, plan.Thing{Kind: kind, ID: c.id, Label: c.label}.String())
		ids = append(ids, "id:"+c.id)
	}
	return fitting, fmt.Sprintf("%s can mean %s; give %s", vpsapi.Quote(name), strings.Join(texts, " or "), strings.Join(ids, " or ")), nil
}

// whyUnlisted says of a server of the newer API, which appears in its list long after it was
// bought, that it was; empty for what was not.
func whyUnlisted(ctx context.Context, r *Reader, kind reflect.Type, name string) string {
	if r.WhyUnlisted == nil || kind != reflect.TypeFor[vpsapi.PlatformServerID]() && kind != reflect.TypeFor[vpsapi.AnyServerID]() {
		return ""
	}
	return r.WhyUnlisted(ctx, name)
}

// lookupServers lists the live servers, or the deleted ones for who brings one back.
func lookupServers(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	var servers []vpsapi.Server
	var err error
	if namesDeleted(in) {
		servers, err = Read(ctx, r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	} else {
		r.prefetchNamed(ctx)
		servers, err = r.Servers(ctx)
	}
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(servers))
	for i, s := range servers {
		all[i] = serverCandidate(s)
	}
	return all, nil
}

// namesDeleted reports an input whose server is a deleted one.
func namesDeleted(in reflect.Value) bool {
	return in.Type() == reflect.TypeFor[vpsapi.RecoverServerIn]()
}

// serverCandidate is what a server may be called: label, hostname and addresses.
func serverCandidate(s vpsapi.Server) candidate {
	c := candidate{string(s.ID), string(s.Label), []string{string(s.Label)}, []string{string(s.Hostname), string(s.Hostname + "." + s.DomainName)}}
	if s.PrimaryIPAddress != nil {
		c.names = append(c.names, string(s.PrimaryIPAddress.IP.Address))
	}
	for _, w := range slices.Concat(s.IPAddresses, s.AdditionalIPs) {
		c.names = append(c.names, string(w.IP.Address))
	}
	return c
}

// lookupClouds lists the clouds for servers and those for SSD servers by their labels.
func lookupClouds(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	PrefetchLookup(ctx, r, vpsapi.ListSSDClouds, vpsapi.ListSSDCloudsIn{})
	clouds, err := Lookup(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
	ssd, unread := Lookup(ctx, r, vpsapi.ListSSDClouds, vpsapi.ListSSDCloudsIn{})
	if err = cmp.Or(err, unread); err != nil {
		return nil, err
	}
	var all []candidate
	for _, c := range slices.Concat(clouds, ssd) {
		all = append(all, candidate{string(c.ID), string(c.Label), []string{string(c.Label)}, nil})
	}
	return all, nil
}

// domainByName asks the service itself for one domain.
func domainByName(name string) lookup {
	return func(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
		d, err := Read(ctx, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(strings.TrimSuffix(name, "."))})
		if vpsapi.IsNotFound(err) || vpsapi.IsInvalid(err) {
			return nil, nil
		}
		if err != nil || !strings.EqualFold(string(d.Name), strings.TrimSuffix(name, ".")) {
			return nil, err
		}
		return []candidate{{string(d.ID), string(d.Name), nil, []string{name}}}, nil
	}
}

// lookupIPs lists the account's IP addresses by address.
func lookupIPs(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	ips, err := Read(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(ips))
	for i, ip := range ips {
		all[i] = candidate{string(ip.ID), string(ip.Address), []string{string(ip.Address)}, nil}
	}
	return all, nil
}

// lookupTemplates lists the templates of the input's cloud, or of its server's,
// and the account's own.
func lookupTemplates(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	custom, err := Read(ctx, r, vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, t := range custom {
		all = append(all, candidate{string(t.ID), string(t.Label), []string{string(t.Label)}, nil})
	}
	id, err := cloudOf(ctx, r, in)
	if err != nil {
		return all, err
	}
	var clouds []vpsapi.Cloud
	if id == "" {
		clouds, err = Read(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
	} else {
		clouds = make([]vpsapi.Cloud, 1)
		clouds[0], err = Read(ctx, r, vpsapi.GetCloud, vpsapi.GetCloudIn{CloudID: id})
	}
	if err != nil {
		return nil, err
	}
	for _, c := range clouds {
		for _, t := range c.SystemTemplates {
			if !slices.ContainsFunc(all, func(known candidate) bool { return known.id == string(t.ID) }) {
				all = append(all, candidate{string(t.ID), string(t.Label), []string{string(t.Label)}, nil})
			}
		}
	}
	return all, nil
}

// cloudOf is the cloud that an input names, or that its server is on.
func cloudOf(ctx context.Context, r *Reader, in reflect.Value) (vpsapi.CloudID, error) {
	if f := in.FieldByName("CloudID"); f.IsValid() && f.Type() == reflect.TypeFor[vpsapi.CloudID]() && f.String() != "" {
		return vpsapi.CloudID(f.String()), nil
	}
	if f := in.FieldByName("ServerID"); f.IsValid() && f.String() != "" {
		s, err := r.Server(ctx, vpsapi.ServerID(f.String()))
		return s.CloudID, err
	}
	return "", nil
}

// lookupBackups lists the backups of the input's server.
func lookupBackups(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	f := in.FieldByName("ServerID")
	if !f.IsValid() {
		return nil, nil
	}
	backups, err := Read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: vpsapi.ServerID(f.String())})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(backups))
	for i, b := range backups {
		all[i] = candidate{string(b.ID), string(b.Label), []string{string(b.Label)}, nil}
	}
	return all, nil
}
