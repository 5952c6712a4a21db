package setup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

// blankChars are the white space of JSON.
const blankChars = " \t\r\n"

// bom opens files that some Windows editors wrote.
var bom = []byte("\xef\xbb\xbf")

// decode reads a configuration; an empty one has nothing.
func (c Client) decode(text []byte) (map[string]any, error) {
	if c.TOML {
		return decodeTOML(text)
	}
	doc := map[string]any{}
	v, err := parse(ensureObject(bytes.TrimPrefix(text, bom)))
	if err != nil {
		return nil, err
	}
	v.Standardize()
	d := json.NewDecoder(bytes.NewReader(v.Pack()))
	d.UseNumber()
	return doc, d.Decode(&doc)
}

// parse reads JSON with comments; the last may end with the file.
func parse(text []byte) (hujson.Value, error) {
	return hujson.Parse(append(slices.Clone(text), '\n'))
}

// ensureObject returns a text with an empty object after it where it has nothing but blanks
// and comments.
func ensureObject(text []byte) []byte {
	if _, err := parse(text); err == nil {
		return text
	}
	line := lineEnd(text)
	gap := ""
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		gap = line
	}
	made := append(slices.Clone(text), gap+"{"+line+"}"+line...)
	if _, err := parse(made); err != nil {
		return text
	}
	return made
}

