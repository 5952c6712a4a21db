package zone

import (
	"net/netip"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// spf holds an SPF text to RFC 7208: what it calls a permanent error breaks the
// whole of it for every receiver.
func (f *findings) spf(text string) {
	rest := text[len("v=spf1"):]
	if rest != "" && rest[0] != ' ' {
		f.addFault("SPF: a space is missing after v=spf1 (in a zone file, the text needs quotes, and parts in quotes are joined without a space)")
		return
	}
	terms := strings.Fields(rest)
	if len(terms) == 0 {
		f.addDoubt("SPF: it ends after v=spf1 and allows no sender")
		return
	}
	lookups, ends := 0, false
	if strings.Contains(text, " redirect=") && slices.ContainsFunc(terms, func(t string) bool { return strings.EqualFold(strings.TrimLeft(t, "+-~?"), "all") }) {
		f.addDoubt("SPF: redirect= is ignored beside all")
	}
	for i, term := range terms {
		name, problem := spfTerm(term)
		if problem != "" {
			f.addFault("SPF: %s: %s; receivers ignore the whole record", vpsapi.Quote(term), problem)
		}
		switch name {
		case "include", "a", "mx", "ptr", "exists", "redirect":
			lookups++
		}
		ends = ends || name == "redirect"
		if name == "all" {
			ends = true
			if i < len(terms)-1 && !strings.Contains(terms[i+1], "=") {
				f.addDoubt("SPF: what follows %s is never read", term)
			}
			if strings.TrimLeft(term, "+") == "all" {
				f.addDoubt("SPF: %s lets anybody send for the domain", term)
			}
		}
	}
	if !ends && len(f.wrong) == 0 {
		f.addDoubt("SPF: it ends with neither all nor redirect=; was it cut?")
	}
	if lookups > 10 {
		f.addDoubt("SPF: %d of its terms need a look-up, and receivers stop after 10", lookups)
	}
}

// spfTerm gives a term's name, and what is wrong with it.
func spfTerm(term string) (name, problem string) {
	if key, value, ok := strings.Cut(term, "="); ok && !strings.ContainsAny(key, ":/") {
		if key = strings.ToLower(key); key == "redirect" || key == "exp" {
			return key, spfDomain(value)
		}
		return key, "" // a modifier of another's; receivers pass it over
	}
	bare := strings.TrimLeft(term, "+-~?")
	if len(term)-len(bare) > 1 {
		return "", "it has more than one sign in front"
	}
	name, value := bare, ""
	if i := strings.IndexAny(bare, ":/"); i >= 0 {
		name, value = bare[:i], bare[i:]
	}
	name = strings.ToLower(name)
	argument, hasArgument := strings.CutPrefix(value, ":")
	switch name {
	case "all":
		if value != "" {
			return name, "all takes no value"
		}
	case "include", "exists":
		if !hasArgument {
			return name, "it names no domain"
		}
		return name, spfDomain(argument)
	case "a", "mx", "ptr":
		domain, _, _ := strings.Cut(argument, "/")
		if hasArgument {
			return name, spfDomain(domain)
		}
	case "ip4", "ip6":
		return name, spfAddress(name, argument)
	default:
		return name, "there is no such term (is a space missing?)"
	}
	return name, ""
}

// spfDomain says what is wrong with the domain of an SPF term; empty for nothing.
func spfDomain(domain string) string {
	if strings.Contains(domain, "%") { // a macro
		return ""
	}
	labels := strings.Split(strings.TrimSuffix(domain, "."), ".")
	for _, label := range labels {
		if !isLabel(label) {
			return "it names no domain (is a space missing?)"
		}
	}
	last := strings.ToLower(labels[len(labels)-1])
	if strings.Contains(last, "-") && !strings.HasPrefix(last, "xn--") {
		return "no domain ends in " + vpsapi.Quote(last) + " (is a space missing?)"
	}
	return ""
}

// spfAddress says what is wrong with the address of an SPF term; empty for nothing.
func spfAddress(kind, text string) string {
	address, length, hasLength := strings.Cut(text, "/")
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Is4() != (kind == "ip4") {
		return "it names no address of that kind (is a space missing?)"
	}
	if hasLength {
		if _, err := ip.Prefix(prefixLength(length)); err != nil {
			return "the prefix is too long for a network"
		}
	}
	return ""
}

// prefixLength reads a short whole number; -1 for what is none.
func prefixLength(text string) int {
	if text == "" || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return -1
	}
	n := 0
	for _, c := range text {
		n = n*10 + int(c-'0')
	}
	return n
}
