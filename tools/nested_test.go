package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// wide makes the clouds of a reply forty, each with six families of so many templates, with ids of the cloud's own as the service has
// them.
func wide(each int) func(int, []byte) []byte {
	return func(_ int, body []byte) []byte { return widened(body, each) }
}

func widened(body []byte, each int) []byte {
	const clouds, families = 40, 6
	switch {
	case bytes.Contains(body, []byte(`"template_groups"`)):
		groups := make([]vpsapi.TemplateGroup, families)
		for g := range groups {
			groups[g].Name = vpsapi.Text(fmt.Sprint("Family ", g))
			for i := range each {
				t := vpsapi.GroupTemplate{Name: vpsapi.Text(fmt.Sprintf("System %d-%d", g, i))}
				for c := 1; c <= clouds; c++ {
					id := vpsapi.TemplateID(fmt.Sprint(c*1000 + g*each + i))
					t.Clouds = append(t.Clouds, vpsapi.TemplateCloud{CloudID: vpsapi.CloudID(fmt.Sprint(c)), SystemTemplateID: id})
				}
				groups[g].Templates = append(groups[g].Templates, t)
			}
		}
		body, _ = vpsapi.ListTemplates.EncodeReply(groups)
	case bytes.Contains(body, []byte(`"system_templates"`)) && body[0] == '[':
		list := make([]vpsapi.Cloud, clouds)
		for c := range list {
			list[c].ID, list[c].Label = vpsapi.CloudID(fmt.Sprint(c+1)), vpsapi.Text(fmt.Sprint("Cloud ", c+1))
			for i := range families * each {
				list[c].SystemTemplates = append(list[c].SystemTemplates, vpsapi.CloudTemplate{ID: vpsapi.TemplateID(fmt.Sprint((c+1)*1000 + i)), Label: "System"})
			}
		}
		body, _ = vpsapi.ListClouds.EncodeReply(list)
	}
	return body
}

// listed reads a list to its end.
func (f *fleet) listed(tool, arguments string) (items []json.RawMessage, total int) {
	f.Helper()
	for cursor := ""; ; {
		a := f.call(tool, strings.Replace(strings.TrimSuffix(arguments, "}")+`,"cursor":"`+cursor+`"}`, "{,", "{", 1))
		var page struct {
			Items  []json.RawMessage
			Total  int
			Cursor string `json:"next_cursor"`
		}
		if err := json.Unmarshal(a.Structured, &page); err != nil || a.IsError || len(a.Structured) > answer.MaxBytes+2000 {
			f.Fatalf("%s: %v, %d bytes: %.300s", tool, err, len(a.Structured), a.Text)
		}
		if items, total, cursor = append(items, page.Items...), page.Total, page.Cursor; cursor == "" {
			return items, total
		}
	}
}

// TestTemplatesOfManyClouds: each template of each cloud is read by turning pages, and those of one cloud by a filter; a cloud with
// more than an answer holds says how many, and where they are read.
func TestTemplatesOfManyClouds(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{Policy: generous()}, wide(10))
	seen := map[string]bool{}
	items, total := f.listed("list_templates", `{}`)
	for _, item := range items {
		var row struct {
			ID     string   `json:"system_template_id"`
			Clouds []string `json:"cloud_ids"`
		}
		if err := json.Unmarshal(item, &row); err != nil {
			t.Fatalf("%v: %.200s", err, item)
		}
		for _, c := range row.Clouds {
			seen[c+"/"+row.ID] = true
		}
	}
	if len(seen) != 2400 || total != len(items) {
		t.Errorf("%d templates of clouds are read in %d of %d entries, want 2400", len(seen), len(items), total)
	}
	f = newFleet(t, Options{Policy: generous()}, wide(100))
	if a := f.call("list_templates", `{}`); !strings.Contains(a.Text, " of 24000; for more") {
		t.Errorf("%.200s", a.Text)
	}
	if items, total := f.listed("list_templates", `{"filter":["cloud_ids=7","name~3-1"]}`); total != 11 || len(items) != 11 {
		t.Errorf("%d of %d templates of a cloud, want 11", len(items), total)
	}
	for _, arguments := range []string{`{}`, `{"fields":["all"]}`, `{"fields":["id","system_templates"]}`} {
		items, total := f.listed("list_clouds", arguments)
		for _, item := range items {
			if !strings.Contains(string(item), `600 entries, more than an answer holds: list_templates filter cloud_ids=`) {
				t.Errorf("list_clouds %s: %.200s", arguments, item)
			}
		}
		if len(items) != 40 || total != 40 {
			t.Errorf("list_clouds %s: %d of %d", arguments, len(items), total)
		}
	}
}