// lineEnd returns the line end that a text uses: \n or \r\n.
func lineEnd(text []byte) string {
	if bytes.Contains(text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// setJSON edits JSON with comments by cuts in the text.
func setJSON(c Client, text []byte, name string, e *Entry) ([]byte, error) {
	body := bytes.TrimPrefix(text, bom)
	mark := text[:len(text)-len(body)]
	body = ensureObject(body)
	doc, err := parse(body)
	if err != nil {
		return nil, err
	}
	j := jsonText{text: body, line: lineEnd(body), unit: "  "}
	j.learnStyle(doc)
	servers, at, err := findMember(doc, c.Table)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		if e == nil {
			return text, nil
		}
		inner := j.member(Name, c.entryPairs(*e), j.unit+j.unit)
		table := fmt.Sprintf("%q: {%s%s%s%s%s}", c.Table, j.line, j.unit+j.unit, inner, j.line, j.unit)
		edited := j.insert(doc, func(string) string { return table }, j.unit)
		return append(slices.Clone(mark), edited...), nil
	}
	entry, i, err := findMember(servers, name)
	if err != nil {
		return nil, err
	}
	var edited []byte
	switch {
	case e == nil && i < 0:
		return text, nil
	case e == nil:
		edited = j.cutMember(servers, i)
	case i < 0:
		fresh := c.entryPairs(*e)
		edited = j.insert(servers, func(indent string) string { return j.member(Name, fresh, indent) }, j.indent(servers))
	default:
		edited = j.replace(entry, append(c.entryPairs(*e), j.keptPairs(entry)...))
		if literal := servers.Value.(*hujson.Object).Members[i].Name; name != Name {
			edited = splice(edited, literal.StartOffset, literal.EndOffset, string(quoted(Name)))
		}
	}
	return append(slices.Clone(mark), edited...), nil
}

// findMember finds a member of an object; -1 when there is none.
func findMember(v hujson.Value, name string) (hujson.Value, int, error) {
	object, ok := v.Value.(*hujson.Object)
	if !ok {
		return hujson.Value{}, -1, fmt.Errorf("an object is expected at %s; add the entry by hand, as --print shows it", name)
	}
	found, at := hujson.Value{}, -1
	for i, m := range object.Members {
		if literal, ok := m.Name.Value.(hujson.Literal); ok && literal.String() == name {
			if at >= 0 {
				return found, at, fmt.Errorf("%s is there twice; remove one", name)
			}
			found, at = m.Value, i
		}
	}
	return found, at, nil
}

// jsonText is a text with the habits of who wrote it.
type jsonText struct {
	text       []byte
	line, unit string // how a line ends, and one step of indentation
}

// learnStyle takes on the indentation that the file has.
func (j *jsonText) learnStyle(doc hujson.Value) {
	if object, ok := doc.Value.(*hujson.Object); ok && len(object.Members) > 0 {
		if indent, own := j.before(object.Members[0].Name.StartOffset); own && indent != "" {
			j.unit = indent
		}
	}
}

// before is the blank start of a place's line, and whether there is nothing else
// before the place.
func (j *jsonText) before(at int) (string, bool) {
	line := j.text[bytes.LastIndexByte(j.text[:at], '\n')+1 : at]
	blank := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	return string(blank), len(blank) == len(line)
}

// indent returns the indentation of an object's members.
func (j *jsonText) indent(v hujson.Value) string {
	if object := v.Value.(*hujson.Object); len(object.Members) > 0 {
		if indent, own := j.before(object.Members[0].Name.StartOffset); own {
			return indent
		}
	}
	indent, _ := j.before(v.StartOffset)
	return indent + j.unit
}

// member writes a member over several lines.
func (j *jsonText) member(name string, pairs []entryPair, indent string) string {
	return fmt.Sprintf("%q: %s", name, j.object(pairs, indent))
}

// object returns an object in the file's style.
func (j *jsonText) object(pairs []entryPair, indent string) string {
	list := make([]string, len(pairs))
	for i, p := range pairs {
		list[i] = fmt.Sprintf("%s%s%s: %s", j.line, indent+j.unit, quoted(p.name), p.value)
	}
	return "{" + strings.Join(list, ",") + j.line + indent + "}"
}

// insert adds a member at an object's end. What stood there stays as it is, but
// for the blanks of an object that was empty on one line.
func (j *jsonText) insert(v hujson.Value, member func(indent string) string, indent string) []byte {
	object := v.Value.(*hujson.Object)
	last, end := v.StartOffset+1, v.EndOffset-1
	before, after := "", ""
	if n := len(object.Members); n > 0 {
		last = object.Members[n-1].Value.EndOffset
		if j.commaAt(object.Members[n-1].Value) < 0 {
			before = ","
		} else {
			after = ","
		}
	}
	content := bytes.TrimRight(j.text[last:end], blankChars)
	space := string(j.text[last+len(content) : end])
	gap := j.line + indent
	switch {
	case strings.Contains(space, "\n"):
	case len(object.Members) > 0: // all on one line
		gap = " "
	default:
		closing, _ := j.before(v.StartOffset)
		space = j.line + closing
	}
	return splice(j.text, last, end, before+string(content)+gap+member(indent)+after+space)
}

// replace returns the text with an entry replaced by these pairs.
func (j *jsonText) replace(v hujson.Value, pairs []entryPair) []byte {
	indent, _ := j.before(v.StartOffset)
	return splice(j.text, v.StartOffset, v.EndOffset, j.object(pairs, indent))
}

// keptPairs returns what a person added to our entry.
func (j *jsonText) keptPairs(v hujson.Value) []entryPair {
	object, ok := v.Value.(*hujson.Object)
	if !ok {
		return nil
	}
	var kept []entryPair
	for _, m := range object.Members {
		name := m.Name.Value.(hujson.Literal).String()
		if isKeptMember(name) {
			kept = append(kept, entryPair{name, json.RawMessage(j.text[m.Value.StartOffset:m.Value.EndOffset])})
		}
	}
	return kept
}

// cutMember takes a member out, with one comma; comments around it stay.
func (j *jsonText) cutMember(v hujson.Value, i int) []byte {
	object := v.Value.(*hujson.Object)
	m := object.Members[i]
	head := j.text[:m.Name.StartOffset]
	rest := j.text[m.Value.EndOffset:]
	if comma := j.commaAt(m.Value); comma >= 0 { // its own
		rest = slices.Concat(j.text[m.Value.EndOffset:comma], j.text[comma+1:])
	} else if i > 0 { // the comma before it
		comma := j.commaAt(object.Members[i-1].Value)
		head = slices.Concat(head[:comma], head[comma+1:])
	}
	follows, _, _ := bytes.Cut(rest, []byte("\n"))
	follows = bytes.TrimLeft(follows, blankChars)
	_, own := j.before(m.Name.StartOffset)
	if len(follows) == 0 || (follows[0] == '}' && !own) { // nothing else is on its line
		head = bytes.TrimRight(head, blankChars)
		if len(object.Members) == 1 && len(head) == v.StartOffset+1 {
			rest = bytes.TrimLeft(rest, blankChars)
		}
	} else { // what follows takes its place
		rest = bytes.TrimLeft(rest, " \t")
	}
	return slices.Concat(head, rest)
}

// commaAt returns where the comma after a value stands; -1 when there is none.
func (j *jsonText) commaAt(v hujson.Value) int {
	at := v.EndOffset + len(v.AfterExtra)
	if at < len(j.text) && j.text[at] == ',' {
		return at
	}
	return -1
}

// splice returns text with put in place of the bytes from one place to another.
func splice(text []byte, from, to int, put string) []byte {
	return slices.Concat(text[:from], []byte(put), text[to:])
}
