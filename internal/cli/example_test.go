package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// TestExamplesRun: the example of each tool does on a fresh sandbox what the tool is for.
func TestExamplesRun(t *testing.T) {
	s, err := settings.Load(settings.Sources{Flags: map[string]string{"sandbox": "true"}, ConfigDir: func() (string, error) { return t.TempDir(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	s.SandboxNewer = true
	catalog, err := settings.Catalog(s)
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]tools.Entry{}
	for _, e := range catalog.Entries() {
		entries[e.Name] = e
	}
	shared := serverOf(t, s)
	for _, tool := range catalog.List() {
		var schema inputSchema
		if err := json.Unmarshal(tool.RawInputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		words := exampleArguments(entries[tool.Name], schema)
		arguments, err := callArguments(words, nil)
		if err != nil {
			t.Errorf("%s: %v", tool.Name, err)
			continue
		}
		server := shared
		if entries[tool.Name].Safety > vpsapi.Reads { // each has the account as it was
			server = serverOf(t, s)
		}
		answer := server.Call(confirm.WithAsker(t.Context(), &yesAsker{}), tool.Name, arguments)
		if answer.IsError != (exampleSetups[tool.Name] != "") {
			text, _, _ := strings.Cut(answer.Text, "\n")
			t.Errorf("%s %v: %s", tool.Name, words, text)
		}
	}
}

// serverOf is a server on a sandbox of its own.
func serverOf(t *testing.T, s *settings.Settings) *tools.Server {
	t.Helper()
	config, err := s.Account()
	if err != nil {
		t.Fatal(err)
	}
	var o tools.Options
	if err := s.SetState(&o); err != nil {
		t.Fatal(err)
	}
	server, err := settings.NewServer(s, config, zerolog.Nop(), o)
	if err != nil {
		t.Fatal(err)
	}
	return server
}
