package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// lists are the functions that list the things of each kind.
var lists = map[reflect.Type]vpsapi.Operation{
	reflect.TypeFor[vpsapi.ServerID]():             vpsapi.ListServers,
	reflect.TypeFor[vpsapi.AnyServerID]():          vpsapi.ListServers,
	reflect.TypeFor[vpsapi.SSDServerID]():          vpsapi.ListSSDServers,
	reflect.TypeFor[vpsapi.CloudID]():              vpsapi.ListClouds,
	reflect.TypeFor[vpsapi.TemplateID]():           vpsapi.ListTemplates,
	reflect.TypeFor[vpsapi.NodeID]():               vpsapi.ListNodes,
	reflect.TypeFor[vpsapi.IPID]():                 vpsapi.ListIPs,
	reflect.TypeFor[vpsapi.BackupID]():             vpsapi.ListBackups,
	reflect.TypeFor[vpsapi.CloneID]():              vpsapi.ListClones,
	reflect.TypeFor[vpsapi.ScheduleID]():           vpsapi.ListScheduledUpgrades,
	reflect.TypeFor[vpsapi.DomainID]():             vpsapi.ListDomains,
	reflect.TypeFor[vpsapi.DomainRef]():            vpsapi.ListDomains,
	reflect.TypeFor[vpsapi.RecordID]():             vpsapi.ListDomainRecords,
	reflect.TypeFor[vpsapi.DNSTemplateID]():        vpsapi.ListDNSTemplates,
	reflect.TypeFor[vpsapi.DNSTemplateRecordID]():  vpsapi.ListDNSTemplateRecords,
	reflect.TypeFor[vpsapi.TicketID]():             vpsapi.ListTickets,
	reflect.TypeFor[vpsapi.CommercialTemplateID](): vpsapi.ListCloudLinuxTemplates,
	reflect.TypeFor[vpsapi.WindowsTemplateID]():    vpsapi.ListWindowsTemplates,
	reflect.TypeFor[vpsapi.LicenseID]():            vpsapi.ListAvailableLicenses,
	reflect.TypeFor[vpsapi.InvoiceNo]():            vpsapi.ListInvoices,
	reflect.TypeFor[vpsapi.PlatformServerID]():     vpsapi.ListPlatformServers,
	reflect.TypeFor[vpsapi.LocationID]():           vpsapi.ListPlatformLocations,
	reflect.TypeFor[vpsapi.SSHKeyID]():             vpsapi.ListPlatformSSHKeys,
}

// listedText says which function lists the things of a kind; empty where none is known.
func listedText(kind reflect.Type) string {
	if op := lists[kind]; op != nil {
		return op.Info().Name + " lists them"
	}
	return ""
}

// ListHint says where the id of a field is found; empty for a field that is no id.
func ListHint(in any, field string) string {
	for _, f := range reflect.VisibleFields(reflect.TypeOf(in)) {
		if text := listedText(f.Type); text != "" && plan.JSONName(f) == field {
			return "; " + text
		}
	}
	return ""
}

// similarText names up to three things whose names are like another: they have its words, as "Web Server 01" has those of
// "web server", or a letter or two make one of the other. Empty for none.
func similarText(kind string, all []candidate, name string) string {
	name = strings.ToLower(name)
	asked := strings.Fields(name)
	var texts []string
	for _, c := range all {
		names := slices.Concat(c.names, c.hosts)
		joined := strings.ToLower(strings.Join(names, "\n"))
		missing := func(word string) bool { return !strings.Contains(joined, word) }
		near := func(n string) bool { return words.EditDistance(strings.ToLower(n), name) <= 1+len(name)/6 }
		if len(texts) < 3 && len(name) > 2 && (!slices.ContainsFunc(asked, missing) || slices.ContainsFunc(names, near)) {
			texts = append(texts, plan.Thing{Kind: kind, ID: c.id, Label: c.label}.String())
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return "similar: " + strings.Join(texts, ", ")
}

// otherKindText says of the name of a cloud server that an SSD server has it; empty where none has.
func otherKindText(ctx context.Context, r *Reader, kind reflect.Type, name string) string {
	if kind != reflect.TypeFor[vpsapi.ServerID]() && kind != reflect.TypeFor[vpsapi.AnyServerID]() || !r.Client.HasAPI(vpsapi.Classic) {
		return ""
	}
	ssd, _ := lookupSSD(ctx, r, reflect.Value{})
	if i := slices.IndexFunc(ssd, func(c candidate) bool { return c.hasName(name) }); i >= 0 {
		return plan.Thing{Kind: "SSD server", ID: ssd[i].id, Label: ssd[i].label}.String() + " is, which this function does not take"
	}
	return ""
}

// inAnyCase returns the one thing that has a name but for its case; none where more have.
func inAnyCase(all []candidate, name string) []candidate {
	var fitting []candidate
	for _, c := range all {
		if slices.ContainsFunc(c.names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), name) }) {
			fitting = append(fitting, c)
		}
	}
	return fitting
}

// domainsLike lists the account's domains, for the names of them that are like one that is not there.
func domainsLike(ctx context.Context, r *Reader) []candidate {
	domains, _ := Lookup(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	all := make([]candidate, len(domains))
	for i, d := range domains {
		all[i] = candidate{string(d.ID), string(d.Name), nil, []string{string(d.Name)}}
	}
	return all
}

// lookupTickets lists the support tickets by subject.
func lookupTickets(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	tickets, err := Read(ctx, r, vpsapi.ListTickets, vpsapi.ListTicketsIn{})
	all := make([]candidate, len(tickets))
	for i, t := range tickets {
		all[i] = candidate{string(t.ID), string(t.Subject), []string{string(t.Subject)}, nil}
	}
	return all, err
}

// lookupSchedules lists the scheduled upgrades of the input's server by label.
func lookupSchedules(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	raw, err := Read(ctx, r, vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: vpsapi.ServerID(in.FieldByName("ServerID").String())})
	return namedIn(raw, "id", "label"), err
}

// lookupLicenses lists the licenses that VPS.NET sells by name.
func lookupLicenses(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	raw, err := Lookup(ctx, r, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{})
	return append(namedIn(raw, "license_id", "name"), namedIn(raw, "id", "name")...), err
}

// namedIn returns the objects, at any depth of a reply that nobody has documented, that have an id and a name.
func namedIn(raw vpsapi.Raw, id, name string) []candidate {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var reply any
	if d.Decode(&reply) != nil {
		return nil
	}
	var all []candidate
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				look(e)
			}
		case map[string]any:
			if label, ok := v[name].(string); ok && v[id] != nil {
				all = append(all, candidate{fmt.Sprint(v[id]), label, []string{label}, nil})
			}
			for _, key := range slices.Sorted(maps.Keys(v)) {
				look(v[key])
			}
		}
	}
	look(reply)
	return all
}
