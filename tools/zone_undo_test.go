package tools

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

// TestUndoOfAZoneKeepsTheDifference: one record that changes in a zone of 1,500 costs
// the journal a few kilobytes, whichever tool changes it; undo puts that record back,
// and leaves alone what has changed in the zone since.
func TestUndoOfAZoneKeepsTheDifference(t *testing.T) {
	t.Parallel()
	var zone []vpsapi.ZoneRecord
	ttl := vpsapi.Int(86400)
	for i := range 1500 {
		zone = append(zone, vpsapi.ZoneRecord{Type: "a", Host: fmt.Sprintf("host%04d", i), Data: vpsapi.RecordData{"192.0.2.1"}, TTL: &ttl})
	}
	with := func(i int, data string) string {
		changed := append([]vpsapi.ZoneRecord{}, zone...)
		changed[i].Data = vpsapi.RecordData{data}
		raw, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	var file strings.Builder
	for i := range zone {
		data := "192.0.2.1"
		if i == 7 {
			data = "192.0.2.77"
		}
		fmt.Fprintf(&file, "host%04d 86400 IN A %s\n", i, data)
	}
	text, _ := json.Marshal(file.String())
	for tool, arguments := range map[string]string{
		"update_domain_records": `{"confirm":"yes","domain_id":"52","domain_records":` + with(7, "192.0.2.77") + `}`,
		"apply_zone":            `{"confirm":"yes","domain_id":"52","zone":` + string(text) + `}`,
	} {
		t.Run(tool, func(t *testing.T) {
			f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
			dir := t.TempDir()
			store, err := state.OpenFile(dir, func() time.Time { return f.now })
			if err != nil {
				t.Fatal(err)
			}
			f.store = store
			f.server = f.again(f.server.options)
			client := f.server.options.Client
			if _, err := vpsapi.UpdateDomainRecords.Call(t.Context(), client, vpsapi.UpdateDomainRecordsIn{DomainID: "52", DomainRecords: zone}); err != nil {
				t.Fatal(err)
			}
			if a := f.call(tool, arguments); a.IsError {
				t.Fatal(a.Text)
			}
			info, err := os.Stat(filepath.Join(dir, "journal.jsonl"))
			if err != nil || info.Size() > 4096 {
				t.Errorf("one record of 1,500 is %d bytes of journal, %v", info.Size(), err)
			}
			t.Logf("%d bytes", info.Size())
			later := `{"confirm":"yes","domain_id":"52","record_id":"host0009","data":"192.0.2.99"}`
			if a := f.call("edit_domain_record", later); a.IsError {
				t.Fatal(a.Text)
			}
			entry := f.entriesOf(tool)
			if a := f.call("undo", `{"confirm":"yes","entry":"`+entry+`"}`); a.IsError {
				t.Fatal(a.Text)
			}
			flat := vpsapi.Flag(true)
			records, err := vpsapi.ListDomainRecords.Call(t.Context(), client, vpsapi.ListDomainRecordsIn{DomainID: "52", New: &flat})
			records = slices.DeleteFunc(records, func(x vpsapi.Record) bool { return x.Type != "a" })
			if err != nil || len(records) != len(zone) {
				t.Fatal(len(records), err)
			}
			for _, x := range records {
				want := "192.0.2.1"
				if x.Host == "host0009" {
					want = "192.0.2.99"
				}
				if x.Data[0] != want {
					t.Errorf("%s is %s, not %s", x.Host, x.Data[0], want)
				}
			}
		})
	}
}

// entriesOf is the journal's entry of a tool.
func (f *fleet) entriesOf(tool string) string {
	f.Helper()
	entries, err := f.store.Entries(f.Context(), f.server.options.Client.Account(), time.Time{})
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		if e.Tool == tool {
			return e.ID
		}
	}
	f.Fatal("no entry of ", tool)
	return ""
}
