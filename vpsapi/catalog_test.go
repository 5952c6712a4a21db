package vpsapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// row is a line of testdata/functions.tsv, the list of the API's functions; its
// columns are described in api/README.md.
type row struct {
	Tool, Group, Heading string
	Routes               []string
	Query                []string // name, or name? for an optional one
	Envelope             string
	Evidence, Safety     string
}

func functionRows(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("testdata/functions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if want := "n\tgroup\ttool\tfunction\tmethod\tpath\tquery\tenvelope\tevidence\tsafety\tconsent"; lines[0] != want {
		t.Fatalf("the columns are\n%q, not\n%q", lines[0], want)
	}
	rows := make([]row, 0, len(lines)-1)
	for _, line := range lines[1:] {
		c := strings.Split(line, "\t")
		if len(c) != 11 {
			t.Fatalf("%d columns: %s", len(c), line)
		}
		rows = append(rows, row{
			Group: c[1], Tool: c[2], Heading: c[3], Routes: expandRoutes(c[4], c[5]), Query: strings.Fields(c[6]),
			Envelope: c[7], Evidence: c[8], Safety: c[9],
		})
	}
	if len(rows) != 98 {
		t.Fatalf("%d rows, not 98", len(rows))
	}
	return rows
}

var choice = regexp.MustCompile(`\{([a-z]+(?:,[a-z]+)+)\}`)

// expandRoutes spells out "A or B_{x,y}" as A, B_x and B_y, sorted.
func expandRoutes(method, path string) []string {
	var routes []string
	for _, p := range strings.Split(path, " or ") {
		if m := choice.FindStringSubmatch(p); m != nil {
			for _, word := range strings.Split(m[1], ",") {
				routes = append(routes, method+" "+strings.Replace(p, m[0], word, 1))
			}
			continue
		}
		routes = append(routes, method+" "+p)
	}
	slices.Sort(routes)
	return routes
}

// bodyKeys are envelopes of the list that are not envelope of an Op: the key
// stands in the input itself.
var bodyKeys = map[string]string{
	"update_domain_records": "domain_records", // holds a list, and an envelope holds an object
}

// optionalEnvelopes are envelopes of an Op that the list leaves out, because
// the whole body is optional.
var optionalEnvelopes = map[string]string{
	"rebuild_cloud_server": "virtual_machine", // api/README.md: optionally {"virtual_machine": {...}}
}

// worse are functions that the list takes for milder than they can be, and why.
var worse = map[string]string{
	"create_domain":        "disruptive", // a domain below one that exists takes names away from it
	"create_domain_record": "disruptive", // a record beside others, or for others, sends mail and traffic elsewhere
}

func rowOf(group string, info vpsapi.Info) row {
	r := row{
		Group: group, Tool: info.Name, Heading: info.Heading, Envelope: info.Envelope,
		Evidence: string(info.Evidence), Safety: info.Safety.String(),
	}
	for _, route := range info.Routes() {
		text := string(route)
		if info.Suffix != ".api10json" {
			text += info.Suffix
		}
		r.Routes = append(r.Routes, text)
	}
	slices.Sort(r.Routes)
	return r
}

// TestFunctionsAreTheListed holds the Ops against the list, row by row.
func TestFunctionsAreTheListed(t *testing.T) {
	rows := functionRows(t)
	ours := map[string]row{}
	var order []string
	for _, g := range vpsapi.Groups() {
		for _, op := range g.Operations {
			info := op.Info()
			ours[info.Name] = rowOf(g.Name, info)
			if info.Heading != "" { // it is from the document
				order = append(order, info.Name)
			}
		}
	}
	var listed, missing []string
	for _, want := range rows {
		listed = append(listed, want.Tool)
		got, ok := ours[want.Tool]
		if !ok {
			missing = append(missing, want.Tool)
			continue
		}
		want.Query = nil
		if key, ok := bodyKeys[want.Tool]; ok && want.Envelope == key && got.Envelope == "" {
			want.Envelope = ""
		}
		if key, ok := optionalEnvelopes[want.Tool]; ok && got.Envelope == key {
			want.Envelope = key
		}
		if safety, ok := worse[want.Tool]; ok {
			want.Safety = safety
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-list +ours):\n%s", want.Tool, diff)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d functions are missing:\n%s", len(missing), strings.Join(missing, "\n"))
	}
	if diff := cmp.Diff(without(listed, missing), order); diff != "" {
		t.Errorf("order (-list +ours):\n%s", diff)
	}
}

// TestListedQueryIsInInput holds that every query argument of the list is an
// argument, required where the list has no question mark.
func TestListedQueryIsInInput(t *testing.T) {
	for _, r := range functionRows(t) {
		op, ok := vpsapi.Find(r.Tool)
		if !ok {
			continue // TestFunctionsAreTheListed lists it
		}
		arguments := arguments(op.Info().In)
		for _, q := range r.Query {
			name, optional := strings.CutSuffix(q, "?")
			if got, ok := arguments[name]; !ok || got != optional {
				t.Errorf("%s: query argument %s is not in %v (true: optional)", r.Tool, q, arguments)
			}
		}
		for _, route := range op.Info().Routes() {
			for _, name := range route.Placeholders() {
				if optional, ok := arguments[name]; !ok || optional {
					t.Errorf("%s: the route's %s is not a required argument: %v (true: optional)", r.Tool, name, arguments)
				}
			}
		}
	}
}

// arguments gives an input's JSON names and whether each is optional.
func arguments(in reflect.Type) map[string]bool {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(in) {
		if name, options, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names[name] = strings.Contains(options, "omitempty")
		}
	}
	return names
}