// nested makes every list within the entries of a reply two thousand long.
func nested(_ int, body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	if object, ok := v.(map[string]any); ok && len(object) == 1 { // an envelope
		for key, list := range object {
			object[key] = lengthened(list, 0)
		}
	} else {
		v = lengthened(v, 0)
	}
	body, _ = json.Marshal(v)
	return body
}

func lengthened(v any, depth int) any {
	switch v := v.(type) {
	case []any:
		if depth > 0 && len(v) > 0 {
			return slices.Repeat(v[:1], 2000)
		}
		for i := range v {
			v[i] = lengthened(v[i], depth+1)
		}
	case map[string]any:
		for key := range v {
			v[key] = lengthened(v[key], depth+1)
		}
	}
	return v
}

// TestNoEntryIsCut: a list within an entry is shown whole or told by its count, in every list and with every field.
func TestNoEntryIsCut(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{Policy: generous()}, nested)
	told := 0
	for _, tool := range f.server.order {
		if tool.Op == nil || !offer.IsList(tool.Op.Info()) || tool.Name == vpsapi.ListTemplates.Name {
			continue
		}
		arguments := "{}"
		for _, d := range drive {
			if d.tool == tool.Name {
				arguments = strings.Replace(d.arguments, `"status":"open"`, "", 1)
			}
		}
		for _, fields := range []string{`}`, `,"fields":["all"]}`} {
			a := f.call(tool.Name, strings.Replace(strings.TrimSuffix(arguments, "}")+fields, "{,", "{", 1))
			if strings.Contains(string(a.Structured), "left out") || len(a.Structured) > answer.MaxBytes+2000 {
				t.Errorf("%s: %d bytes: %.300s", tool.Name, len(a.Structured), a.Text)
			}
			told += strings.Count(string(a.Structured), "2000 entries")
		}
	}
	if told < 10 {
		t.Errorf("%d lists are told by their count", told)
	}
}

// TestTemplatesAreToldAlike: a cloud shows the templates that the list of templates has for it, and no others.
func TestTemplatesAreToldAlike(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	byList := map[string][]string{}
	items, _ := f.listed("list_templates", `{}`)
	for _, item := range items {
		var row struct {
			ID     string   `json:"system_template_id"`
			Clouds []string `json:"cloud_ids"`
		}
		if err := json.Unmarshal(item, &row); err != nil {
			t.Fatal(err)
		}
		for _, c := range row.Clouds {
			byList[c] = append(byList[c], row.ID)
		}
	}
	for _, tool := range []string{"list_clouds", "list_ssd_clouds"} {
		items, _ := f.listed(tool, `{}`)
		for _, item := range items {
			var listed, alone struct {
				ID        string
				Templates []struct{ ID string } `json:"system_templates"`
			}
			if err := json.Unmarshal(item, &listed); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(f.call("get_cloud", `{"cloud_id":"`+listed.ID+`"}`).Structured, &alone); err != nil {
				t.Fatal(err)
			}
			for source, templates := range map[string][]struct{ ID string }{tool: listed.Templates, "get_cloud": alone.Templates} {
				var ids []string
				for _, t := range templates {
					ids = append(ids, t.ID)
				}
				slices.Sort(ids)
				slices.Sort(byList[listed.ID])
				if !slices.Equal(ids, byList[listed.ID]) {
					t.Errorf("cloud %s: %s has %v, list_templates %v", listed.ID, source, ids, byList[listed.ID])
				}
			}
		}
	}
}
