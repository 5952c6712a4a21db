package cli

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestDoctorFindsARoute runs the doctor on a service that has one function under
// another route than the inferred one, and lacks another function.
func TestDoctorFindsARoute(t *testing.T) {
	sb := sandbox.New(sandbox.Options{})
	var changed []string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.Contains(r.URL.Path, "ip_address_exists") {
			changed = append(changed, r.Method+" "+r.URL.Path)
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/invoices/get_credits"), strings.HasPrefix(r.URL.Path, "/available_cloud_groups"), strings.HasPrefix(r.URL.Path, "/ip_justifications"):
			http.NotFound(w, r)
			return
		case strings.HasPrefix(r.URL.Path, "/get_credits"):
			r.URL.Path = "/invoices" + r.URL.Path
		case strings.HasPrefix(r.URL.Path, "/ips/ip_justifications"):
			r.URL.Path = strings.TrimPrefix(r.URL.Path, "/ips")
		}
		sb.ServeHTTP(w, r)
	}))
	defer service.Close()
	cmd := exec.CommandContext(t.Context(), "vpsnet-mcp", "doctor", "--routes")
	cmd.Env = append(bareEnvironment(t), "VPSNET_API_URL="+service.URL, "VPSNET_EMAIL="+sandbox.Email, "VPSNET_API_KEY="+sandbox.APIKey)
	out, err := cmd.Output()
	if err == nil {
		t.Error("a function that is not there is no fault")
	}
	for _, want := range []string{
		"ok     credentials", "ok     service", "ok     name: 127.0.0.1 is 127.0.0.1", "ok     clock", "note   route of get_billing_info: another one answers",
		`get_billing_info: "GET /get_credits"`, "fault  route of list_cloud_groups", "ok     route of get_activity_log",
		"note   route of request_justified_ips", `request_justified_ips: "POST /ips/ip_justifications"`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(string(out), sandbox.APIKey+" ") || len(changed) > 0 {
		t.Errorf("changed %v:\n%s", changed, out)
	}
}

// TestSecondRoutes: each line that the doctor gives can be pasted.
func TestSecondRoutes(t *testing.T) {
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Routes: second})
	if err != nil {
		t.Fatal(err)
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
		"Tue, 24 Nov 2026 12:00:30 GMT": stateOK, "Tue, 24 Nov 2026 11:00:00 GMT": stateNote, "Tue, 24 Nov 2026 13:00:00 GMT": stateNote, "": stateNote,
	} {
		if f := clockFinding(date, at); f.State != want {
			t.Errorf("the service says %q: %+v", date, f)
		}
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	for url, want := range map[string]string{
		secure.URL: "does not know", "https://name.invalid": "check the name", "http://127.0.0.1:1": "a firewall",
	} {
		seen := wayFindings(t.Context(), &Settings{APIURL: url})
		if last := seen[len(seen)-1]; last.State != stateFault || !strings.Contains(last.Says, want) {
			t.Errorf("%s: no %q in %+v", url, want, seen)
		}
	}
	response, err := secure.Client().Get(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	end := secure.Certificate().NotAfter
	if f := tlsFinding(response.TLS, end.Add(-30*24*time.Hour)); f.State != stateOK || !strings.Contains(f.Says, "TLS 1.3") {
		t.Errorf("a good certificate: %+v", f)
	}
	if f := tlsFinding(response.TLS, end.Add(-time.Hour)); f.State != stateNote {
		t.Errorf("a certificate that ends: %+v", f)
	}
}
