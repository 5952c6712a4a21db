package zone_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

func record(kind, host, data string, ttl vpsapi.Int) vpsapi.Record {
	r := vpsapi.Record{Type: vpsapi.Text(kind), Host: vpsapi.Text(host), Data: vpsapi.RecordData{data}, TTL: &ttl}
	zero := vpsapi.Int(0)
	switch kind {
	case "mx":
		r.MXPriority = &zero
	case "srv":
		r.Service, r.Protocol, r.Priority, r.Weight, r.Port = "sip", "_tcp", &zero, &zero, &zero
	case "failover":
		r.TTL = nil
	}
	return r
}

func failover(data ...string) vpsapi.Record {
	r := record("failover", "new", "", 0)
	r.Data = data
	return r
}

// present is the zone that the tests below change.
func present() []vpsapi.Record {
	all := []vpsapi.Record{
		record("a", "www", "192.0.2.1", 3600), record("mx", "@", "mail.example.com.", 3600), record("a", "mail", "192.0.2.2", 3600),
		record("txt", "@", "v=spf1 mx -all", 3600), record("txt", "_dmarc", "v=DMARC1; p=none", 3600), record("ns", "sub", "ns1.example.net.", 3600),
		record("a", "*.apps", "192.0.2.3", 3600), record("failover", "fail", "192.0.2.9", 0),
	}
	for i := range all {
		all[i].ID = vpsapi.RecordID(strconv.Itoa(i + 1))
	}
	return all
}

