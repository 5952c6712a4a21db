package zone

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"vpsnet-mcp/vpsapi"

	"github.com/miekg/dns"
)

// Bounds of a zone file, and of what is told of one that is wrong.
const (
	// maxBytes is the size of the largest zone file that is read.
	maxBytes = 512 << 10
	// maxRecords is how many records a zone file has at most.
	maxRecords = 5000
	// maxFaults is how many faults of a zone file are told at most.
	maxFaults = 20
)

// Parse reads a zone file. Its error names the faults; what is left alone is
// passed over.
func Parse(name, text string) (Zone, error) {
	z := Zone{name: zoneName(name)}
	if len(text) > maxBytes {
		return z, fmt.Errorf("zone: %d bytes; at most %d are allowed", len(text), maxBytes)
	}
	p := dns.NewZoneParser(strings.NewReader(text), z.name+".", "")
	p.SetIncludeAllowed(false)
	p.SetDefaultTTL(86400)
	var faults []string
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if len(z.Records) >= maxRecords || len(faults) >= maxRecords {
			return z, fmt.Errorf("zone: more than %d records", maxRecords)
		}
		r, err := z.record(rr)
		switch {
		case err != nil:
			faults = append(faults, fmt.Sprintf("%s %s: %v", vpsapi.Quote(rr.Header().Name), dns.Type(rr.Header().Rrtype), err))
		case r != nil && whyServiceOwned(*r) == "":
			z.Records = append(z.Records, *r)
		}
	}
	if err := p.Err(); err != nil {
		faults = append(faults, parseFault(err, text))
	}
	if len(faults) > 0 {
		return z, fmt.Errorf("zone: %s", strings.Join(FirstFaults(faults), "; "))
	}
	z.sort()
	return z, nil
}

// FirstFaults keeps as many of the faults as are of use at a time.
func FirstFaults(faults []string) []string {
	if n := len(faults) - maxFaults; n > 0 {
		return append(faults[:maxFaults:maxFaults], fmt.Sprintf("and %d more", n))
	}
	return faults
}

// record is a line of a zone file as the API has it; nil for what is left alone.
func (z Zone) record(rr dns.RR) (*vpsapi.Record, error) {
	header := rr.Header()
	if header.Class != dns.ClassINET {
		return nil, errors.New("its class is not IN")
	}
	host, ok := strings.CutSuffix(strings.ToLower(header.Name), z.name+".")
	if !ok || (host != "" && !strings.HasSuffix(host, ".")) {
		return nil, fmt.Errorf("it is not in %s", z.name)
	}
	if host = strings.TrimSuffix(host, "."); host == "" {
		host = "@"
	}
	ttl := vpsapi.Int(header.Ttl)
	r := &vpsapi.Record{Host: vpsapi.Text(host), TTL: &ttl, Type: vpsapi.Text(strings.ToLower(dns.TypeToString[header.Rrtype]))}
	integer := func(n uint16) *vpsapi.Int { i := vpsapi.Int(n); return &i }
	switch rr := rr.(type) {
	case *dns.SOA:
		return nil, nil
	case *dns.A:
		r.Data = vpsapi.RecordData{address(rr.A.To4())}
	case *dns.AAAA:
		r.Data = vpsapi.RecordData{address(rr.AAAA.To16())}
	case *dns.NS:
		r.Data = vpsapi.RecordData{rr.Ns}
	case *dns.CNAME:
		r.Data = vpsapi.RecordData{rr.Target}
	case *dns.MX:
		r.Data, r.MXPriority = vpsapi.RecordData{rr.Mx}, integer(rr.Preference)
	case *dns.TXT:
		r.Data = vpsapi.RecordData{unescaped(strings.Join(rr.Txt, ""))}
		if !utf8.ValidString(r.Data[0]) {
			return nil, errors.New("its text is not UTF-8, which the API cannot take")
		}
	case *dns.SRV:
		r.Data, r.Priority, r.Weight, r.Port = vpsapi.RecordData{rr.Target}, integer(rr.Priority), integer(rr.Weight), integer(rr.Port)
		return r, splitService(r)
	default:
		return nil, errors.New("the API has no such type; it takes NS, A, AAAA, MX, TXT, CNAME, SRV")
	}
	return r, nil
}

// address is an IP as text. An IPv6 one that holds an IPv4 one stays IPv6.
func address(ip []byte) string {
	a, _ := netip.AddrFromSlice(ip)
	return a.String()
}

// splitService takes service and protocol from an srv record's name, as the API has them
// apart.
func splitService(r *vpsapi.Record) error {
	labels := strings.SplitN(string(r.Host), ".", 3)
	if len(labels) < 2 || labels[0][0] != '_' || !isService(labels[0][1:]) {
		return errors.New("its name must begin with _service._protocol")
	}
	r.Service, r.Protocol, r.Host = vpsapi.Text(labels[0][1:]), vpsapi.Text(labels[1]), "@"
	if len(labels) == 3 {
		r.Host = vpsapi.Text(labels[2])
	}
	if strings.HasPrefix(string(r.Host), "_") {
		return errors.New("its name has more than one _service._protocol")
	}
	return nil
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
