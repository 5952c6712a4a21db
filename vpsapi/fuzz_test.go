package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// everyOp lists the functions of both APIs, the document's first.
func everyOp() []Operation {
	var all []Operation
	for _, g := range All() {
		all = append(all, g.Operations...)
	}
	return all
}

// FuzzEncode: whatever the input of whichever function, there is no request, or
// one whose path has the segments of the function's route and none that climbs.
func FuzzEncode(f *testing.F) {
	all := everyOp()
	for i, op := range all {
		in, err := json.Marshal(withIDs(op.Info()).Interface())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint16(i), in)
	}
	for _, id := range badIDs {
		in, _ := json.Marshal(map[string]string{"server_id": id, "domain_id": id, "invoice_no": id, "record_id": id, "type": id, "tld": id})
		for _, i := range []uint16{1, 40, 60, 70, 90} {
			f.Add(i, in)
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, text []byte) {
		op := all[int(which)%len(all)]
		in := op.NewIn()
		if json.Unmarshal(text, in) != nil {
			return
		}
		value := reflect.ValueOf(in).Elem().Interface()
		request, err := op.Encode(value)
		var input *InputError
		if err != nil {
			if !errors.As(err, &input) || request.Path != "" {
				t.Errorf("%s %s: %v with the request %+v", op.Info().Name, text, err, request)
			}
			return
		}
		checkPath(t, op.Info(), request)
		if request.Body != nil && !json.Valid(request.Body) {
			t.Errorf("%s %s: the body is %s", op.Info().Name, text, request.Body)
		}
	})
}

func checkPath(t *testing.T, info Info, r Request) {
	t.Helper()
	want := strings.Split(r.Route.Path(), "/")
	got := strings.Split(r.Path, "/")
	parsed, err := url.Parse("https://api.vps.net" + r.URL())
	if err != nil || parsed.Host != "api.vps.net" || parsed.Fragment != "" || len(got) != len(want) {
		t.Fatalf("%s: %s for %s: %v", info.Name, r.URL(), r.Route, err)
	}
	for i := range want {
		segment, err := url.PathUnescape(got[i])
		if err != nil || segment == "." || segment == ".." || (!strings.HasPrefix(want[i], "{") && got[i] != want[i]) {
			t.Errorf("%s: segment %q for %q in %s", info.Name, got[i], want[i], r.URL())
		}
	}
}

// answering is a transport that answers everything the same.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.body)), Request: r}, nil
}

// replyKey is the API key of the accounts whose replies are tried.
const replyKey = "a-key-that-stays-ours"

// replies are bodies that are odd in any function's place.
var replies = []string{
	"", "false", "null", "[]", "{}", `{"errors":[["label","is taken"]]}`, `{"error":{"message":["x"]}}`, "<html><title>502</title>",
	`{"errors":{"json":["x"]}}`, `["\u006ason: x"]`, "<p>invalid\ncharacter", "<p>Go<br>value", `{"error":{"` + replyKey + `":"x"}}`,
	"<title>a-key&#45;that-stays-ours</title>", `[{"virtual_machine":{"id":"1","label":"` + replyKey + `"}}]`, `{"` + replyKey + `":"` + replyKey + `"}`, "%PDF-1.4 " + replyKey,
	`[{"virtual_machine":{"id":"1","running":"\u006ason: x"}}]`, `{"profile":{"email":"` + replyKey + `"}}`,
	`{"status":401,"error":{"type":"UNAUTHENTICATED","description":"` + replyKey + `"}}`, `{"status_code":"500","message":["x"],"data":{"id":[]}}`,
	`{"statusCode":200,"data":null}`, `{"statusCode":200,"message":"x","data":[{"id":{"a":1}}]}`,
	`[{"virtual_machine":{"id":"x","running":"maybe","bandwidth_used":{"a":` + replyKey + `}}}]`,
}

// TestOddReplies: each of them to each function, whatever the status.
func TestOddReplies(t *testing.T) {
	for _, op := range everyOp() {
		for _, body := range replies {
			for _, status := range []int{200, 201, 302, 404, 422, 500, 503} {
				checkReply(t, op, status, []byte(body))
			}
		}
	}
}

// FuzzReply: whatever the service answers to whichever function, it is read, or
// it is as it came, or it is an error that says whose fault it was, and holds
// neither a decoder's words nor the credentials.
func FuzzReply(f *testing.F) {
	all := everyOp()
	files, _ := filepath.Glob("testdata/wire/*.txtar")
	if len(files) == 0 {
		f.Fatal("no wire tests")
	}
	for i, op := range all {
		f.Add(uint16(i), 200+i%400, []byte(replies[i%len(replies)]))
		if op.Info().API == Platform {
			f.Add(uint16(i), 200, []byte(`{"statusCode":400,"message":"`+replyKey+`","data":[]}`))
		}
		archive, err := txtar.ParseFile("testdata/wire/" + op.Info().Name + ".txtar")
		if err != nil {
			continue
		}
		for _, file := range archive.Files {
			f.Add(uint16(i), 200, file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, status int, body []byte) {
		if status < 200 || status > 599 {
			status = 200
		}
		checkReply(t, all[int(which)%len(all)], status, body)
	})
}

func checkReply(t *testing.T, op Operation, status int, body []byte) {
	t.Helper()
	client, err := NewClient(Config{Email: "a@example.com", APIKey: replyKey, Token: replyKey, Transport: answering{status, body}, PerSecond: -1, Concurrent: -1, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	result, err := op.Do(t.Context(), client, withIDs(op.Info()).Interface())
	var input *InputError
	var failure *Error
	switch {
	case errors.As(err, &input): // the function needs more than ids
		_, err = op.DecodeReply(body)
	case err != nil && !errors.As(err, &failure):
		t.Errorf("%s: %v is no *Error", op.Info().Name, err)
	}
	asItCame := bytes.Equal
	if op.Info().API == Platform { // its data alone
		asItCame = func(raw, body []byte) bool { return bytes.Contains(body, raw) }
	}
	if !isPDF(body) && result.Raw != nil && !asItCame(result.Raw, bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\ufeff")))) {
		t.Errorf("%s %d %q: the reply is not as it came: %s", op.Info().Name, status, body, result.Raw)
	}
	if err == nil {
		return
	}
	ours := err // but for what the service said
	if failure != nil {
		ours = failure.Err
		if strings.Contains(err.Error(), replyKey) {
			t.Errorf("%s %d %q: the key is in %v", op.Info().Name, status, body, err)
		}
	}
	for _, bad := range []string{"json:", "invalid character", "unmarshal", "Go value", "Go struct"} {
		if ours != nil && strings.Contains(ours.Error(), bad) && !bytes.Contains(body, []byte(bad)) && !hasValue(body, bad) {
			t.Errorf("%s %d %q: %v", op.Info().Name, status, body, ours)
		}
	}
}

// hasValue finds a text in a reply, as one of its strings where it is JSON. The
// names of members are not a place for a secret, and stay.
func hasValue(body []byte, text string) bool {
	var v any
	if decoder := json.NewDecoder(bytes.NewReader(body)); json.Valid(body) {
		decoder.UseNumber()
		return decoder.Decode(&v) == nil && holds(v, text) != ""
	}
	return bytes.Contains(body, []byte(text))
}
