package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var names = Names{
	Tools:  []string{"delete_cloud_server", "reboot_cloud_server", "edit_cloud_server", "create_nodes", "delete_domain", "delete_backup", "edit_domain_record", "open_ticket", "undo"},
	Groups: []string{"servers", "nodes", "dns", "backups", "journal"},
}

func parse(t *testing.T, text string) *Policy {
	t.Helper()
	p, err := Parse([]byte(text), names)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	noon    = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) // a Tuesday
	web01   = Thing{Kind: "server", ID: "1384", Label: "Web Server 01", Cloud: "3"}
	zone    = Thing{Kind: "domain", ID: "51", Label: "example.com", Domain: "example.com"}
	destroy = Query{Function: Function{"delete_cloud_server", "servers"}, Effects: []string{"destructive"}, Things: []Thing{web01}, Now: noon}
	reboot  = Query{Function: Function{"reboot_cloud_server", "servers"}, Effects: []string{"disruptive"}, Things: []Thing{web01}, Now: noon}
	buy     = Query{Function: Function{"create_nodes", "nodes"}, Effects: []string{"commit"}, Buys: 1, Cost: 20, Now: noon}
	renamed = func(from, to string) Query {
		before, after := Thing{Kind: "server", ID: "1", Label: from, Cloud: "3"}, Thing{Kind: "server", ID: "1", Label: to, Cloud: "3"}
		return Query{Function: Function{"edit_cloud_server", "servers"}, Effects: []string{"change"}, Things: []Thing{before}, Moves: true, Changed: []Change{{before, after}}, Now: noon}
	}
	rename  = Query{Function: Function{"edit_cloud_server", "servers"}, Effects: []string{"change"}, Things: []Thing{web01}, Moves: true, Now: noon}
	copied  = Query{Function: Function{"delete_backup", "backups"}, Effects: []string{"destructive"}, Things: []Thing{{Kind: "backup", ID: "3774"}, web01}, Now: noon}
	mysql01 = Thing{Kind: "server", ID: "1385", Label: "mysql01", Cloud: "3"}

	shrink   = Query{Function: Function{"edit_cloud_server", "servers"}, Effects: []string{"change", "disruptive"}, Things: []Thing{web01}, Now: noon}
	grow     = Query{Function: Function{"edit_cloud_server", "servers"}, Effects: []string{"disruptive", "commit"}, Things: []Thing{web01}, Now: noon}
	repoint  = Query{Function: Function{"edit_domain_record", "dns"}, Effects: []string{"disruptive"}, Things: []Thing{zone, web01, mysql01}, Now: noon}
	undone   = Query{Function: Function{"edit_cloud_server", "servers"}, Also: []Function{{"undo", "journal"}}, Effects: []string{"change"}, Things: []Thing{web01}, Now: noon}
	zoneFile = Query{Function: Function{"apply_zone", "dns"}, Also: []Function{{"edit_domain_record", "dns"}}, Effects: []string{"change"}, Things: []Thing{zone}, Now: noon}
	unzone   = Query{Function: Function{"delete_domain", "dns"}, Effects: []string{"destructive"}, Things: []Thing{zone}, Now: noon}
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name, text string
		query      Query
		want       Action
	}{
		{"no rule", ``, destroy, None},
		{"deny a tool", `rules: [{action: deny, tools: [delete_cloud_server]}]`, destroy, Deny},
		{"another tool", `rules: [{action: deny, tools: [delete_cloud_server]}]`, reboot, None},
		{"deny by pattern", `rules: [{action: deny, tools: ["delete_*"]}]`, unzone, Deny},
		{"deny by effect", `rules: [{action: deny, effects: [destructive]}]`, destroy, Deny},
		{"deny by group", `rules: [{action: deny, groups: [dns]}]`, unzone, Deny},
		{"allow by group does not reach a loss", `rules: [{action: allow, groups: [servers]}]`, destroy, None},
		{"allow by group reaches a reboot", `rules: [{action: allow, groups: [servers]}]`, reboot, Allow},
		{"allow that names the tool", `rules: [{action: allow, tools: [delete_cloud_server]}]`, destroy, Allow},
		{"allow by pattern does not name the tool", `rules: [{action: allow, tools: ["delete_*"]}]`, destroy, None},
		{"deny beats allow, in any order", `rules: [{action: deny, servers: ["1384"]}, {action: allow, tools: [delete_cloud_server]}]`, destroy, Deny},
		{"ask beats allow, in any order", `rules: [{action: allow, groups: [servers]}, {action: ask, effects: [disruptive]}]`, reboot, Ask},
		{"server id", `rules: [{action: deny, servers: ["1385"]}]`, destroy, None},
		{"label pattern, case aside", `rules: [{action: deny, labels: ["web*"]}]`, destroy, Deny},
		{"cloud", `rules: [{action: deny, clouds: ["3"]}]`, destroy, Deny},
		{"all conditions must hold of one thing", `rules: [{action: deny, clouds: ["4"], labels: ["web*"]}]`, destroy, None},
		{"domain and what is below", `rules: [{action: deny, domains: [com]}]`, unzone, Deny},
		{"domain by its end only", `rules: [{action: deny, domains: [ple.com]}]`, unzone, None},
		{"in hours", `rules: [{action: deny, hours: {from: "09:00", to: "17:00"}}]`, reboot, Deny},
		{"out of hours", `rules: [{action: deny, hours: {from: "13:00", to: "17:00"}}]`, reboot, None},
		{"hours in a zone", `rules: [{action: deny, hours: {from: "13:00", to: "13:01", zone: Europe/Berlin}}]`, reboot, Deny},
		{"over midnight", `rules: [{action: deny, hours: {from: "18:00", to: "12:30"}}]`, reboot, Deny},
		{"the night belongs to the day it began on", `rules: [{action: deny, hours: {from: "18:00", to: "12:30", days: [mon]}}]`, reboot, Deny},
		{"other days", `rules: [{action: deny, hours: {from: "00:00", to: "24:00", days: [wed]}}]`, reboot, None},
		{"allow of one effect does not carry another through", `rules: [{action: allow, effects: [change]}]`, shrink, None},
		{"allow of all its effects", `rules: [{action: allow, effects: [change, disruptive]}]`, shrink, Allow},
		{"allow of a tool for one effect does not buy", `rules: [{action: allow, tools: [edit_cloud_server], effects: [disruptive]}]`, grow, None},
		{"allow of things, of which one is another's", `rules: [{action: allow, labels: ["web*"]}]`, repoint, None},
		{"allow of a domain, to whose server it points", `rules: [{action: allow, domains: [example.com]}]`, repoint, None},
		{"allow of a tool names it all", `rules: [{action: allow, tools: [edit_domain_record]}]`, repoint, Allow},
		{"allow of things that are not known", `rules: [{action: allow, labels: ["*"]}]`, Query{Effects: []string{"change"}, Things: []Thing{{Kind: "server", ID: "7"}}, Now: noon}, None},
		{"deny of one thing of several", `rules: [{action: deny, labels: ["mysql*"]}]`, repoint, Deny},
		{"deny of what was called", `rules: [{action: deny, tools: [undo]}]`, undone, Deny},
		{"deny of the group of what was called", `rules: [{action: deny, groups: [journal]}]`, undone, Deny},
		{"deny of what it does", `rules: [{action: deny, tools: [edit_cloud_server]}]`, undone, Deny},
		{"deny of a step", `rules: [{action: deny, tools: ["*_domain_record"]}]`, zoneFile, Deny},
		{"ask of a step", `rules: [{action: ask, tools: [edit_domain_record]}]`, zoneFile, Ask},
		{"allow of a step is none of the whole", `rules: [{action: allow, tools: [edit_domain_record]}]`, zoneFile, None},
		{"protected by id", `protect: [{server: "1384"}]`, reboot, Deny},
		{"protected by label", `protect: [{label: "web server *"}]`, destroy, Deny},
		{"protected from a rename", `protect: [{label: "web server *"}]`, rename, Deny},
		{"what belongs to it is protected", `protect: [{server: "1384"}]`, copied, Deny},
		{"protected domain", `protect: [{domain: example.com}]`, unzone, Deny},
		{"a deny with a limit denies past it alone", `rules: [{action: deny, tools: [reboot_cloud_server], limit: {count: 1, per: day}}]`, reboot, None},
		{"no allow overrides a protection", `{protect: [{server: "1384"}], rules: [{action: allow, tools: [delete_cloud_server]}]}`, destroy, Deny},
		{"a harmless change of a protected thing", `protect: [{server: "1384"}]`, Query{Effects: []string{"change"}, Things: []Thing{web01}, Now: noon}, None},
	} {
		if got := parse(t, c.text).Judge(c.query); got.Action != c.want {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	past := func(q Query, ages ...time.Duration) []Past {
		var out []Past
		for _, age := range ages {
			out = append(out, Past{Time: noon.Add(-age), Function: q.Function, Also: q.Also, Effects: q.Effects, Cost: q.Cost, Buys: q.Buys, Creates: q.Creates})
		}
		return out
	}
	ticket := Query{Function: Function{"open_ticket", "tickets"}, Effects: []string{"commit"}, Now: noon}
	many := func(n int) []time.Duration {
		ages := make([]time.Duration, n)
		for i := range ages {
			ages[i] = time.Minute
		}
		return ages
	}
	create := Query{Function: Function{"create_nodes", "nodes"}, Effects: []string{"commit"}, Creates: 1, Now: noon}
	for _, c := range []struct {
		name, text string
		query      Query
		past       []Past
		want       string // part of the refusal; empty means within
	}{
		{"default: the fifth purchase", ``, buy, past(buy, 1*time.Hour, 2*time.Hour, 3*time.Hour, 4*time.Hour), ""},
		{"default: the sixth purchase", ``, buy, past(buy, 5*time.Hour, 4*time.Hour, 3*time.Hour, 2*time.Hour, 1*time.Hour), "at most 5 purchases a day"},
		{"default: yesterday does not count", ``, buy, past(buy, 25*time.Hour, 25*time.Hour, 3*time.Hour, 2*time.Hour, 1*time.Hour), ""},
		{"default: many at once", ``, Query{Buys: 6, Now: noon}, nil, "at most 5 purchases"},
		{"default: the fourth creation", ``, create, past(create, 3*time.Minute, 2*time.Minute, time.Minute), "at most 3 creations an hour"},
		{"default: a loss has no limit", ``, destroy, past(buy, 1, 2, 3, 4, 5, 6), ""},
		{"a protection alone keeps the default", `protect: [{server: "1"}]`, Query{Buys: 6, Now: noon}, nil, "at most 5"},
		{"count a day", `rules: [{action: ask, effects: [destructive], limit: {count: 2, per: day}}]`, destroy, past(destroy, 2*time.Hour, time.Hour), "at most 2 a day, and this would make it 3; there is room again after 2026-11-25 10:00 UTC"},
		{"count of others", `rules: [{action: ask, effects: [destructive], limit: {count: 2, per: day}}]`, destroy, past(reboot, 2*time.Hour, time.Hour), ""},
		{"count of an allow that another effect leads past", `rules: [{action: allow, effects: [change], limit: {count: 1, per: day}}]`, shrink, past(shrink, time.Hour), "at most 1 a day"},
		{"count of a step", `rules: [{action: ask, tools: [edit_domain_record], limit: {count: 1, per: day}}]`, zoneFile, past(zoneFile, time.Hour), "at most 1 a day"},
		{"money", `rules: [{action: ask, effects: [commit], limit: {money: 50, per: month}}]`, buy, past(buy, time.Hour, 2*time.Hour), "at most 50.00 a month; this would make it 60.00"},
		{"any rule leaves the default", `rules: [{action: deny, tools: [delete_domain]}]`, Query{Buys: 6, Now: noon}, nil, "at most 5 purchases"},
		{"a limit of other things leaves the default", `rules: [{action: ask, effects: [destructive], limit: {count: 9, per: day}}]`, Query{Effects: []string{"commit"}, Buys: 6, Now: noon}, nil, "at most 5 purchases"},
		{"a limit of everything names no other value", `rules: [{action: ask, limit: {count: 100, per: day}}]`, Query{Effects: []string{"commit"}, Buys: 6, Now: noon}, nil, "at most 5 purchases"},
		{"a rule that names another value", `rules: [{action: ask, effects: [commit], limit: {count: 9, per: day}}]`, Query{Effects: []string{"commit"}, Buys: 9, Now: noon}, nil, ""},
		{"and its own value holds", `rules: [{action: ask, effects: [commit], limit: {count: 9, per: day}}]`, Query{Effects: []string{"commit"}, Buys: 10, Now: noon}, nil, "at most 9 a day"},
		{"what a rule counts is none of the default's", `rules: [{action: ask, tools: [create_nodes], limit: {count: 9, per: day}}]`, Query{Function: Function{"edit_cloud_server", "servers"}, Effects: []string{"commit"}, Buys: 5, Now: noon}, past(buy, 1*time.Hour, 2*time.Hour), ""},
		{"what is bought counts, not the plan", `rules: [{action: ask, effects: [commit], limit: {count: 5, per: day}}]`, ticket, past(ticket, 1, 2, 3, 4, 5, 6), ""},
		{"a message is not a purchase", `rules: [{action: ask, effects: [commit], limit: {count: 5, per: day}}]`, buy, past(ticket, 1, 2, 3, 4, 5, 6), ""},
		{"messages by the tool's name", `rules: [{action: ask, tools: [open_ticket], limit: {count: 2, per: day}}]`, ticket, past(ticket, time.Hour, 2*time.Hour), "at most 2 a day"},
		{"all that a plan buys", `rules: [{action: ask, tools: [create_nodes], limit: {count: 5, per: day}}]`, Query{Function: buy.Function, Effects: buy.Effects, Buys: 6, Now: noon}, nil, "for a smaller plan"},
		{"an unknown cost under a limit of money", `rules: [{action: ask, effects: [commit], limit: {money: 60, per: month}}]`, Query{Effects: []string{"commit"}, Buys: 1, Now: noon}, nil, "the price of this is not known"},
		{"room for what comes after several", ``, Query{Effects: []string{"commit"}, Buys: 3, Now: noon}, past(buy, 5*time.Hour, 4*time.Hour, 3*time.Hour), "after 2026-11-25 07:00 UTC"},
		{"free changes", ``, Query{Effects: []string{"change"}, Now: noon}, past(Query{Effects: []string{"change"}}, many(299)...), ""},
		{"free changes beyond", ``, Query{Effects: []string{"change"}, Now: noon}, past(Query{Effects: []string{"change"}}, many(300)...), "at most 300 free changes an hour"},
		{"money left", `rules: [{action: ask, effects: [commit], limit: {money: 60, per: month}}]`, buy, past(buy, time.Hour, 2*time.Hour), ""},
	} {
		err := parse(t, c.text).CheckLimits(c.query, c.past, nil)
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestFaultsNameTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"rules:\n  - action: perhaps\n":                                                     "line 2: action \"perhaps\"",
		"rules:\n  - action: deny\n  - tools: [x]\n    action: ask\n":                       "line 3: tools: \"x\" is not a tool",
		"rules:\n  - {action: deny, groups: [x]}\n":                                         "line 2: groups: \"x\" is not a group; known are servers, nodes, dns, backups, journal",
		"rules:\n  - {action: deny, effects: [bad]}\n":                                      "line 2: effects: \"bad\"",
		"rules:\n  - {action: allow, effects: [commit]}\n":                                  "line 2: allow on commit or destructive effects must name each tool",
		"rules:\n  - {action: allow, effects: [destructive], tools: [\"delete_*\"]}\n":      "must name each tool",
		"rules:\n  - {action: deny, hours: {from: nine, to: \"17:00\"}}\n":                  "line 2: hours: time \"nine\"",
		"rules:\n  - {action: deny, hours: {from: \"09:00\", to: \"17:00\", zone: Moon}}\n": "unknown time zone Moon",
		"rules:\n  - {action: deny, limit: {count: 1, per: week}}\n":                        "line 2: limit: per \"week\"",
		"rules:\n  - {action: deny, limit: {per: day}}\n":                                   "give count or money",
		"protect:\n  - {}\n":                        "protect: give server, label, cloud or domain",
		"rules:\n  - action: deny\n    tool: [x]\n": "line 3: an entry of rules has no key \"tool\"; its keys are action, tools, ",
		"rules:\n  - action: deny\n    tool: [x]\n    servers: 1384\n    hours: {form: \"09:00\"}\n  - {action: perhaps, groups: dns}\nprotects: []\n": `line 3: an entry of rules has no key "tool"; its keys are action, tools, groups, effects, servers, labels, clouds, domains, hours, limit, approved_by
line 4: servers must be a list, such as [a, b]
line 5: hours has no key "form"; its keys are from, to, days, zone
line 6: groups must be a list, such as [a, b]
line 7: the policy has no key "protects"; its keys are rules, protect`,
		"rules:\n  - {action: perhaps, colour: red}\n  - {action: deny, limit: {count: many, per: day}}\nprotect:\n  - {label: x}\n  - {}\n": `line 2: an entry of rules has no key "colour"; its keys are action, tools, groups, effects, servers, labels, clouds, domains, hours, limit, approved_by
line 2: action "perhaps": use allow, ask or deny
line 3: count: many is not a number
line 6: protect: give server, label, cloud or domain`,
		"rules: {": "[1:",
	} {
		if _, err := Parse([]byte(text), names); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want %q", text, err, want)
		}
	}
}

