package zone

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// findings are what lint has to say: what surely breaks, and what may be meant.
type findings struct {
	wrong, doubts []string
}

// addFault adds what is wrong for certain.
func (f *findings) addFault(format string, args ...any) {
	f.wrong = append(f.wrong, fmt.Sprintf(format, args...))
}

// addDoubt adds what is probably wrong.
func (f *findings) addDoubt(format string, args ...any) {
	f.doubts = append(f.doubts, fmt.Sprintf(format, args...))
}

// lintText looks at what a text record says. As receivers do, it takes a text for
// SPF, DMARC or DKIM by how it begins or by its host.
// In a zone file a quote within a text was written on purpose, as \": it may be
// meant, except in what programs read.
func lintText(host, text string, file bool) (f findings) {
	f.checkPasted(host, text, file)
	if file && len(f.wrong) > 0 && !isPolicy(strings.TrimLeft(text, wrappingChars)) {
		f.wrong, f.doubts = nil, f.wrong
	}
	if len(f.wrong) > 0 {
		return f
	}
	switch {
	case isSPF(text):
		f.spf(text)
	case hasLabel(host, "_dmarc") || hasPrefixFold(text, "v=dmarc"):
		f.dmarc(host, text)
	case hasLabel(host, "_domainkey") || hasPrefixFold(text, "v=dkim1"):
		f.dkim(host, text)
	}
	return f
}

// hasPrefixFold is strings.HasPrefix without regard to case.
func hasPrefixFold(text, with string) bool {
	return len(text) >= len(with) && strings.EqualFold(text[:len(with)], with)
}

// hasLabel reports that one of a host's labels, split at its dots, is this one.
func hasLabel(host, label string) bool { return slices.Contains(strings.Split(host, "."), label) }

// isSPF reports a text that is meant as SPF, also one whose terms are glued.
func isSPF(text string) bool {
	const version = "v=spf1"
	return hasPrefixFold(text, version) && (len(text) == len(version) || strings.IndexByte("0123456789.", text[len(version)]) < 0)
}

const (
	// curlyQuotes are the quotation marks that text programs put in place of straight ones.
	curlyQuotes   = "“”„‟‘’‚‛«»‹›″"
	wrappingChars = curlyQuotes + `"'() ` // what a text may be wrapped in where it comes from
)

var (
	partBoundary = regexp.MustCompile(`"\s*"`)   // between the parts of a long text
	byteEscape   = regexp.MustCompile(`\\\d{3}`) // a byte in a zone file
)

// checkPasted finds the quotes and escapes of a zone file, and those of a word processor.
// Stored, they are part of the text.
func (f *findings) checkPasted(host, text string, file bool) {
	trimmed := strings.TrimSpace(text)
	inner := strings.Trim(trimmed, wrappingChars)
	switch {
	case isPolicy(inner) && (strings.Contains(text, `"`) || inner != trimmed) && !strings.ContainsAny(text, curlyQuotes+`\`):
		f.addFault("the text has quotes or brackets of a zone file, which would be stored: %s", suggestText(host, strings.ReplaceAll(partBoundary.ReplaceAllString(inner, ""), `"`, ""), file))
	case len(trimmed) > 1 && trimmed[0] == '"' && trimmed[len(trimmed)-1] == '"':
		f.addFault("the text is in the quotes of a zone file, which would be stored: %s", suggestText(host, unquoted(trimmed), file))
	case strings.Contains(text, `\"`):
		f.addFault(`the text has the escapes of a zone file (\"), which would be stored: leave each backslash out`)
	case strings.Contains(text, `\;`):
		f.addFault(`the text has the escapes of a zone file (\;), which would be stored: %s`, suggestText(host, unescaped(text), file))
	case byteEscape.MatchString(text):
		f.addFault("the text has the escapes of a zone file (%s), which would be stored: write the characters themselves", byteEscape.FindString(text))
	case strings.ContainsAny(text, curlyQuotes) && (isPolicy(strings.TrimLeft(text, curlyQuotes+" ")) || strings.IndexAny(trimmed, curlyQuotes) == 0):
		f.addFault("the text has typographic quotes, which would be stored: leave them out")
	case trimmed != "" && (trimmed[0] == '"') != (trimmed[len(trimmed)-1] == '"') && strings.Count(trimmed, `"`)%2 == 1:
		f.addDoubt("the text has one quote alone, which would be stored; was the text cut?")
	}
}

// suggestText says what to give for a text with quotes or escapes: never what would be
// refused in its turn, as where two parts met without a space.
func suggestText(host, text string, file bool) string {
	if f := lintText(host, text, file); len(f.wrong) > 0 {
		return fmt.Sprintf("without them it reads %s, which is wrong too: %s", words.LongQuote(text), f.wrong[0])
	}
	return "give " + words.LongQuote(text)
}

// isPolicy reports a text that programs read.
func isPolicy(text string) bool {
	return isSPF(text) || hasPrefixFold(text, "v=dmarc1") || hasPrefixFold(text, "v=dkim1")
}

// unquoted is what the texts of a zone file's line say together.
func unquoted(text string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			b.WriteString(text[i : i+2])
			i++
		case text[i] == '"':
			inside = !inside
		case inside:
			b.WriteByte(text[i])
		}
	}
	return unescaped(b.String())
}

