package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

// lab is a sandbox with the document's two servers, a client of it, and a clock
// that moves by hand.
type lab struct {
	*testing.T
	*Sandbox
	client *vpsapi.Client
	clock  time.Time
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{T: t, clock: time.Date(2014, 5, 6, 9, 0, 0, 0, time.UTC)}
	l.Sandbox = New(Options{Now: func() time.Time { return l.clock }, Seed: 7})
	for _, id := range []vpsapi.ServerID{"1384", "1385"} {
		if _, err := l.account.server(id); err == nil {
			continue
		}
		l.account.servers = append(l.account.servers, &server{Server: vpsapi.Server{
			ID: id, Label: vpsapi.Text("Server " + id), Hostname: "web01", DomainName: "demodomain.com", CloudID: "3", SystemTemplateID: "41",
			Running: ptr(vpsapi.Flag(true)), PowerActionPending: ptr(vpsapi.Flag(false)), CreatedAt: "2009-04-16T08:17:39-04:00",
		}})
		seedBackups(l.account)
	}
	if _, err := l.account.cloud("15"); err != nil {
		l.account.clouds = append(l.account.clouds, &cloud{Cloud: vpsapi.Cloud{ID: "15", Label: "Cloud 15", Available: ptr(vpsapi.Flag(true))}})
	}
	var err error
	l.client, err = vpsapi.NewClient(vpsapi.Config{Email: Email, APIKey: APIKey, Transport: l.Sandbox, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// vm is the sandbox's own view of a server.
func (l *lab) vm(id vpsapi.ServerID) *server {
	l.Helper()
	s, err := l.account.server(id)
	if err != nil {
		l.Fatal(err)
	}
	return s
}

// pass lets time go by; what falls due happens.
func (l *lab) pass(d time.Duration) {
	l.clock = l.clock.Add(d)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account.advanceTo(l.now())
}

// send makes a plain request, past everything that the client checks.
func (l *lab) send(method, path, body string) (int, string) {
	l.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth(Email, APIKey)
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func must[In, Out any](l *lab, op vpsapi.Op[In, Out], in In) Out {
	l.Helper()
	out, err := op.Call(context.Background(), l.client, in)
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// refused calls a function that the sandbox must refuse with a status and words.
func refused[In, Out any](l *lab, op vpsapi.Op[In, Out], in In, status int, words string) {
	l.Helper()
	_, err := op.Call(context.Background(), l.client, in)
	var failure *vpsapi.Error
	if !errors.As(err, &failure) || failure.Status != status || !strings.Contains(failure.Words(), words) {
		l.Errorf("%s: got %v, want status %d with %q", op.Name, err, status, words)
	}
}

func decode[T any](l *lab, raw []byte) T {
	l.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		l.Fatalf("%v in %s", err, raw)
	}
	return v
}

func TestUnknownThingsAreNotFound(t *testing.T) {
	l := newLab(t)
	for _, request := range []string{
		"GET /virtual_machines/99/backups", "POST /virtual_machines/99/backups", "GET /virtual_machines/99/backups/rsync_backup",
		"DELETE /virtual_machines/1384/backups/99", "POST /virtual_machines/1384/backups/99/restore", "POST /virtual_machines/1384/backups/99/convert",
		"GET /virtual_machines/99/clones", "DELETE /virtual_machines/1384/clones/99",
		"GET /virtual_machines/99/upgrade_schedules", "DELETE /virtual_machines/1384/upgrade_schedules/99",
		"GET /virtual_machines/99/network_utilisation", "GET /virtual_machines/99/cpu_usage",
		"GET /virtual_machines/99/licenses", "GET /virtual_machines/99/auto_scaling", "DELETE /dotdefender_licenses/99",
	} {
		method, path, _ := strings.Cut(request, " ")
		if status, body := l.send(method, path+".api10json", ""); status != http.StatusNotFound {
			t.Errorf("%s: HTTP %d %s, want 404", request, status, body)
		}
	}
}
