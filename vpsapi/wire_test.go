package vpsapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vpsnet-mcp/vpsapi"
)

// The files of testdata/wire say what goes over the wire, one file a function.
// They are made from the vendor's document alone, never from this package's
// output: client and sandbox share each function's value, so a wrong route or
// body would pass every test between the two.
//
// The comment at the top has one fact a line: "source:" where an example stands,
// "repaired:" what made it JSON, "reencode: CASE:" why the sandbox writes a reply
// in another form, "note:". The sections of a case are CASE/args.json and
// CASE/request (what the arguments become), CASE/reply.json (a reply that must be
// understood), CASE/refusal.json (an answer with status 200 that is a refusal).

// wireFile is what one function's file says.
type wireFile struct {
	tool     string
	reencode map[string]string // case -> why the reply is written in another form
	names    []string          // the cases in the file's order
	cases    map[string]map[string][]byte
}

func wireFiles(t *testing.T) []wireFile {
	t.Helper()
	paths, err := filepath.Glob("testdata/wire/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no wire files: %v", err)
	}
	files := make([]wireFile, len(paths))
	for i, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[i], err = readWireFile(archive)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		files[i].tool = strings.TrimSuffix(filepath.Base(path), ".txtar")
	}
	return files
}

func readWireFile(archive *txtar.Archive) (wireFile, error) {
	f := wireFile{reencode: map[string]string{}, cases: map[string]map[string][]byte{}}
	sourced := false
	for line := range strings.Lines(string(archive.Comment)) {
		key, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "source":
			sourced = true
		case "", "repaired", "note":
		case "reencode":
			name, why, ok := strings.Cut(text, ": ")
			if !ok {
				return f, fmt.Errorf("reencode names a case and why: %s", line)
			}
			f.reencode[name] = why
		default:
			return f, fmt.Errorf("unknown comment: %s", line)
		}
	}
	if !sourced {
		return f, errors.New("no source")
	}
	for _, section := range archive.Files {
		name, part, _ := strings.Cut(section.Name, "/")
		if !slices.Contains([]string{"args.json", "request", "reply.json", "refusal.json"}, part) {
			return f, fmt.Errorf("unknown section: %s", section.Name)
		}
		if f.cases[name] == nil {
			f.cases[name] = map[string][]byte{}
			f.names = append(f.names, name)
		}
		f.cases[name][part] = section.Data
	}
	return f, nil
}

// TestWireFilesAndFunctionsAgree holds that every function has its evidence.
func TestWireFilesAndFunctionsAgree(t *testing.T) {
	var files, functions, cases []string
	for _, f := range wireFiles(t) {
		files = append(files, f.tool)
		for name := range f.reencode {
			if f.cases[name]["reply.json"] == nil {
				cases = append(cases, f.tool+"/"+name)
			}
		}
	}
	for _, op := range everyOperation() {
		functions = append(functions, op.Info().Name)
	}
	if missing := without(files, functions); len(missing) > 0 {
		t.Errorf("%d wire files have no function:\n%s", len(missing), strings.Join(missing, "\n"))
	}
	if missing := without(functions, files); len(missing) > 0 {
		t.Errorf("%d functions have no wire file:\n%s", len(missing), strings.Join(missing, "\n"))
	}
	if len(cases) > 0 {
		t.Errorf("reencode names cases that have no reply: %s", strings.Join(cases, ", "))
	}
}

func without(all, taken []string) []string {
	var left []string
	for _, s := range all {
		if !slices.Contains(taken, s) {
			left = append(left, s)
		}
	}
	return left
}

func TestWire(t *testing.T) {
	for _, f := range wireFiles(t) {
		op, ok := vpsapi.Find(f.tool)
		if !ok {
			continue // TestWireFilesAndFunctionsAgree lists it
		}
		for _, name := range f.names {
			parts := f.cases[name]
			t.Run(f.tool+"/"+name, func(t *testing.T) {
				if text, ok := parts["request"]; ok {
					checkRequest(t, op, parts["args.json"], text)
				}
				if body, ok := parts["reply.json"]; ok {
					checkReply(t, op, body, f.reencode[name] == "")
				}
				if body, ok := parts["refusal.json"]; ok {
					checkRefusal(t, op, parts["args.json"], body)
				}
			})
		}
	}
}

// wireRequest is what a request section says and what Encode must give.
type wireRequest struct {
	Method, Path string
	Query        url.Values
	Body         any
}

