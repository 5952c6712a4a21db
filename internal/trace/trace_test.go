package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestWanted: the standard variables turn traces on and off; what this program
// cannot do is told, without what may be a secret.
func TestWanted(t *testing.T) {
	for _, c := range []struct {
		env   string // pairs
		on    bool
		fault string
	}{
		{"", false, ""},
		{"OTEL_SERVICE_NAME=x", false, ""},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318", true, ""},
		{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://localhost:4318/x", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp", true, ""},
		{"OTEL_TRACES_EXPORTER=none OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318", false, ""},
		{"OTEL_SDK_DISABLED=TRUE OTEL_TRACES_EXPORTER=otlp", false, ""},
		{"OTEL_TRACES_EXPORTER=console", false, "console"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=grpc", false, "4318"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", true, ""},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://me:canary@localhost:4318", false, "without credentials"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318", false, "such as"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_HEADERS=canary", false, "key=value"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_HEADERS=a=canary%zz", false, "key=value"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_TIMEOUT=soon", false, "milliseconds"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_CERTIFICATE=/nowhere", false, "/nowhere"},
		{"OTEL_SDK_DISABLED=yes", false, ""},
		{"OTEL_SDK_DISABLED=yes OTEL_TRACES_EXPORTER=otlp", false, "true or false"},
		{"OTEL_SDK_DISABLED=False OTEL_TRACES_EXPORTER=otlp", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_HEADERS=a=canary%0a", false, "key=value"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_HEADERS=a:b=canary", false, "key=value"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_TIMEOUT=9223372036854775807", false, "milliseconds"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/nowhere", false, "CLIENT_KEY"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY=/nowhere", false, "CLIENT_CERTIFICATE"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/nowhere OTEL_EXPORTER_OTLP_CLIENT_KEY=/nowhere", false, "/nowhere"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_COMPRESSION=zstd", false, "gzip or none"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_COMPRESSION=none", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_TRACES_SAMPLER=nonsense", false, "unsupported sampler"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_TRACES_SAMPLER=ALWAYS_OFF OTEL_TRACES_SAMPLER_ARG=5", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_TRACES_SAMPLER=traceidratio", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=0.5", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=5", false, "OTEL_TRACES_SAMPLER_ARG"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_BSP_SCHEDULE_DELAY=soon", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_BSP_MAX_QUEUE_SIZE=-1", false, "OTEL_BSP_MAX_QUEUE_SIZE"}, // the SDK panics at it
		{"OTEL_TRACES_EXPORTER=otlp OTEL_BSP_MAX_EXPORT_BATCH_SIZE=1 OTEL_BSP_EXPORT_TIMEOUT=1000", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=long", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=-1", true, ""},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_RESOURCE_ATTRIBUTES=canary", false, "OTEL_RESOURCE_ATTRIBUTES"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_RESOURCE_ATTRIBUTES=a=canary%zz", false, "key=value"},
		{"OTEL_TRACES_EXPORTER=otlp OTEL_RESOURCE_ATTRIBUTES=a=b%20c,d=", true, ""},
	} {
		t.Run(c.env, func(t *testing.T) {
			env := map[string]string{}
			for pair := range strings.FieldsSeq(c.env) {
				key, value, _ := strings.Cut(pair, "=")
				env[key] = value
				t.Setenv(key, value) // the SDK's
			}
			var log bytes.Buffer
			tracer, err := New(env, "1", zerolog.New(&log))
			if (tracer != nil) != c.on || log.Len() > 0 {
				t.Errorf("on is %v, the log %s", tracer != nil, &log)
			}
			if c.fault == "" && err != nil || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "canary")) {
				t.Errorf("the error is %v", err)
			}
			if err := tracer.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAbout: an operator's words say what the spans are of.
func TestAbout(t *testing.T) {
	const given = "service.name=lost,service.version=9,deployment.environment.name=a%20b,"
	for name, want := range map[string]string{"": "lost", " mcp ": "mcp"} {
		env := map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_RESOURCE_ATTRIBUTES": given, "OTEL_SERVICE_NAME": name}
		tracer, err := New(env, "1", zerolog.Nop())
		if err != nil {
			t.Fatal(err)
		}
		_, span := tracer.tracer.Start(t.Context(), "x")
		got := map[string]string{}
		for _, a := range span.(sdk.ReadOnlySpan).Resource().Attributes() {
			got[string(a.Key)] = a.Value.String()
		}
		if got["service.name"] != want || got["service.version"] != "9" || got["deployment.environment.name"] != "a b" || got["service.instance.id"] == "" {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestOwnCertificate: a collector that asks for a certificate gets the one that the
// variables name, and is verified with the CA that they name.
func TestOwnCertificate(t *testing.T) {
	var came []*x509.Certificate
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came = append(came, r.TLS.PeerCertificates...) }))
	web.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	web.StartTLS()
	defer web.Close()
	pair, dir := web.TLS.Certificates[0], t.TempDir()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": web.URL}
	for _, f := range []struct {
		name, kind string
		bytes      []byte
	}{{"CERTIFICATE", "CERTIFICATE", pair.Certificate[0]}, {"CLIENT_CERTIFICATE", "CERTIFICATE", pair.Certificate[0]}, {"CLIENT_KEY", "PRIVATE KEY", der}} {
		file := filepath.Join(dir, f.name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: f.kind, Bytes: f.bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		env["OTEL_EXPORTER_OTLP_"+f.name] = file
	}
	e, err := newExporter(env)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), tracetest.SpanStubs{{Name: "one"}}.Snapshots()); err != nil || len(came) != 1 || !came[0].Equal(web.Certificate()) {
		t.Errorf("%v, %d certificates came", err, len(came))
	}
}

// TestExport: a batch goes out packed, with the headers, again when the collector
// has no time, and not again when it refuses.
func TestExport(t *testing.T) {
	var answers []int
	var seen []*tracepb.TracesData
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := answers[0]
		answers = answers[1:]
		w.WriteHeader(status)
		if status != http.StatusOK {
			return
		}
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, err := io.ReadAll(z)
		data := &tracepb.TracesData{}
		if err := errors.Join(err, proto.Unmarshal(body, data)); err != nil || r.Header.Get("X-Key") != "a b" {
			t.Errorf("it sent %v, key %q", err, r.Header.Get("X-Key"))
		}
		seen = append(seen, data)
	}))
	defer web.Close()
	e, err := newExporter(map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": web.URL + "/", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
	})
	if err != nil {
		t.Fatal(err)
	}
	e.pause = time.Millisecond
	spans := tracetest.SpanStubs{{Name: "one"}}.Snapshots()
	answers = []int{503, 429, 200}
	if err := e.ExportSpans(t.Context(), spans); err != nil || len(seen) != 1 || seen[0].ResourceSpans[0].ScopeSpans[0].Spans[0].Name != "one" {
		t.Errorf("after two tries without time: %v %v", err, seen)
	}
	answers = []int{400, 200}
	if err := e.ExportSpans(t.Context(), spans); err == nil || len(answers) != 1 {
		t.Errorf("after a refusal: %v, %d answers left", err, len(answers))
	}
}

