package tools

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"vpsnet-mcp/schemas"
	"vpsnet-mcp/vpsapi"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenDir = "../schemas/golden"

// TestGolden holds every published tool whole against its file: a change of a
// tool is a reviewed change of a file.
func TestGolden(t *testing.T) {
	s := newBothServer(t)
	known := map[string]bool{}
	for _, tool := range s.List() {
		raw, err := json.Marshal(tool)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Indent(&got, raw, "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		path := filepath.Join(goldenDir, tool.Name+".json")
		known[tool.Name+".json"] = true
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v; go test ./tools -run TestGolden -update writes it", err)
			continue
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s: %s\ngo test ./tools -run TestGolden -update accepts it", tool.Name, diff)
		}
	}
	files, err := os.ReadDir(goldenDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("%s is not a published tool's", f.Name())
		}
	}
}

// TestPublishedTools holds the rules that every client and model API accepts.
func TestPublishedTools(t *testing.T) {
	s := newBothServer(t)
	name := regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	titles := map[string]string{}
	for _, tool := range s.List() {
		if !name.MatchString(tool.Name) {
			t.Errorf("%s: not a portable name", tool.Name)
		}
		if other, twice := titles[tool.Title]; twice || tool.Title == "" {
			t.Errorf("%s: title %q is empty or also %s's", tool.Name, tool.Title, other)
		}
		titles[tool.Title] = tool.Name
		if texts := strings.Fields(tool.Description); len(texts) < 3 || len(texts) > 40 {
			t.Errorf("%s: a description of %d words", tool.Name, len(texts))
		}
		if err := schemas.CheckPortable(tool.RawInputSchema); err != nil {
			t.Errorf("%s: %v", tool.Name, err)
		}
		compiles(t, tool.Name, tool.RawInputSchema)
		a := tool.Annotations
		if a.ReadOnlyHint == nil || a.DestructiveHint == nil || a.IdempotentHint == nil || a.OpenWorldHint == nil {
			t.Errorf("%s: a hint is missing", tool.Name)
		}
	}
}

func compiles(t *testing.T, name string, schema json.RawMessage) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Compile(name); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// TestHints holds what is not in the golden files' favour: that a tool that only
// reads says so, and that one that asks for consent says that it is destructive.
func TestHints(t *testing.T) {
	s := newBothServer(t)
	for _, tool := range s.List() {
		op, ok := vpsapi.Find(tool.Name)
		if !ok {
			continue
		}
		safety := op.Info().Safety
		takesConfirm := slices.Contains(propertiesOf(t, tool.RawInputSchema), "confirm")
		if *tool.Annotations.ReadOnlyHint != (safety == vpsapi.Reads) || *tool.Annotations.DestructiveHint != (safety > vpsapi.Changes) || takesConfirm != (safety > vpsapi.Changes) {
			t.Errorf("%s (%s): hints %+v, confirm %v", tool.Name, safety, tool.Annotations, takesConfirm)
		}
	}
}

func propertiesOf(t *testing.T, schema json.RawMessage) []string {
	t.Helper()
	var s struct {
		Properties map[string]json.RawMessage
	}
	if err := json.Unmarshal(schema, &s); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	return names
}
