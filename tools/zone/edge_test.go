package zone

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

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
	z := New("example.com", []vpsapi.Record{
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
	file, err := z.File()
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
	again, err := Parse("example.com", file)
	if err != nil || len(z.Diff(again)) != 0 {
		t.Errorf("the file reads as another zone: %v", err)
	}
	for _, c := range z.Diff(Zone{name: z.name}) {
		if strings.Contains(c.Text(z), "\n") {
			t.Errorf("two lines: %q", c.Text(z))
		}
	}
	if _, err := New("x.example\n@ 60 A 192.0.2.66", nil).File(); err == nil {
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
		from, err := Parse("example.com", c.from+"\n")
		if err != nil {
			t.Fatal(name, err)
		}
		to, err := Parse("example.com", c.to+"\n")
		if err != nil {
			t.Fatal(name, err)
		}
		changes := from.Diff(to)
		var got []string
		for _, c := range changes {
			switch {
			case c.Was == nil:
				got = append(got, "create")
			case c.Now == nil:
				got = append(got, "delete")
			default:
				got = append(got, "edit")
			}
		}
		if len(TTLFaults(from, changes)) > 0 {
			got = append(got, "refused")
		} else if left := onPaper(t, from, changes).Diff(to); len(left) > 0 {
			t.Errorf("%s: left %s", name, left[0].Text(from))
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
	make1 := func() Zone {
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
		z, err := Parse("example.com", b.String())
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	turned := 0
	for range 3000 {
		from, to := make1(), make1()
		changes := from.Diff(to)
		if len(TTLFaults(from, changes)) > 0 {
			continue
		}
		turned++
		want, _ := to.File()
		if got, _ := onPaper(t, from, changes).File(); got != want {
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
	for i := range maxRecords {
		fmt.Fprintf(&same, "a 900 A 10.0.%d.%d\n", i/250, i%250)
		fmt.Fprintf(&other, "a 900 A 10.1.%d.%d\n", i/250, i%250)
	}
	from, err := Parse("example.com", same.String())
	if err != nil {
		t.Fatal(err)
	}
	to, err := Parse("example.com", other.String())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(from.Diff(to)); n != maxRecords {
		t.Errorf("%d changes", n)
	}
	to.Lint(from)
	for _, text := range []string{
		same.String() + "b 900 A 10.0.0.1\n", strings.Repeat("a 900 A 10.0.0.1\n", maxBytes/10),
		"$GENERATE 0-65535 a$ 900 A 10.0.0.1\n", "$GENERATE 0-65535 a$.other.example. 900 A 10.0.0.1\n",
	} {
		if _, err := Parse("example.com", text); err == nil || len(err.Error()) > 4000 {
			t.Errorf("%.40q: %.200v", text, err)
		}
	}
}

func TestLintWarnings(t *testing.T) {
	alone := []keptRecord{{record("1", "failover", "fail", 300, "192.0.2.1"), ""}, {record("2", "ns", "@", 300, "dns1.vps.net."), ""}}
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
		"@ 900 TXT \"v=spf1 a -all\"\n@ 900 TXT v=spf10\n":  "",
		"a 900 A 192.0.2.1\na 900 A 192.0.2.1\n":            `warning: a A "192.0.2.1" is there twice`,
		"a 900 TXT \"\"\n":                                  "error: a TXT: data: must be text on one line",
		"a\\.b 900 A 192.0.2.1\n":                           "error: \"a\\.b\" A: host",
		"":                                                  "warning: the zone has no records",
	} {
		z, err := Parse("example.com", text)
		if err != nil {
			t.Fatal(text, err)
		}
		wrong, doubtful := z.Lint(Zone{name: z.name, Alone: alone})
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
		if _, err := Parse("example.com", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
