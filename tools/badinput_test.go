package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// counting counts what goes upstream, changes apart.
type counting struct {
	http.RoundTripper
	changes atomic.Int64
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		c.changes.Add(1)
	}
	return c.RoundTripper.RoundTrip(r)
}

// badValues are what must never become part of a request, whatever the argument.
var badValues = []string{
	`"../1384"`, `"..%2f1384"`, `"%2e%2e"`, `"1/2"`, `"1384?x=1"`, `""`, `"` + strings.Repeat("9", 5000) + `"`,
	`"\u0000"`, `"\u202e1384"`, `{}`, `[[]]`, `1e400`, `-1`, `{"a":{"b":{"c":[]}}}`,
}

// TestBadIDsChangeNothing puts every bad value into every argument that names a
// thing, of every tool: each is refused in words, and no change leaves.
func TestBadIDsChangeNothing(t *testing.T) {
	up := &counting{RoundTripper: sandbox.New(sandbox.Options{})}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token, Transport: up, PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Client: client, Consent: consent.Flag})
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range everyOperation() {
		info := op.Info()
		for _, f := range reflect.VisibleFields(info.In) {
			if _, isID := plan.Kinds[f.Type]; !isID || f.Tag.Get("jsonschema") == "-" {
				continue
			}
			for _, bad := range badValues {
				if bad == `""` && strings.HasSuffix(f.Tag.Get("json"), ",omitempty") {
					continue // clients send empty texts for what was not given
				}
				arguments := map[string]json.RawMessage{}
				for _, other := range reflect.VisibleFields(info.In) {
					if _, isID := plan.Kinds[other.Type]; isID {
						arguments[plan.JSONName(other)] = json.RawMessage(`"1384"`)
					}
				}
				if info.Safety > vpsapi.Changes {
					arguments["confirm"] = json.RawMessage(`"yes"`)
				}
				arguments[plan.JSONName(f)] = json.RawMessage(bad)
				raw := writeObject(arguments)
				a := s.Call(context.Background(), info.Name, raw)
				if !a.IsError || !strings.Contains(a.Text, info.Name) {
					t.Errorf("%s %.200s: error %v, %.200s", info.Name, raw, a.IsError, a.Text)
				}
			}
		}
	}
	if n := up.changes.Load(); n != 0 {
		t.Errorf("%d changes left", n)
	}
}

// writeObject writes members without checking them: some are not good.
func writeObject(members map[string]json.RawMessage) json.RawMessage {
	var parts []string
	for name, value := range members {
		parts = append(parts, `"`+name+`":`+string(value))
	}
	return json.RawMessage("{" + strings.Join(parts, ",") + "}")
}

// TestBadArguments is what comes of arguments that no tool could take.
func TestBadArguments(t *testing.T) {
	s, sb := newSandboxServer(t, Options{Consent: consent.Flag})
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	for raw, want := range map[string]string{
		`{"server_id":"1384","force":true}`: "force: unknown argument; known are alternate_sd_vps, alternate_vps, confirm, reassign_ip, server_id",
		`{"server_id":["1384"]}`:            "server_id: must be text, not a list",
		`{}`:                                "server_id: missing",
		`{"server_id":"1384"`:               "incomplete JSON",
		`[1]`:                               "an object is needed",
		"{\"server_id\":\"\xff\"}":          "not valid UTF-8",
		`{"server_id":"` + strings.Repeat("1", 10<<20) + `"}`: "at most 2097152 are allowed",
		deep:                                    "nested more than 32 deep",
		`{"server_id":"99999","confirm":"yes"}`: "99999",
		`{"server_id":"1384","alternate_vps":"1384","confirm":"yes"}`: "alternate_vps",
	} {
		a := s.Call(context.Background(), "delete_cloud_server", json.RawMessage(raw))
		if !a.IsError || !strings.Contains(a.Text, want) {
			t.Errorf("%.80s: error %v, want %q in %.300s", raw, a.IsError, want, a.Text)
		}
	}
	if n := len(sb.Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
	if a := s.Call(context.Background(), "delete_cloud_servers", nil); !a.IsError || !strings.Contains(a.Text, "did you mean delete_cloud_server?") {
		t.Errorf("unknown tool: %s", a.Text)
	}
}
