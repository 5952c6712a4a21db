package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// generator makes calls of every tool, with arguments that are of the account more
// often than not.
type generator struct {
	random *rand.Rand
	server *Server
	calls  []struct{ tool, arguments string } // of the catalogue's tests
	pools  map[string][]string                // what stands for an argument, by its name
	codes  []string                           // that answers have shown
}

// newGenerator reads the account by the server's own tools.
func newGenerator(t *testing.T, s *Server, random *rand.Rand) *generator {
	t.Helper()
	calls := everything(t)
	for _, c := range drivePlatform {
		calls = append(calls, struct{ tool, arguments string }{c.tool, c.arguments})
	}
	g := &generator{random: random, server: s, calls: calls, pools: map[string][]string{
		"label": {"test-1", "Attic 01", "Web Server 09", "MySQL Server 01", "1384"}, "public_fqdn": {"attic.example.com", "web01.demodomain.com"},
		"fqdn": {"new1.example.com"}, "data": {"192.0.2.9", "127.0.0.1", "68.169.23.153", "mail.example.net.", "www.demodomain.com.", "v=spf1 -all"},
		"target": {"192.0.2.5", "mail.example.net."}, "primary_data": {"192.0.2.9"}, "ip_address": {"192.0.2.7", "68.169.23.153"},
		"host": {"@", "www", "new", "*", "*.new", "_acme-challenge", "a.www", "mail", "sub"}, "run_at": {"2027-05-08 12:00", "2026-12-01 12:00"},
		"name": {"sub.demodomain.com", "example.org", "demodomain.com", "com", "www.demodomain2.com", "new.sub.demodomain.com"},
		"zone": {"@ 86400 IN A 192.0.2.1\n", "new 3600 IN A 192.0.2.9\n", "www 86400 IN CNAME mail.example.net.\n", ""},
		"body": {"Please delete it", "Thank you"}, "notes": {"spare one", ""}, "consumer_id": {"0", "58", "77"},
		"state": {"running", "stopped", "built"}, "timeout": {"1s"}, "wait": {"false"},
		"location_id": {"117", "213", "London - M"}, "hostname": {"new9.example.com", "shop.example.com"}, "product_name": {"V3", "V4"},
		"os_component_code": {"SSDVPSDEBIAN9"}, "custom_template_id": {"base"}, "public_key": {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther"},
	}}
	ids := func(tool, arguments string, names ...string) {
		a := s.Call(context.Background(), tool, json.RawMessage(arguments))
		var v any
		if a.IsError {
			return // what it lists went in the account's past
		}
		if err := json.Unmarshal(a.Structured, &v); err != nil {
			t.Fatalf("%s: %s", tool, a.Text)
		}
		for _, name := range names {
			g.pools[name] = append(g.pools[name], textsUnder(v, "id", "label", "name")...)
		}
	}
	ids("list_cloud_servers", `{}`, "server_id", "virtual_machine_id", "vm_id", "reassign_ip", "alternate_vps")
	ids("list_recoverable_cloud_servers", `{}`, "server_id", "deleted")
	ids("list_ips", `{}`, "ip_id")
	ids("list_nodes", `{"type":"vps"}`, "node_id")
	ids("list_backups", `{"server_id":"1384"}`, "backup_id")
	ids("list_clones", `{"server_id":"1384"}`, "clone_id")
	ids("list_domains", `{}`, "domain_id")
	ids("list_domain_records", `{"domain_id":"51"}`, "record_id")
	ids("list_domain_records", `{"domain_id":"52"}`, "record_id")
	ids("list_dns_templates", `{}`, "dns_template_id", "custom_template")
	ids("list_dns_template_records", `{"dns_template_id":"55"}`, "record_id")
	ids("list_tickets", `{}`, "ticket_id")
	ids("list_custom_templates", `{}`, "system_template_id")
	ids("list_ssd_servers", `{}`, "ssd_server_id")
	ids("list_clouds", `{}`, "cloud_id")
	ids("list_platform_ssh_keys", `{}`, "ssh_key_id")
	ids("list_platform_servers", `{}`, "platform_server_id")
	g.pools["platform_server_id"] = append(g.pools["platform_server_id"], "117-4107", "225-f2-88", "shop.example.com")
	return g
}

// textsUnder lists the texts and numbers that stand under the keys, at any depth.
func textsUnder(v any, keys ...string) (found []string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			found = append(found, textsUnder(e, keys...)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch e := v[key].(type) {
			case string, float64:
				if slices.Contains(keys, key) {
					found = append(found, fmt.Sprint(e))
				}
			default:
				found = append(found, textsUnder(e, keys...)...)
			}
		}
	}
	return found
}

func pickOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// call makes the next call: one of the tests', with some of its arguments changed,
// or one of the tool's schema alone.
func (g *generator) call(tools ...string) (tool string, arguments map[string]any) {
	c := pickOf(g.random, g.calls)
	if len(tools) > 0 {
		c = struct{ tool, arguments string }{pickOf(g.random, tools), "{}"}
		for _, made := range g.calls {
			if made.tool == c.tool {
				c.arguments = made.arguments
			}
		}
	}
	arguments = map[string]any{}
	if g.random.IntN(3) > 0 {
		_ = json.Unmarshal([]byte(c.arguments), &arguments) // always possible: they are the tests' own
	}
	var schema map[string]any
	_ = json.Unmarshal(g.server.tools[c.tool].Schema(), &schema)
	if deleted := g.pools["deleted"]; c.tool == "recover_cloud_server" && len(deleted) > 0 {
		arguments["server_id"] = pickOf(g.random, deleted)
	}
	g.fill(schema, arguments, pickOf(g.random, []int{4, 20}))
	return c.tool, arguments
}

// fill gives an object the values that it must have, and one in rare of the others;
// it changes one in rare of those that are there.
func (g *generator) fill(schema, object map[string]any, rare int) {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, _ := properties[name].(map[string]any)
		old, there := object[name]
		text, isText := old.(string)
		open := isText && strings.HasPrefix(text, "$")
		if open || (!there && slices.Contains(required, any(name))) || g.random.IntN(rare) == 0 {
			object[name] = g.value(name, property)
		}
	}
}

func (g *generator) value(name string, property map[string]any) any {
	if name == "confirm" {
		return pickOf(g.random, append([]any{"yes", true, "AAAA-BBBB", "Web Server 01"}, anys(g.codes)...))
	}
	if list, ok := property["enum"].([]any); ok {
		return pickOf(g.random, list)
	}
	switch kind := property["type"]; {
	case kind == "boolean":
		return g.random.IntN(2) == 0
	case kind == "integer", kind == "number":
		return pickOf(g.random, []int{0, 1, 2, 3, 900, 3600, 86400})
	case kind == "array":
		items, _ := property["items"].(map[string]any)
		var list []any
		for range g.random.IntN(3) {
			list = append(list, g.value(name, items))
		}
		return list
	case kind == "object" && property["properties"] != nil:
		object := map[string]any{}
		g.fill(property, object, 2)
		return object
	}
	if pool := g.pools[name]; len(pool) > 0 && g.random.IntN(10) > 0 {
		return pickOf(g.random, pool)
	}
	other := g.pools[pickOf(g.random, slices.Sorted(maps.Keys(g.pools)))]
	return pickOf(g.random, append([]string{"1384"}, other...))
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// generatedAccount is an account with some past: what is random in it follows from
// the seed.
func generatedAccount(t *testing.T, seed uint64, steps int) *fleet {
	t.Helper()
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	both, err := vpsapi.NewClient(vpsapi.Config{
		Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token, Transport: f.tap, PerSecond: -1, Concurrent: -1, Attempts: 1, Observe: trail.Observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.server.options.Client = both
	f.server = f.again(f.server.options)
	for _, c := range []struct{ tool, arguments string }{ // what there is one of in each account
		{"create_ssd_server", `{"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`},
		{"create_cloud_server", `{"label":"New 1","fqdn":"new1.example.com","system_template_id":92,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`},
		{"edit_domain_record", `{"domain_id":"52","record_id":"2315975","data":"68.169.23.153"}`},
	} {
		if a := f.call(c.tool, withConfirm(c.arguments, "yes")); a.IsError {
			t.Fatalf("%s: %s", c.tool, a.Text)
		}
		f.now = f.now.Add(10 * time.Minute)
	}
	for _, c := range []struct{ tool, arguments string }{
		{"shutdown_ssd_server", `{"ssd_server_id":"Fast 1"}`}, {"shutdown_cloud_server", `{"server_id":"1384"}`}, {"delete_cloud_server", `{"server_id":"New 1"}`},
		{"power_off_platform_server", `{"platform_server_id":"edge"}`},
	} {
		if a := f.call(c.tool, withConfirm(c.arguments, "yes")); a.IsError {
			t.Fatalf("%s: %s", c.tool, a.Text)
		}
		f.now = f.now.Add(10 * time.Minute)
	}
	g := newGenerator(t, f.server, rand.New(rand.NewPCG(seed, 1)))
	for range steps {
		tool, arguments := g.call()
		if g.server.tools[tool].Asks {
			arguments["confirm"] = "yes"
		}
		raw, err := json.Marshal(arguments)
		if err != nil {
			t.Fatal(err)
		}
		f.call(tool, string(raw))
	}
	return f
}

// snapshot is what an account has, by what each thing is: its fields.
type snapshot map[string]map[string]any

// snapshotOf reads an account past all that is under test.
func snapshotOf(t *testing.T, sb *sandbox.Sandbox) snapshot { return snapshotWith(t, sb, true) }

// snapshotWith is snapshotOf; what belongs to servers alone is read where that is
// asked for.
func snapshotWith(t *testing.T, sb *sandbox.Sandbox, whole bool) snapshot {
	t.Helper()
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token, Transport: sb, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	all := snapshot{}
	var servers []vpsapi.Server
	servers = append(servers, take(t, all, client, "server", vpsapi.ListServers, vpsapi.ListServersIn{})...)
	take(t, all, client, "deleted server", vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	for _, s := range servers {
		if !whole {
			break
		}
		take(t, all, client, "backup of "+string(s.ID), vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID})
		take(t, all, client, "clone of "+string(s.ID), vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: s.ID})
		takeOne(t, all, client, "scaling of "+string(s.ID), vpsapi.GetAutoscaling, vpsapi.GetAutoscalingIn{ServerID: s.ID})
		takeOne(t, all, client, "schedules of "+string(s.ID), vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: s.ID})
	}
	take(t, all, client, "IP", vpsapi.ListIPs, vpsapi.ListIPsIn{})
	for _, kind := range []string{"vps", "ram", "storage", "bandwidth"} {
		take(t, all, client, kind+" node", vpsapi.ListNodes, vpsapi.ListNodesIn{Type: kind})
	}
	for _, d := range take(t, all, client, "domain", vpsapi.ListDomains, vpsapi.ListDomainsIn{}) {
		take(t, all, client, "record of "+string(d.Name), vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: d.ID})
	}
	for _, d := range take(t, all, client, "DNS template", vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{}) {
		take(t, all, client, "record of template "+string(d.ID), vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: d.ID})
	}
	take(t, all, client, "ticket", vpsapi.ListTickets, vpsapi.ListTicketsIn{})
	take(t, all, client, "custom template", vpsapi.ListCustomTemplates, vpsapi.ListCustomTemplatesIn{})
	take(t, all, client, "Windows template", vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{})
	take(t, all, client, "CloudLinux template", vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{})
	take(t, all, client, "SSD server", vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
	for _, s := range take(t, all, client, "platform server", vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{}) {
		takeOne(t, all, client, "platform state of "+string(s.ServerID()), vpsapi.GetPlatformServerStatus, vpsapi.GetPlatformServerStatusIn{ID: s.ServerID()})
		takeOne(t, all, client, "platform detail of "+string(s.ServerID()), vpsapi.GetPlatformServer, vpsapi.GetPlatformServerIn{ID: s.ServerID()})
	}
	take(t, all, client, "SSH key", vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{})
	return all
}

