package doctor

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestObserve: the file says of each reading function what route answered how, with which keys; it has no value of the account, and
// nothing is changed.
func TestObserve(t *testing.T) {
	sb := sandbox.New(sandbox.Options{})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/available_licenses"):
			http.NotFound(w, r)
			return
		case strings.HasPrefix(r.URL.Path, "/invoices.") && r.Method == http.MethodGet:
			_, _ = w.Write([]byte(`[{"invoice":{"invoice_no":"77788899","x_new":{"Ann Example":1}}}]`))
			return
		}
		sb.ServeHTTP(w, r)
	}))
	defer service.Close()
	env := map[string]string{"VPSNET_API_URL": service.URL, "VPSNET_EMAIL": sandbox.Email, "VPSNET_API_KEY": sandbox.APIKey, "HOME": t.TempDir()}
	s, err := settings.Load(settings.Sources{Env: env, ConfigDir: func() (string, error) { return t.TempDir(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "seen.json")
	if f := Observe(t.Context(), s, path); f.State != StateOK || len(sb.Changes()) > 0 {
		t.Fatalf("%+v, changed %v", f, sb.Changes())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"web01", "77788899", "Ann Example", sandbox.Email, "68.169.23.153", "demodomain"} {
		if strings.Contains(string(text), private) {
			t.Errorf("%q is in it", private)
		}
	}
	var file struct{ Functions []Observation }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	of := map[string]Observation{}
	for _, o := range file.Functions {
		of[o.Function] = o
	}
	for _, op := range vpsapi.Operations() {
		if info := op.Info(); info.Safety == vpsapi.Reads && (of[info.Name].Route != info.Route || of[info.Name].Skipped != "") {
			t.Errorf("%s: %+v", info.Name, of[info.Name])
		}
	}
	if o := of[vpsapi.ListInvoices.Name]; !slices.Equal(o.Unknown, []string{"x_new", "x_new.*"}) || !slices.Contains(o.Seen, "invoice_no") || !slices.Contains(o.Absent, "amount") || o.Status != 200 {
		t.Errorf("%+v", o)
	}
	if o := of[vpsapi.ListAvailableLicenses.Name]; o.Status != 404 || o.Failed != vpsapi.NotFound {
		t.Errorf("%+v", o)
	}
}
