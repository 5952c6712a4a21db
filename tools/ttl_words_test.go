package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// ttlOf returns the TTL of each record of a domain, by type and host.
func (f *fleet) ttlOf(domain vpsapi.DomainID) map[string]vpsapi.Int {
	f.Helper()
	flat := vpsapi.Flag(true)
	records, err := vpsapi.ListDomainRecords.Call(context.Background(), f.server.options.Client, vpsapi.ListDomainRecordsIn{DomainID: domain, New: &flat})
	if err != nil {
		f.Fatal(err)
	}
	ttls := map[string]vpsapi.Int{}
	for _, x := range records {
		if x.TTL != nil && x.Type != "srv" { // which a zone file leaves alone
			ttls[string(x.ID)] = *x.TTL
		}
	}
	return ttls
}

// TestPlansOfTTLs: a zone's plan tells of each record whose TTL changes, and says of none of these that it stays; a
// change of TTL alone moves no name, and caches follow within the old TTL, which is said as a number.
func TestPlansOfTTLs(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	exported := f.call("export_zone", `{"domain_id":"52"}`)
	var object struct{ Zone string }
	if err := json.Unmarshal(exported.Structured, &object); err != nil {
		t.Fatal(err)
	}
	file, _ := json.Marshal(strings.ReplaceAll(object.Zone, "86400", "300"))
	before := f.ttlOf("52")
	diff := f.call("diff_zone", `{"domain_id":"52","zone":`+string(file)+`}`)
	plan := f.call("apply_zone", `{"domain_id":"52","zone":`+string(file)+`}`)
	for _, text := range []string{diff.Text, plan.Text} {
		if !strings.Contains(text, "~ TTL of ") || !strings.Contains(text, "SOA") {
			t.Errorf("the TTLs that change along: %s", text)
		}
	}
	if strings.Contains(plan.Text, "stay as they are") || !strings.Contains(plan.Text, "Downtime: none: what the names resolve to stays; caches follow within the old TTL, 86400 s") {
		t.Error(plan.Text)
	}
	f.call("apply_zone", `{"confirm":"yes","domain_id":"52","zone":`+string(file)+`}`)
	for id, ttl := range f.ttlOf("52") {
		if ttl == before[id] && ttl != 300 {
			t.Errorf("record %s kept its TTL of %d", id, ttl)
		}
	}
	edit := f.call("edit_domain_record", `{"domain_id":"51","record_id":"2315958","ttl":300}`)
	if strings.Contains(edit.Text, "point elsewhere") || !strings.Contains(edit.Text, "caches follow within the old TTL, 86400 s") {
		t.Error(edit.Text)
	}
	moved := f.call("edit_domain_record", `{"domain_id":"51","record_id":"2315958","ttl":300,"data":"192.0.2.9"}`)
	if !strings.Contains(moved.Text, "point elsewhere; caches follow within the old TTL, 86400 s") {
		t.Error(moved.Text)
	}
}

// TestUndoTellsWhatItOverwrites: undo of an older change sets back what that changed and no more, and warns, in its plan
// and after it, of what newer changes have made of that.
func TestUndoTellsWhatItOverwrites(t *testing.T) {
	zone := func(ttl, data string) string {
		text, _ := json.Marshal("a " + ttl + " IN A " + data + "\nb " + ttl + " IN A 192.0.2.1\n")
		return `apply_zone {"domain_id":"51","zone":` + string(text) + `}`
	}
	for name, c := range map[string]struct {
		calls   []string
		undone  int // which of them
		want    []string
		without string
	}{
		"data, then the TTL": {[]string{zone("86400", "192.0.2.1"), zone("86400", "192.0.2.2"), zone("300", "192.0.2.2")}, 1,
			[]string{"a 300 IN A 192.0.2.2  ->  a 300 IN A 192.0.2.1"}, "86400 IN"},
		"the TTL, then another": {[]string{zone("86400", "192.0.2.1"), zone("300", "192.0.2.1"), zone("900", "192.0.2.1")}, 1,
			[]string{`since that change: the TTL of "a", which it made 300, became 900 and is overwritten`}, ""},
		"data, then other data": {[]string{zone("86400", "192.0.2.1"), zone("86400", "192.0.2.2"), zone("86400", "192.0.2.3")}, 1,
			[]string{`since that change: A "a" "192.0.2.2", which it made, was changed or removed`}, ""},
		"a record, then a zone": {[]string{zone("86400", "192.0.2.1"), `edit_domain_record {"domain_id":"51","record_id":"a","data":"192.0.2.4"}`, zone("86400", "192.0.2.3")}, 1,
			[]string{`since that change: data, which it made "192.0.2.4", became "192.0.2.3" and is overwritten`}, ""},
		"a label twice": {[]string{`edit_cloud_server {"server_id":"1384","label":"Shop"}`, `edit_cloud_server {"server_id":"1384","label":"Shop 2"}`}, 0,
			[]string{`since that change: label, which it made "Shop", became "Shop 2" and is overwritten`}, ""},
		"a note twice": {[]string{`edit_ip {"ip_id":"5010","notes":"x"}`, `edit_ip {"ip_id":"5010","notes":"y"}`}, 0, []string{`notes, which it made "x", became "y" and is overwritten`}, ""},
		"the newest":   {[]string{`edit_ip {"ip_id":"5010","notes":"x"}`}, 0, nil, "since that change"},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		for _, call := range c.calls {
			tool, arguments, _ := strings.Cut(call, " ")
			f.agreed(tool, arguments)
			f.now = f.now.Add(15 * time.Minute)
		}
		entries, err := f.store.Entries(t.Context(), f.server.options.Client.Account(), time.Time{})
		if err != nil || len(entries) != len(c.calls) {
			t.Fatalf("%s: %d entries, %v", name, len(entries), err)
		}
		arguments := `{"entry":"` + entries[c.undone].ID + `"}`
		a := f.call("undo", arguments)
		texts := []string{a.Text}
		if code := askedConfirm.FindStringSubmatch(a.Text); code != nil {
			texts = append(texts, f.call("undo", withConfirm(arguments, code[1])).Text)
		}
		for i, text := range texts {
			for _, want := range c.want {
				if !strings.Contains(text, want) && (i == 0 || strings.HasPrefix(want, "since")) {
					t.Errorf("%s: no %q in %s", name, want, text)
				}
			}
			if c.without != "" && strings.Contains(text, c.without) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}
