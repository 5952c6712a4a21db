package zone

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"

	"github.com/miekg/dns"
)

// File writes the zone in RFC 1035's form, always the same for the same records.
func (z Zone) File() (string, error) {
	if !isNames(z.name) || len(z.name) > 253 {
		return "", fmt.Errorf("the domain's name cannot stand in a zone file: %s", vpsapi.Quote(z.name))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "$ORIGIN %s.\n", z.name)
	for _, k := range z.Alone {
		b.WriteString(z.keptLine(k) + "\n")
	}
	for _, r := range z.Records {
		rr := z.dnsRecord(r)
		if rr == nil {
			return "", fmt.Errorf("a record cannot be written in a zone file: %s", plainRecord(r))
		}
		b.WriteString(z.line(rr) + "\n")
	}
	return b.String(), nil
}

// keptLine writes what is left alone: SOA and NS so that other programs find a
// whole zone, the rest as comments.
func (z Zone) keptLine(k keptRecord) string {
	header := dns.RR_Header{Name: z.name + ".", Class: dns.ClassINET, Ttl: uint32(NumberOf(k.TTL))}
	data := strings.Fields(strings.Join(k.Data, " "))
	if hostOf(k.Record) == "" && len(data) > 0 && isNames(strings.TrimSuffix(data[0], ".")) {
		note := " ; left alone: " + k.why
		switch name := target(data[0]); {
		case kindOf(k.Record) == "soa":
			header.Rrtype = dns.TypeSOA
			return z.line(&dns.SOA{Hdr: header, Ns: name, Mbox: "hostmaster." + z.name + ".", Serial: max(z.Serial, 1), Refresh: 10800, Retry: 3600, Expire: 604800, Minttl: 3600}) + note
		case kindOf(k.Record) == "ns" && whyServiceOwned(k.Record) != "" && len(data) == 1:
			header.Rrtype = dns.TypeNS
			return z.line(&dns.NS{Hdr: header, Ns: name}) + note
		}
	}
	return "; left alone, " + k.why + ": " + plainRecord(k.Record)
}

// plainRecord is a record on one line that is not a zone file's; every part of it
// came from outside.
func plainRecord(r vpsapi.Record) string {
	return fmt.Sprintf("%s %s %s", vpsapi.Quote(string(r.Host)), words.RecordTypeText(string(r.Type)), words.LongQuote(strings.Join(r.Data, " ")))
}

// isNames reports a name of plain labels. Nothing else from outside gets into a
// zone file but as quoted text: in a name, a line's end or a $INCLUDE would be
// read by whoever reads the file.
func isNames(name string) bool {
	for _, label := range strings.Split(name, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

// isLabel reports one part of a domain's name: 1 to 63 letters, digits, hyphens or underscores.
func isLabel(label string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
	return label != "" && len(label) < 64 && strings.Trim(strings.ToLower(label), letters) == ""
}

// dnsRecord returns a record as the DNS library has it; nil for what cannot be one. It is put
// together field by field and never parsed: the library's parser for one record
// obeys $INCLUDE, and reads a text with a second line as something else.
func (z Zone) dnsRecord(r vpsapi.Record) dns.RR {
	if len(r.Data) != 1 {
		return nil
	}
	header := dns.RR_Header{Name: z.owner(r), Class: dns.ClassINET, Ttl: uint32(NumberOf(r.TTL)), Rrtype: dns.StringToType[strings.ToUpper(string(r.Type))]}
	data := r.Data[0]
	switch kindOf(r) {
	case "a":
		if ip, err := netip.ParseAddr(data); err == nil && ip.Is4() {
			return &dns.A{Hdr: header, A: net.IP(ip.AsSlice())}
		}
	case "aaaa":
		if ip, err := netip.ParseAddr(data); err == nil && ip.Is6() {
			return &dns.AAAA{Hdr: header, AAAA: net.IP(ip.AsSlice())}
		}
	case "ns":
		return &dns.NS{Hdr: header, Ns: data}
	case "cname":
		return &dns.CNAME{Hdr: header, Target: data}
	case "mx":
		return &dns.MX{Hdr: header, Preference: uint16(NumberOf(r.MXPriority)), Mx: data}
	case "txt":
		return &dns.TXT{Hdr: header, Txt: splitText(data)}
	case "srv":
		return &dns.SRV{Hdr: header, Priority: uint16(NumberOf(r.Priority)), Weight: uint16(NumberOf(r.Weight)), Port: uint16(NumberOf(r.Port)), Target: target(data)}
	}
	return nil
}

// splitText cuts a text into what one string of a TXT record holds.
func splitText(s string) []string {
	const most = 255
	out := []string{}
	for len(s) > most {
		out, s = append(out, escapeText(s[:most])), s[most:]
	}
	return append(out, escapeText(s))
}

// escapeText writes a text as the library keeps it: its own escapes doubled.
func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}

// line writes a record as a line of a zone file.
func (z Zone) line(rr dns.RR) string {
	text := strings.ReplaceAll(rr.String(), "\t", " ")
	owner, rest, _ := strings.Cut(text, " ")
	switch short, ok := strings.CutSuffix(owner, "."+z.name+"."); {
	case owner == z.name+".":
		owner = "@"
	case ok:
		owner = short
	}
	return owner + " " + rest
}

// text is a record's line as a person reads it in a plan or a diff.
func (z Zone) text(r vpsapi.Record) string {
	if rr := z.dnsRecord(r); rr != nil && len(r.Zone().Check()) == 0 {
		return shortLine(vpsapi.Visible(z.line(rr)))
	}
	return plainRecord(r)
}

// shortLine keeps a long line's begin and end, which is where keys differ.
func shortLine(s string) string {
	runes := []rune(s)
	if len(runes) <= 200 {
		return s
	}
	return fmt.Sprintf("%s … (%d characters) … %s", string(runes[:140]), len(runes), string(runes[len(runes)-24:]))
}
