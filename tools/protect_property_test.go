package tools

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
)

// resolver answers for names as the account's zones do. It is written apart from the
// program's own judgement of zones.
type resolver struct {
	zones map[string][]map[string]any // records, by the zone's name
}

func newResolver(all snapshot) resolver {
	r := resolver{map[string][]map[string]any{}}
	for name, fields := range all {
		if kindIn(name) == "domain" {
			zone := strings.ToLower(fmt.Sprint(fields["name"]))
			if r.zones[zone] == nil {
				r.zones[zone] = []map[string]any{}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if rest, ok := strings.CutPrefix(name, "record of "); ok && !strings.HasPrefix(rest, "template ") {
			zone := strings.ToLower(strings.Fields(rest)[0])
			r.zones[zone] = append(r.zones[zone], all[name])
		}
	}
	return r
}

// names lists every name that has a record.
func (r resolver) names() []string {
	var names []string
	for zone, records := range r.zones {
		names = append(names, zone)
		for _, x := range records {
			names = append(names, nameIn(zone, x))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func nameIn(zone string, record map[string]any) string {
	host := strings.TrimSuffix(strings.ToLower(fmt.Sprint(record["host"])), ".")
	switch {
	case host == "@", host == "", host == zone, record["host"] == nil:
		return zone
	case strings.HasSuffix(host, "."+zone):
		return host
	}
	return host + "." + zone
}

// of says all that is answered for a name: its records, or those of a wildcard, or
// to whom it is delegated; what a CNAME leads to as well.
func (r resolver) of(name string, depth int) []string {
	zone := ""
	for z := range r.zones {
		if (name == z || strings.HasSuffix(name, "."+z)) && len(z) > len(zone) {
			zone = z
		}
	}
	if zone == "" || depth == 0 {
		return []string{"elsewhere " + name}
	}
	var said []string
	for at := name; at != zone; _, at, _ = strings.Cut(at, ".") { // a delegation above it, the highest one last
		var to []string
		for _, x := range r.zones[zone] {
			if nameIn(zone, x) == at && strings.EqualFold(fmt.Sprint(x["type"]), "ns") {
				to = append(to, "delegated to "+fmt.Sprint(x["data"]))
			}
		}
		if to != nil {
			said = to
		}
	}
	if said != nil {
		slices.Sort(said)
		return said
	}
	answers := func(owner string) (list []string, next string) {
		for _, x := range r.zones[zone] {
			if nameIn(zone, x) != owner {
				continue
			}
			list = append(list, strings.ToLower(fmt.Sprint(x["type"], " ", x["data"], " ", x["primary_data"], " ", x["mx_priority"])))
			if strings.EqualFold(fmt.Sprint(x["type"]), "cname") {
				next = strings.ToLower(strings.Trim(fmt.Sprint(x["data"]), "[]."))
			}
		}
		return list, next
	}
	said, next := answers(name)
	for at := name; said == nil && at != zone; {
		_, at, _ = strings.Cut(at, ".")
		said, next = answers("*." + at)
	}
	if next != "" {
		said = append(said, r.of(next, depth-1)...)
	}
	slices.Sort(said)
	return said
}

// protection is a policy, and which servers and names it holds its hand over.
type protection struct {
	policy  string
	servers func(fields map[string]any) bool
	domain  string
	newer   []string // labels of servers and SSH keys of the newer API
}

var protections = []protection{
	{policy: "protect:\n  - label: \"Web*\"\n", servers: func(s map[string]any) bool { return strings.HasPrefix(fmt.Sprint(s["label"]), "Web") }},
	{policy: "protect:\n  - server: \"1385\"\n", servers: func(s map[string]any) bool { return fmt.Sprint(s["id"]) == "1385" }},
	{policy: "protect:\n  - cloud: \"3\"\n", servers: func(s map[string]any) bool { return fmt.Sprint(s["cloud_id"]) == "3" }},
	{policy: "protect:\n  - domain: demodomain.com\n", domain: "demodomain.com"},
	{policy: "protect:\n  - domain: www.demodomain2.com\n", domain: "www.demodomain2.com"},
	{policy: "protect:\n  - domain: a.b.demodomain.com\n", domain: "a.b.demodomain.com"},
	{policy: "rules:\n  - action: deny\n    labels: [\"web*\"]\n", servers: func(s map[string]any) bool { return strings.HasPrefix(fmt.Sprint(s["label"]), "Web") }},
	{policy: "rules:\n  - action: deny\n    domains: [demodomain.com]\n", domain: "demodomain.com"},
	{policy: "protect:\n  - label: \"shop*\"\n  - label: \"laptop\"\n", newer: []string{"shop", "laptop"}},
}

// reached is how the protected things are reached: each server with its addresses
// and nodes, and what is answered for each name that leads to one, or is protected.
func (p protection) reached(all snapshot, first snapshot) map[string]any {
	how := map[string]any{}
	var addresses []string
	for name, fields := range first {
		if kindIn(name) == "server" && p.servers != nil && p.servers(fields) {
			id := fmt.Sprint(fields["id"])
			for _, field := range []string{"label", "hostname", "domain_name", "fqdn", "consumer_id", "cloud_id", "running", "password", "system_template_id", "regular_nodes_count"} {
				if field == "running" && fields[field] != true {
					continue // that one that is down comes up harms nobody
				}
				how[name+" "+field] = all[name][field]
			}
			for other, held := range all {
				if kind := kindIn(other); (kind == "IP" || strings.HasSuffix(kind, "node")) && fmt.Sprint(held["virtual_machine_id"]) == id {
					how[other] = fmt.Sprint(id, held["consumer_id"])
				}
			}
			for other, held := range first {
				if kindIn(other) == "IP" && fmt.Sprint(held["virtual_machine_id"]) == id {
					addresses = append(addresses, fmt.Sprint(held["ip_address"]))
				}
			}
		}
	}
	for name, fields := range first {
		switch label := fmt.Sprint(fields["label"]); {
		case slices.Contains(p.newer, label) && kindIn(name) == "SSH key":
			how[name] = []any{all[name]["label"], all[name]["key"]}
			how["key called "+label] = keysCalled(all, label)
		case slices.Contains(p.newer, label) && kindIn(name) == "platform server":
			id := strings.TrimPrefix(name, "platform server ")
			how[name] = all[name]
			for other, now := range all {
				if strings.HasPrefix(other, "platform ") && strings.HasSuffix(other, "-"+id) {
					how[other] = now
				}
			}
		}
	}
	was, is := newResolver(first), newResolver(all)
	names := was.names()
	if p.domain != "" {
		names = append(names, p.domain, "probe."+p.domain)
	}
	for _, name := range names {
		said := was.of(name, 8)
		leads := slices.ContainsFunc(said, func(s string) bool {
			return slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(s, a) })
		})
		if leads || (p.domain != "" && (name == p.domain || strings.HasSuffix(name, "."+p.domain))) {
			how["name "+name] = is.of(name, 8)
		}
		if to := p.leadingLines(said); len(to) > 0 {
			how["leads "+name] = slices.DeleteFunc(is.of(name, 8), func(s string) bool { return !slices.Contains(to, s) })
		}
	}
	return how
}

// leadingLines are those of a name's answers that lead to the protected domain.
func (p protection) leadingLines(said []string) []string {
	return slices.DeleteFunc(slices.Clone(said), func(s string) bool {
		leads := p.domain != "" && (strings.Contains(s, "["+p.domain+".]") || strings.Contains(s, "."+p.domain+".]"))
		return !leads
	})
}

// codeInLine is the code that an answer asks to be called with, as a line of the protocol has it.
var codeInLine = regexp.MustCompile(`confirm: \\"([A-Z0-9]{16,})\\"`)

// keysCalled counts the SSH keys of a label: who names one means one.
func keysCalled(all snapshot, label string) (n int) {
	for name, fields := range all {
		if kindIn(name) == "SSH key" && fields["label"] == label {
			n++
		}
	}
	return n
}

// TestProtectedIsReachedAsBefore: under a policy that holds its hand over a thing,
// nothing leaves that changes how that thing is reached, whatever is called and
// agreed to, and whatever was renamed first: by tools and by gates, in both revisions of
// the protocol.
func TestProtectedIsReachedAsBefore(t *testing.T) {
	t.Parallel()
	tools := []string{
		"edit_cloud_server", "edit_cloud_server", "edit_domain_record", "create_domain_record", "create_domain", "update_domain_records", "apply_zone", "undo",
		"delete_domain_record", "delete_domain", "edit_ip", "delete_ip", "reassign_ip", "edit_node", "delete_cloud_server", "reset_root_password", "reinstall_cloud_server",
	}
	newer := []string{
		"rename_platform_ssh_key", "rename_platform_ssh_key", "create_platform_ssh_key", "delete_platform_ssh_key", "reset_platform_password", "delete_platform_server",
		"power_off_platform_server", "reboot_platform_server", "recovery_reboot_platform_server", "create_platform_server", "start_platform_server", "undo",
	}
	sent := 0
	for i, p := range protections {
		seed := uint64(generatedSeed + 100 + i)
		t.Run(fmt.Sprintf("%s seed %d", p.policy, seed), func(t *testing.T) {
			f := generatedAccount(t, seed, 0)
			f.under(p.policy)
			g := newGenerator(t, f.server, rand.New(rand.NewPCG(seed, 2)))
			g.pools["label"] = append(g.pools["label"], "Web 2", "MySQL 9", "Instant Server")
			g.pools["name"] = append(g.pools["name"], "b.demodomain.com", "www.demodomain.com")
			g.pools["host"] = append(g.pools["host"], "b", "ftp", "*.b", "a.b")
			if p.newer != nil {
				g.pools["label"] = append(g.pools["label"], "shop", "laptop", "laptop")
			}
			surface, modern := []string{SurfaceAll, SurfaceSearch}[i/2%2], i%2 == 1
			mode := map[string]consent.Mode{SurfaceAll: consent.Flag, SurfaceSearch: consent.Code}[surface]
			c := newLineSession(t, f.again(Options{Consent: mode, Policy: f.server.options.Policy, Surface: surface}), modern, true)
			first := snapshotWith(t, f.sb, false)
			before := p.reached(first, first)
			if len(before) == 0 {
				t.Fatal("nothing is protected")
			}
			for n := range 150 {
				tried := tools
				if p.newer != nil {
					tried = newer
				}
				tool, arguments := g.call(tried...)
				if n%4 == 0 {
					tool, arguments = g.call()
				}
				if g.server.tools[tool].Asks {
					arguments["confirm"] = "yes"
				}
				called, given := tool, arguments
				if surface == SurfaceSearch {
					called, given = g.throughGate(tool, arguments)
				}
				f.tap.take()
				text := c.call(called, given)
				if code := codeInLine.FindStringSubmatch(text); code != nil {
					arguments["confirm"] = code[1]
					text = c.call(called, given)
				}
				left := changing(f.tap.take())
				if len(left) == 0 {
					continue
				}
				sent += len(left)
				f.now = f.now.Add(10 * time.Minute)
				for name, now := range p.reached(snapshotWith(t, f.sb, false), first) {
					if !reflect.DeepEqual(before[name], now) {
						t.Fatalf("%s %v sent %v, and %s is %v in place of %v: %s", tool, arguments, left, name, now, before[name], text)
					}
				}
			}
		})
	}
	if sent < 120 {
		t.Errorf("%d changes were sent: the test tries too little", sent)
	}
}

// under gives the fleet a server with a policy, whose purchases no limit ends.
func (f *fleet) under(text string) {
	f.Helper()
	if !strings.Contains(text, "rules:\n") {
		text += "rules:\n"
	}
	text += "  - action: deny\n    effects: [change, disruptive, commit, destructive]\n    limit: {count: 1000000, per: day}\n"
	p, err := policy.Parse([]byte(text), namesOfPolicy())
	if err != nil {
		f.Fatal(err)
	}
	f.server = f.again(Options{Consent: consent.Flag, Policy: p})
}