// watched keeps the heads of the requests that reach the service, and may lose
// the first one's answer.
type watched struct {
	http.RoundTripper
	heads []http.Header
	lose  bool
}

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	w.heads = append(w.heads, r.Header.Clone())
	if w.lose && len(w.heads) == 1 {
		return &http.Response{StatusCode: http.StatusBadGateway, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
	}
	return w.RoundTripper.RoundTrip(r)
}

// TestExchange: a request that was sent again is two spans below the call, and
// the service is told nothing of the trace.
func TestExchange(t *testing.T) {
	kept := tracetest.NewInMemoryExporter()
	p := sdk.NewTracerProvider(sdk.WithSyncer(kept))
	tracer := &Tracer{p, p.Tracer(scopeName)}
	way := &watched{RoundTripper: sandbox.New(sandbox.Options{}), lose: true}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: "http://localhost:8081", Transport: way, Observe: tracer.Exchange})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := tracer.Begin(context.Background(), Call{Method: toolsCall, Tool: "get_cloud_server"})
	if _, err := vpsapi.GetServer.Call(ctx, client, vpsapi.GetServerIn{ServerID: "1384"}); err != nil {
		t.Fatal(err)
	}
	end()
	if _, err := vpsapi.GetServer.Call(context.Background(), client, vpsapi.GetServerIn{ServerID: "1384"}); err != nil {
		t.Fatal(err)
	}
	for _, head := range way.heads {
		if head.Get("Traceparent") != "" || head.Get("Tracestate") != "" || head.Get("Baggage") != "" {
			t.Errorf("the service is told %v", head)
		}
	}
	var got []string
	for _, s := range kept.GetSpans() {
		var line bytes.Buffer
		line.WriteString(s.Name + " " + s.Status.Code.String())
		for _, a := range s.Attributes {
			line.WriteString(" " + string(a.Key) + "=" + a.Value.String())
		}
		got = append(got, line.String())
	}
	const request = "http.request.method=GET url.template=/virtual_machines/{server_id} server.address=localhost server.port=8081"
	want := []string{
		"GET /virtual_machines/{server_id} Error " + request + " http.response.status_code=502 error.type=502",
		"GET /virtual_machines/{server_id} Unset " + request + " http.response.status_code=200 http.request.resend_count=1",
		"tools/call get_cloud_server Unset mcp.method.name=tools/call network.transport= gen_ai.operation.name=execute_tool gen_ai.tool.name=get_cloud_server",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the spans (-want +got):\n%s", d)
	}
}
