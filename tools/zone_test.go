package tools

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi/sandbox"
)

// bigFleet is a fleet whose domain generated-1.example has n generated records.
func bigFleet(t *testing.T, n int) *fleet {
	t.Helper()
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	f.sb = sandbox.New(sandbox.Options{Records: n, Now: func() time.Time { return f.now }})
	f.tap.up = f.sb
	return f
}

func (f *fleet) zone(domain string) string {
	f.Helper()
	a := f.call("export_zone", `{"domain_id":"`+domain+`"}`)
	if a.IsError {
		f.Fatal(a.Text)
	}
	var z struct{ Zone string }
	if err := json.Unmarshal(a.Structured, &z); err != nil {
		f.Fatal(err)
	}
	return serial.ReplaceAllString(z.Zone, "${1}1")
}

// serial is what any change of a zone moves.
var serial = regexp.MustCompile(`(SOA \S+ \S+ )\d+`)

func (f *fleet) withZone(tool, domain, zoneText, more string) answer.Answer {
	f.Helper()
	text, _ := json.Marshal(zoneText)
	return f.call(tool, `{"domain_id":"`+domain+`","zone":`+string(text)+more+`}`)
}

// TestZones exports zones of all sizes, has them checked by a program that is not
// ours, changes three lines, applies them by three calls, and undoes it.
func TestZones(t *testing.T) {
	for _, n := range []int{4, 50, 500} { // the smallest: SOA, two NS, one of its own
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			f := bigFleet(t, n)
			const domain = "generated-1.example"
			before := f.zone(domain)
			checkZone(t, domain, before)
			if a := f.withZone("diff_zone", domain, before, ""); !strings.Contains(a.Text, "\n0 changes to") {
				t.Fatalf("a zone against itself: %s", a.Text)
			}
			if a := f.withZone("apply_zone", domain, before, ""); !strings.Contains(a.Text, "nothing to do") {
				t.Fatalf("a zone onto itself: %s", a.Text)
			}
			wanted := before + "extra1 3600 IN A 192.0.2.77\nextra2 3600 IN TXT \"hello; \\\"world\\\"\"\n_sip._tcp.extra3 3600 IN SRV 10 60 5060 sip.example.com.\n"
			if n > 10 { // one edited, one gone, one new
				lines := strings.Split(strings.TrimRight(before, "\n"), "\n")
				edited := false
				for i := len(lines) - 1; i > 0; i-- {
					fields := strings.Fields(lines[i])
					if len(fields) == 5 && fields[3] == "A" && strings.Count(before, "\n"+fields[0]+" ") == 1 {
						if !edited {
							lines[i], edited = strings.Join([]string{fields[0], fields[1], "IN A 192.0.2.200"}, " "), true
							continue
						}
						lines = append(lines[:i], lines[i+1:]...)
						break
					}
				}
				wanted = strings.Join(lines, "\n") + "\nextra1 3600 IN A 192.0.2.77\n"
			}
			if a := f.withZone("diff_zone", domain, wanted, ""); !strings.Contains(a.Text, "\n3 changes to") || strings.Contains(a.Text, "error:") {
				t.Fatalf("the diff: %s", a.Text)
			}
			if n > 10 { // an edit and a removal need consent, additions do not
				if a := f.withZone("apply_zone", domain, wanted, ""); !a.NeedsConsent {
					t.Fatalf("without consent: %s", a.Text)
				}
			}
			sent := len(f.sb.Changes())
			if a := f.withZone("apply_zone", domain, wanted, `,"confirm":"yes"`); a.IsError || !strings.Contains(a.Text, "can be reversed") {
				t.Fatalf("applying: %s", a.Text)
			}
			if got := len(f.sb.Changes()) - sent; got != 3 {
				t.Errorf("%d calls, not 3", got)
			}
			if a := f.call("undo", `{"confirm":"yes"}`); a.IsError {
				t.Fatalf("undo: %s", a.Text)
			}
			if after := f.zone(domain); after != before {
				t.Errorf("undo left another zone:\n%s", after)
			}
		})
	}
}

func checkZone(t *testing.T, domain, zoneText string) {
	t.Helper()
	path, err := exec.LookPath("named-checkzone")
	if err != nil {
		t.Fatal("no named-checkzone on this machine: it is in Debian's bind9-utils, and reads the zone files that are written")
	}
	file := filepath.Join(t.TempDir(), "zone")
	if err := os.WriteFile(file, []byte(zoneText), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, "-k", "ignore", "-i", "none", domain, file).CombinedOutput(); err != nil {
		t.Errorf("named-checkzone: %v\n%s\n%s", err, out, zoneText)
	}
}

func TestZoneLint(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	for zoneText, want := range map[string]string{
		"@ 3600 IN CNAME www.example.net.\n":                                        "a CNAME cannot stand at the domain itself",
		"www 3600 IN CNAME a.example.net.\nwww 3600 IN A 192.0.2.1\n":               "www has a CNAME beside other records",
		"mail 3600 IN CNAME a.example.net.\n@ 3600 IN MX 10 mail.demodomain.com.\n": `its target "mail.demodomain.com." is a CNAME`,
		"@ 3600 IN MX 10 mail.demodomain.com\n":                                     "has the domain twice",
		"@ 3600 IN TXT \"v=spf1 -all\"\n@ 3600 IN TXT \"v=spf1 a -all\"\n":          "two SPF records",
		"www 3600 IN A 192.0.2.1\nwww 900 IN A 192.0.2.2\n":                         "several TTLs",
		"new 60 IN A 192.0.2.1\n":                                                   "900, 3600, 86400 or 604800, not 60",
		"@ 3600 IN CAA 0 issue \"ca.example.net\"\n":                                "CAA: the API has no such type",
		"www 3600 IN A 999.0.2.1\n":                                                 "zone:",
		"other.example.net. 3600 IN A 192.0.2.1\n":                                  "is not in demodomain.com",
		"$INCLUDE /etc/passwd\n":                                                    "zone:",
		"$GENERATE 1-99999999 a$ A 192.0.2.1\n":                                     "zone:",
	} {
		for _, tool := range []string{"diff_zone", "apply_zone"} {
			more := ""
			if tool == "apply_zone" {
				more = `,"confirm":"yes"`
			}
			if a := f.withZone(tool, "demodomain.com", zoneText, more); !strings.Contains(a.Text, want) || (tool == "apply_zone" && !a.IsError) {
				t.Errorf("%s %q: error %v, want %q in %s", tool, zoneText, a.IsError, want, a.Text)
			}
		}
	}
	if n := len(f.sb.Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
}

// TestZoneBreaksOff: the first failure ends it, and the answer says of every step
// whether it was done.
func TestZoneBreaksOff(t *testing.T) {
	f := bigFleet(t, 20)
	zoneText := f.zone("generated-1.example") + "x1 3600 IN A 192.0.2.1\nx2 3600 IN A 192.0.2.2\nx3 3600 IN A 192.0.2.3\n"
	creates := 0
	f.tap.up = &breaking{sb: f.sb, at: func(path string) bool {
		creates++
		return creates == 2
	}}
	a := f.withZone("apply_zone", "generated-1.example", zoneText, "")
	for _, want := range []string{"step 2 of 3 failed", "done: + x1", "failed: + x2", "not sent: + x3"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
}
