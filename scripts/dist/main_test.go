package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestServerJSON holds a server.json against the registry's own schema; where
// both are, scripts/dist.sh says.
func TestServerJSON(t *testing.T) {
	schema, server := os.Getenv("SERVER_SCHEMA"), os.Getenv("SERVER_JSON")
	if schema == "" {
		t.Skip("SERVER_SCHEMA is not set")
	}
	compiled, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(server)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Error(err)
	}
}

// TestServerJSONIsFilled: each package gets the version and its bundle's sum.
func TestServerJSONIsFilled(t *testing.T) {
	t.Chdir("../..")
	bundles := map[string]string{}
	for _, s := range targets {
		name := "vpsnet-mcp_1.2.3_" + s.os + "_" + s.arch + ".mcpb"
		bundles[name] = sum([]byte(name))
	}
	text, err := serverJSON("1.2.3", "example", bundles)
	if err != nil {
		t.Fatal(err)
	}
	var server struct {
		Name     string
		Version  string
		Packages []struct{ Identifier, Version, FileSha256 string }
	}
	if err := json.Unmarshal(text, &server); err != nil {
		t.Fatal(err)
	}
	if server.Name != "io.github.example/vpsnet-mcp" || server.Version != "1.2.3" || strings.Contains(string(text), "OWNER") {
		t.Errorf("%s %s", server.Name, server.Version)
	}
	for _, p := range server.Packages {
		name := p.Identifier[strings.LastIndexByte(p.Identifier, '/')+1:]
		if p.Version != "1.2.3" || p.FileSha256 != bundles[name] || !strings.Contains(p.Identifier, "/v1.2.3/") {
			t.Errorf("%+v", p)
		}
	}
	delete(bundles, "vpsnet-mcp_1.2.3_linux_amd64.mcpb")
	if _, err := serverJSON("1.2.3", "example", bundles); err == nil {
		t.Error("a missing bundle was not missed")
	}
}

// TestPackedPagesLead: every link of the pages in an archive leads to a file in
// it. PACKED is the folder of an unpacked one; without it, what would be packed
// is looked at.
func TestPackedPagesLead(t *testing.T) {
	t.Chdir("../..")
	files := map[string]string{}
	if folder := os.Getenv("PACKED"); folder != "" {
		err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			name, _ = filepath.Rel(folder, name)
			files[filepath.ToSlash(name)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	} else {
		list, err := packed()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			files[f.name] = string(f.text)
		}
	}
	links := 0
	for name, text := range files {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range relative.FindAllStringSubmatch(text, -1) {
			links++
			if _, ok := files[path.Join(path.Dir(name), m[1])]; !ok {
				t.Errorf("%s: %s is not in the archive", name, m[1])
			}
		}
	}
	if files["README.md"] == "" || links < 20 {
		t.Errorf("%d links in %d files", links, len(files))
	}
}

// relative is a link to another file.
var relative = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

// TestGoreleaserPacksThePages: its archives have the files that ours have.
func TestGoreleaserPacksThePages(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct{ Archives []struct{ Files []string } }
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pages, config.Archives[0].Files); diff != "" {
		t.Error(diff)
	}
}
