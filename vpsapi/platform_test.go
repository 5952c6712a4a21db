package vpsapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testToken = "token-of-the-newer-API"

// sent is what a service was asked: the line, and the headers that matter.
type sent struct{ Line, Token, User, Type, Body string }

// twoServices answers as both APIs do, and keeps what it was asked.
type twoServices struct {
	asked  []sent
	status int
	body   string
}

func (s *twoServices) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	user, _, _ := r.BasicAuth()
	s.asked = append(s.asked, sent{r.Method + " " + r.URL.String(), r.Header.Get("X-Api-Token"), user, r.Header.Get("Content-Type"), string(body)})
	return &http.Response{StatusCode: orDefault(s.status, 200), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s.body)), Request: r}, err
}

func TestEachAPIGetsItsOwnCredentials(t *testing.T) {
	service := &twoServices{body: `{"statusCode":200,"message":"","data":[]}`}
	client := clientOf(t, Config{Token: testToken, Transport: service})
	if _, err := ListPlatformServers.Call(t.Context(), client, ListPlatformServersIn{}); err != nil {
		t.Fatal(err)
	}
	if _, err := RebootPlatformServer.Call(t.Context(), client, RebootPlatformServerIn{"117-ab-12"}); err != nil {
		t.Fatal(err)
	}
	in := ResetPlatformPasswordIn{"117-5023", "correct horse"}
	if _, err := ResetPlatformPassword.Call(t.Context(), client, in); err != nil {
		t.Fatal(err)
	}
	service.body = `[]`
	if _, err := ListTickets.Call(t.Context(), client, ListTicketsIn{}); err != nil {
		t.Fatal(err)
	}
	base := DefaultPlatformURL + "/ssd-vps"
	want := []sent{
		{"GET " + base + "/servers", testToken, "", "", ""},
		{"POST " + base + "/locations/117/servers/ab-12/power/reboot", testToken, "", "", ""},
		{"POST " + base + "/locations/117/servers/5023/password-reset", testToken, "", "application/json", `{"new_password":"correct horse"}`},
		{"GET https://api.vps.net/tickets.api10json", "", testEmail, "application/json", ""},
	}
	if diff := cmp.Diff(want, service.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFunctionOfAnotherAPIIsRefused(t *testing.T) {
	service := &twoServices{}
	older := clientOf(t, Config{Transport: service})
	newer, err := NewClient(Config{Token: testToken, Transport: service})
	if err != nil {
		t.Fatal(err)
	}
	_, first := ListPlatformServers.Call(t.Context(), older, ListPlatformServersIn{})
	_, second := ListTickets.Call(t.Context(), newer, ListTicketsIn{})
	_, third := newer.Encode(ListTickets, ListTicketsIn{})
	for _, err := range []error{first, second, third} {
		var input *InputError
		if !errors.As(err, &input) || !strings.HasSuffix(err.Error(), "; nothing was sent") || !strings.Contains(err.Error(), "platform.vps.net") {
			t.Errorf("not refused: %v", err)
		}
	}
	if len(service.asked) > 0 {
		t.Errorf("sent %+v", service.asked)
	}
	if !newer.HasAPI(Platform) || newer.HasAPI(Classic) || older.HasAPI(Platform) || !older.HasAPI(Classic) {
		t.Error("who speaks what")
	}
	if name := newer.Account(); strings.Contains(name, testToken) || !strings.HasPrefix(name, "platform-") {
		t.Errorf("account %s", name)
	}
}

// Both shapes of error, and a refusal behind a status that says success.
func TestErrorsOfTheNewerAPI(t *testing.T) {
	read, change := Operation(ListPlatformServers), Operation(RebootPlatformServer)
	for _, c := range []struct {
		op      Operation
		status  int
		body    string
		kind    Kind
		outcome Outcome
		words   string
	}{
		{read, 401, `{"status": 401, "error": {"type": "UNAUTHENTICATED", "description": "Invalid API Key"}}`, BadKey, Refused, `"Invalid API Key"`},
		{read, 400, `{"status": 400, "message": "Path parameter ticket_id needs to be numeric", "data": []}`, Invalid, Refused, `"Path parameter ticket_id needs to be numeric"`},
		{change, 404, `{"status": 404, "message": "ticket not found", "data": []}`, NotFound, Refused, `"ticket not found"`},
		{change, 413, `{"message": "too large"}`, Invalid, Refused, `"too large"`},
		{change, 500, `{"status": 500, "message": "Server Error", "data": null}`, ServiceFault, Unknown, `"Server Error"`},
		{change, 200, `{"status_code": 400, "message": "no", "data": []}`, Invalid, Refused, `"no"`},
		{change, 201, `{"statusCode": "404", "message": "no", "data": []}`, NotFound, Refused, `"no"`},
		{change, 200, `{"statusCode": 500, "message": "no", "data": []}`, ServiceFault, Unknown, `"no"`},
		{read, 200, `{"statusCode": 200, "message": "no data"}`, BadReply, Unknown, ``},
		{read, 200, `{"statusCode": 200, "message": "", "data": null}`, BadReply, Unknown, ``},
		{read, 200, `[]`, BadReply, Unknown, ``},
		{change, 200, `<html><title>Maintenance</title></html>`, BadReply, Unknown, `"Maintenance"`},
		{change, 302, ``, Unexpected, Unknown, ``},
	} {
		client, err := NewClient(Config{Token: testToken, Transport: &twoServices{status: c.status, body: c.body}, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.op.Do(t.Context(), client, withIDs(c.op.Info()).Interface())
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Outcome != c.outcome || e.Words() != c.words {
			t.Errorf("%d %s: %v, want %s, %s, %s", c.status, c.body, err, c.kind, c.outcome, c.words)
		}
	}
	client, _ := NewClient(Config{Token: testToken, Transport: &twoServices{status: 401, body: `{}`}})
	if _, err := ListPlatformServers.Call(t.Context(), client, ListPlatformServersIn{}); !strings.Contains(fmt.Sprint(err), "token of platform.vps.net") {
		t.Errorf("a refused token: %v", err)
	}
}

// What stands for success: the statuses, either key, no data where none is needed.
func TestSuccessOfTheNewerAPI(t *testing.T) {
	in := withIDs(RebootPlatformServer.Info()).Interface()
	for status, body := range map[int]string{
		201: `{"status_code": 201, "message": "Created SSD Virtual Machine", "data": []}`,
		200: `{"status_code": 200, "message": "SSH Key Updated"}`, 204: ``, 202: `{"statusCode": 200, "data": {"id": 5}}`,
	} {
		client, _ := NewClient(Config{Token: testToken, Transport: &twoServices{status: status, body: body}})
		if _, err := RebootPlatformServer.Do(t.Context(), client, in); err != nil {
			t.Errorf("%d %s: %v", status, body, err)
		}
	}
	client, _ := NewClient(Config{Token: testToken, Transport: &twoServices{body: `{"statusCode":200,"message":"x","data":[{"id":"a-1","hostname":"h","location":{"id":7},"price":1.50}]}`}})
	result, err := ListPlatformServers.Do(t.Context(), client, ListPlatformServersIn{})
	if err != nil || string(result.Raw) != `[{"id":"a-1","hostname":"h","location":{"id":7},"price":1.50}]` {
		t.Errorf("raw %s, %v", result.Raw, err)
	}
	if list := result.Out.([]PlatformServer); list[0].ServerID() != "7-a-1" || list[0].ServerID().Location() != "7" {
		t.Errorf("named %s", list[0].ServerID())
	}
}

// A token is a secret, in an answer of either API; a public key is none.
func TestTokenIsNotRepeated(t *testing.T) {
	service := &twoServices{status: 422, body: `{"errors":["` + testToken + ` and ` + testKey + `"]}`}
	client := clientOf(t, Config{Token: testToken, Transport: service})
	for _, op := range []Operation{GetProfile, ListPlatformPlans} {
		_, err := op.Do(t.Context(), client, withIDs(op.Info()).Interface())
		if text := fmt.Sprint(err); strings.Contains(text, testToken) || strings.Contains(text, testKey) || strings.Count(text, Redacted) != 2 {
			t.Errorf("%s", text)
		}
	}
	if text := client.Clean("the token is " + testToken); strings.Contains(text, testToken) {
		t.Error(text)
	}
	key := CreatePlatformSSHKeyIn{PublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", Label: "laptop"}
	service.status, service.body = 200, `{"status_code":200,"message":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5","data":{"id":77}}`
	if _, err := CreatePlatformSSHKey.Call(t.Context(), client, key); err != nil || client.Clean(key.PublicKey) != key.PublicKey {
		t.Errorf("a public key is hidden: %v", err)
	}
}

func TestPlatformServerIDs(t *testing.T) {
	for _, good := range []PlatformServerID{"117-5023", "1-a", "117-ab-12-cd", "117--", "213-A_b.c~d:e"} {
		if err := good.validID(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range append(badIDs, "5023", "117", "117-", "-5023", "0117-5", "a-5", "117-.", "117-..", "117-a/b", "117-a%2f", "117-a b", "117-é", "117-"+strings.Repeat("1", 81)) {
		request, err := GetPlatformServer.Encode(GetPlatformServerIn{PlatformServerID(bad)})
		if err == nil || request.Path != "" || len(err.Error()) > 400 {
			t.Errorf("%q makes %s, %v", bad, request.Path, err)
		}
	}
	var in GetPlatformServerIn
	if err := json.Unmarshal([]byte(`{"platform_server_id":"117-ab-12"}`), &in); err != nil || in.ID.Location() != "117" {
		t.Errorf("%v, %v", in, err)
	}
}

func TestHealthIsTheWorseOfTwo(t *testing.T) {
	service := &twoServices{status: 500}
	client := clientOf(t, Config{Token: testToken, Transport: service, Attempts: 1})
	for range pauseAfter {
		_, _ = ListPlatformServers.Call(t.Context(), client, ListPlatformServersIn{})
	}
	service.status, service.body = 200, `[]`
	if _, err := ListTickets.Call(t.Context(), client, ListTicketsIn{}); err != nil || client.Health() != "open" {
		t.Errorf("the older API: %v, health %s", err, client.Health())
	}
}
