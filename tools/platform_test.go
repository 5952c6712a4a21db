package tools

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

const newPlatform = `{"location_id":"117","label":"new","hostname":"new.example.com","product_name":"V3","os_component_code":"SSDVPSDEBIAN9"}`

// TestPlatformCreateIsNotRepeated: while a bought server is not listed, the same
// hostname is not bought again; once it is deleted it may be.
func TestPlatformCreateIsNotRepeated(t *testing.T) {
	l := newLab(t, nil)
	if a := l.call("create_platform_server", newPlatform, true); a.IsError {
		t.Fatal(a.Text)
	}
	other := strings.Replace(newPlatform, `"label":"new"`, `"label":"another"`, 1)
	for _, arguments := range []string{newPlatform, other} {
		if a := l.call("create_platform_server", arguments, true); !a.IsError || !strings.Contains(a.Text, "is not listed yet") || !strings.Contains(a.Text, "othing was sent") {
			t.Errorf("bought twice: %s", a.Text)
		}
	}
	for _, named := range []struct{ tool, arguments string }{
		{"wait_for_server", `{"server_id":"new.example.com","state":"running"}`}, {"diagnose_server", `{"server_id":"new"}`},
		{"reboot_platform_server", `{"platform_server_id":"NEW.example.com"}`}, {"get_platform_server", `{"platform_server_id":"new"}`},
	} {
		if a := l.call(named.tool, named.arguments, false); !a.IsError || !strings.Contains(a.Text, "was bought at 12:00 UTC, and is not listed yet") || !strings.Contains(a.Text, "never buy it again") {
			t.Errorf("%s of a server that is not listed yet: %s", named.tool, a.Text)
		}
	}
	l.now = l.now.Add(10 * time.Minute)
	if a := l.call("create_platform_server", newPlatform, true); !a.IsError || !strings.Contains(a.Text, "found by its hostname") {
		t.Errorf("a taken hostname: %s", a.Text)
	}
	l.do("delete_platform_server", `{"platform_server_id":"new"}`)
	if a := l.call("create_platform_server", newPlatform, true); a.IsError {
		t.Errorf("after the deletion: %s", a.Text)
	}
	if n := len(l.sent); n != 3 {
		t.Errorf("%d requests: %v", n, l.sent)
	}
}

// TestPlatformCreateSaysWhatToKnow: without a wait too, and for each spelling of one hostname.
func TestPlatformCreateSaysWhatToKnow(t *testing.T) {
	l := newLab(t, nil)
	if a := l.call("create_platform_server", newPlatform, true); a.IsError || !strings.Contains(a.Text, "It may not be listed yet, for ten minutes and more: do not repeat.") {
		t.Errorf("no word of it: %s", a.Text)
	}
	for _, refused := range []string{"is not listed yet", "found by its hostname"} {
		for _, spelling := range []string{"new.example.com.", "new.example.com..", " new.example.com", "NEW.Example.com", "new.example.com. ", "new.example.com\u200b"} {
			again := strings.Replace(newPlatform, "new.example.com", spelling, 1)
			if a := l.call("create_platform_server", again, true); !a.IsError || !strings.Contains(a.Text, refused) {
				t.Errorf("%q is bought again: %s", spelling, a.Text)
			}
		}
		l.now = l.now.Add(10 * time.Minute)
	}
	if n := len(l.sent); n != 1 {
		t.Errorf("%d requests: %v", n, l.sent)
	}
}

