package sandbox

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

// desk is an account with a clock that the test turns.
type desk struct {
	*testing.T
	sb     *Sandbox
	client *vpsapi.Client
	clock  time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, clock: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	d.sb = New(Options{Now: func() time.Time { return d.clock }})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: Email, APIKey: APIKey, Transport: d.sb, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	d.client = client
	return d
}

// deskCall makes a call that must succeed.
func deskCall[In, Out any](d *desk, op vpsapi.Op[In, Out], in In) Out {
	d.Helper()
	out, err := op.Call(d.Context(), d.client, in)
	if err != nil {
		d.Fatalf("%s(%+v): %v", op.Name, in, err)
	}
	return out
}

// deskRefused makes a call that the service must refuse as kind, in words that hold
// the given ones.
func deskRefused[In, Out any](d *desk, op vpsapi.Op[In, Out], in In, kind vpsapi.Kind, words string) {
	d.Helper()
	_, err := op.Call(d.Context(), d.client, in)
	var e *vpsapi.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Outcome != vpsapi.Refused || !strings.Contains(e.Words(), words) {
		d.Errorf("%s(%+v) = %v, want %s with %q", op.Name, in, err, kind, words)
	}
}

// post sends a request that the client would not, and gives status and body.
func (d *desk) post(method, path, body string) (int, string) {
	d.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth(Email, APIKey)
	w := httptest.NewRecorder()
	d.sb.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Result().Body)
	if err != nil {
		d.Fatal(err)
	}
	return w.Code, string(answer)
}

// refuses sends a request that must be answered with 422 and the field's name.
func (d *desk) refuses(method, path, body, field string) {
	d.Helper()
	if status, answer := d.post(method, path, body); status != http.StatusUnprocessableEntity || !strings.Contains(answer, field) {
		d.Errorf("%s %s %s = %d %s, want 422 about %s", method, path, body, status, answer, field)
	}
}
