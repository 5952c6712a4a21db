package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestVersionVariable: the linker ignores a variable that is not there, and the release would not say its version.
func TestVersionVariable(t *testing.T) {
	folder, name, _ := strings.Cut(versionVariable, ".")
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", folder, "version.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, declared := range file.Decls {
		if group, ok := declared.(*ast.GenDecl); ok && group.Tok == token.VAR && group.Specs[0].(*ast.ValueSpec).Names[0].Name == name {
			return
		}
	}
	t.Errorf("%s/version.go declares no variable %s", folder, name)
}

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
		bundles[name] = checksum([]byte(name))
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
		list, err := readPages()
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

// TestManifests: the manifests of package managers lead to the release's archives,
// by their sums.
func TestManifests(t *testing.T) {
	t.Chdir("../..")
	var made []file
	for _, s := range targets {
		made = append(made, file{name: "vpsnet-mcp_1.2.3_" + s.os + "_" + s.arch + "." + s.archiveExtension(), text: []byte(s.os + s.arch)})
	}
	list, err := manifests("1.2.3", "example", made)
	if err != nil {
		t.Fatal(err)
	}
	all := string(list[0].text) + string(list[1].text)
	for _, archive := range made {
		url := "https://github.com/example/vpsnet-mcp/releases/download/v1.2.3/" + archive.name
		if strings.Count(all, url+`"`) != 1 || strings.Count(all, checksum(archive.text)) != 1 {
			t.Errorf("%s is not once in the manifests:\n%s", archive.name, all)
		}
	}
	if strings.Contains(all, "OWNER") {
		t.Error("the owner is not filled in")
	}
	if _, err := manifests("1.2.3", "example", made[1:]); err == nil {
		t.Error("a missing archive was not missed")
	}
}

// TestExtensionsStartTheProgram: both extensions start the program beside them.
func TestExtensionsStartTheProgram(t *testing.T) {
	t.Chdir("../..")
	for _, s := range targets {
		files, err := s.extensions("1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			var extension struct {
				Version    string
				MCPServers map[string]struct{ Command string } `json:"mcpServers"`
			}
			if err := json.Unmarshal(f.text, &extension); err != nil {
				t.Fatal(err)
			}
			if got := path.Base(extension.MCPServers["vps-net"].Command); got != s.program() || extension.Version != "1.2.3" {
				t.Errorf("%s of %s starts %q, version %q", f.name, s.os, got, extension.Version)
			}
		}
	}
}

// TestPagesNameWhatIsPacked: a page that an operator follows names no script that the archive lacks; those that
// show evidence say where theirs are.
func TestPagesNameWhatIsPacked(t *testing.T) {
	t.Chdir("../..")
	files, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if path.Ext(f.name) != ".md" || f.name == "CHANGELOG.md" {
			continue
		}
		says := strings.Contains(string(f.text), "are in the source, which is not in this archive")
		found := ofSource.FindString(string(f.text))
		switch f.name {
		case "docs/consent.md", "docs/evidence.md", "docs/performance.md", "docs/reliability.md", "docs/telemetry.md", "docs/tools.md":
			if found != "" && !says {
				t.Errorf("%s names %q, and does not say where it is", f.name, found)
			}
		default:
			if found != "" || says {
				t.Errorf("%s names %q, which is not packed", f.name, found)
			}
		}
	}
}