// TestOneAPIRefuses: a name is looked for in the API that answers, and what could not be looked at is told.
func TestOneAPIRefuses(t *testing.T) {
	for name, status := range map[string]int{"wrong credentials": 401, "not there": 404, "gone": 410, "down": 503, "no answer": 0} {
		for _, c := range []struct{ broken, found, lost, says, api string }{
			{"older", "shop", "web01", `Now platform server "117-4107" is up`, "the older API's servers could not be looked at"},
			{"newer", "web01", "shop", "Now cloud server", "the newer API's servers could not be looked at"},
		} {
			l := newLab(t, nil)
			l.answer = func(r *http.Request) *http.Response {
				if strings.HasPrefix(r.URL.Path, "/rest-api/") == (c.broken == "older") {
					return nil
				}
				if status == 0 {
					return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<html>")), Request: r}
				}
				return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: r}
			}
			state := func(server string) answer.Answer {
				return l.call("wait_for_server", `{"server_id":"`+server+`","state":"running"}`, false)
			}
			if a := state(c.found); a.IsError || !strings.Contains(a.Text, c.says) || !strings.Contains(a.Text, c.api) {
				t.Errorf("%s, %s: %s", name, c.broken, a.Text)
			}
			if a := state(c.lost); !a.IsError || !strings.Contains(a.Text, c.api) || strings.Contains(a.Text, "no server is called") {
				t.Errorf("%s, %s, of the broken one: %s", name, c.broken, a.Text)
			}
			if a := l.call("diagnose_server", `{"server_id":"`+c.found+`"}`, false); a.IsError || !strings.Contains(a.Text, c.api) {
				t.Errorf("%s, %s, diagnosis: %s", name, c.broken, a.Text)
			}
			if a := l.call("fleet_report", `{}`, false); a.IsError {
				t.Errorf("%s, %s, fleet: %s", name, c.broken, a.Text)
			}
		}
	}
}

// TestPlatformCreateWaits: the wait looks by hostname, then for the boot.
func TestPlatformCreateWaits(t *testing.T) {
	l := newLab(t, nil)
	pause := func(_ context.Context, d time.Duration) error { l.now = l.now.Add(d); return nil }
	l.server.options.Pause, l.server.sender.Pause = pause, pause
	a := l.call("create_platform_server", strings.Replace(newPlatform, "{", `{"wait":true,`, 1), true)
	if a.IsError || !strings.Contains(a.Text, "Still pending: platform server") {
		t.Errorf("waiting for a system: %s", a.Text)
	}
	a = l.call("wait_for_server", `{"server_id":"new.example.com","state":"running"}`, false)
	if a.IsError || !strings.Contains(a.Text, "is up") {
		t.Errorf("waiting for the boot: %s", a.Text)
	}
	slow := strings.NewReplacer(`"os_component_code":"SSDVPSDEBIAN9"`, `"custom_template_id":"base"`, "new.example.com", "slow.example.com", "{", `{"wait":true,`).Replace(newPlatform)
	a = l.call("create_platform_server", slow, true)
	if a.IsError || !strings.Contains(a.Text, `"slow.example.com" is not listed yet, though it is bought`) {
		t.Errorf("waiting for a template: %s", a.Text)
	}
}

// TestPlatformOrphanIsFound: a create whose answer was lost is looked for, and the
// server that appears later is told.
func TestPlatformOrphanIsFound(t *testing.T) {
	l := newLab(t, nil)
	l.sb.Break(sandbox.Fault{Kind: sandbox.FaultResetAfter, Ops: []string{"create_platform_server"}})
	if a := l.call("create_platform_server", newPlatform, true); !a.IsError || !strings.Contains(a.Text, "list_platform_servers has none that matches") {
		t.Errorf("a lost answer: %s", a.Text)
	}
	l.sb.Break()
	if a := l.call("create_platform_server", newPlatform, true); !a.IsError || !strings.Contains(a.Text, "may have been bought") || !strings.Contains(a.Text, "is refused until") {
		t.Errorf("again after a lost answer: %s", a.Text)
	}
	if a := l.call("fleet_report", `{}`, false); !strings.Contains(a.Text, "bought in the last day, or may have been, and are not listed") {
		t.Errorf("not listed yet: %s", a.Text)
	}
	l.now = l.now.Add(10 * time.Minute)
	defer func() {
		l.do("delete_platform_server", `{"platform_server_id":"new"}`)
		if a := l.call("fleet_report", `{}`, false); strings.Contains(a.Text, "new.example.com") {
			t.Errorf("deleted from here: %s", a.Text)
		}
	}()
	if a := l.call("fleet_report", `{}`, false); !strings.Contains(a.Text, "appeared after a create whose answer was lost") || !strings.Contains(a.Text, "new.example.com") {
		t.Errorf("the orphan: %s", a.Text)
	}
}

