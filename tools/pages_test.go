package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/offer"
)

// many makes every list of a reply as long as n, each entry with its place in it as
// its id; of utilisation, eight weeks of hours.
func many(n int) func(status int, body []byte) []byte {
	return func(status int, body []byte) []byte {
		var list []json.RawMessage
		var envelope map[string]json.RawMessage
		name := ""
		if json.Unmarshal(body, &list) != nil && json.Unmarshal(body, &envelope) == nil && len(envelope) == 1 {
			for key, value := range envelope {
				name = key
				_ = json.Unmarshal(value, &list)
			}
		}
		if status != 200 || len(list) == 0 {
			return body
		}
		long := make([]json.RawMessage, n)
		for i := range long {
			long[i] = placed(list[i%len(list)], i)
		}
		body, _ = json.Marshal(long)
		if name != "" {
			body, _ = json.Marshal(map[string]json.RawMessage{name: body})
		}
		return body
	}
}

// placed is an entry of a list with another id.
func placed(entry json.RawMessage, i int) json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(entry, &object) != nil {
		return entry
	}
	if _, ok := object["id"]; !ok && len(object) == 1 {
		for key, value := range object {
			object[key] = placed(value, i)
		}
	} else if ok {
		object["id"] = json.RawMessage(fmt.Sprint(100_000 + i))
	}
	b, _ := json.Marshal(object)
	return b
}

// TestEveryListIsReadToItsEnd: whatever an account has, each list turns its pages to
// the last entry, no page is longer than an answer, and only reads say "call again".
func TestEveryListIsReadToItsEnd(t *testing.T) {
	sizes := map[string]int{"list_clouds": 40, "list_ssd_clouds": 40, "get_cpu_utilisation": 1344, "get_bandwidth_utilisation": 1344}
	read := 0
	for _, tool := range newFleet(t, Options{Policy: generous()}, nil).server.order {
		if tool.Op == nil || !offer.IsList(tool.Op.Info()) || tool.Name == "list_templates" { // TestTemplatesOfManyClouds reads that
			continue
		}
		n := 200
		if strings.Contains(tool.Name, "template") {
			n = 600
		}
		if size, ok := sizes[tool.Name]; ok {
			n = size
		}
		f := newFleet(t, Options{Policy: generous()}, many(n))
		arguments := "{}"
		for _, d := range drive {
			if d.tool == tool.Name {
				arguments = strings.Replace(d.arguments, `"status":"open"`, "", 1)
			}
		}
		items, total, cursor := 0, -1, ""
		for range 200 {
			more := strings.Replace(strings.TrimSuffix(arguments, "}")+`,"cursor":"`+cursor+`"}`, "{,", "{", 1)
			a := f.call(tool.Name, more)
			if a.IsError {
				t.Fatalf("%s: %s", more, a.Text)
			}
			var page struct {
				Items  []json.RawMessage
				Total  *int
				Cursor string `json:"next_cursor"`
			}
			if err := json.Unmarshal(a.Structured, &page); err != nil || page.Total == nil {
				break // no list on this account
			}
			if len(a.Structured) > answer.MaxBytes+2000 || strings.Contains(a.Text, "left out") {
				t.Errorf("%s: %d bytes, or cut: %.300s", tool.Name, len(a.Structured), a.Text)
			}
			items, total, cursor = items+len(page.Items), *page.Total, page.Cursor
			if cursor == "" {
				break
			}
		}
		if total > 0 {
			read++
		}
		if total >= 0 && (items != total || cursor != "" || total > 0 && total != n) {
			t.Errorf("%s: %d of %d entries are read, %d are there, cursor %q", tool.Name, items, total, n, cursor)
		}
	}
	if read < 15 {
		t.Errorf("%d lists were read", read)
	}
}

// TestFiltersSeeTheWholeRecord: also what the usual columns leave out, false and 0 as
// well; only a name that no record can have is refused, with the names that exist.
func TestFiltersSeeTheWholeRecord(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	for _, c := range []struct {
		tool, arguments, want string
	}{
		{"list_cloud_servers", `{"filter":["consumer_id=0"]}`, ": 2."},
		{"list_cloud_servers", `{"filter":["ram_nodes_count=0"]}`, ": 2."},
		{"list_cloud_servers", `{"filter":["power_action_pending=false"]}`, ": 2."},
		{"list_cloud_servers", `{"filter":["domain_name=demodomain.com"]}`, ": 2."},
		{"list_cloud_servers", `{"filter":["hostname=web01.demodomain.com"]}`, ": 1."},
		{"list_cloud_servers", `{"filter":["built=false"]}`, ": none"},
		{"list_clouds", `{"filter":["fusion_io=false"],"fields":["id","fusion_io","cloud_version"]}`, "fusion_io"},
		{"list_clouds", `{"limit":2}`, "1 to 2 of 7"},
		{"list_backups", `{"server_id":"1384","filter":["locked=false"]}`, "List backups: 2"},
		{"list_cloud_servers", `{"filter":["consumer=0"]}`, `filter: no entry has the field "consumer"; did you mean consumer_id; the fields are`},
		{"list_cloud_servers", `{"fields":["lable"]}`, `fields: no entry has the field "lable"`},
		{"get_cloud_server", `{"server_id":"1384","fields":["lable"]}`, `fields: no entry has the field "lable"`},
		{"list_justified_ips", `{"filter":["x"]}`, "give field=value"},
	} {
		if a := f.call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: %s", c.tool, c.arguments, a.Text)
		}
	}
}

// TestEveryListTakesShape: each read that answers with a list has the four arguments.
func TestEveryListTakesShape(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	for _, tool := range f.server.order {
		if tool.Op == nil || !offer.IsList(tool.Op.Info()) {
			continue
		}
		var schema struct{ Properties map[string]json.RawMessage }
		if err := json.Unmarshal(tool.Schema(), &schema); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"cursor", "limit", "fields", "filter"} {
			if _, ok := schema.Properties[name]; !ok {
				t.Errorf("%s takes no %s", tool.Name, name)
			}
		}
	}
}
