package trace

import (
	"encoding/binary"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// message is a protobuf message on its way. The numbers of fields below are those
// of opentelemetry/proto/trace/v1/trace.proto and what it imports; a test reads
// the result with the published types.
type message []byte

// The wire's types of fields.
const (
	varint = iota
	fixed64
	bytesOf // the field has a length before its bytes
	_
	_
	fixed32
)

// tag writes a field's number and wire type.
func (m *message) tag(field, kind int) { m.number(uint64(field)<<3 | uint64(kind)) }

// number writes a number of variable length.
func (m *message) number(n uint64) { *m = binary.AppendUvarint(*m, n) }

// varint writes a field with a number.
func (m *message) varint(field int, n uint64) {
	m.tag(field, varint)
	m.number(n)
}

// text is UTF-8 in any case: a collector refuses a whole batch for one that is not.
func (m *message) text(field int, s string) { m.bytes(field, []byte(strings.ToValidUTF8(s, "\uFFFD"))) }

// bytes writes a field with bytes, a text or a message.
func (m *message) bytes(field int, b []byte) {
	m.tag(field, bytesOf)
	m.number(uint64(len(b)))
	*m = append(*m, b...)
}

// time writes a field with a moment, in nanoseconds since 1970.
func (m *message) time(field int, t time.Time) {
	m.tag(field, fixed64)
	*m = binary.LittleEndian.AppendUint64(*m, uint64(t.UnixNano()))
}

// attributes writes attributes, each as a pair of key and value.
func (m *message) attributes(field int, attributes []attribute.KeyValue) {
	for _, a := range attributes {
		var pair message
		pair.text(1, string(a.Key))
		pair.bytes(2, encodeValue(a.Value))
		m.bytes(field, pair)
	}
}

// encodeValue returns an attribute's value as OTLP's message AnyValue.
func encodeValue(v attribute.Value) (m message) {
	switch v.Type() {
	case attribute.BOOL:
		n := uint64(0)
		if v.AsBool() {
			n = 1
		}
		m.varint(2, n)
	case attribute.INT64:
		m.varint(3, uint64(v.AsInt64()))
	case attribute.STRINGSLICE:
		var list message
		for _, s := range v.AsStringSlice() {
			list.bytes(1, encodeValue(attribute.StringValue(s)))
		}
		m.bytes(5, list)
	default:
		m.text(1, v.String())
	}
	return m
}

// encodeSpans returns an ExportTraceServiceRequest of spans that one process made: one
// resource, one scope.
func encodeSpans(spans []sdk.ReadOnlySpan) []byte {
	var about, scope, scoped, resource, request message
	about.attributes(1, spans[0].Resource().Attributes())
	resource.bytes(1, about)
	scope.text(1, spans[0].InstrumentationScope().Name)
	scope.text(2, spans[0].InstrumentationScope().Version)
	scoped.bytes(1, scope)
	for _, s := range spans {
		scoped.bytes(2, encodeSpan(s))
	}
	resource.bytes(2, scoped)
	request.bytes(1, resource)
	return request
}

// The bits of a span's flags that say whether its parent is another process's.
const (
	// flagHasRemote is the bit of a span's flags that says whether flagRemote is known.
	flagHasRemote = 0x100
	// flagRemote is the bit of a span's flags that says its parent is in another process.
	flagRemote = 0x200
)

// encodeSpan returns a span as OTLP's protobuf message Span.
func encodeSpan(s sdk.ReadOnlySpan) (m message) {
	id, trace := s.SpanContext().SpanID(), s.SpanContext().TraceID()
	m.bytes(1, trace[:])
	m.bytes(2, id[:])
	m.text(3, s.SpanContext().TraceState().String())
	flags := uint32(s.SpanContext().TraceFlags()) | flagHasRemote
	if p := s.Parent(); p.HasSpanID() {
		id := p.SpanID()
		m.bytes(4, id[:])
		if p.IsRemote() {
			flags |= flagRemote
		}
	}
	m.text(5, s.Name())
	m.varint(6, uint64(s.SpanKind()))
	m.time(7, s.StartTime())
	m.time(8, s.EndTime())
	m.attributes(9, s.Attributes())
	var status message
	switch s.Status().Code {
	case codes.Ok:
		status.varint(3, 1)
	case codes.Error:
		status.text(2, s.Status().Description)
		status.varint(3, 2)
	}
	m.bytes(15, status)
	m.tag(16, fixed32)
	return binary.LittleEndian.AppendUint32(m, flags)
}
