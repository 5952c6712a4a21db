package policy

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// A condition that fits nothing is worse than none: whoever wrote it believes that it
// holds. These checks refuse what can match no thing of an account.

// The ids of things: a number, and with the newer API's servers behind it what their location calls them.
var (
	serverIDForm = regexp.MustCompile(`^[1-9]\d*(-[A-Za-z0-9_.:-]+)?$`)
	cloudIDForm  = regexp.MustCompile(`^[1-9]\d*$`)
)

// idFault says why a text is no id of a form; empty when it may be one.
func idFault(form *regexp.Regexp) func(string) string {
	return func(id string) string {
		if form.MatchString(id) {
			return ""
		}
		why := "a name goes with label"
		if _, err := netip.ParseAddr(id); err == nil {
			why = "a server is named by its id or label, and is protected with its addresses"
		}
		return fmt.Sprintf("%q is not an id, and matches nothing: ids stand in the lists, such as 1384; %s", id, why)
	}
}

// labelFault says why no label is like a pattern; empty when one may be.
func labelFault(pattern string) string {
	switch {
	case strings.TrimSpace(pattern) == "":
		return fmt.Sprintf("%q matches nothing: give a label, with * for any characters", pattern)
	case strings.TrimSpace(pattern) != pattern:
		return fmt.Sprintf("%q begins or ends with a space, as no label does: take it away, or write * in its place", pattern)
	case strings.ContainsFunc(pattern, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return fmt.Sprintf("%q has a line end, a tab or the like, as no label has", pattern)
	}
	return ""
}

// domainLabel is a part of a name between its dots; records' names may have underscores.
var domainLabel = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

// maxName is how many characters a domain name has at most.
const maxName = 253

// domainFault says why a text is not the name of a domain; empty when it may be one.
func domainFault(name string) string {
	no := func(why string) string { return fmt.Sprintf("%q matches nothing: %s", name, why) }
	plain := strings.TrimSuffix(name, ".")
	base, wild := strings.CutPrefix(plain, "*.")
	switch _, err := netip.ParseAddr(strings.Trim(plain, "[]")); {
	case plain == "":
		return no("give the name of a domain, such as example.com")
	case wild && domainFault(base) == "":
		return no("a domain covers all that is below it: write " + base)
	case strings.Contains(plain, "*"):
		return no("* is not taken in a domain, which covers all that is below it")
	case err == nil:
		return no("it is an IP address; a protected server is protected with its addresses: name that by server or label")
	case strings.ContainsAny(plain, "/:"):
		return no("write the name alone, without https://, port and path")
	case strings.Contains(plain, "@"):
		return no("it is an e-mail address; write the name behind the @")
	case strings.ContainsFunc(plain, func(c rune) bool { return c > 0x7f }):
		return no("write a name with other letters as it stands in DNS (xn--...)")
	case len(plain) > maxName:
		return no("it is longer than a name can be")
	}
	if last := plain[strings.LastIndex(plain, ".")+1:]; last != "" && strings.Trim(last, "0123456789") == "" {
		return no("no name ends with a number; an id goes with server")
	}
	for part := range strings.SplitSeq(plain, ".") {
		if !domainLabel.MatchString(part) {
			return no(fmt.Sprintf("%q is not a part of a name; write it as example.com", part))
		}
	}
	return ""
}

// check returns what is wrong with a protected thing.
func (t Target) check() []string {
	if t.Server+t.Label+t.Cloud+t.Domain == "" {
		return []string{"protect: give server, label, cloud or domain"}
	}
	var faults []string
	for _, c := range []struct {
		key, value string
		fault      func(string) string
	}{{"server", t.Server, idFault(serverIDForm)}, {"label", t.Label, labelFault}, {"cloud", t.Cloud, idFault(cloudIDForm)}, {"domain", t.Domain, domainFault}} {
		if c.value == "" {
			continue
		}
		if says := c.fault(c.value); says != "" {
			faults = append(faults, fmt.Sprintf("protect: %s: %s", c.key, says))
		}
	}
	if t.Domain != "" && t.Server+t.Cloud != "" {
		faults = append(faults, "protect: "+neverBoth)
	}
	return faults
}

// neverBoth is the fault of an entry whose conditions exclude each other.
const neverBoth = "no thing is of a domain and of a server or cloud, so that this matches nothing: write one entry for each"

// conditionFaults says which conditions on things fit nothing.
func (r Rule) conditionFaults() []string {
	var faults []string
	for _, c := range []struct {
		key    string
		values []string
		fault  func(string) string
	}{{"servers", r.Servers, idFault(serverIDForm)}, {"labels", r.Labels, labelFault}, {"clouds", r.Clouds, idFault(cloudIDForm)}, {"domains", r.Domains, domainFault}, {"approved_by", r.ApprovedBy, nameFault}} {
		for _, value := range c.values {
			if says := c.fault(value); says != "" {
				faults = append(faults, fmt.Sprintf("%s: %s", c.key, says))
			}
		}
	}
	if len(r.Domains) > 0 && len(r.Servers)+len(r.Clouds) > 0 {
		faults = append(faults, neverBoth)
	}
	return faults
}

// idleFaults says which of the rule's tools and groups no plan is of, one by one and together. A deny without any other
// condition takes tools away that only read, too.
func (r Rule) idleFaults(names Names) []string {
	known := names.Changing
	if r.Action == Deny && r.Hours == nil && r.Limit == nil && len(r.Effects) == 0 && !r.dependsOnThings() {
		known = slices.Concat(known, names.Reading)
	}
	if len(known) == 0 {
		return nil // of whom the policy is asked is not known
	}
	var faults []string
	for _, part := range []struct {
		key    string
		values []string
		rule   func(string) Rule
	}{
		{"tools", r.Tools, func(v string) Rule { return Rule{Tools: []string{v}} }}, {"groups", r.Groups, func(v string) Rule { return Rule{Groups: []string{v}} }},
	} {
		for _, v := range part.values {
			if !slices.ContainsFunc(known, part.rule(v).matchesTool) {
				faults = append(faults, fmt.Sprintf("%s: %q only reads, and matches nothing: rules speak of changes; a deny rule without further conditions takes a tool away", part.key, v))
			}
		}
	}
	if len(faults) == 0 && !slices.ContainsFunc(known, r.matchesTool) {
		faults = append(faults, fmt.Sprintf("no tool of %s is of the group %s, so that this matches nothing: write one rule for each", strings.Join(r.Tools, ", "), strings.Join(r.Groups, ", ")))
	}
	return faults
}

// nameFault says why a text names nobody.
func nameFault(name string) string {
	if name == "" || strings.TrimSpace(name) != name {
		return fmt.Sprintf("%q names nobody", name)
	}
	return ""
}

// emptyFaults finds the conditions of rules and protections that are written down and
// say nothing: taken for absent they would match everything.
func emptyFaults(file *ast.File) []fault {
	if len(file.Docs) == 0 {
		return nil
	}
	var faults []fault
	for _, list := range mapPairs(file.Docs[0].Body) {
		for _, item := range listItems(list.Value) {
			for _, pair := range mapPairs(item) {
				if isEmpty(pair.Value) {
					faults = append(faults, fault{pair.Key.GetToken().Position.Line, pair.Key.String() + " is empty: give a value, or leave it out"})
				}
			}
			if isEmpty(item) {
				faults = append(faults, fault{lineAt(item), "an entry of " + list.Key.String() + " is empty"})
			}
		}
	}
	return faults
}

// isEmpty reports a value that says nothing.
func isEmpty(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.NullNode:
		return true
	case *ast.StringNode:
		return node.Value == ""
	case *ast.SequenceNode:
		return len(node.Values) == 0
	}
	return false
}
