package tools

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// says is a service that says one thing, whatever it is asked.
type says string

func (s says) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(s)))}, nil
}

// Whatever the service says, an answer's structured part is one JSON object that
// fits on a line, and a reply that is not JSON is refused.
func TestAnswersToOddReplies(t *testing.T) {
	for _, c := range []struct {
		tool, arguments, reply string
		fails                  bool
		want                   string // a part of the structured object
	}{
		{"list_cloud_servers", `{"fields":["all"]}`, `null`, false, `"items":[],"total":0`},
		{"list_cloud_servers", `{"fields":["all"]}`, "[\n{\"virtual_machine\":{\"id\":1,\n\"label\":\"a\\nb\"}}\n]", false, `"total":1`},
		{"list_cloud_servers", `{"fields":["id"]}`, `[{"virtual_machine":{"id":12345678901234567890}}]`, false, `12345678901234567890`},
		{"get_activity_log", `{"server_id":"1384"}`, "[\n{\"x\":1,\n\"x\":2e400}]", false, `"x":1,"x":2e400`},
		{"get_activity_log", `{"server_id":"1384"}`, "{\n\"a\":[1,\n2]}", false, `"total":2`},
		{"get_activity_log", `{"server_id":"1384"}`, "%PDF-1.4\n[1]", true, ``},
		{"get_activity_log", `{"server_id":"1384"}`, `[1] [2]`, true, ``},
		{"get_activity_log", `{"server_id":"1384"}`, "\ufeff[1]", false, `1`},
		{"get_activity_log", `{"server_id":"1384"}`, "[\"a\x00b\"]", true, ``},
		{"get_activity_log", `{"server_id":"1384"}`, strings.Repeat("[", 100_000), true, ``},
	} {
		client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: says(c.reply), PerSecond: -1, Observe: trail.Observe})
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{Client: client, Log: zerolog.Nop()})
		if err != nil {
			t.Fatal(err)
		}
		a := s.Call(t.Context(), c.tool, json.RawMessage(c.arguments))
		if a.IsError != c.fails || !strings.Contains(string(a.Structured), c.want) {
			t.Errorf("%s of %.40q: %.200s %s", c.tool, c.reply, a.Text, a.Structured)
		}
		line, err := json.Marshal(protocolResult(&a))
		if err != nil || strings.Contains(string(line), "\n") {
			t.Errorf("%s of %.40q: %.200q, %v", c.tool, c.reply, line, err)
		}
	}
}
