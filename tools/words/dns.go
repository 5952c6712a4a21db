package words

import (
	"cmp"
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// FullName is a host's name with its domain.
func FullName(host string, d vpsapi.Domain) string {
	if host == "@" || host == "" {
		return string(d.Name)
	}
	return host + "." + string(d.Name)
}

// RecordText is a record on one line; every part of it came from outside.
func RecordText(z vpsapi.ZoneRecord, d vpsapi.Domain) string {
	return strings.ToUpper(RecordTypeText(z.Type)) + " " + vpsapi.Quote(FullName(z.Host, d)) + ": " + DataText(z)
}

// RecordTypeText returns a record's type as a plan shows it: quoted unless it is plain letters.
func RecordTypeText(kind string) string {
	if kind == "" || strings.Trim(strings.ToLower(kind), "abcdefghijklmnopqrstuvwxyz") != "" {
		return vpsapi.Quote(kind)
	}
	return kind
}

// DataText is what a record says, without its name.
func DataText(z vpsapi.ZoneRecord) string {
	var parts []string
	for _, n := range []struct {
		name  string
		value *vpsapi.Int
	}{{"priority", cmp.Or(z.MXPriority, z.Priority)}, {"weight", z.Weight}, {"port", z.Port}, {"TTL", z.TTL}} {
		if n.value != nil {
			parts = append(parts, fmt.Sprintf("%s %d", n.name, *n.value))
		}
	}
	for _, w := range []struct{ name, value string }{
		{"primary", z.PrimaryData}, {"watches", z.ServiceType}, {"service", z.Service}, {"protocol", z.Protocol},
	} {
		if w.value != "" {
			parts = append(parts, w.name+" "+vpsapi.Quote(w.value))
		}
	}
	data := make([]string, len(z.Data))
	for i, text := range z.Data {
		data[i] = LongQuote(text)
	}
	text := strings.Join(data, ", ")
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text
}

// LongQuote is Quote for texts whose end matters, such as keys in TXT records:
// a long one is told apart by its length and its end.
func LongQuote(s string) string {
	if runes := []rune(s); len(runes) > 80 {
		return fmt.Sprintf("%s (%d characters, ends in %s)", vpsapi.Quote(s), len(runes), vpsapi.Quote(string(runes[len(runes)-12:])))
	}
	return vpsapi.Quote(s)
}

// TypesText counts records by their type.
func TypesText(records []vpsapi.Record) string {
	counts := map[string]int{}
	var order []string
	for _, x := range records {
		kind := strings.ToUpper(RecordTypeText(string(x.Type)))
		counts[kind]++
		if counts[kind] == 1 {
			order = append(order, kind)
		}
	}
	for i, kind := range order {
		order[i] = fmt.Sprintf("%d %s", counts[kind], kind)
	}
	if len(order) == 0 {
		return ""
	}
	return " (" + strings.Join(order[:min(len(order), 12)], ", ") + ")"
}

// TemplateRecordText is a DNS template's record on one line.
func TemplateRecordText(x vpsapi.DNSTemplateRecord) string {
	text := fmt.Sprintf("%s %s: %s", strings.ToUpper(RecordTypeText(string(x.Type))), vpsapi.Quote(string(x.Host)), LongQuote(string(x.Data)))
	if x.MXPriority != nil {
		text += fmt.Sprintf(", priority %d", *x.MXPriority)
	}
	if x.TTL != nil {
		text += fmt.Sprintf(", TTL %d", *x.TTL)
	}
	return text
}
