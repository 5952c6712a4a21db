package tools

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"testing"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// BenchmarkNew is what a start costs beyond the process's own.
func BenchmarkNew(b *testing.B) {
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(Options{Client: client, Log: zerolog.Nop()}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList is a list of servers through the whole way of a call, logged to
// nowhere, at several sizes of the account.
func BenchmarkList(b *testing.B) {
	for name, servers := range map[string]int{"10": 8, "1000": 998, "10000": 9998} {
		b.Run(name, func(b *testing.B) {
			s := benchServer(b, sandbox.Options{Servers: servers})
			b.ReportAllocs()
			for b.Loop() {
				if a := s.Call(context.Background(), "list_cloud_servers", json.RawMessage(`{}`)); a.IsError {
					b.Fatal(a.Text)
				}
			}
		})
	}
}

// BenchmarkRender writes the text of a table of n servers.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			items := make([]json.RawMessage, n)
			for i := range items {
				items[i] = json.RawMessage(`{"id":"` + strconv.Itoa(i) + `","label":"web | one","hostname":"web.example.com","ip":"198.51.100.7","running":true,"cloud_id":"7"}`)
			}
			b.ReportAllocs()
			for b.Loop() {
				answer.Table(items)
			}
		})
	}
}

// BenchmarkFleetReport is the report on 500 servers, the sandbox's own time with it.
func BenchmarkFleetReport(b *testing.B) {
	s := benchServer(b, sandbox.Options{Servers: 498, Records: 10_000})
	b.ReportAllocs()
	for b.Loop() {
		if a := s.Call(context.Background(), "fleet_report", json.RawMessage(`{}`)); a.IsError {
			b.Fatal(a.Text)
		}
	}
}

// benchServer is a server without a pace on a sandbox.
func benchServer(b *testing.B, o sandbox.Options) *Server {
	b.Helper()
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(o), PerSecond: -1, Observe: trail.Observe,
	})
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(Options{Client: client, Log: zerolog.New(io.Discard)})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
