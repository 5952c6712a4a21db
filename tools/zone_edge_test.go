package tools

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// everyType has every type that a zone file shares with the API, and texts that
// a zone file has to escape.
var everyType = `
$TTL 3600
@        900 A     192.0.2.1
@        900 AAAA  2001:DB8:0::1
@        900 MX    10 mail
@        900 MX    20 mail.example.net.
@        900 TXT   "v=spf1 mx -all"
@        900 TXT   "a \"quoted\" \\ text; with a semicolon"
mail         A     192.0.2.2
mail         AAAA  ::ffff:192.0.2.2
www          CNAME @
*.apps       A     192.0.2.3
sub   604800 NS    ns1.sub
sub   604800 NS    ns2.example.net.
ns1.sub      A     192.0.2.4
_dmarc       TXT   "v=DMARC1; p=none"
k1._domainkey TXT  ( "v=DKIM1; p=` + dkim + `"
                     "` + dkim + `" )
umlaut       TXT   "gr\195\188n"
_sip._tcp.voice  SRV 10 60 5060 mail
_sip._udp.voice  SRV 20 0 5061 .
`

var dkim = strings.Repeat("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 7)

// TestEveryRecordType puts a zone of all types onto the service and takes it off
// again, with the failover record and the vendor's own untouched.
func TestEveryRecordType(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	const domain = "demodomain.com"
	before := f.zone(domain)
	if a := f.withZone("diff_zone", domain, everyType, ""); strings.Contains(a.Text, "error:") {
		t.Fatal(a.Text)
	}
	if a := f.withZone("apply_zone", domain, everyType, `,"confirm":"yes"`); a.IsError {
		t.Fatal(a.Text)
	}
	if a := f.withZone("diff_zone", domain, everyType, ""); !strings.Contains(a.Text, "\n0 changes") {
		t.Errorf("what was applied differs: %s", a.Text)
	}
	file := f.zone(domain)
	checkZone(t, domain, file)
	for _, want := range []string{
		`; left alone, no zone file has such: "@" failover "127.0.0.1 127.0.0.2 127.0.0.3"`, "@ 900 IN NS dns1.vps.net. ; left alone",
		`"gr\195\188n"`, `"a \"quoted\" \\ text; with a semicolon"`, "AAAA ::ffff:192.0.2.2", "_sip._udp.voice 3600 IN SRV 20 0 5061 .", `*.apps 3600 IN A`,
	} {
		if !strings.Contains(file, want) {
			t.Errorf("no %s in\n%s", want, file)
		}
	}
	if a := f.withZone("diff_zone", domain, file, ""); !strings.Contains(a.Text, "\n0 changes") {
		t.Errorf("its own file differs: %s", a.Text)
	}
	if a := f.call("undo", `{"confirm":"yes"}`); a.IsError {
		t.Fatal(a.Text)
	}
	if after := f.zone(domain); after != before {
		t.Errorf("undo left another zone:\n%s\nnot\n%s", after, before)
	}
}

func record(id, kind, host string, ttl vpsapi.Int, data ...string) vpsapi.Record {
	return vpsapi.Record{ID: vpsapi.RecordID(id), Type: vpsapi.Text(kind), Host: vpsapi.Text(host), Data: data, TTL: &ttl}
}

// TestHostileRecords: whatever texts the account holds, nothing of them gets out
// of its line in the exported file, no file of this machine gets into it, and a
// record that cannot be written is left alone without loss of the others.
func TestHostileRecords(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("leak 60 IN TXT \"secret\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	noTTL := record("20", "a", "no-ttl", 0, "192.0.2.1")
	noTTL.TTL = nil
	srv := record("21", "srv", "@", 900, "sip.example.com.")
	srv.Service, srv.Protocol = "x\n@ 60 A 192.0.2.66", "_tcp"
	srv.Priority, srv.Weight, srv.Port = srv.TTL, srv.TTL, srv.TTL
	z := newZone("example.com", []vpsapi.Record{
		record("1", "a", "www", 3600, "192.0.2.1"),
		record("2", "a", "$INCLUDE "+secret+"\nx", 3600, "192.0.2.1"),
		record("3", "x\n@ 60 IN A 192.0.2.66\n", "a", 3600, "y"),
		record("4", "ns", "@", 3600, "x\n@ 60 A 192.0.2.66 ; .vps.net."),
		record("5", "soa", "@", 3600), record("6", "soa", "@", 3600, ""), record("7", "soa", "@", 3600, "x;y\n@ 60 A 192.0.2.66"),
		record("8", "a", "b", 3600, ""), record("9", "a", "b", 3600, ";"), record("10", "cname", "c", 3600, "www"),
		record("11", "txt", "d", 3600, "two\nlines"), record("12", "txt", "e", 3600), record("13", "a", "f\n@", 3600, "192.0.2.66"),
		record("14", "mx", "@", 3600, "mail.example.com. ; $INCLUDE "+secret), record("15", "a", "", 3600, "192.0.2.5"),
		record("16", "failover", "g\n@ 60 A 192.0.2.66\n", 3600, "192.0.2.1", "192.0.2.2"), record("17", "a", strings.Repeat("a.", 125)+"a", 3600, "192.0.2.1"),
		record("18", "a", "-1", -1, "192.0.2.1"), record("19", "", "", 0), noTTL, srv,
	})
	file, err := z.file()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file, "leak") {
		t.Errorf("a file of this machine was read:\n%s", file)
	}
	var lines []string
	for _, l := range strings.Split(strings.TrimSpace(file), "\n")[1:] {
		if !strings.HasPrefix(l, ";") {
			lines = append(lines, l)
		}
	}
	if got, want := strings.Join(lines, "\n"), "@ 3600 IN A 192.0.2.5\nwww 3600 IN A 192.0.2.1"; got != want {
		t.Errorf("lines\n%s\nnot\n%s", got, want)
	}
	again, err := parseZone("example.com", file)
	if err != nil || len(z.diff(again)) != 0 {
		t.Errorf("the file reads as another zone: %v", err)
	}
	for _, c := range z.diff(zone{name: z.name}) {
		if strings.Contains(c.text(z), "\n") {
			t.Errorf("two lines: %q", c.text(z))
		}
	}
	if _, err := newZone("x.example\n@ 60 A 192.0.2.66", nil).file(); err == nil {
		t.Error("a hostile domain name was written")
	}
}

// TestZoneCalls counts the calls of changes, and sees what they are.
func TestZoneCalls(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"nothing":                       {"a 900 A 192.0.2.1", "A 900 A 192.0.2.1", ""},
		"case and form of data":         {"a 900 AAAA 2001:db8::1\nb 900 CNAME A.example.com.", "a 900 AAAA 2001:DB8:0:0::1\nb 900 CNAME a", ""},
		"case of a text":                {"a 900 TXT x", "a 900 TXT X", "edit"},
		"an edit for a pair":            {"a 900 A 192.0.2.1\na 900 A 192.0.2.2", "a 900 A 192.0.2.2\na 900 A 192.0.2.3", "edit"},
		"priority":                      {"@ 900 MX 10 m.example.net.", "@ 900 MX 20 m.example.net.", "edit"},
		"TTL of a host":                 {"a 900 A 192.0.2.1\na 900 A 192.0.2.2\na 900 TXT x", "a 60 A 192.0.2.1\na 60 A 192.0.2.2\na 60 TXT x", "edit"},
		"TTL goes with an edit":         {"a 900 A 192.0.2.1\na 900 TXT x", "a 60 A 192.0.2.1\na 60 TXT y", "edit"},
		"TTL goes with a new one":       {"a 900 A 192.0.2.1", "a 3600 A 192.0.2.1\na 3600 TXT y", "create"},
		"new one with an odd TTL":       {"a 60 A 192.0.2.1", "a 60 A 192.0.2.1\na 60 TXT y\na 60 TXT z", "create create edit"},
		"and with an edit":              {"a 60 A 192.0.2.1", "a 60 A 192.0.2.2\na 60 TXT y", "create edit"},
		"new host with an odd TTL":      {"", "a 60 A 192.0.2.1", "create refused"},
		"type to type, new comes first": {"a 900 A 192.0.2.1", "a 900 AAAA 2001:db8::1", "create delete"},
		"CNAME instead":                 {"a 900 A 192.0.2.1\na 900 TXT x", "a 900 CNAME b.example.net.", "delete delete create"},
		"instead of a CNAME":            {"a 900 CNAME b.example.net.", "a 900 A 192.0.2.1", "delete create"},
		"gone goes last":                {"a 900 A 192.0.2.1\nb 900 A 192.0.2.1", "b 900 A 192.0.2.2\nc 900 A 192.0.2.3", "create edit delete"},
		"twice":                         {"a 900 A 192.0.2.1\na 900 A 192.0.2.1", "a 900 A 192.0.2.1", "delete"},
	} {
		from, err := parseZone("example.com", c.from+"\n")
		if err != nil {
			t.Fatal(name, err)
		}
		to, err := parseZone("example.com", c.to+"\n")
		if err != nil {
			t.Fatal(name, err)
		}
		changes := from.diff(to)
		var got []string
		for _, c := range changes {
			switch {
			case c.was == nil:
				got = append(got, "create")
			case c.now == nil:
				got = append(got, "delete")
			default:
				got = append(got, "edit")
			}
		}
		if len(ttlFaults(from, changes)) > 0 {
			got = append(got, "refused")
		} else if left := onPaper(t, from, changes).diff(to); len(left) > 0 {
			t.Errorf("%s: left %s", name, left[0].text(from))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// TestZonesAtRandom makes zones of a few hosts and data, where much coincides,
// and turns one into the other on paper.
func TestZonesAtRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	make1 := func() zone {
		var b strings.Builder
		for h := range 4 {
			ttl := []int{60, 900, 3600, 77}[rng.IntN(4)]
			if rng.IntN(4) == 0 {
				fmt.Fprintf(&b, "h%d %d CNAME c%d.example.net.\n", h, ttl, rng.IntN(2))
				continue
			}
			for range rng.IntN(5) {
				data := []string{"A 192.0.2.%d", "TXT t%d", "MX %d m.example.net.", "AAAA 2001:db8::%d", "NS n%d.example.net."}[rng.IntN(5)]
				fmt.Fprintf(&b, "h%d %d "+data+"\n", h, ttl, rng.IntN(3))
			}
		}
		z, err := parseZone("example.com", b.String())
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	turned := 0
	for range 3000 {
		from, to := make1(), make1()
		changes := from.diff(to)
		if len(ttlFaults(from, changes)) > 0 {
			continue
		}
		turned++
		want, _ := to.file()
		if got, _ := onPaper(t, from, changes).file(); got != want {
			t.Fatalf("%v\nmade\n%s\nnot\n%s", changes, got, want)
		}
	}
	if turned < 300 {
		t.Errorf("only %d zones were turned into others", turned)
	}
}

// TestZoneBounds: a zone at its bounds is taken, one beyond is refused.
func TestZoneBounds(t *testing.T) {
	var same, other strings.Builder
	for i := range maxZoneRecords {
		fmt.Fprintf(&same, "a 900 A 10.0.%d.%d\n", i/250, i%250)
		fmt.Fprintf(&other, "a 900 A 10.1.%d.%d\n", i/250, i%250)
	}
	from, err := parseZone("example.com", same.String())
	if err != nil {
		t.Fatal(err)
	}
	to, err := parseZone("example.com", other.String())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(from.diff(to)); n != maxZoneRecords {
		t.Errorf("%d changes", n)
	}
	to.lint(from)
	for _, text := range []string{
		same.String() + "b 900 A 10.0.0.1\n", strings.Repeat("a 900 A 10.0.0.1\n", maxZoneBytes/10),
		"$GENERATE 0-65535 a$ 900 A 10.0.0.1\n", "$GENERATE 0-65535 a$.other.example. 900 A 10.0.0.1\n",
	} {
		if _, err := parseZone("example.com", text); err == nil || len(err.Error()) > 4000 {
			t.Errorf("%.40q: %.200v", text, err)
		}
	}
}

// TestPlanOfManyChanges: a plan of many changes can be read.
func TestPlanOfManyChanges(t *testing.T) {
	f := bigFleet(t, 500)
	a := f.withZone("apply_zone", "generated-1.example", "@ 3600 A 192.0.2.1\n", "")
	if !a.NeedsConsent || len(a.Text) > maxBytes || !strings.Contains(a.Text, "496 removed") || !strings.Contains(a.Text, "more, which diff_zone shows") {
		t.Errorf("%d bytes: %.3000s", len(a.Text), a.Text)
	}
	if a := f.withZone("diff_zone", "generated-1.example", "@ 3600 A 192.0.2.1\n", ""); len(a.Text) > maxBytes+2000 || len(a.Structured) > maxBytes+2000 {
		t.Errorf("%d and %d bytes", len(a.Text), len(a.Structured))
	}
}

// TestLintOfBoth: what is wrong already does not stand in the way, what is new does,
// and undo brings the old faults back.
func TestLintOfBoth(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	const domain = "demodomain.com"
	if a := f.call("create_domain_record", `{"domain_id":"51","type":"txt","host":"@","data":"v=spf1 -all","ttl":86400}`); a.IsError {
		t.Fatal(a.Text)
	}
	before := f.zone(domain)
	if a := f.withZone("apply_zone", domain, before, ""); !strings.Contains(a.Text, "nothing to do") {
		t.Errorf("a zone with faults onto itself: %s", a.Text)
	}
	more := before + "new 3600 IN A 192.0.2.9\n"
	if a := f.withZone("diff_zone", domain, more, ""); !strings.Contains(a.Text, "warning: @ has two SPF records; receivers take neither (it is so already)") || strings.Contains(a.Text, "error:") {
		t.Errorf("faults that are there already: %s", a.Text)
	}
	if a := f.withZone("apply_zone", domain, more, ""); a.IsError {
		t.Errorf("faults that are there already: %s", a.Text)
	}
	if a := f.call("undo", `{"confirm":"yes"}`); a.IsError || f.zone(domain) != before {
		t.Errorf("undo: %s", a.Text)
	}
	mended := strings.Replace(before, "@ 86400 IN TXT \"v=spf1 -all\"\n", "", 1)
	if a := f.withZone("apply_zone", domain, mended, `,"confirm":"yes"`); a.IsError {
		t.Fatal(a.Text)
	}
	if a := f.withZone("apply_zone", domain, before, `,"confirm":"yes"`); !a.IsError || !strings.Contains(a.Text, "two SPF") {
		t.Errorf("a new fault: %s", a.Text)
	}
	if a := f.call("apply_zone", `{"domain_id":"51","zone":"","restore":true,"confirm":"yes"}`); !a.IsError || !strings.Contains(a.Text, "restore") {
		t.Errorf("restore as an argument: %s", a.Text)
	}
	if a := f.call("undo", `{"confirm":"yes"}`); a.IsError || f.zone(domain) != before {
		t.Errorf("undo does not bring back what lint refuses: %s", a.Text)
	}
}

func TestLintWarnings(t *testing.T) {
	alone := []kept{{record("1", "failover", "fail", 300, "192.0.2.1"), ""}, {record("2", "ns", "@", 300, "dns1.vps.net."), ""}}
	for text, want := range map[string]string{
		"www 900 CNAME ghs.google.com\n":                    `warning: www CNAME: the zone has nothing at its target "ghs.google.com.example.com."; is a final dot missing?`,
		"www 900 CNAME a\na 900 A 192.0.2.1\n":              "",
		"www 900 CNAME a.b\n*.b 900 A 192.0.2.1\n":          "",
		"www 900 CNAME a.b\n*.a.b 900 A 192.0.2.1\n":        "warning: www CNAME: the zone has nothing",
		"www 900 CNAME x.sub\nsub 900 NS ns.example.net.\n": "",
		"www 900 CNAME fail\n":                              "",
		"www 900 CNAME @\n":                                 "",
		"fail 900 CNAME www.example.net.\n":                 "error: fail has a CNAME beside other records",
		"@ 900 CNAME www.example.net.\n":                    "error: a CNAME cannot stand at the domain itself",
		"www.example.com 900 A 192.0.2.1\n":                 "error: www.example.com A: its name has the domain twice",
		"a 900 NS b\nb 900 CNAME c.example.net.\n":          `error: a NS: its target "b.example.com." is a CNAME`,
		"@ 900 TXT \"v=spf1 a\"\n@ 900 TXT v=spf10\n":       "",
		"a 900 A 192.0.2.1\na 900 A 192.0.2.1\n":            `warning: a A "192.0.2.1" stands there twice`,
		"a 900 TXT \"\"\n":                                  "error: a TXT: data: must be text on one line",
		"a\\.b 900 A 192.0.2.1\n":                           "error: a\\.b A: host",
		"":                                                  "warning: the zone has no records",
	} {
		z, err := parseZone("example.com", text)
		if err != nil {
			t.Fatal(text, err)
		}
		wrong, doubtful := z.lint(zone{name: z.name, alone: alone})
		var said []string
		for _, w := range wrong {
			said = append(said, "error: "+w)
		}
		for _, d := range doubtful {
			said = append(said, "warning: "+d)
		}
		if (want == "" && len(said) > 0) || !slices.ContainsFunc(append(said, ""), func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("%q: %q, want %q", text, said, want)
		}
	}
	for text, want := range map[string]string{
		"a 900 CH A 192.0.2.1\n": "class", "a 900 TYPE65400 \\# 1 00\n": "TYPE65400: the API has no such type", "x 900 CAA 0 issue \"a\"\n": "CAA: the API has no such type",
		"a 900 TXT \"\\255\"\n": "UTF-8", "sip 900 SRV 1 2 3 a.\n": "_service._protocol", "__sip._tcp 900 SRV 1 2 3 a.\n": "_service._protocol", "_a._tcp._b._udp 900 SRV 1 2 3 a.\n": "more than one",
	} {
		if _, err := parseZone("example.com", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestZoneTTLs: an odd TTL comes back by undo where a record of its host stays;
// where none stays, the plan says before that undo cannot.
func TestZoneTTLs(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	const domain = "demodomain.com"
	for _, c := range []string{
		`create_domain_record {"domain_id":"51","type":"txt","host":"www","data":"hello","ttl":3600}`,
		`edit_domain_record {"domain_id":"51","record_id":"2315958","ttl":300,"confirm":"yes"}`,
	} {
		tool, arguments, _ := strings.Cut(c, " ")
		if a := f.call(tool, arguments); a.IsError {
			t.Fatal(a.Text)
		}
	}
	before := f.zone(domain)
	fewer := strings.Replace(before, "www 300 IN TXT \"hello\"\n", "", 1)
	if fewer == before {
		t.Fatal(before)
	}
	if a := f.withZone("apply_zone", domain, fewer, `,"confirm":"yes"`); a.IsError {
		t.Fatal(a.Text)
	}
	sent := len(f.sb.Changes())
	if a := f.call("undo", `{"confirm":"yes"}`); a.IsError || !strings.Contains(a.Text, "made with a TTL of 900") || f.zone(domain) != before {
		t.Errorf("undo: %s\n%s", a.Text, f.zone(domain))
	}
	if n := len(f.sb.Changes()) - sent; n != 2 {
		t.Errorf("%d calls", n)
	}
	none := strings.Replace(fewer, "www 300 IN A 127.0.0.1\n", "", 1)
	if a := f.withZone("apply_zone", domain, none, ""); !a.NeedsConsent || !strings.Contains(a.Text, "Undo: not by undo: 2 records that goes") && !strings.Contains(a.Text, "Undo: not by undo") {
		t.Errorf("the plan: %s", a.Text)
	}
	if a := f.withZone("apply_zone", domain, none, `,"confirm":"yes"`); a.IsError || strings.Contains(a.Text, "can be reversed") {
		t.Errorf("%s", a.Text)
	}
}

// TestZoneMoves: a code is for the zone that was read, its ids included.
func TestZoneMoves(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
	const domain, wanted = "demodomain.com", "www 86400 IN A 192.0.2.1\n"
	code := func() string {
		a := f.withZone("apply_zone", domain, wanted, "")
		_, rest, ok := strings.Cut(a.Text, `confirm: "`)
		if !a.NeedsConsent || !ok {
			t.Fatal(a.Text)
		}
		return rest[:strings.IndexByte(rest, '"')]
	}
	old := code()
	if a := f.call("create_domain_record", `{"domain_id":"51","type":"a","host":"new","data":"192.0.2.9","ttl":3600}`); a.IsError {
		t.Fatal(a.Text)
	}
	sent := len(f.sb.Changes())
	if a := f.withZone("apply_zone", domain, wanted, `,"confirm":"`+old+`"`); !a.IsError || len(f.sb.Changes()) != sent {
		t.Errorf("a code for another state was taken: %s", a.Text)
	}
	if a := f.withZone("apply_zone", domain, wanted, `,"confirm":"`+code()+`"`); a.IsError || len(f.sb.Changes()) == sent {
		t.Errorf("a fresh code: %s", a.Text)
	}
}
