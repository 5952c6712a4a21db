package answer

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// TestFilter compares numbers, texts, flags, dates, lists and what is empty.
func TestFilter(t *testing.T) {
	var records []record
	for _, r := range []string{
		`{"id":1,"on":0,"label":"Web 1","running":true,"used":900,"at":"2026-01-31T23:00:00Z","virtual_machine_id":0,"data":["192.0.2.1","192.0.2.2"]}`,
		`{"id":2,"on":"1","label":"Mail","running":false,"used":"10000","at":"2026-02-01T01:00:00-05:00","virtual_machine_id":1384,"data":[]}`,
		`{"id":3,"label":"","used":null,"at":"","virtual_machine_id":null}`,
	} {
		records = append(records, record{usual: json.RawMessage(r), whole: json.RawMessage(r)})
	}
	info := vpsapi.Info{Name: "list_things", Out: reflect.TypeFor[vpsapi.Raw]()}
	for filter, want := range map[string]string{
		"on=false": "1", "on!=false": "23", "on=true": "2", "running=true": "1", "running=FALSE": "2", "running!=true": "23", "running=": "3", "running!=": "12",
		"used>900": "2", "used>=900": "12", "used<1000": "1", "used<=10000": "12", "used=900.0": "1", "used!=900": "23", "used=": "3",
		"label~web": "1", "label~M": "2", "label=": "3", "label=mail": "2", "label!=mail": "13", " label = Web 1 ": "1", "label==Mail": "2",
		"at>2026-01-31": "2", "at=2026-02-01": "2", "at<2026-02-01T00:00:00Z": "1", "at>=2026-01-31": "12",
		"virtual_machine_id=": "13", "virtual_machine_id!=": "2", "virtual_machine_id=1384": "2",
		"label= Web 1\u00a0": "1", "label=\u200bWEB 1 ": "1", `label="Web 1"`: "1", "Label='mail'": "2", "RUNNING=yes": "1", "running = no": "2",
		"label=mail.": "2", "on=off": "1", `data=["192.0.2.2"]`: "1", `data=["192.0.2.2","192.0.2.1"]`: "1", `data=["192.0.2.2","192.0.2.3"]`: "", `data=[]`: "",
		"running=true,label~web": "1", "used>=900, running=false": "2", "running=true and used>1": "1", "running=true&&used>1000": "", "label=a,color=red": "",
		`label="Web 1,running=false"`: "",
		"data=192.0.2.2":              "1", "data~192.0": "1", "data=": "23",
	} {
		p, err := Shaping{Filter: []string{filter}}.page(info, slices.Clone(records))
		got := ""
		for _, item := range p.Items {
			got += string(item[len(`{"id":`)])
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, not %q (%v)", filter, got, want, err)
		}
	}
	for filter, want := range map[string]string{
		"running": "give field=value", "=true": "give field=value", "running!true": "give field=value", "": "give field=value",
		"label>abc": "give a number, or a date", "used<": "give a number, or a date", "label~": "~ needs a text after it", "color=red": "no entry has the field",
		"runnings=true": "did you mean running",
	} {
		if _, err := (Shaping{Filter: []string{filter}}).page(info, records); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q in %v", filter, want, err)
		}
	}
}