func TestNamesTitlesAndDocs(t *testing.T) {
	legal := regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	names, titles := map[string]bool{}, map[string]string{}
	for _, op := range everyOperation() {
		info := op.Info()
		if !legal.MatchString(info.Name) {
			t.Errorf("%s: not of the form %s", info.Name, legal)
		}
		if names[info.Name] {
			t.Errorf("%s: two functions of this name", info.Name)
		}
		names[info.Name] = true
		if info.Title == "" {
			t.Errorf("%s: no title", info.Name)
		}
		if other, ok := titles[info.Title]; ok {
			t.Errorf("%s: the title %q is also that of %s", info.Name, info.Title, other)
		}
		titles[info.Title] = info.Name
		if n := len(strings.Fields(info.Doc)); n == 0 || n > 40 {
			t.Errorf("%s: the doc has %d words, want 1 to 40", info.Name, n)
		}
	}
}

// everyOperation lists the document's functions and those beyond it.
func everyOperation() []vpsapi.Operation {
	var all []vpsapi.Operation
	for _, g := range vpsapi.All() {
		all = append(all, g.Operations...)
	}
	return all
}

// TestBeyondTheDocument holds that what is beyond the document is none of its
// 98 rows, and says by what programs it is known: a function of the newer API in
// words of its own.
func TestBeyondTheDocument(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range functionRows(t) {
		listed[r.Tool] = true
	}
	known := map[vpsapi.API][]vpsapi.Evidence{
		vpsapi.Classic:  {vpsapi.Clients},
		vpsapi.Platform: {vpsapi.Production, vpsapi.ClaimedWorking, vpsapi.SisterBrand},
	}
	for _, g := range vpsapi.Undocumented() {
		for _, op := range g.Operations {
			info := op.Info()
			if listed[info.Name] || info.Heading != "" || !slices.Contains(known[info.API], info.Evidence) {
				t.Errorf("%s: a row of the list, or of a wrong evidence: %+v", info.Name, info)
			}
			if newer := strings.Contains(info.Name, "platform"); newer != (info.API == vpsapi.Platform) {
				t.Errorf("%s: the name does not tell that it is a function of %s", info.Name, info.API)
			}
		}
	}
}

// source is the package's own code, tests left out.
func source(t *testing.T) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// TestEveryOpIsInOneGroup finds an Op that was written and never listed.
func TestEveryOpIsInOneGroup(t *testing.T) {
	ops, listed := map[string]bool{}, map[string]int{}
	for _, file := range source(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if lit, ok := v.(*ast.CompositeLit); ok && genericName(lit.Type) == "Op" {
						ops[n.Names[i].Name] = true
					}
				}
			case *ast.CompositeLit:
				if array, ok := n.Type.(*ast.ArrayType); ok && genericName(array.Elt) == "Operation" {
					for _, element := range n.Elts {
						listed[genericName(element)]++
					}
				}
			}
			return true
		})
	}
	for name := range ops {
		if listed[name] != 1 {
			t.Errorf("%s is in the groups' lists %d times, want once", name, listed[name])
		}
	}
	for name := range listed {
		if !ops[name] {
			t.Errorf("%s is in a group's list and is not a variable of an Op literal", name)
		}
	}
	if n := len(everyOperation()); n != len(ops) {
		t.Errorf("%d operations of %d Ops: a list is in no group", n, len(ops))
	}
}

// genericName is the name in N, N[T], N[T, U] or *N.
func genericName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return genericName(e.X)
	case *ast.IndexExpr:
		return genericName(e.X)
	case *ast.IndexListExpr:
		return genericName(e.X)
	default:
		return ""
	}
}

// byHand lists the types whose wire form the one rule of fill and the tags
// cannot give, and why. It should stay short.
var byHand = map[string]string{
	"CreateScheduledUpgradeIn.Body": "temporary is always sent, as the document requires; what is left out is false",
	"EditServerIn.Body":             "a hostname goes out under both of its names, as the vendor's own client does",
	"Licenses.wire":                 "an object of id and 1 or 0 on the wire, a list in the schema",
	"Justifications.wire":           "an object of ip_address1, ip_address2 on the wire, a list in the schema",
	"CreatePlatformServerIn.Body":   "both flags go out always, hourly billing as false: it does not exist yet",
	"CreateDomainIn.Body":           "the document sends custom_template always, empty for none",
	"GetDomainIn.Path":              "a domain's name is split at its first dot: /domains/example?tld=co.uk",
	"CreateDomainRecordIn.Body":     "data and ttl have another form for failover and srv records",
	"EditDomainRecordIn.Body":       "data and ttl have another form for failover and srv records",
	"ZoneRecord.wire":               "each record of a zone is wrapped, inside a list that is not",
	"CreateServerIn.Body":           "declines monitoring, which a correction of the route can leave out: a fixed field could not be",
	"CreateSSDServerIn.Body":        "declines monitoring, as CreateServerIn",
	"Record.wire":                   "data holds an MX priority unless ?new was asked for, and is a list for failover alone",
}

// TestWireFormsByHand holds that every departure from the one rule is known.
func TestWireFormsByHand(t *testing.T) {
	found := map[string]bool{}
	for _, file := range source(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			switch form := f.Name.Name; {
			case form == "wire" && f.Type.Params.NumFields() == 0,
				form == "Body" && f.Type.Params.NumFields() == 1,
				form == "Path" && f.Type.Params.NumFields() == 2:
				found[genericName(f.Recv.List[0].Type)+"."+form] = true
			}
		}
	}
	for name := range found {
		if byHand[name] == "" {
			t.Errorf("%s: not listed; a tag may do, or say why not", name)
		}
	}
	for name := range byHand {
		if !found[name] {
			t.Errorf("%s: listed and not found", name)
		}
	}
}