// TestLintOfRecords: what surely breaks is wrong, what may be meant is doubted,
// what is usual is neither.
func TestLintOfRecords(t *testing.T) {
	for _, c := range []struct {
		r            vpsapi.Record
		wrong, doubt string // parts of the only sentence; empty for none
	}{
		{record("a", "new", "192.0.2.1", 3600), "", ""},
		{record("a", "www.example.com", "192.0.2.1", 3600), `give the host as "www"`, ""},
		{record("a", "Example.COM", "192.0.2.1", 3600), `give the host as "@"`, ""},
		{record("srv", "_sip._tcp", "mail.example.com.", 3600), "", "arguments of their own"},
		{record("srv", "@", "sip.example.net", 3600), "", "no final dot"},
		{record("srv", "@", "192.0.2.1", 3600), "IP address, where a name belongs", ""},
		{record("cname", "x", "192.0.2.1.", 3600), "IP address, where a name belongs", ""},
		{record("mx", "x", "192.0.2.1.", 3600), "IP address, where a name belongs", ""},
		{record("txt", "x", `"v=spf1 -all"`, 3600), `give "v=spf1 -all"`, ""},
		{record("txt", "x", `"google-site-verification=a"`, 3600), "quotes of a zone file", ""},
		{record("txt", "k._domainkey", `"v=DKIM1; k=rsa; " "p=MIIB"`, 3600), `give "v=DKIM1; k=rsa; p=MIIB"`, ""},
		{record("txt", "_dmarc.a", `v=DMARC1\; p=none`, 3600), "escapes of a zone file", ""},
		{record("txt", "x", "“v=spf1 -all”", 3600), "typographic quotes", ""},
		{record("txt", "x", "a “quoted” word", 3600), "", ""},
		{record("txt", "@", "v=spf1 include:a.example.net ~all", 3600), "two SPF records", ""},
		{record("txt", "x", "v=spf1mx -all", 3600), "a space is missing", ""},
		{record("txt", "x", "v=spf1 mx-all", 3600), "no such term", ""},
		{record("txt", "x", "v=spf1 include:a.example.netinclude:b.example.net -all", 3600), "names no domain", ""},
		{record("txt", "x", "v=spf1 ip4:192.0.2.1ip4:192.0.2.2 -all", 3600), "no address", ""},
		{record("txt", "x", "v=spf1 include:_spf.example.com-all", 3600), "no domain ends", ""},
		{record("txt", "x", "v=spf1 ip4:192.0.2.0/24 include:%{d}._spf.example.net a:mail.example.com/28 ?all", 3600), "", ""},
		{record("txt", "x", "v=spf1 mx", 3600), "", "was it cut"},
		{record("txt", "_dmarc", "v=DMARC1; p=reject", 3600), "two DMARC records", ""},
		{record("txt", "_dmarc.a", "v=DMARC1", 3600), "no p=", ""},
		{record("txt", "_dmarc.a", "v=DMARC1 p=none", 3600), "a ; is missing", ""},
		{record("txt", "_dmarc.a", "v=DMARC1; p=rejekt", 3600), "not one of none", ""},
		{record("txt", "k._domainkey", "v=DKIM1", 3600), "no p=", ""},
		{record("txt", "k._domainkey", "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 3600), "the key is cut", ""},
		{record("txt", "k._domainkey", "v=DKIM1; p=", 3600), "", "taken back"},
		{record("txt", "k._domainkey", "v=dkim1; p=", 3600), "v=DKIM1, in capital letters", ""},
		{record("txt", "k._domainkey", "v=DKIM2; p=MIIB", 3600), "v=DKIM1, in capital letters", ""},
		{record("txt", "k._domainkey", "k=rsa; p=MIIB", 3600), "", ""},
		{record("cname", "x", "192.0.2.1.example.com.", 3600), "the address 192.0.2.1, where a name belongs", ""},
		{record("mx", "x", "2001:db8::1.example.com.", 3600), "the address 2001:db8::1, where a name belongs", ""},
		{record("ns", "x", "192.0.2.1.deep.example.com.", 3600), "the address 192.0.2.1, where a name belongs", ""},
		{record("srv", "@", "192.0.2.1.example.com.", 3600), "the address 192.0.2.1, where a name belongs", ""},
		{record("cname", "x", "192.0.2.1.apps.example.com.", 3600), "", ""}, // the wildcard answers for it
		{record("cname", "x", "1.2.0.192.in-addr.arpa.", 3600), "", ""},
		{record("a", "www.example", "192.0.2.1", 3600), "", `as "www"`},
		{record("a", "www.example.com.example.com", "192.0.2.1", 3600), `give the host as "www"`, ""},
		{record("a", "example", "192.0.2.1", 3600), "", `as "@"`},
		{record("a", "www.example.net", "192.0.2.1", 3600), "", "its name would be www.example.net.example.com"},
		{record("srv", "@", "sip", 3600), "", `give "sip.example.com."`},
		{failover("192.0.2.1", "192.0.2.2"), "", ""},
		{failover("192.0.2.1", "192.0.2.2", "192.0.2.2"), "", "given twice"},
		{failover("2001:db8::1", "2001:DB8:0::1", "192.0.2.2"), "", "given twice"},
		{failover("192.0.2.1"), "", "no second address"},
		{record("mx", "@", ".", 3600), "null MX", ""},
		{record("mx", "@", "Mail.example.com.", 3600), "is there already, as record 2;", ""},
		{record("a", "fail", "192.0.2.1", 3600), "", "failover record beside"},
		{record("a", "x.sub", "192.0.2.1", 3600), "", "other name servers"},
		{record("cname", "www", "mail.example.com.", 3600), "CNAME beside other records", ""},
		{record("cname", "x", "nowhere.example.com.", 3600), "", "nothing at its target"},
		{record("cname", "x", "X.example.com.", 3600), "points to itself", ""},
		{record("txt", "x", `'v=spf1 -all'`, 3600), `give "v=spf1 -all"`, ""},
		{record("txt", "x", `("v=spf1 " "-all")`, 3600), `give "v=spf1 -all"`, ""},
		{record("txt", "x", `"v=spf1 -all`, 3600), `give "v=spf1 -all"`, ""},
		{record("txt", "x", `v=spf1 -all"`, 3600), `give "v=spf1 -all"`, ""},
		{record("txt", "k._domainkey", `v=DKIM1; k=rsa; p=AAAA" "AAAA`, 3600), `give "v=DKIM1; k=rsa; p=AAAAAAAA"`, ""},
		{record("txt", "x", `\"hello\"`, 3600), "leave each backslash out", ""},
		{record("txt", "x", `gr\195\188n`, 3600), "write the characters", ""},
		{record("txt", "x", `"hello`, 3600), "", "one quote alone"},
		{record("txt", "x", `say "hi" to all`, 3600), "", ""},
		{record("txt", "x", `5" screen`, 3600), "", ""},
		{record("txt", "x", "v=spf1 redirect=_spf.example.net -all", 3600), "", "ignored beside all"},
		{record("txt", "x", `v=spf1 mx -all" "include:x.example`, 3600), "wrong too", ""},
		{record("txt", "x", `v=spf1 mx " "-all`, 3600), `give "v=spf1 mx -all"`, ""},
		{record("txt", "_dmarc.a", `"v=DMARC1" "p=none"`, 3600), "wrong too", ""},
		{record("txt", "_dmarc.a", `v=DMARC1\; p=rejekt`, 3600), "wrong too", ""},
	} {
		wrong, doubts := zone.LintRecords("example.com", present(), append(present(), c.r))
		for _, got := range []struct {
			list []string
			want string
		}{{wrong, c.wrong}, {doubts, c.doubt}} {
			if (got.want == "" && len(got.list) > 0) || (got.want != "" && (len(got.list) != 1 || !strings.Contains(got.list[0], got.want))) {
				t.Errorf("%s %s %q: wrong %q, doubted %q", c.r.Host, c.r.Type, c.r.Data, wrong, doubts)
			}
		}
	}
}

// TestRedirects: a fresh plain name takes nothing from anybody; all else does.
func TestRedirects(t *testing.T) {
	for _, c := range []struct {
		r    vpsapi.Record
		free bool
	}{
		{record("a", "new", "192.0.2.1", 3600), true},
		{record("aaaa", "a.b", "2001:db8::1", 3600), true},
		{record("cname", "new", "www.example.com.", 3600), true},
		{record("txt", "new", "hello", 3600), true},
		{record("a", "www", "192.0.2.7", 3600), false},
		{record("aaaa", "WWW", "2001:db8::1", 3600), false},
		{record("txt", "www", "hello", 3600), false},
		{record("a", "@", "192.0.2.1", 3600), false},
		{record("txt", "@", "hello", 3600), false},
		{record("a", "*", "192.0.2.1", 3600), false},
		{record("a", "new.apps", "192.0.2.1", 3600), false},
		{record("a", "a.b.apps", "192.0.2.1", 3600), false},
		{record("mx", "new", "mail.example.com.", 3600), false},
		{record("ns", "new", "ns.example.net.", 3600), false},
		{record("failover", "new", "192.0.2.1", 0), false},
		{record("txt", "_acme-challenge", "token", 3600), false},
		{record("txt", "_acme-challenge.new", "token", 3600), false},
		{record("txt", "k1._domainkey", "v=DKIM1; p=", 3600), false},
		{record("txt", "new", "v=spf1 -all", 3600), false},
		{record("srv", "@", "www.example.com.", 3600), false},
		{record("a", "x.sub", "192.0.2.1", 3600), false},
		{record("a", "autodiscover", "192.0.2.1", 3600), false},
		{record("cname", "wpad.office", "www.example.net.", 3600), false},
		{record("a", "autodiscovery", "192.0.2.1", 3600), true},
	} {
		why := zone.Redirects("example.com", present(), append(present(), c.r))
		if (len(why) == 0) != c.free {
			t.Errorf("%s %s: %q", c.r.Host, c.r.Type, why)
		}
	}
	for _, kind := range []string{"a", "aaaa", "txt", "cname"} { // a domain that has nothing yet
		if len(zone.Redirects("example.com", nil, []vpsapi.Record{record(kind, "@", "192.0.2.1", 3600)})) == 0 {
			t.Errorf("the domain's own first %s speaks for nobody", kind)
		}
	}
	for _, c := range []struct {
		leads vpsapi.Record
		host  string
		free  bool
	}{
		{record("cname", "shop", "later.example.com.", 3600), "later", false},
		{record("cname", "shop", "LATER.example.com", 3600), "Later", false},
		{record("mx", "@", "mx2.example.com.", 3600), "mx2", false},
		{record("mx", "@", "mx2", 3600), "mx2", false},
		{record("ns", "team", "ns1.example.com.", 3600), "ns1", false},
		{record("srv", "@", "sip.example.com", 3600), "sip", false},
		{record("txt", "@", "v=spf1 a:out.example.com/28 include:_spf.example.net -all", 3600), "out", false},
		{record("txt", "@", "v=spf1 redirect=spf.example.com", 3600), "spf", false},
		{record("cname", "shop", "later.example.com.", 3600), "sooner", true},
		{record("cname", "shop", "later.example.net.", 3600), "later", true},
		{record("txt", "@", "later", 3600), "later", true},
	} { // what waits for a name to come
		before := append(present(), c.leads)
		for _, came := range []vpsapi.Record{record("a", c.host, "192.0.2.66", 3600), record("cname", c.host, "x.example.net.", 3600)} {
			if why := zone.Redirects("example.com", before, append(slices.Clone(before), came)); (len(why) == 0) != c.free {
				t.Errorf("%s %s %q, and %s comes: %q", c.leads.Host, c.leads.Type, c.leads.Data, c.host, why)
			}
		}
	}
	for i := range present() { // what goes, or says something else
		if len(zone.Redirects("example.com", present(), slices.Delete(present(), i, i+1))) == 0 {
			t.Errorf("without record %d nothing resolves otherwise", i)
		}
	}
	longer := present()
	day := vpsapi.Int(86400)
	longer[0].TTL = &day
	if len(zone.Redirects("example.com", present(), longer)) == 0 || len(zone.Redirects("example.com", present(), present())) > 0 {
		t.Error("a TTL that changes is not a change, or none is one")
	}
}

// FuzzLint: whatever a record says, lint ends, repeats no sentence of the zone
// before, and finds nothing in a change of nothing.
func FuzzLint(f *testing.F) {
	for _, seed := range [][3]string{{"txt", "_dmarc", "v=DMARC1; p=none"}, {"txt", "k._domainkey", "v=DKIM1; p=MIIB"}, {"txt", "@", "v=spf1 a:b/1 -all"}, {"mx", "@", "."}, {"a", "*", "192.0.2.1"}, {"cname", "a.b", "c."}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, kind, host, data string) {
		one := record(kind, host, data, 3600)
		after := append(present(), one)
		zone.LintRecords("example.com", present(), after)
		zone.Redirects("example.com", present(), after)
		if wrong, doubts := zone.LintRecords("example.com", after, after); len(wrong)+len(doubts) > 0 {
			t.Errorf("no change: %q, %q", wrong, doubts)
		}
		if why := zone.Redirects("example.com", after, after); len(why) > 0 {
			t.Errorf("no change: %q", why)
		}
	})
}