// dmarc holds a DMARC text to RFC 7489. At other hosts nobody looks for one.
func (f *findings) dmarc(host, text string) {
	if !hasPrefixFold(text, "v=dmarc") {
		f.addDoubt("DMARC: a text at _dmarc that does not begin with v=DMARC1 is ignored")
		return
	}
	if !hasLabel(host, "_dmarc") {
		f.addDoubt("DMARC: receivers look for it at the host _dmarc alone")
	}
	if !strings.HasPrefix(text, "v=DMARC1") {
		f.addFault("DMARC: it must begin with v=DMARC1, in capital letters")
		return
	}
	rest := strings.TrimSpace(text[len("v=DMARC1"):])
	if rest != "" && rest[0] != ';' {
		f.addFault("DMARC: a ; is missing after v=DMARC1 (parts in quotes are joined as they are)")
		return
	}
	policies := []string{"none", "quarantine", "reject"}
	tags := parseTags(text)
	policy, ok := tags["p"]
	switch {
	case !ok:
		f.addFault("DMARC: it has no p= and ends too early (in a zone file, the text needs quotes: a ; without them begins a comment)")
	case !slices.Contains(policies, strings.ToLower(policy)):
		f.addFault("DMARC: p=%s is not one of none, quarantine, reject (is a ; missing?)", vpsapi.Quote(policy))
	}
	if sub, ok := tags["sp"]; ok && !slices.Contains(policies, strings.ToLower(sub)) {
		f.addFault("DMARC: sp=%s is not one of none, quarantine, reject (is a ; missing?)", vpsapi.Quote(sub))
	}
	for _, tag := range []string{"rua", "ruf"} {
		if to, ok := tags[tag]; ok && !hasPrefixFold(to, "mailto:") {
			f.addDoubt("DMARC: %s= takes mailto:you@example.com", tag)
		}
	}
}

// dkim checks a DKIM key by RFC 6376.
func (f *findings) dkim(host, text string) {
	if !hasLabel(host, "_domainkey") {
		f.addDoubt("DKIM: receivers look for keys below _domainkey alone, such as k1._domainkey")
	}
	if strings.HasPrefix(host, "_domainkey") && hasPrefixFold(text, "o=") || hasPrefixFold(text, "t=y") && !strings.Contains(text, "p=") {
		return // the old policy record at _domainkey itself
	}
	tags := parseTags(text)
	if version, ok := tags["v"]; ok && version != "DKIM1" {
		f.addFault("DKIM: it must begin with v=DKIM1, in capital letters; receivers ignore any other version")
		return
	}
	key, ok := tags["p"]
	if !ok {
		f.addFault("DKIM: it has no p= and ends too early (in a zone file, the text needs quotes: a ; without them begins a comment)")
		return
	}
	key = strings.Join(strings.Fields(key), "")
	der, err := base64.StdEncoding.DecodeString(key)
	switch {
	case key == "":
		f.addDoubt("DKIM: its p= is empty: the key is taken back, and mail that was signed with it is not trusted")
	case err != nil:
		f.addDoubt("DKIM: the key is not whole base64; was it cut, or glued to what follows?")
	case len(der) > 4 && der[0] == 0x30 && der[1] == 0x82 && int(der[2])<<8+int(der[3])+4 > len(der):
		f.addFault("DKIM: the key is cut: it announces %d bytes and has %d", int(der[2])<<8+int(der[3])+4, len(der))
	}
}

// parseTags reads the tags of DMARC and DKIM: name=value, parted by ;.
func parseTags(text string) map[string]string {
	tags := map[string]string{}
	for _, part := range strings.Split(text, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			tags[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return tags
}
