// Command words writes what a model is given into the file that it is told, as a
// JSON object of texts by name, for scripts/tokens.sh to count: the published tools of each surface and set, and
// the answers about a large account.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}

func write(arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("give the file to write")
	}
	words, err := collect(context.Background())
	if err != nil {
		return err
	}
	text, err := json.Marshal(words)
	if err != nil {
		return err
	}
	return os.WriteFile(arguments[0], text, 0o600)
}

func collect(ctx context.Context) (map[string]any, error) {
	words := map[string]any{}
	for name, o := range map[string]tools.Options{
		"all tools": {}, "--surface search": {Surface: "search"},
		"--toolsets operate": {Toolsets: []string{"operate"}}, "--toolsets dns": {Toolsets: []string{"dns"}},
		"--toolsets billing": {Toolsets: []string{"billing"}}, "--toolsets support": {Toolsets: []string{"support"}},
	} {
		s, err := server(o)
		if err != nil {
			return nil, err
		}
		words[name] = s.List()
	}
	s, err := server(tools.Options{})
	if err != nil {
		return nil, err
	}
	for _, c := range []struct{ tool, arguments string }{
		{"list_cloud_servers", `{}`}, {"fleet_report", `{}`}, {"list_domain_records", `{"domain_id":"generated-1.example"}`},
	} {
		a := s.Call(ctx, c.tool, json.RawMessage(c.arguments))
		if a.IsError {
			return nil, fmt.Errorf("%s: %s", c.tool, a.Text)
		}
		words[c.tool+", text"] = a.Text
		words[c.tool+", structured"] = string(a.Structured)
	}
	return words, nil
}

// server is one on an account of 500 servers and 10,000 records.
func server(o tools.Options) (*tools.Server, error) {
	sb := sandbox.New(sandbox.Options{Servers: 498, Records: 10_000})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sb, PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		return nil, err
	}
	o.Client, o.Log = client, zerolog.Nop()
	return tools.New(o)
}
