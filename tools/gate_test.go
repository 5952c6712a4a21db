package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/schemas"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestGateReadsItsArguments as every tool does: nothing is dropped in silence.
func TestGateReadsItsArguments(t *testing.T) {
	s, sb := newSandboxServer(t, Options{Surface: SurfaceSearch})
	long := strings.Repeat("1", schemas.MaxBytes)
	for _, c := range []struct{ tool, arguments, want string }{
		{"call_read", `{"function":"list_tickets","args":{"status":"closed"}}`, "args: unknown argument; known are arguments, function"},
		{"call_danger", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"},"confirm":"X"}`, "confirm: belongs inside arguments"},
		{"call_read", `{"function":"list_tickets","function":"list_ips"}`, `argument "function" is given twice`},
		{"call_read", `{"function":"get_cloud_server","arguments":{"server_id":"1384","server_id":"1385"}}`, `argument "server_id" is given twice`},
		{"call_read", `{"function":"get_cloud_server","arguments":"{\"server_id\":1384}"}`, "Web Server 01"},
		{"call_read", `"{\"function\":\"get_cloud_server\",\"arguments\":{\"server_id\":1384}}"`, "Web Server 01"},
		{"call_read", `{"function":"list_cloud_servers","arguments":null}`, "Web Server 01"},
		{"call_read", `{"function":"get_cloud_server","arguments":"1384"}`, "arguments: must be an object, not text"},
		{"call_read", `{"function":["list_ips"]}`, "function: must be text, not a list"},
		{"call_read", `{"arguments":{}}`, "function: missing"},
		{"call_read", `{"function":"get_cloud_server","arguments":{"server_id":"` + long + `"}}`, "at most 2097152 are allowed"},
		{"call_read", `{"function":"get_cloud_server","arguments":` + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 41), "nested more than 32 deep"},
		{"call_read", `{"function":"call_read","arguments":{"function":"list_ips"}}`, "call_read is a tool and not a function: call it by itself"},
		{"call_danger", `{"function":"call_change","arguments":{"function":"call_danger"}}`, "call_change is a tool and not a function"},
		{"call_read", `{"function":"find_functions","arguments":{"query":"server"}}`, "find_functions is a tool and not a function"},
		{"describe_function", `{"function":"call_danger"}`, "unknown function"},
	} {
		if a := s.Call(context.Background(), c.tool, json.RawMessage(c.arguments)); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %.200s: want %q in %.300s", c.tool, c.arguments, c.want, a.Text)
		}
	}
	if n := len(sb.Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
}

// TestGateIsOnRecord: a call through a gate has one line of the audit and one of
// the log, also when the gate refuses it; each names gate and function.
func TestGateIsOnRecord(t *testing.T) {
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(sandbox.Options{}), PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var log bytes.Buffer
	s, err := New(Options{Client: client, Surface: SurfaceSearch, Log: zerolog.New(&log), Told: func(l audit.Line) {
		got = append(got, fmt.Sprintf("%s by %q: %s %v", l.Tool, l.Gate, l.Outcome, l.Arguments))
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"call_read", `{"function":"get_cloud_server","arguments":{"server_id":"1384"}}`},
		{"call_read", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`},
		{"call_read", `{"function":"no_such_thing"}`},
		{"call_read", `{"function":"list_tickets","args":{}}`},
		{"call_danger", `{"function":"call_danger"}`},
		{"call_danger", `{`},
		{"find_functions", `{"query":"server"}`},
	} {
		s.Call(context.Background(), c[0], json.RawMessage(c[1]))
	}
	s.Call(only(s, []vpsapi.Safety{vpsapi.Reads}), "call_danger", json.RawMessage(`{"function":"delete_cloud_server"}`))
	if diff := cmp.Diff([]string{
		`get_cloud_server by "call_read": ok [server_id]`,
		`delete_cloud_server by "call_read": refused [arguments function]`,
		`call_read by "": refused [function]`,
		`call_read by "": refused []`,
		`call_danger by "": refused [function]`,
		`call_danger by "": refused []`,
		`find_functions by "": ok [query]`,
		`delete_cloud_server by "call_danger": refused [function]`,
	}, got); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(log.String(), `"message":"call"`); n != len(got) || strings.Count(log.String(), `"gate":"call_read"`) != 2 || strings.Contains(log.String(), "no_such_thing") {
		t.Errorf("%d lines for %d calls:\n%s", n, len(got), &log)
	}
}
