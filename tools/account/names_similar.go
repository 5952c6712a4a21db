package account

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// lists are the functions that list the things of each kind.
var lists = map[reflect.Type]string{
	reflect.TypeFor[vpsapi.ServerID]():            vpsapi.ListServers.Name,
	reflect.TypeFor[vpsapi.SSDServerID]():         vpsapi.ListSSDServers.Name,
	reflect.TypeFor[vpsapi.CloudID]():             vpsapi.ListClouds.Name,
	reflect.TypeFor[vpsapi.DomainID]():            vpsapi.ListDomains.Name,
	reflect.TypeFor[vpsapi.IPID]():                vpsapi.ListIPs.Name,
	reflect.TypeFor[vpsapi.TemplateID]():          vpsapi.ListTemplates.Name,
	reflect.TypeFor[vpsapi.BackupID]():            vpsapi.ListBackups.Name,
	reflect.TypeFor[vpsapi.RecordID]():            vpsapi.ListDomainRecords.Name,
	reflect.TypeFor[vpsapi.ScheduleID]():          vpsapi.ListScheduledUpgrades.Name,
	reflect.TypeFor[vpsapi.DNSTemplateID]():       vpsapi.ListDNSTemplates.Name,
	reflect.TypeFor[vpsapi.DNSTemplateRecordID](): vpsapi.ListDNSTemplateRecords.Name,
	reflect.TypeFor[vpsapi.AnyServerID]():         vpsapi.ListServers.Name,
	reflect.TypeFor[vpsapi.PlatformServerID]():    vpsapi.ListPlatformServers.Name,
	reflect.TypeFor[vpsapi.LocationID]():          vpsapi.ListPlatformLocations.Name,
	reflect.TypeFor[vpsapi.PlatformTemplateID]():  vpsapi.ListPlatformTemplates.Name,
	reflect.TypeFor[vpsapi.SSHKeyID]():            vpsapi.ListPlatformSSHKeys.Name,
}

// insteadOf says what a name that nothing of a kind has may have meant, or where to look it up.
func (r *Reader) insteadOf(ctx context.Context, kind reflect.Type, all []candidate, name string) string {
	if kind == reflect.TypeFor[vpsapi.DomainID]() { // the service was asked for the one
		domains, _ := Read(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
		for _, d := range domains {
			all = append(all, candidate{string(d.ID), string(d.Name), nil, []string{string(d.Name)}})
		}
	}
	if text := similarText(plan.Kinds[kind], all, name); text != "" {
		return text
	}
	if kind == reflect.TypeFor[vpsapi.ServerID]() || kind == reflect.TypeFor[vpsapi.AnyServerID]() {
		ssd, _ := lookupSSD(ctx, r, reflect.Value{})
		if i := slices.IndexFunc(ssd, func(c candidate) bool { return c.hasName(name) }); i >= 0 {
			return plan.Thing{Kind: "SSD server", ID: ssd[i].id, Label: ssd[i].label}.String() + " is, which this function does not take"
		}
	}
	return "look it up with " + r.CallText(lists[kind], "")
}

// similarText names up to three things one of whose names has the words of another, such
// as "Web Server 01" for "web server", or is it but for letters; empty for none.
func similarText(kind string, all []candidate, name string) string {
	asked := strings.Fields(strings.ToLower(name))
	var texts []string
	for _, has := range []func(names []string) bool{
		func(names []string) bool {
			whole := strings.Join(names, "\n")
			return !slices.ContainsFunc(asked, func(word string) bool { return !strings.Contains(whole, word) })
		},
		func(names []string) bool { // a letter or two are others
			return slices.ContainsFunc(names, func(n string) bool { return words.IsNear(strings.ToLower(name), n) })
		},
		func(names []string) bool { // the first word alone: "Debian 12" for "Debian 5.0 x64"
			return len(asked) > 1 && len(asked[0]) > 3 && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, asked[0]+" ") })
		},
	} {
		for _, c := range all {
			if len(texts) < 3 && len(name) > 2 && has(c.lowerNames()) {
				texts = append(texts, plan.Thing{Kind: kind, ID: c.id, Label: c.label}.String())
			}
		}
		if len(texts) > 0 {
			return "similar: " + strings.Join(texts, ", ")
		}
	}
	return ""
}

// lowerNames are all that a candidate may be called, in lower case.
func (c candidate) lowerNames() []string {
	var names []string
	for _, n := range slices.Concat(c.names, c.hosts, []string{c.label}) {
		if n != "" {
			names = append(names, strings.ToLower(n))
		}
	}
	return names
}
