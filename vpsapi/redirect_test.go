package vpsapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// redirecting sends every request on to a place, but answers those that reach
// /landed, and counts them when they carry the credentials.
func redirecting(status int, to func() string, landed *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/landed") {
			w.Header().Set("Location", to())
			w.WriteHeader(status)
			return
		}
		if _, key, ok := r.BasicAuth(); ok && key == testKey {
			landed.Add(1)
		}
		_, _ = w.Write([]byte(`{"virtual_machine":{"id":1}}`))
	}
}

func TestReadIsRedirectedOnTheSameHost(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var landed atomic.Int32
		client := loopback(t, redirecting(status, func() string { return "/landed?x=1" }, &landed))
		if _, err := readOne.Call(t.Context(), client, struct{}{}); err != nil || landed.Load() != 1 {
			t.Errorf("%d: %v, landed with the credentials %d times", status, err, landed.Load())
		}
	}
}

func TestRedirectsNotFollowed(t *testing.T) {
	var strange atomic.Int32 // requests that reached another host
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strange.Add(1)
		if r.Header.Get("Authorization") != "" {
			t.Error("another host got the credentials")
		}
	}))
	defer other.Close()
	for _, c := range []struct {
		name    string
		op      Operation
		status  int
		to      string
		outcome Outcome
	}{
		{"read, another port", readOne, 302, other.URL + "/landed", Refused},
		{"read, another name", readOne, 302, strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + "/landed", Refused},
		{"read, without a scheme", readOne, 301, strings.TrimPrefix(other.URL, "http:") + "/landed", Refused},
		{"document, another port", readPDF, 302, other.URL + "/landed", Refused},
		{"change, another port", changeOne, 307, other.URL + "/landed", Refused},
		{"change, the same host", changeOne, 302, "/landed", Unknown},
		{"change, the same host, to be repeated", changeOne, 308, "/landed", Refused},
		{"delete, the same host", deleteOne, 303, "/landed", Unknown},
		{"read, in a circle", readOne, 302, "/again", Refused},
		{"read, nowhere", readOne, 302, "", Refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			var landed atomic.Int32
			client := loopback(t, redirecting(c.status, func() string { return c.to }, &landed))
			result, err := c.op.Do(t.Context(), client, struct{}{})
			if err == nil {
				t.Fatalf("followed: %+v", result)
			}
			if c.to != "" {
				if e := failure(t, t.Context(), client, c.op); e.Kind != Unexpected || e.Outcome != c.outcome || e.Status != c.status {
					t.Errorf("error %v (%s), want outcome %s", e, e.Outcome, c.outcome)
				}
			}
			if landed.Load() != 0 || strange.Load() != 0 {
				t.Errorf("landed %d times here, %d elsewhere", landed.Load(), strange.Load())
			}
		})
	}
}

// From https to http the credentials would travel in the open, on the same host too.
func TestRedirectFromHTTPSToHTTPIsNotFollowed(t *testing.T) {
	var landed atomic.Int32
	var server *httptest.Server
	server = httptest.NewTLSServer(redirecting(302, func() string { return "http://" + server.Listener.Addr().String() + "/landed" }, &landed))
	defer server.Close()
	client := clientOf(t, Config{BaseURL: server.URL, Transport: server.Client().Transport})
	if e := failure(t, t.Context(), client, readOne); e.Kind != Unexpected || e.Status != 302 || landed.Load() != 0 {
		t.Errorf("error %v, landed %d times", e, landed.Load())
	}
}
