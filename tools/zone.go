package tools

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"vpsnet-mcp/vpsapi"
)

// Bounds of a zone file.
const (
	maxZoneBytes   = 512 << 10
	maxZoneRecords = 5000
)

// zone is a domain's records as a zone file has them. What the service keeps by
// itself, and what a zone file cannot say, is left alone in both directions.
type zone struct {
	name    string // without the final dot
	records []vpsapi.Record
	alone   []vpsapi.Record // SOA, the vendor's NS, failover, and forms that no zone file has
}

func newZone(name string, records []vpsapi.Record) zone {
	z := zone{name: strings.ToLower(strings.TrimSuffix(name, "."))}
	for _, r := range records {
		if leftAlone(r) {
			z.alone = append(z.alone, r)
		} else {
			z.records = append(z.records, r)
		}
	}
	order := func(a, b vpsapi.Record) int {
		return cmp.Or(cmp.Compare(hostKey(string(a.Host)), hostKey(string(b.Host))), cmp.Compare(typeRank(string(a.Type)), typeRank(string(b.Type))),
			cmp.Compare(dataKey(a), dataKey(b)), cmp.Compare(a.ID, b.ID))
	}
	slices.SortStableFunc(z.records, order)
	slices.SortStableFunc(z.alone, order)
	return z
}

// leftAlone reports what a zone file neither changes nor adds.
func leftAlone(r vpsapi.Record) bool {
	switch strings.ToLower(string(r.Type)) {
	case "soa", "failover":
		return true
	case "ns":
		return hostKey(string(r.Host)) == "" && len(r.Data) == 1 && strings.HasSuffix(strings.ToLower(r.Data[0]), ".vps.net.")
	case "srv":
		return strings.HasPrefix(string(r.Host), "_") || len(r.Data) != 1
	default:
		return len(r.Data) != 1
	}
}

// hostKey is a host for comparing: the domain itself first.
func hostKey(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "@" {
		return ""
	}
	return host
}

var types = []string{"soa", "ns", "a", "aaaa", "mx", "txt", "cname", "srv", "failover"}

func typeRank(kind string) int { return slices.Index(types, strings.ToLower(kind)) }

// dataKey is what a record says, for comparing.
func dataKey(r vpsapi.Record) string {
	data := strings.Join(r.Data, " ")
	switch strings.ToLower(string(r.Type)) {
	case "txt":
		return data
	case "mx":
		return strings.ToLower(fmt.Sprintf("%d %s", number(r.MXPriority), data))
	case "srv":
		return strings.ToLower(fmt.Sprintf("%s %s %d %d %d %s", r.Service, r.Protocol, number(r.Priority), number(r.Weight), number(r.Port), strings.TrimSuffix(data, ".")))
	default:
		return strings.ToLower(data)
	}
}

func number(n *vpsapi.Int) int64 {
	if n == nil {
		return 0
	}
	return int64(*n)
}

// file writes the zone in RFC 1035's form, always the same for the same records.
func (z zone) file() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "$ORIGIN %s.\n", z.name)
	for _, r := range z.alone {
		b.WriteString(z.aloneLine(r) + "\n")
	}
	for _, r := range z.records {
		rr, err := z.rr(r)
		if err != nil {
			return "", err
		}
		b.WriteString(z.line(rr) + "\n")
	}
	return b.String(), nil
}

// aloneLine writes what is left alone: SOA and NS so that the file is a whole
// zone, the rest as comments.
func (z zone) aloneLine(r vpsapi.Record) string {
	switch strings.ToLower(string(r.Type)) {
	case "soa":
		master := strings.TrimSuffix(r.Data[0], ".") + "."
		return fmt.Sprintf("@ %d IN SOA %s hostmaster.%s. 1 10800 3600 604800 3600 ; left alone: the service keeps it", number(r.TTL), strings.Fields(master)[0], z.name)
	case "ns":
		return fmt.Sprintf("@ %d IN NS %s ; left alone: the service's own", number(r.TTL), r.Data[0])
	default:
		return fmt.Sprintf("; left alone: %s %s %s", oneLine(string(r.Host)), strings.ToUpper(string(r.Type)), oneLine(strings.Join(r.Data, " ")))
	}
}

// rr is a record as the DNS library has it.
func (z zone) rr(r vpsapi.Record) (dns.RR, error) {
	owner := z.name + "."
	if h := hostKey(string(r.Host)); h != "" {
		owner = h + "." + owner
	}
	header := dns.RR_Header{Name: owner, Class: dns.ClassINET, Ttl: uint32(number(r.TTL))}
	data := strings.Join(r.Data, " ")
	switch strings.ToLower(string(r.Type)) {
	case "txt":
		header.Rrtype = dns.TypeTXT
		return &dns.TXT{Hdr: header, Txt: chunks(data)}, nil
	case "mx":
		return dns.NewRR(fmt.Sprintf("%s %d IN MX %d %s", owner, header.Ttl, number(r.MXPriority), data))
	case "srv":
		return dns.NewRR(fmt.Sprintf("_%s.%s.%s %d IN SRV %d %d %d %s.", strings.TrimPrefix(string(r.Service), "_"), r.Protocol, owner, header.Ttl,
			number(r.Priority), number(r.Weight), number(r.Port), strings.TrimSuffix(data, ".")))
	default:
		return dns.NewRR(fmt.Sprintf("%s %d IN %s %s", owner, header.Ttl, strings.ToUpper(string(r.Type)), data))
	}
}

