package answer

import (
	"encoding/json"
	"fmt"
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// templateRow is a template by its id, with the clouds that have it under that id: short, however many clouds there are.
type templateRow struct {
	ID     vpsapi.TemplateID `json:"system_template_id"`
	Name   vpsapi.Text       `json:"name"`
	Family vpsapi.Text       `json:"family"`
	Clouds []vpsapi.CloudID  `json:"cloud_ids"`
}

// templateRows gives families of templates as a list without lists of lists, so that pages and filters reach each template.
func templateRows(groups []vpsapi.TemplateGroup) []templateRow {
	rows := []templateRow{}
	for _, g := range groups {
		for _, t := range g.Templates {
			at := map[vpsapi.TemplateID]int{}
			for _, c := range t.Clouds {
				i, ok := at[c.SystemTemplateID]
				if !ok {
					i = len(rows)
					at[c.SystemTemplateID] = i
					rows = append(rows, templateRow{ID: c.SystemTemplateID, Name: t.Name, Family: g.Name})
				}
				rows[i].Clouds = append(rows[i].Clouds, c.CloudID)
			}
		}
	}
	return rows
}

// TrimToFit makes a value fit into an answer: a long text is cut, and says how much is left out; a long list is not cut, its count
// stands in its place. The JSON stays valid.
func TrimToFit(value json.RawMessage) json.RawMessage {
	for limit := MaxBytes / 2; len(value) > MaxBytes && limit > 16; limit /= 2 {
		value = shorten(value, limit, "")
	}
	return value
}

// shorten bounds every text and list inside a value, the inner ones first; name is the field that it stands under.
func shorten(value json.RawMessage, limit int, name string) json.RawMessage {
	switch value[0] {
	case '"':
		if runes := []rune(FormatScalar(value)); len(runes) > limit {
			text, _ := json.Marshal(fmt.Sprintf("%s… (%d characters left out)", string(runes[:limit]), len(runes)-limit))
			return text
		}
	case '[':
		var items []json.RawMessage
		vpsapi.Elements(value, func(v []byte) bool {
			items = append(items, shorten(v, limit, ""))
			return true
		})
		if list := joinList(items); len(list) <= limit {
			return list
		}
		text := strconv.Itoa(len(items)) + " entries, more than an answer holds"
		if name == "system_templates" {
			text += ": " + vpsapi.ListTemplates.Name + " filter cloud_ids=ID shows them"
		}
		return strconv.AppendQuote(nil, text)
	case '{':
		var members []Member
		vpsapi.Members(value, func(key, v []byte) bool {
			field := FormatScalar(key)
			members = append(members, Member{field, shorten(v, limit, field)})
			return true
		})
		return Join(members)
	}
	return value
}
