package trace

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// read decodes what is sent with the published types, which refuse text that is
// not UTF-8, as collectors do: one such text costs the whole batch.
func read(t *testing.T, spans []sdk.ReadOnlySpan) *tracepb.ScopeSpans {
	t.Helper()
	data := &tracepb.TracesData{}
	if err := proto.Unmarshal(encodeSpans(spans), data); err != nil {
		t.Fatalf("a collector cannot read it: %v", err)
	}
	return data.ResourceSpans[0].ScopeSpans[0]
}

// TestWhatACallerChose is bounded, and is text however it was cut.
func TestWhatACallerChose(t *testing.T) {
	for chosen, want := range map[string]string{
		"short":                        "short",
		strings.Repeat("x", 65):        strings.Repeat("x", 64),
		strings.Repeat("é", 40):        strings.Repeat("é", 32),
		"x" + strings.Repeat("é", 40):  "x" + strings.Repeat("é", 31),
		"xy" + strings.Repeat("😀", 20): "xy" + strings.Repeat("😀", 15),
		"a\xffb":                       "ab",
	} {
		kept := tracetest.NewInMemoryExporter()
		p := sdk.NewTracerProvider(sdk.WithSyncer(kept))
		tracer := &Tracer{p, p.Tracer(scopeName)}
		_, end := tracer.Begin(context.Background(), Call{Method: toolsCall, Protocol: chosen, Session: chosen, ID: chosen})
		end()
		found := 0
		for _, a := range read(t, kept.GetSpans().Snapshots()).Spans[0].Attributes {
			switch a.Key {
			case "mcp.protocol.version", "mcp.session.id", "jsonrpc.request.id":
				if found++; a.Value.GetStringValue() != want {
					t.Errorf("%s of %q is %q, want %q", a.Key, chosen, a.Value.GetStringValue(), want)
				}
			}
		}
		if found != 3 {
			t.Errorf("of %q %d attributes were sent", chosen, found)
		}
	}
}

// TestEncodeMakesText: whatever stands where text must be, a collector can read it.
func TestEncodeMakesText(t *testing.T) {
	const broken = "a\xff\xc3b"
	got := read(t, tracetest.SpanStubs{{
		Name:                 broken,
		Status:               sdk.Status{Code: codes.Error, Description: broken},
		Attributes:           []attribute.KeyValue{attribute.String(broken, broken), attribute.StringSlice("list", []string{broken})},
		Resource:             resource.NewSchemaless(attribute.String(broken, broken)),
		InstrumentationScope: instrumentation.Scope{Name: broken, Version: broken},
	}}.Snapshots())
	for _, text := range []string{got.Scope.Name, got.Spans[0].Name, got.Spans[0].Status.Message, got.Spans[0].Attributes[0].Key, got.Spans[0].Attributes[1].Value.GetArrayValue().Values[0].GetStringValue()} {
		if !utf8.ValidString(text) || !strings.HasPrefix(text, "a") || !strings.HasSuffix(text, "b") {
			t.Errorf("%q", text)
		}
	}
}
