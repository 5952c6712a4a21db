package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
	cmd := command(t.Context(), t, "doctor", "--routes")
	cmd.Env = append(cmd.Env, "VPSNET_API_URL="+service.URL, "VPSNET_EMAIL="+sandbox.Email, "VPSNET_API_KEY="+sandbox.APIKey)
	out, err := cmd.Output()
	if err == nil {
		t.Error("a function that is not there is no fault")
	}
	for _, want := range []string{
		"ok     credentials", "ok     service", "ok     name: 127.0.0.1 is 127.0.0.1", "ok     clock", "note   route of get_billing_info: another route answers",
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
