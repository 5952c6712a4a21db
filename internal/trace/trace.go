// Package trace tells an OpenTelemetry collector what the server does: a span a
// call, below it one for each request to the API. No name or attribute holds an
// argument's value, an id of the account, or a secret: a request goes by its
// route's template, never by its path.
package trace

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/vpsapi"
)

// scopeName names the instrumentation.
const scopeName = "vpsnet-mcp"

// Tracer makes spans. A nil one makes none.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New makes the tracer that the standard OTEL_ variables of an environment ask
// for; nil when they ask for none. Sampler, batches and limits are read by the SDK,
// which knows the process's environment alone. No error repeats what may be a secret.
func New(env map[string]string, version string, log zerolog.Logger) (*Tracer, error) {
	wanted, err := isWanted(env)
	if !wanted || err != nil {
		return nil, err
	}
	to, err := newExporter(env)
	if err != nil {
		return nil, err
	}
	chosen, err := resourceAttributes(env)
	if err != nil {
		return nil, err
	}
	about, err := resource.New(context.Background(),
		resource.WithAttributes(attribute.String("service.name", scopeName), attribute.String("service.version", version), attribute.String("service.instance.id", rand.Text())),
		resource.WithTelemetrySDK(), resource.WithAttributes(chosen...))
	if err != nil {
		return nil, fmt.Errorf("traces: resource attributes: %w", err)
	}
	p, err := provider(to, about)
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn().Err(err).Msg("traces are lost") }))
	return &Tracer{p, p.Tracer(scopeName, trace.WithInstrumentationVersion(version))}, nil
}

// provider is the SDK's. What it says of its variables is an error before anything is
// traced; it ends in a panic for a queue of a negative size.
func provider(to *exporter, about *resource.Resource) (p *sdk.TracerProvider, err error) {
	var mu sync.Mutex
	var said error
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		said = errors.Join(said, err)
	}))
	defer func() {
		if recover() != nil {
			p, err = nil, errors.New("traces: OTEL_BSP_MAX_QUEUE_SIZE: give a whole number, not below 1")
		}
	}()
	p = sdk.NewTracerProvider(sdk.WithBatcher(to), sdk.WithResource(about))
	mu.Lock()
	defer mu.Unlock()
	if said != nil {
		_ = p.Shutdown(context.Background())
		return nil, fmt.Errorf("traces: OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG: %w", said)
	}
	return p, nil
}

// Close sends what is left, for as long as ctx allows.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Call is what is known of a call when it comes.
type Call struct {
	Method   string // tools/call or resources/read
	Tool     string // as published; empty for one that is not, and for resources
	Protocol string // revision of MCP
	Session  string
	ID       string // of the JSON-RPC request
	Network  string // tcp or pipe
	// Parents say which span the call is part of, each as traceparent and
	// tracestate; the last that says one counts.
	Parents []map[string]string
}

// clipText bounds what a client chose; a rune that the bound cuts goes whole.
func clipText(s string) string { return strings.ToValidUTF8(s[:min(len(s), 64)], "") }

// Begin begins the span of a call; end ends it.
func (t *Tracer) Begin(ctx context.Context, c Call) (in context.Context, end func()) {
	if t == nil {
		return ctx, func() {}
	}
	for _, p := range c.Parents {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier(p))
	}
	attributes := []attribute.KeyValue{attribute.String("mcp.method.name", c.Method), attribute.String("network.transport", c.Network)}
	// The second half of a session's id is what proves it: it stays here.
	session, _, _ := strings.Cut(c.Session, "-")
	for key, value := range map[string]string{"mcp.protocol.version": c.Protocol, "mcp.session.id": session, "jsonrpc.request.id": c.ID} {
		if value != "" {
			attributes = append(attributes, attribute.String(key, clipText(value)))
		}
	}
	ctx, span := t.tracer.Start(ctx, c.Method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attributes...))
	if c.Method == toolsCall {
		span.SetAttributes(attribute.String("gen_ai.operation.name", "execute_tool"))
		nameSpan(span, c.Tool)
	}
	return ctx, func() { span.End() }
}

// toolsCall begins the name of a tool call's span, as the semantic conventions for MCP have it.
const toolsCall = "tools/call"

// nameSpan names a span after its tool; without a tool its name stays.
func nameSpan(span trace.Span, tool string) {
	if tool != "" {
		span.SetName(toolsCall + " " + tool)
		span.SetAttributes(attribute.String("gen_ai.tool.name", tool))
	}
}

// Report puts on the span of a context what came of its call; tool is its name,
// empty for one that is not known.
func Report(ctx context.Context, tool string, line audit.Line, isError bool) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	if read, ok := span.(sdk.ReadOnlySpan); ok && strings.HasPrefix(read.Name(), toolsCall) {
		nameSpan(span, tool) // a gate leads to another tool than was called
	}
	span.SetAttributes(attribute.String("vpsnet.request.id", line.Request), attribute.String("vpsnet.outcome", line.Outcome))
	if line.Consent != "" {
		span.SetAttributes(attribute.String("vpsnet.consent", line.How()))
	}
	if len(line.Effects) > 0 {
		span.SetAttributes(attribute.StringSlice("vpsnet.effects", line.Effects))
	}
	if isError {
		span.SetAttributes(attribute.String("error.type", "tool_error"))
		span.SetStatus(codes.Error, "")
	}
}

// Exchange makes the span of a request to the API that has ended, below the call
// that it was made for. The service is somebody else's: it is told nothing of the
// trace, and the call's own id, which it gets, is on the call's span.
func (t *Tracer) Exchange(e vpsapi.Exchange) {
	if t == nil || !trace.SpanContextFromContext(e.Context).IsValid() {
		return
	}
	ended := time.Now()
	route := e.Request.Route
	attributes := []attribute.KeyValue{attribute.String("http.request.method", e.Request.Method), attribute.String("url.template", route.Path())}
	host, port, err := net.SplitHostPort(e.Server)
	if err != nil {
		host = e.Server
	}
	attributes = append(attributes, attribute.String("server.address", host))
	if n, err := strconv.Atoi(port); err == nil {
		attributes = append(attributes, attribute.Int("server.port", n))
	}
	if e.Status != 0 {
		attributes = append(attributes, attribute.Int("http.response.status_code", e.Status))
	}
	if e.Attempt > 1 {
		attributes = append(attributes, attribute.Int("http.request.resend_count", e.Attempt-1))
	}
	_, span := t.tracer.Start(e.Context, e.Request.Method+" "+route.Path(), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithTimestamp(ended.Add(-e.Duration)), trace.WithAttributes(attributes...))
	if e.Err != nil {
		span.SetAttributes(attribute.String("error.type", failureKind(e)))
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(ended))
}

// failureKind returns why a request failed, in few words.
func failureKind(e vpsapi.Exchange) string {
	var failed *vpsapi.Error
	switch {
	case e.Status >= 400:
		return strconv.Itoa(e.Status)
	case errors.As(e.Err, &failed):
		return string(failed.Kind)
	default:
		return "_OTHER"
	}
}
