package cli

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestGoSDKResources reads each kind of resource, and completes its variables.
func TestGoSDKResources(t *testing.T) {
	session := connect(t, "", nil)
	templates, err := session.ListResourceTemplates(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(templates.ResourceTemplates) != 3 {
		t.Errorf("%d templates", len(templates.ResourceTemplates))
	}
	for uri, want := range map[string]string{
		"vpsnet://account":                     `"email_address"`,
		"vpsnet://servers/1384":                `"web01.demodomain.com"`,
		"vpsnet://servers/web01":               `"web01.demodomain.com"`,
		"vpsnet://domains/demodomain.com/zone": "$ORIGIN demodomain.com.",
		"vpsnet://invoices/9130":               "%PDF",
	} {
		read, err := session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
		if err != nil {
			t.Errorf("%s: %v", uri, err)
			continue
		}
		if c := read.Contents[0]; !strings.Contains(c.Text+string(c.Blob), want) {
			t.Errorf("%s: no %q in %s", uri, want, c.Text)
		}
	}
	if _, err := session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "vpsnet://servers/9999"}); err == nil {
		t.Error("an unknown server was read")
	}
	for typed, want := range map[string]string{"w": "Web Server 01", "138": "1384", "zzz": ""} {
		done, err := session.Complete(t.Context(), &mcp.CompleteParams{
			Ref:      &mcp.CompleteReference{Type: "ref/resource", URI: "vpsnet://servers/{server_id}"},
			Argument: mcp.CompleteParamsArgument{Name: "server_id", Value: typed},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(done.Completion.Values, "; "); !strings.Contains(got, want) || (want == "" && got != "") {
			t.Errorf("%q is completed by %q", typed, got)
		}
	}
}

// TestGoSDKPrompts gets each prompt, with its arguments quoted in its text.
func TestGoSDKPrompts(t *testing.T) {
	session := connect(t, "", nil)
	list, err := session.ListPrompts(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Prompts) != 4 {
		t.Errorf("%d prompts", len(list.Prompts))
	}
	for _, p := range list.Prompts {
		arguments := map[string]string{}
		for _, a := range p.Arguments {
			arguments[a.Name] = "the " + a.Name
		}
		got, err := session.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: p.Name, Arguments: arguments})
		if err != nil {
			t.Fatal(err)
		}
		text := got.Messages[0].Content.(*mcp.TextContent).Text
		for _, value := range arguments {
			if !strings.Contains(text, `"`+value+`"`) {
				t.Errorf("%s: no %q in %s", p.Name, value, text)
			}
		}
		if strings.Contains(text, "%!") {
			t.Errorf("%s: %s", p.Name, text)
		}
	}
	if _, err := session.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "retire_server"}); err == nil {
		t.Error("a prompt without what it needs was given")
	}
}

// TestGoSDKProgress waits for a server on a fast clock: the client is told how it
// fares before it is answered.
func TestGoSDKProgress(t *testing.T) {
	var told atomic.Int32
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			if r.Params.Message != "" {
				told.Add(1)
			}
		},
	})
	cmd := command(t.Context(), t, "--sandbox", "--sandbox-speed", "10", "--consent", "flag", "--log-level", "error")
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	params := &mcp.CallToolParams{
		Name:      "shutdown_cloud_server",
		Arguments: json.RawMessage(`{"server_id":"web01","confirm":"yes","wait":true}`),
	}
	params.SetProgressToken("wait-1")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	result, err := session.CallTool(ctx, params)
	if err != nil {
		t.Fatal(err)
	}
	before := told.Load()
	if text := textOf(result); result.IsError || !strings.Contains(text, "stopped") {
		t.Errorf("error %v: %s", result.IsError, text)
	}
	if before == 0 {
		t.Error("no progress before the result")
	}
}