// take puts a list into a snapshot.
func take[In, T any](t *testing.T, all snapshot, c *vpsapi.Client, kind string, op vpsapi.Op[In, []T], in In) []T {
	t.Helper()
	list, err := op.Call(t.Context(), c, in)
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	for i, thing := range list {
		fields := fieldsOf(t, thing)
		id := fields["id"]
		if id == nil {
			id = i
		}
		all[fmt.Sprintf("%s %v", kind, id)] = fields
	}
	return list
}

func takeOne[In, T any](t *testing.T, all snapshot, c *vpsapi.Client, kind string, op vpsapi.Op[In, T], in In) {
	t.Helper()
	one, err := op.Call(t.Context(), c, in)
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	all[kind] = map[string]any{"all": fieldsOf(t, map[string]any{"it": one})["it"]}
}

func fieldsOf(t *testing.T, thing any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(thing)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// differences lists what is another in a later snapshot: "server: label", "new backup",
// "lost IP". Moments of the last change are none.
func (before snapshot) differences(after snapshot) []string {
	var list []string
	for name, fields := range after {
		old, there := before[name]
		if !there {
			list = append(list, "new "+kindIn(name))
			continue
		}
		for field, value := range fields {
			if field != "updated_at" && field != "created_at" && !reflect.DeepEqual(old[field], value) {
				list = append(list, kindIn(name)+": "+field)
			}
		}
	}
	for name := range before {
		if _, there := after[name]; !there {
			list = append(list, "lost "+kindIn(name))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// kindIn is a thing's name in a snapshot without what it is told from others by.
func kindIn(name string) string {
	kind, _, _ := strings.Cut(name, " of ")
	words := strings.Fields(kind)
	if last := words[len(words)-1]; len(words) > 1 && strings.Trim(last, "0123456789") == "" {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}
