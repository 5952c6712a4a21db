package tools

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// TestNumbersForTexts: a number that a client sends for an id is the id, and for
// any other text the number as it is written.
func TestNumbersForTexts(t *testing.T) {
	s, _ := newSandboxServer(t, Options{Consent: consent.Flag, Policy: generous()})
	call := func(tool, arguments string) answer.Answer {
		return s.Call(context.Background(), tool, json.RawMessage(arguments))
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"get_cloud_server", `{"server_id":1384.0}`, "Web Server 01"},
		{"get_domain", `{"domain_id":51.0}`, "demodomain.com"},
		{"edit_cloud_server", `{"server_id":1384,"label":1.0}`, `1.0`},
		{"wait_for_server", `{"server_id":1384,"timeout":99999999999999999999999}`, "timeout: must be at most 9223372036854775807"},
		{"history", `{"limit":1e3}`, "limit: must be at most 100"},
		{"history", `{"limit":1e1}`, "Web Server 01"},
	} {
		if a := call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: want %q in %s", c.tool, c.arguments, c.want, a.Text)
		}
	}
	for _, data := range []string{`1.0`, `2.10`, `"[1]]"`, `"{}}"`} {
		a := call("create_domain_record", `{"domain_id":51,"type":"txt","host":"t`+strings.Trim(strings.Map(letters, data), `"`)+`","ttl":9e2,"data":`+data+`}`)
		if want := strings.Trim(data, `"`); a.IsError || !strings.Contains(call("export_zone", `{"domain_id":51}`).Text, want) {
			t.Errorf("TXT of %s: %s\n%s", data, a.Text, call("export_zone", `{"domain_id":51}`).Text)
		}
	}
}

func letters(r rune) rune { return 'a' + r%26 }

// TestEveryIDIsKnown: the ids of every tool are told apart from its texts.
func TestEveryIDIsKnown(t *testing.T) {
	for in, want := range map[reflect.Type][]string{
		reflect.TypeFor[vpsapi.CreateServerIn]():  {"cloud_id", "consumer_id", "license_id", "system_template_id"},
		reflect.TypeFor[vpsapi.GetDomainIn]():     {"domain_id"},
		reflect.TypeFor[vpsapi.DeleteServerIn]():  {"alternate_sd_vps", "alternate_vps", "reassign_ip", "server_id"},
		reflect.TypeFor[vpsapi.OpenTicketIn]():    {"vm_id"},
		reflect.TypeFor[vpsapi.SearchServersIn](): nil,
	} {
		got := plan.IDArguments(in)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}
