package policy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"vpsnet-mcp/internal/files"
)

// Names are the tools and groups that a policy may speak of. Those that change something have plans, which rules are
// asked about; those that only read have none.
type Names struct {
	Tools             []string
	Groups            []string
	Changing, Reading []Function
}

// Load reads a policy file. Its error lists every fault with its line.
func Load(path string, names Names) (*Policy, error) {
	text, err := files.ReadTrusted(path)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	p, err := Parse(text, names)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	return p, nil
}

// Parse reads a policy file's text; its error names every fault with its line.
func Parse(text []byte, names Names) (p *Policy, err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			p, err = nil, errors.New("the text cannot be read as YAML")
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	p = &Policy{}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField()).Decode(p); err != nil && len(bytes.TrimSpace(text)) > 0 {
		if faults := findFaults(file, names); len(faults) > 0 {
			return nil, joinFaults(faults)
		}
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	for i := range p.Rules {
		p.Rules[i].line = lineOf(file, fmt.Sprintf("$.rules[%d]", i))
	}
	for i := range p.Protect {
		p.Protect[i].line = lineOf(file, fmt.Sprintf("$.protect[%d]", i))
	}
	return p, joinFaults(append(p.check(names), emptyFaults(file)...))
}

// lineOf returns the line of a path in the policy file; 0 when it is not there.
func lineOf(file *ast.File, path string) int {
	where, err := yaml.PathString(path)
	if err != nil {
		return 0
	}
	node, err := where.FilterFile(file)
	if err != nil || node.GetToken() == nil {
		return 0
	}
	return lineAt(node)
}

// check returns what is wrong with the rules and the protected things, all faults at once.
func (p *Policy) check(names Names) (faults []fault) {
	for i := range p.Rules {
		faults = append(faults, newFaults(p.Rules[i].line, p.Rules[i].check(names))...)
	}
	for _, t := range p.Protect {
		faults = append(faults, newFaults(t.line, t.check())...)
	}
	return faults
}

// normalize brings words that the policy chooses from into their usual form.
func (r *Rule) normalize() {
	plain := func(word string) string { return strings.ToLower(strings.TrimSpace(word)) }
	r.Action = Action(plain(string(r.Action)))
	for _, words := range [][]string{r.Tools, r.Groups, r.Effects} {
		for i, word := range words {
			words[i] = plain(word)
		}
	}
}

// check returns what is wrong with a rule, and brings its words into their usual form.
func (r *Rule) check(names Names) []string {
	r.normalize()
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !slices.Contains([]Action{Allow, Ask, Deny}, r.Action) {
		fault("action %q: use allow, ask or deny", r.Action)
	}
	for _, t := range r.Tools {
		if !slices.ContainsFunc(names.Tools, func(name string) bool { return matchGlob(t, name) }) {
			fault("tools: %q is not a tool", t)
		}
	}
	for _, g := range r.Groups {
		if !slices.Contains(names.Groups, g) {
			fault("groups: %q is not a group; known are %s", g, strings.Join(names.Groups, ", "))
		}
	}
	if len(faults) == 0 {
		faults = r.idleFaults(names)
	}
	for _, e := range r.Effects {
		if !slices.Contains([]string{"change", "disruptive", "commit", "destructive"}, e) {
			fault("effects: %q: use change, disruptive, commit or destructive", e)
		}
	}
	if r.Action == Allow && isGrave(r.Effects) && (len(r.Tools) == 0 || strings.Contains(strings.Join(r.Tools, ""), "*")) {
		fault("allow on commit or destructive effects must name each tool")
	}
	if len(r.ApprovedBy) > 0 && r.Action != Ask {
		fault("approved_by goes with action: ask")
	}
	faults = append(faults, r.conditionFaults()...)
	if r.Hours != nil {
		if err := r.Hours.check(); err != nil {
			fault("hours: %v", err)
		}
	}
	if r.Limit != nil {
		if err := r.Limit.check(); err != nil {
			fault("limit: %v", err)
		}
	}
	return faults
}

// check refuses a limit without a known period or amount.
func (l *Limit) check() error {
	switch {
	case periods[l.Per] == 0:
		return fmt.Errorf("per %q: use hour, day or month", l.Per)
	case l.Count <= 0 && l.Money <= 0:
		return errors.New("give count or money, above 0")
	}
	return nil
}

// check refuses hours, days or a time zone that are not known.
func (h *Hours) check() error {
	var err error
	if h.from, err = parseClock(h.From); err != nil {
		return err
	}
	if h.to, err = parseClock(h.To); err != nil {
		return err
	}
	for i, d := range h.Days {
		h.Days[i] = strings.ToLower(d)
		if !slices.Contains([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, h.Days[i]) {
			return fmt.Errorf("day %q: use mon, tue, wed, thu, fri, sat or sun", d)
		}
	}
	if h.Zone == "Local" {
		return errors.New("zone: name one such as Europe/Berlin")
	}
	h.zone, err = time.LoadLocation(h.Zone)
	return err
}

// parseClock reads a time of day, "24:00" included.
func parseClock(s string) (time.Duration, error) {
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time %q: use the form 09:30", s)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}