// chunks cuts a text into what one string of a TXT record holds.
func chunks(s string) []string {
	const most = 255
	out := []string{}
	for len(s) > most {
		out, s = append(out, escaped(s[:most])), s[most:]
	}
	return append(out, escaped(s))
}

// escaped writes a text as the library keeps it: its own escapes doubled.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}

// line is a record's line, its owner short.
func (z zone) line(rr dns.RR) string {
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

// parseZone reads a zone file. Its error names every fault; what is left alone
// is passed over.
func parseZone(name, text string) (zone, error) {
	z := zone{name: strings.ToLower(strings.TrimSuffix(name, "."))}
	if len(text) > maxZoneBytes {
		return z, fmt.Errorf("zone: %d bytes; at most %d are taken", len(text), maxZoneBytes)
	}
	p := dns.NewZoneParser(strings.NewReader(text), z.name+".", "")
	p.SetIncludeAllowed(false)
	p.SetDefaultTTL(86400)
	var faults []error
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if len(z.records) >= maxZoneRecords {
			return z, fmt.Errorf("zone: more than %d records", maxZoneRecords)
		}
		r, err := z.record(rr)
		switch {
		case err != nil:
			faults = append(faults, err)
		case r != nil && !leftAlone(*r):
			z.records = append(z.records, *r)
		}
	}
	if err := p.Err(); err != nil {
		faults = append(faults, fmt.Errorf("zone: %w", err))
	}
	if len(faults) > 0 {
		return z, errors.Join(faults...)
	}
	return newZone(z.name, z.records), nil
}

// record is a line of a zone file as the API has it; nil for what is left alone.
func (z zone) record(rr dns.RR) (*vpsapi.Record, error) {
	owner := strings.ToLower(rr.Header().Name)
	host, ok := strings.CutSuffix(owner, z.name+".")
	if !ok || (host != "" && !strings.HasSuffix(host, ".")) {
		return nil, fmt.Errorf("zone: %s is not in %s", vpsapi.Quote(owner), z.name)
	}
	if host = strings.TrimSuffix(host, "."); host == "" {
		host = "@"
	}
	ttl := vpsapi.Int(rr.Header().Ttl)
	r := &vpsapi.Record{Host: vpsapi.Text(host), TTL: &ttl, Type: vpsapi.Text(strings.ToLower(dns.TypeToString[rr.Header().Rrtype]))}
	integer := func(n uint16) *vpsapi.Int { i := vpsapi.Int(n); return &i }
	switch rr := rr.(type) {
	case *dns.SOA:
		return nil, nil
	case *dns.A:
		r.Data = vpsapi.RecordData{rr.A.String()}
	case *dns.AAAA:
		r.Data = vpsapi.RecordData{rr.AAAA.String()}
	case *dns.NS:
		r.Data = vpsapi.RecordData{rr.Ns}
	case *dns.CNAME:
		r.Data = vpsapi.RecordData{rr.Target}
	case *dns.MX:
		r.Data, r.MXPriority = vpsapi.RecordData{rr.Mx}, integer(rr.Preference)
	case *dns.TXT:
		r.Data = vpsapi.RecordData{unescaped(strings.Join(rr.Txt, ""))}
	case *dns.SRV:
		labels := strings.SplitN(host, ".", 3)
		if len(labels) < 2 || !strings.HasPrefix(labels[0], "_") || !strings.HasPrefix(labels[1], "_") {
			return nil, fmt.Errorf("zone: SRV %s: its name must begin with _service._protocol", vpsapi.Quote(owner))
		}
		r.Service, r.Protocol, r.Host = vpsapi.Text(labels[0][1:]), vpsapi.Text(labels[1]), "@"
		if len(labels) == 3 {
			r.Host = vpsapi.Text(labels[2])
		}
		r.Data, r.Priority, r.Weight, r.Port = vpsapi.RecordData{rr.Target}, integer(rr.Priority), integer(rr.Weight), integer(rr.Port)
	default:
		return nil, fmt.Errorf("zone: %s %s: the API has no such type; it takes NS, A, AAAA, MX, TXT, CNAME, SRV", vpsapi.Quote(owner), dns.TypeToString[rr.Header().Rrtype])
	}
	for _, name := range []string{string(r.Host), string(r.Service), string(r.Protocol), r.Data[0]} {
		if r.Type != "txt" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_.*@:") != "" {
			return nil, fmt.Errorf("zone: %s has characters that no host name has", vpsapi.Quote(name))
		}
	}
	return r, nil
}

// unescaped undoes the library's escapes: \" and \\ and \DDD.
func unescaped(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 10, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		i++
		b.WriteByte(s[i])
	}
	return b.String()
}
