package cli

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OpenTelemetry collector that keeps what it is sent. It reads
// with the published types, which the program knows nothing of.
type collector struct {
	url   string
	mu    sync.Mutex
	raw   []byte
	spans []*tracepb.Span
	about []*commonpb.KeyValue
	fault error
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var data tracepb.TracesData // as the request's message is on the wire
		if err == nil {
			err = proto.Unmarshal(body, &data)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			c.fault = fmt.Errorf("a request to %s of %s: %w", r.URL.Path, r.Header.Get("Content-Type"), err)
		}
		c.raw = append(c.raw, body...)
		for _, resource := range data.ResourceSpans {
			c.about = resource.Resource.Attributes
			for _, scoped := range resource.ScopeSpans {
				c.spans = append(c.spans, scoped.Spans...)
			}
		}
	}))
	t.Cleanup(web.Close)
	c.url = web.URL
	return c
}

// got ends the server, which sends what it still has, and gives the spans in the
// order of their begin.
func (c *collector) got(t *testing.T, h *running) []*tracepb.Span {
	t.Helper()
	interrupt(t, h.cmd)
	for h.lines.Scan() {
	}
	_ = h.cmd.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault != nil {
		t.Fatal(c.fault)
	}
	slices.SortFunc(c.spans, func(a, b *tracepb.Span) int { return cmp.Compare(a.StartTimeUnixNano, b.StartTimeUnixNano) })
	return c.spans
}

func attributesOf(list []*commonpb.KeyValue) map[string]string {
	m := map[string]string{}
	for _, a := range list {
		switch v := a.Value.Value.(type) {
		case *commonpb.AnyValue_StringValue:
			m[a.Key] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			m[a.Key] = fmt.Sprint(v.IntValue)
		case *commonpb.AnyValue_ArrayValue:
			var words []string
			for _, w := range v.ArrayValue.Values {
				words = append(words, w.GetStringValue())
			}
			m[a.Key] = strings.Join(words, ", ")
		}
	}
	return m
}

// The context that the client of the tests is in.
const (
	clientTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	clientParent = "00f067aa0ba902b7"
)

// traced calls a tool as part of the client's trace; arguments are JSON.
func traced(t *testing.T, session *mcp.ClientSession, tool string, arguments any) string {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{
		Name: tool, Arguments: arguments, Meta: mcp.Meta{"traceparent": "00-" + clientTrace + "-" + clientParent + "-01", "tracestate": "example=1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return textOf(result)
}

var codeOf = regexp.MustCompile(`confirm: "([^"]+)"`)

const traceBegin, traceEnd = "<!-- trace:begin -->\n", "<!-- trace:end -->\n"

// TestTraceOfADelete: a delete is two spans in the client's trace, the plan and
// what was agreed to, with the requests to the API below them. docs/telemetry.md
// shows this very trace.
func TestTraceOfADelete(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt to send there")
	}
	c := newCollector(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.url)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
	h := serveOthers(t, "--log-level", "warn", "--consent", "code")
	session := connectOver(t, h, elsewhere{bearer(h.token)})
	plan := traced(t, session, "delete_cloud_server", map[string]any{"server_id": "web01"})
	code := codeOf.FindStringSubmatch(plan)
	if code == nil {
		t.Fatalf("no code in %s", plan)
	}
	if done := traced(t, session, "delete_cloud_server", map[string]any{"server_id": "web01", "confirm": code[1]}); !strings.Contains(done, "Done") {
		t.Fatalf("the delete: %s", done)
	}
	spans := c.got(t, h)
	if about := attributesOf(c.about); about["service.name"] != "vpsnet-mcp" || about["deployment.environment.name"] != "test" || about["service.version"] == "" {
		t.Errorf("the resource is %v", about)
	}
	var text strings.Builder
	text.WriteString("```\n")
	calls := 0
	for _, s := range spans {
		if s.Kind != tracepb.Span_SPAN_KIND_SERVER {
			continue
		}
		calls++
		if hex.EncodeToString(s.TraceId) != clientTrace || hex.EncodeToString(s.ParentSpanId) != clientParent || s.TraceState != "example=1" || s.Flags != 0x301 {
			t.Errorf("%s is in trace %x below %x, state %q, flags %x", s.Name, s.TraceId, s.ParentSpanId, s.TraceState, s.Flags)
		}
		writeSpan(&text, "", s)
		var below []*tracepb.Span
		for _, e := range spans {
			if string(e.ParentSpanId) == string(s.SpanId) {
				below = append(below, e)
				if e.StartTimeUnixNano < s.StartTimeUnixNano || e.EndTimeUnixNano > s.EndTimeUnixNano || string(e.TraceId) != string(s.TraceId) {
					t.Errorf("%s is not within %s", e.Name, s.Name)
				}
			}
		}
		if len(below) == 0 {
			t.Errorf("nothing is below %s", s.Name)
		}
		slices.SortFunc(below, func(a, b *tracepb.Span) int { return -cmp.Compare(a.Name, b.Name) }) // reads are side by side; GET stands before DELETE
		for _, e := range below {
			writeSpan(&text, "  ", e)
		}
	}
	text.WriteString("```\n")
	if calls != 2 {
		t.Errorf("%d calls in the trace, want 2", calls)
	}
	inDocument(t, "../../docs/telemetry.md", traceBegin, traceEnd, text.String())
}

// writeSpan writes a span as the document shows it: what is the same each time.
func writeSpan(b *strings.Builder, indent string, s *tracepb.Span) {
	kind := strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_")
	attributes := attributesOf(s.Attributes)
	if s.Kind == tracepb.Span_SPAN_KIND_CLIENT && s.Name != "DELETE /virtual_machines/{server_id}" { // one of them whole is enough
		fmt.Fprintf(b, "%s%s  %s, %s\n", indent, s.Name, kind, attributes["http.response.status_code"])
		return
	}
	fmt.Fprintf(b, "%s%s  %s", indent, s.Name, kind)
	if s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR {
		b.WriteString(", error")
	}
	b.WriteString("\n")
	if _, ok := attributes["vpsnet.request.id"]; ok {
		attributes["vpsnet.request.id"] = "(as in the audit, and upstream as X-Request-Id)"
	}
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		fmt.Fprintf(b, "%s    %s: %s\n", indent, key, attributes[key])
	}
}