// TestPlatformRefusals: what cannot succeed by what is known is not asked about.
func TestPlatformRefusals(t *testing.T) {
	l := newLab(t, nil)
	for words, change := range map[string][2]string{
		"accepts only an SSH key": {`"117"`, `"213"`},
		"no plan has":             {"V3", "V9"},
		"there is no system":      {"SSDVPSDEBIAN9", "SSDVPSDEBIAN1"},
		"there is no location 91": {`"117"`, `"91"`},
		`SSD server "shop"`:       {"new.example.com", "SHOP.example.com"},
	} {
		a := l.call("create_platform_server", strings.Replace(newPlatform, change[0], change[1], 1), true)
		if !a.IsError || !strings.Contains(a.Text, words) {
			t.Errorf("%s: %s", words, a.Text)
		}
	}
	if len(l.sent) > 0 {
		t.Errorf("sent %v", l.sent)
	}
}

// TestEachServerIsToldOnce: also one that both APIs list, known by its address.
func TestEachServerIsToldOnce(t *testing.T) {
	l := newLab(t, nil)
	both := func() string { return l.call("fleet_report", `{}`, false).Text }
	if text := both(); strings.Count(text, "117-4107") != 1 || strings.Count(text, "1384 | Web Server 01") != 1 || !strings.Contains(text, "London - M (117)") {
		t.Errorf("both APIs: %s", text)
	}
	l.answer = func(r *http.Request) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/ssd-vps/servers") {
			return nil
		}
		body := `{"statusCode":200,"message":"","data":[{"id":1,"label":"web","hostname":"web01.demodomain.com","ip_address":"68.169.23.153","location":{"id":117,"name":"London - M"}}]}`
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	}
	if text := both(); !strings.Contains(text, "platform_servers: 0") || strings.Contains(text, "117-1") {
		t.Errorf("one machine in both: %s", text)
	}
}

// TestOfferedAPIs: what the account has no credentials for is not offered.
func TestOfferedAPIs(t *testing.T) {
	names := func(c vpsapi.Config) (older, newer, compound int, zone bool) {
		client, err := vpsapi.NewClient(c)
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{Client: client})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range s.Entries() {
			op, isOp := vpsapi.Find(e.Name)
			switch {
			case !isOp:
				compound++
				zone = zone || e.Name == "apply_zone"
			case op.Info().API == vpsapi.Platform:
				newer++
			default:
				older++
			}
		}
		return older, newer, compound, zone
	}
	older := len(olderOperations())
	if o, n, c, zone := names(vpsapi.Config{Token: sandbox.Token}); o != 0 || n != len(vpsapi.PlatformServers.Operations) || c != 5 || zone {
		t.Errorf("a token alone: %d, %d, %d, zones %t", o, n, c, zone)
	}
	if o, n, c, zone := names(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey}); o != older || n != 0 || c != 9 || !zone {
		t.Errorf("a key alone: %d, %d, %d, zones %t", o, n, c, zone)
	}
	if o, n, c, _ := names(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token}); o != older || n == 0 || c != 9 {
		t.Errorf("both: %d, %d, %d", o, n, c)
	}
}

// TestCallersHaveTheirAPIs: on a server for others each caller is offered what
// their own account has.
func TestCallersHaveTheirAPIs(t *testing.T) {
	sb := sandbox.New(sandbox.Options{})
	client := func(c vpsapi.Config) *vpsapi.Client {
		c.Transport, c.PerSecond, c.Observe = sb, -1, trail.Observe
		made, err := vpsapi.NewClient(c)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	older := client(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey})
	s, err := New(Options{Client: older, Newer: true})
	if err != nil {
		t.Fatal(err)
	}
	call := func(c *vpsapi.Client, tool string) answer.Answer {
		return s.Call(WithCaller(t.Context(), confirm.Caller{Name: "anna", Client: c}), tool, json.RawMessage(`{}`))
	}
	newer := client(vpsapi.Config{Token: sandbox.Token})
	if a := call(newer, "list_platform_servers"); a.IsError || !strings.Contains(a.Text, "117-4107") {
		t.Errorf("a caller with a token: %s", a.Text)
	}
	for tool, c := range map[string]*vpsapi.Client{"list_platform_servers": older, "list_cloud_servers": newer} {
		if a := call(c, tool); !a.IsError || !strings.Contains(a.Text, "unknown tool") {
			t.Errorf("%s: %s", tool, a.Text)
		}
	}
}