func checkRequest(t *testing.T, op vpsapi.Operation, args, section []byte) {
	t.Helper()
	line, body, _ := bytes.Cut(section, []byte("\n"))
	method, address, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := wireRequest{method, u.EscapedPath(), u.Query(), parseJSON(t, body)}

	request, err := op.Encode(input(t, op, args))
	if err != nil {
		t.Fatal(err)
	}
	got := wireRequest{request.Method, request.Path + request.Suffix, request.Query, parseJSON(t, request.Body)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request of %s (-document +ours):\n%s", args, diff)
	}
	checkDecodes(t, op, request, want.Query, body)
}

// checkDecodes holds that the sandbox reads from the documented request what
// the client would write.
func checkDecodes(t *testing.T, op vpsapi.Operation, request vpsapi.Request, query url.Values, body []byte) {
	t.Helper()
	values := pathValues(request.Route, request.Path)
	for key := range query {
		values[key] = query.Get(key)
	}
	for _, m := range routeArgument(op.Info(), request.Route) {
		values[m.Key] = m.Value.(string)
	}
	in, missing, err := op.DecodeRequest(values, body)
	if err != nil {
		t.Errorf("the sandbox cannot read the documented request: %v", err)
		return
	}
	if len(missing) > 0 {
		t.Errorf("the sandbox misses %v in the documented request", missing)
	}
	again, err := op.Encode(in)
	if err != nil {
		t.Errorf("what the sandbox reads from the documented request is not a valid input: %v", err)
		return
	}
	if diff := cmp.Diff(parseJSON(t, request.Body), parseJSON(t, again.Body)); request.URL() != again.URL() || diff != "" {
		t.Errorf("the sandbox reads the documented request as %s %s:\n%s", again.Method, again.URL(), diff)
	}
}

// pathValues reads the values of a route's placeholders from a filled path.
func pathValues(route vpsapi.Route, path string) map[string]string {
	values := map[string]string{}
	filled := strings.Split(path, "/")
	for i, segment := range strings.Split(route.Path(), "/") {
		if strings.HasPrefix(segment, "{") && i < len(filled) {
			values[strings.Trim(segment, "{}")], _ = url.PathUnescape(filled[i])
		}
	}
	return values
}

// routeArgument is the argument that chose a route, where one does.
func routeArgument(info vpsapi.Info, route vpsapi.Route) vpsapi.Object {
	for value, r := range info.RouteBy.Routes {
		if r == route {
			return vpsapi.Object{{Key: info.RouteBy.Arg, Value: value}}
		}
	}
	return nil
}

func checkReply(t *testing.T, op vpsapi.Operation, body []byte, reencodes bool) {
	t.Helper()
	out, err := op.DecodeReply(body)
	if err != nil {
		t.Fatalf("DecodeReply: %v", err)
	}
	shown, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	want := parseJSON(t, body)
	leaves := want
	if envelope, ok := want.(map[string]any); ok && op.Info().API == vpsapi.Platform {
		leaves = envelope["data"] // absent where there is nothing to say
	}
	if lost := lostLeaves("", leaves, parseJSON(t, shown)); leaves != nil && len(lost) > 0 {
		t.Errorf("the typed reply lacks what the document shows:\n%s\nin %s", strings.Join(lost, "\n"), shown)
	}
	if !reencodes {
		return
	}
	encoded, err := op.EncodeReply(out)
	if err != nil {
		t.Fatalf("EncodeReply: %v", err)
	}
	if diff := cmp.Diff(want, parseJSON(t, encoded)); diff != "" {
		t.Errorf("EncodeReply (-document +ours):\n%s", diff)
	}
}

// checkRefusal holds that an answer with status 200 is known for a refusal.
func checkRefusal(t *testing.T, op vpsapi.Operation, args, body []byte) {
	t.Helper()
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: "dave@vps.net", APIKey: "abc123ABC456==", Token: "abc123ABC456TOKEN", PerSecond: -1, Concurrent: -1, Transport: answer(body),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = op.Do(t.Context(), client, input(t, op, args))
	var refused *vpsapi.Error
	if !errors.As(err, &refused) || refused.Outcome != vpsapi.Refused {
		t.Errorf("the answer %s gives %v, want a refusal", bytes.TrimSpace(body), err)
	}
}

// answer is a service that has one answer to everything.
type answer []byte

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Body: io.NopCloser(bytes.NewReader(a)),
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
	}, nil
}

// input decodes a tool's arguments; unknown ones are an error.
func input(t *testing.T, op vpsapi.Operation, args []byte) any {
	t.Helper()
	in := op.NewIn()
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		t.Fatalf("arguments %s: %v", args, err)
	}
	return reflect.ValueOf(in).Elem().Interface()
}

// parseJSON keeps numbers as they are spelled; nothing is nil.
func parseJSON(t *testing.T, text []byte) any {
	t.Helper()
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}
