package schemas

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzArguments: whatever a client sends to whichever tool, it is either refused
// with a reason, or made canonical: an object that is taken again as it is.
func FuzzArguments(f *testing.F) {
	files, err := filepath.Glob("golden/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no golden files", err)
	}
	var all []*Arguments
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var tool struct{ InputSchema json.RawMessage }
		if err := json.Unmarshal(text, &tool); err != nil {
			f.Fatal(err)
		}
		all = append(all, NewArguments(tool.InputSchema, Marks{}))
	}
	for i := range all {
		f.Add(uint8(i), []byte(`{"server_id":1384,"domain_id":"51","label":"x","type":"a","host":"www","data":["192.0.2.1"],"ttl":"3600","wait":"true"}`))
	}
	for _, raw := range []string{
		``, `null`, `"{\"server_id\":\"1\"}"`, `{"licenses":[{"license_id":1,"action":"buy"}]}`, `{"a":{"a":{"a":[[[[1e308]]]]}}}`,
		`{"server_id":1e400}`, `{"server_id":1e-999999,"limit":1e1}`, `{"server_id":1,"server_id":2}`, "{\"\xff\":1}", `{"server_id":"1384"}{}`, `[{}]`, `{"ip_justification":"[{\"justification_type\":3}]"}`,
	} {
		f.Add(uint8(len(raw)), []byte(raw))
	}
	long := `"` + strings.Repeat("k", 5000) + `":1`
	f.Add(uint8(0), []byte("{"+long+","+long+"}"))
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		arguments := all[int(which)%len(all)]
		canonical, faults := arguments.Read(raw)
		for _, fault := range faults {
			if fault.Message == "" || !utf8.ValidString(fault.Message) || len(fault.Message) > 4096 {
				t.Errorf("%q: the reason is %q", raw, fault.Message)
			}
		}
		if len(faults) > 0 {
			return
		}
		var object map[string]any
		d := json.NewDecoder(bytes.NewReader(canonical))
		d.UseNumber()
		if err := d.Decode(&object); err != nil {
			t.Fatalf("%q is canonically %s: %v", raw, canonical, err)
		}
		again, faults := arguments.Read(canonical)
		if len(faults) > 0 || !bytes.Equal(again, canonical) {
			t.Errorf("%q is canonically %s, and that again %s %v", raw, canonical, again, faults)
		}
	})
}