// A refusal says why, and until when where that is known.
func TestDenialsSayUntilWhenAndWhy(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", clock, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		rule string
		now  time.Time
		want string
	}{
		{`{action: deny, effects: [destructive], hours: {from: "18:00", to: "08:00", zone: Europe/Berlin}}`, at("2026-11-24 20:00"),
			"deny rule at line 1: effects destructive, 18:00 to 08:00 Europe/Berlin; it applies until 2026-11-25 08:00 Europe/Berlin"},
		{`{action: deny, hours: {from: "18:00", to: "08:00", days: [fri, sat, sun], zone: Europe/Berlin}}`, at("2026-11-27 23:00"),
			"deny rule at line 1: 18:00 to 08:00 on fri, sat, sun Europe/Berlin; it applies until 2026-11-28 08:00 Europe/Berlin"},
		{`{action: deny, hours: {from: "00:00", to: "24:00", days: [sat, sun]}}`, at("2026-11-28 12:00"),
			"deny rule at line 1: 00:00 to 24:00 on sat, sun UTC; it applies until 2026-11-30 00:00 UTC"},
		{`{action: deny, hours: {from: "00:00", to: "24:00"}}`, noon, "deny rule at line 1: 00:00 to 24:00 UTC"},
		{`{action: deny, hours: {from: "12:00", to: "01:30", zone: Europe/Berlin}}`, at("2026-10-25 00:30"), // 03:00 comes twice that night
			"it applies until 2026-10-25 01:30 Europe/Berlin"},
		{`{action: deny, tools: ["delete_*"], labels: ["web*"]}`, noon, "deny rule at line 1: tools delete_*, labels web*"},
		{`{action: deny}`, noon, "deny rule at line 1"},
	} {
		q := destroy
		q.Now = c.now
		if v := parse(t, "rules: ["+c.rule+"]").Judge(q); v.Action != Deny || !strings.HasSuffix(v.Why, c.want) {
			t.Errorf("%s at %s:\n got %s %s\nwant %s", c.rule, c.now, v.Action, v.Why, c.want)
		}
	}
}

