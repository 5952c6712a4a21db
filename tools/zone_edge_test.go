package tools

import (
	"fmt"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
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
		`; left alone, zone files have no such records: "@" failover "127.0.0.1 127.0.0.2 127.0.0.3"`, "@ 900 IN NS dns1.vps.net. ; left alone",
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

// TestPlanOfManyChanges: a plan of more changes than a person reads is refused, and
// one that they read hides none of what goes.
func TestPlanOfManyChanges(t *testing.T) {
	f := bigFleet(t, 500)
	a := f.withZone("apply_zone", "generated-1.example", "@ 3600 A 192.0.2.1\n", "")
	if !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, "up to 60 of the changes") || len(f.sb.Changes()) > 0 {
		t.Errorf("%d bytes: %.3000s", len(a.Text), a.Text)
	}
	var fewer strings.Builder // all comes, and 20 of what was there goes
	lines := strings.Split(strings.TrimSpace(f.zone("generated-1.example")), "\n")
	fewer.WriteString(strings.Join(lines[:len(lines)-20], "\n") + "\n")
	for i := range 40 {
		fmt.Fprintf(&fewer, "aa%d 3600 IN A 192.0.2.%d\n", i, i+1)
	}
	a = f.withZone("apply_zone", "generated-1.example", fewer.String(), "")
	if !a.NeedsConsent || strings.Count(a.Text, "\n  - ") != 20 || strings.Count(a.Text, "\n  + ") != 40 || strings.LastIndex(a.Text, "\n  - ") > strings.Index(a.Text, "\n  + ") {
		t.Errorf("what goes is not all there, or not first: %s", a.Text)
	}
	if a := f.withZone("diff_zone", "generated-1.example", "@ 3600 A 192.0.2.1\n", ""); len(a.Text) > answer.MaxBytes+2000 || len(a.Structured) > answer.MaxBytes+2000 {
		t.Errorf("%d and %d bytes", len(a.Text), len(a.Structured))
	}
}

// TestLintOfBoth: what is wrong already does not stand in the way, what is new does,
// and undo brings the old faults back.
func TestLintOfBoth(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	const domain = "demodomain.com"
	ttl := vpsapi.Int(86400) // as another program of the account's would
	in := vpsapi.CreateDomainRecordIn{DomainID: "51", Type: "txt", Host: "@", Data: vpsapi.RecordData{"v=spf1 -all"}, TTL: &ttl}
	if _, err := vpsapi.CreateDomainRecord.Do(t.Context(), f.server.options.Client, in); err != nil {
		t.Fatal(err)
	}
	before := f.zone(domain)
	if a := f.withZone("apply_zone", domain, before, ""); !strings.Contains(a.Text, "nothing to do") {
		t.Errorf("a zone with faults onto itself: %s", a.Text)
	}
	more := before + "new 3600 IN A 192.0.2.9\n"
	if a := f.withZone("diff_zone", domain, more, ""); !strings.Contains(a.Text, "warning: @ has two SPF records; receivers ignore both (it is so already)") || strings.Contains(a.Text, "error:") {
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

// TestZoneTTLs: an odd TTL comes back by undo where a record of its host stays;
// where none stays, the plan says before that undo cannot.
func TestZoneTTLs(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	const domain = "demodomain.com"
	for _, c := range []string{
		`create_domain_record {"domain_id":"51","type":"txt","host":"www","data":"hello","ttl":3600,"confirm":"yes"}`,
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
