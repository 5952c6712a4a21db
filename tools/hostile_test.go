package tools

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	mcpserver "github.com/mark3labs/mcp-go/server"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// pushover is a model, and a client of its own making, that says yes to whatever it
// is asked and tries whatever it has read.
type pushover struct {
	session *mcp.ClientSession
	words   []string
	random  *rand.Rand
	asked   int
}

var typedInQuestion = regexp.MustCompile(`type (\S.*)$`)

// agree is the client's answer to every question, and to every page to be opened.
func (h *pushover) agree(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	h.asked++
	content := map[string]any{}
	if m := typedInQuestion.FindStringSubmatch(r.Params.Message); m != nil && r.Params.Mode != "url" {
		content["confirm"] = m[1]
	}
	return &mcp.ElicitResult{Action: "accept", Content: content}, nil
}

func (h *pushover) say(t *testing.T, tool, arguments string) {
	t.Helper()
	result, err := h.session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		return // an argument that the client itself refuses
	}
	for _, part := range result.Content {
		if text, ok := part.(*mcp.TextContent); ok {
			h.words = append(h.words, codeLike.FindAllString(text.Text, 4)...)
		}
	}
}

// overHTTP and overStdio connect a hostile client to a server.
func (h *pushover) overHTTP(t *testing.T, s *Server, client *mcp.Client) {
	t.Helper()
	web := httptest.NewServer(mcpserver.NewStreamableHTTPServer(s.MCP(), mcpserver.WithStateful(true)))
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	var err error
	if h.session, err = client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: web.URL, DisableStandaloneSSE: true, MaxRetries: -1}, nil); err != nil {
		t.Fatal(err)
	}
}

func (h *pushover) overStdio(t *testing.T, s *Server, client *mcp.Client) {
	t.Helper()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- s.ServeStdio(context.WithoutCancel(t.Context()), fromClient, toClient) }()
	t.Cleanup(func() {
		_ = toServer.Close()
		_ = fromServer.Close()
		if err := <-served; err != nil {
			t.Log(err) // that the client went away is how it ends
		}
	})
	var err error
	if h.session, err = client.Connect(t.Context(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil); err != nil {
		t.Fatal(err)
	}
}

// TestAHostileClientGetsNothingDone: in person mode, on both transports, a model
// that sees every answer, whose client says yes to every form and to every page
// that it is to open, and that has no shell, gets no guarded function done.
func TestAHostileClientGetsNothingDone(t *testing.T) {
	t.Parallel()
	for name, connect := range map[string]func(*pushover, *testing.T, *Server, *mcp.Client){"http": (*pushover).overHTTP, "stdio": (*pushover).overStdio} {
		t.Run(name, func(t *testing.T) {
			approve := map[string]string{"http": "https://mcp.example.com/approve/%s", "stdio": "vpsnet-mcp approve %s"}[name]
			f := newFleet(t, Options{Consent: consent.Person, Policy: generous(), Approve: approve, AskPatience: time.Millisecond}, nil)
			h := &pushover{words: []string{"yes", "true", "approved", "Web Server 01"}, random: rand.New(rand.NewPCG(1, 2))}
			client := mcp.NewClient(&mcp.Implementation{Name: "hostile", Version: "1"}, &mcp.ClientOptions{
				ElicitationHandler: h.agree,
				Capabilities: &mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapabilities{
					Form: &mcp.FormElicitationCapabilities{}, URL: &mcp.URLElicitationCapabilities{},
				}},
			})
			connect(h, t, f.server, client)
			guarded := 0
			for _, c := range everything(t) {
				if tool := f.server.tools[c.tool]; tool == nil || !tool.Asks {
					continue
				}
				guarded++
				h.say(t, c.tool, c.arguments)
				for _, word := range append(slices.Clone(h.words[max(0, len(h.words)-2):]), "yes", h.words[h.random.IntN(len(h.words))]) {
					h.say(t, c.tool, withConfirm(c.arguments, word))
				}
			}
			if guarded < 40 || len(h.words) < 50 || (h.asked > 0) != (name == "http") {
				t.Errorf("%d guarded calls, %d words read, asked %d times", guarded, len(h.words), h.asked)
			}
			for _, change := range f.sb.Changes() {
				if op, _ := vpsapi.Find(change.Op); op.Info().Safety > vpsapi.Changes && !slices.Contains(milder, change.Op) {
					t.Errorf("%s was done: %s %s", change.Op, change.Path, change.Body)
				}
			}
			_ = h.session.Close()
		})
	}
}