func TestWhatIsDeniedAltogether(t *testing.T) {
	for text, want := range map[string]bool{
		`rules: [{action: deny, tools: [delete_domain]}]`:                             true,
		`rules: [{action: deny, groups: [dns]}]`:                                      true,
		`rules: [{action: deny, tools: [delete_domain], servers: ["1"]}]`:             false,
		`rules: [{action: deny, effects: [destructive]}]`:                             false,
		`rules: [{action: deny, groups: [dns], hours: {from: "01:00", to: "02:00"}}]`: false,
		`rules: [{action: ask, groups: [dns]}]`:                                       false,
	} {
		if got := parse(t, text).DeniedTool("delete_domain", "dns") != ""; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestRooms: what is used and what is left is told, a free change only near its
// end, and a deny rule's limit is a wall.
func TestRooms(t *testing.T) {
	bought := []Past{{Time: noon.Add(-time.Hour), Function: buy.Function, Effects: buy.Effects, Buys: 2}}
	free := make([]Past, 250)
	for i := range free {
		free[i] = Past{Time: noon.Add(-time.Minute), Effects: []string{"change"}}
	}
	for _, c := range []struct {
		name, text string
		query      Query
		past       []Past
		want       []Remainder
	}{
		{"purchases", ``, buy, bought, []Remainder{{Limit: "purchases", Words: "3 of 5 purchases a day with this, 2 left"}}},
		{"a loss", ``, destroy, bought, nil},
		{"few free changes", ``, rename, free[:100], nil},
		{"many free changes", ``, rename, free, []Remainder{{Limit: "free changes", Words: "251 of 300 free changes an hour with this, 49 left"}}},
		{"a rule's", `rules: [{action: ask, effects: [commit], limit: {count: 3, per: day}}]`, buy, bought, []Remainder{
			{Limit: "ask rule at line 1", Words: "ask rule at line 1: 3 of 3 a day with this, 0 left"},
		}},
		{"a wall", `rules: [{action: deny, effects: [destructive], limit: {count: 1, per: day}}]`, destroy, []Past{{Time: noon.Add(-time.Hour), Effects: destroy.Effects}}, []Remainder{
			{Limit: "deny rule at line 1", Over: "deny rule at line 1: at most 1 a day, and this would make it 2; there is room again after 2026-11-25 11:00 UTC", Again: time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC), Wall: true},
		}},
	} {
		if diff := cmp.Diff(c.want, parse(t, c.text).Remaining(c.query, c.past)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
