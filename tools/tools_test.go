package tools

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// testStart is when the tests' clocks begin.
var testStart = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// newSandboxServer makes a server on a sandbox of its own, without limits of pace.
func newSandboxServer(t *testing.T, o Options) (*Server, *sandbox.Sandbox) {
	t.Helper()
	sb := sandbox.New(sandbox.Options{Now: func() time.Time { return testStart }})
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sb, PerSecond: -1, Concurrent: -1, Observe: trail.Observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Client, o.Version, o.Log = client, "test", zerolog.Nop()
	if o.Now == nil {
		o.Now = func() time.Time { return testStart }
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, sb
}

// newBothServer makes a server on an account that has both APIs.
func newBothServer(t *testing.T) *Server {
	t.Helper()
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Client: client, Version: "test", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// offlineClient is a client that is never used.
func offlineClient(t *testing.T) *vpsapi.Client {
	t.Helper()
	c, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
