package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

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
