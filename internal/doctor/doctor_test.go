package doctor

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestSecondRoutes: each line that the doctor gives can be pasted.
func TestSecondRoutes(t *testing.T) {
	second := map[string]string{}
	for _, op := range vpsapi.Operations() {
		if route, ok := vpsapi.SecondRoute(op.Info().Name); ok {
			second[op.Info().Name] = string(route)
		}
	}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Routes: second})
	if err != nil || len(second) == 0 {
		t.Fatal(second, err)
	}
	for tool := range second {
		op, _ := vpsapi.Find(tool)
		if info := op.Info(); info.Evidence != vpsapi.Inferred || client.Route(info) == info.Route {
			t.Errorf("%s is %s of evidence %s", tool, client.Route(info), info.Evidence)
		}
	}
}

// TestWayToTheService: each part of the way that fails is named, with what to do.
func TestWayToTheService(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for date, want := range map[string]string{
		"Tue, 24 Nov 2026 12:00:30 GMT": StateOK, "Tue, 24 Nov 2026 11:00:00 GMT": StateNote, "Tue, 24 Nov 2026 13:00:00 GMT": StateNote, "": StateNote,
	} {
		if f := clockFinding(date, at); f.State != want {
			t.Errorf("the service says %q: %+v", date, f)
		}
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	for url, want := range map[string]string{
		secure.URL: "does not know", "https://name.invalid": "check the name", "http://127.0.0.1:1": "firewalls",
	} {
		seen := connectionFindings(t.Context(), &settings.Settings{APIURL: url})
		if last := seen[len(seen)-1]; last.State != StateFault || !strings.Contains(last.Says, want) {
			t.Errorf("%s: no %q in %+v", url, want, seen)
		}
	}
	response, err := secure.Client().Get(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	end := secure.Certificate().NotAfter
	if f := tlsFinding(response.TLS, end.Add(-30*24*time.Hour)); f.State != StateOK || !strings.Contains(f.Says, "TLS 1.3") {
		t.Errorf("a good certificate: %+v", f)
	}
	if f := tlsFinding(response.TLS, end.Add(-time.Hour)); f.State != StateNote {
		t.Errorf("a certificate that ends: %+v", f)
	}
}