// TestTracesHoldNoValues: nothing that a caller or the account wrote is in a span,
// wherever it stood.
func TestTracesHoldNoValues(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt to send there")
	}
	c := newCollector(t)
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", c.url+"/v1/traces")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=canary%20header")
	h := serveOthers(t, "--log-level", "warn", "--consent", "code")
	session := connectOver(t, h, bearer(h.token))
	plan := traced(t, session, "delete_cloud_server", map[string]any{"server_id": "web01"})
	traced(t, session, "create_backup", map[string]any{"server_id": "1385", "label": "canary-label"})
	traced(t, session, "get_cloud_server", map[string]any{"server_id": "canary-server"})
	traced(t, session, "create_domain", map[string]any{"name": "canary-domain.example", "canary-argument": "canary-value"})
	traced(t, session, "delete_cloud_server", map[string]any{"server_id": "web01", "confirm": "canary-code"})
	if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "canary_tool", Arguments: map[string]any{}}); err == nil {
		t.Error("a tool that is not there has an answer")
	}
	if _, err := session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "vpsnet://servers/canary-resource"}); err == nil {
		t.Error("a server that is not there has an answer")
	}
	if spans := c.got(t, h); len(spans) < 8 {
		t.Fatalf("%d spans", len(spans))
	}
	secrets := []string{"canary", "web01", "mysql01", "1384", "1385", "sandbox@", "Web Server", h.token}
	if code := codeOf.FindStringSubmatch(plan); code != nil {
		secrets = append(secrets, code[1])
	} else {
		t.Error("no code in the plan")
	}
	for _, secret := range secrets {
		if strings.Contains(string(c.raw), secret) {
			t.Errorf("%q is in the traces", secret)
		}
	}
}

// TestTracesAreOff: without the variables, or with them against it, nothing is sent.
func TestTracesAreOff(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt to send there")
	}
	for name, env := range map[string][]string{"disabled": {"OTEL_SDK_DISABLED", "true"}, "none": {"OTEL_TRACES_EXPORTER", "none"}, "grpc": {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}} {
		t.Run(name, func(t *testing.T) {
			c := newCollector(t)
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.url)
			t.Setenv(env[0], env[1])
			h := serveOthers(t, "--log-level", "warn")
			use(t, connectOver(t, h, bearer(h.token)), "get_profile", `{}`, "sandbox")
			if spans := c.got(t, h); len(spans) > 0 {
				t.Errorf("%d spans", len(spans))
			}
		})
	}
}

// elsewhere sends another trace context in the HTTP headers: that of _meta counts.
type elsewhere struct{ http.RoundTripper }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
	return e.RoundTripper.RoundTrip(r)
}

func connectOver(t *testing.T, h *running, through http.RoundTripper) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: &http.Client{Transport: through}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// inDocument holds a part of a document to what it should be, or writes it anew.
func inDocument(t *testing.T, file, begin, end, want string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(strings.ReplaceAll(string(b), "\r\n", "\n"), begin)
	got, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Fatalf("%s: nothing between %q and %q", file, begin, end)
	case *update:
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case got != want:
		t.Errorf("%s shows another trace; go test ./internal/cli -run TestTraceOfADelete -update writes this one:\n%s", file, want)
	}
}
