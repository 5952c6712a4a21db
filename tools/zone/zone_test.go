package zone

import (
	"slices"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// FuzzZone: whatever the files, nothing panics, what a diff says makes one zone of
// the other, on a service that keeps one TTL for a host, and a zone's own file
// reads as that zone.
func FuzzZone(f *testing.F) {
	f.Add("www 3600 IN A 192.0.2.1\n", "@ 3600 IN MX 10 mail.example.com.\n")
	f.Add("a 900 IN TXT \"x\"\na 900 IN TXT \"y\"\n", "a 900 IN CNAME b.example.net.\n")
	f.Add("_sip._tcp 900 IN SRV 1 2 3 sip.example.com.\n", "$TTL 900\nwww A 192.0.2.2\n")
	f.Add("a 300 A 192.0.2.1\na 300 TXT x\n", "a 60 A 192.0.2.1\na 60 AAAA ::ffff:192.0.2.1\na 60 AAAA 2001:DB8::1\n")
	f.Add("a CNAME b\n", "a 60 TXT \"\\\\ \\\" \\195\\164\"\n*.a NS ns.a.example.com.\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		from, err := Parse("example.com", a)
		if err != nil {
			return
		}
		to, err := Parse("example.com", b)
		if err != nil {
			return
		}
		wrong, _ := to.Lint(Zone{name: to.name})
		old, _ := from.Lint(Zone{name: to.name})
		changes := from.Diff(to)
		if len(wrong)+len(old)+len(TTLFaults(from, changes)) > 0 {
			return // apply_zone refuses it, or no account holds it
		}
		result := onPaper(t, from, changes)
		if left := result.Diff(to); len(left) > 0 {
			t.Errorf("%q to %q: left %s", a, b, left[0].Text(result))
		}
		want, err := to.File()
		if err != nil {
			t.Fatalf("%q: no file: %v", b, err)
		}
		again, err := Parse("example.com", want)
		if err != nil || len(to.Diff(again)) != 0 {
			t.Errorf("%q: its own file %q reads as another zone: %v", b, want, err)
		}
		if kept := New(to.name, to.Records); len(kept.Alone) > 0 {
			t.Errorf("%q: what was put in would be left alone: %s", b, kept.Alone[0].why)
		}
	})
}

// onPaper makes a zone's changes in their order as the service would.
func onPaper(t *testing.T, z Zone, changes []Change) Zone {
	records := make([]*vpsapi.Record, len(z.Records))
	for i := range z.Records {
		r := z.Records[i]
		records[i] = &r
	}
	at := map[*vpsapi.Record]*vpsapi.Record{}
	for i := range z.Records {
		at[&z.Records[i]] = records[i]
	}
	for _, c := range changes {
		var touched *vpsapi.Record
		switch {
		case c.Now == nil:
			records = slices.DeleteFunc(records, func(r *vpsapi.Record) bool { return r == at[c.Was] })
			continue
		case c.Was == nil:
			r := *c.Now
			if c.First != nil {
				r.TTL = c.First
			}
			touched = &r
			if !slices.Contains(createTTLs, NumberOf(r.TTL)) {
				t.Errorf("made with a TTL of %d", NumberOf(r.TTL))
			}
			records = append(records, touched)
		case c.TTLOnly:
			touched = at[c.Was]
			touched.TTL = c.Now.TTL
		default:
			touched = at[c.Was]
			*touched = *c.Now
		}
		for _, r := range records {
			if hostOf(*r) != hostOf(*touched) {
				continue
			}
			r.TTL = touched.TTL
			if r != touched && (kindOf(*r) == "cname" || kindOf(*touched) == "cname") {
				t.Errorf("for a moment a CNAME stood beside others at %q", hostOf(*r))
			}
		}
	}
	out := Zone{name: z.name}
	for _, r := range records {
		out.Records = append(out.Records, *r)
	}
	out.sort()
	return out
}
