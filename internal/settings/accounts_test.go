package settings

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

func secretFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func bookOf(t *testing.T, s *Settings) *AccountBook {
	t.Helper()
	b, err := s.Accounts(zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAccountsAreReadAgain: an account that is gone opens nothing any more, a key
// that changed is the new one, and a faulty file changes nothing.
func TestAccountsAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	key := secretFile(t, filepath.Join(dir, "key"), "one\n")
	file := secretFile(t, filepath.Join(dir, "accounts.yaml"), "accounts:\n  main: {email: a@example.com, api_key_file: "+key+"}\n  lab: {email: b@example.com, api_key: two}\n")
	b := bookOf(t, &Settings{Hosted: Hosted{Accounts: file}})
	get := func(name string) *vpsapi.Client {
		t.Helper()
		c, err := b.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	main, lab := get("main"), get("lab")
	if main.Account() != "a@example.com" || lab.Account() != "b@example.com" || get("main") != main {
		t.Errorf("accounts %s and %s", main.Account(), lab.Account())
	}
	if _, err := b.Get("other"); err == nil || !strings.Contains(err.Error(), `no account "other"`) {
		t.Errorf("one that is none: %v", err)
	}
	if _, err := b.Get(""); err == nil || strings.Contains(err.Error(), "VPSNET_") {
		t.Errorf("none of the server's own: %v", err)
	}
	for what, text := range map[string]string{"not YAML": "{", "what the YAML library does not bear": "accounts: !!binary x", "no key": "accounts: {main: {email: a@example.com}}", "an unknown field": "accounts: {main: {email: a@example.com, key: x}}",
		"nothing": "\n", "no account": "accounts:\n", "only a comment": "# later\n"} {
		secretFile(t, file, text)
		if err := b.Reload(); err == nil || get("main") != main || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", what, err)
		}
	}
	secretFile(t, file, "accounts:\n  main: {email: a@example.com, api_key_file: "+key+"}\n")
	secretFile(t, key, "three\n")
	if err := b.Reload(); err != nil {
		t.Fatal(err)
	}
	if get("main") == main {
		t.Error("the old key is still in use")
	}
	if _, err := b.Get("lab"); err == nil {
		t.Error("an account that was taken out is still in use")
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.Reload(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others can read: %v", err)
	}
}

// TestKeysBesideAccounts: a key file without a path is beside the accounts file,
// wherever that is and wherever the server was started.
func TestKeysBesideAccounts(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(t.TempDir())
	secretFile(t, "main.key", "of the working directory\n")
	secretFile(t, filepath.Join(dir, "main.key"), "beside\n")
	file := secretFile(t, filepath.Join(dir, "accounts.yaml"), "accounts:\n  main: {email: a@example.com, api_key_file: main.key}\n")
	if e := bookOf(t, &Settings{Hosted: Hosted{Accounts: file}}).Entries["main"]; e.Key != "beside" {
		t.Errorf("the key is that %s", e.Key)
	}
}

// TestBroughtCredentials: an address alone is nobody; the service must take the key
// before anything of the account is shown. In the sandbox nothing goes elsewhere.
func TestBroughtCredentials(t *testing.T) {
	box := sandbox.New(sandbox.Options{Email: "anna@example.com", APIKey: "right-key"})
	asked := 0
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		box.ServeHTTP(w, r)
	}))
	t.Cleanup(service.Close)
	b := bookOf(t, &Settings{APIURL: service.URL, Hosted: Hosted{RequestCreds: true}})
	if _, err := b.ForCredentials(t.Context(), "anna@example.com", "wrong-key"); err == nil || strings.Contains(err.Error(), "wrong-key") {
		t.Errorf("a wrong key: %v", err)
	}
	first, err := b.ForCredentials(t.Context(), "anna@example.com", "right-key")
	if err != nil || first.Account() != "anna@example.com/"+service.Listener.Addr().String() {
		t.Fatalf("the right key: %v", err)
	}
	before := asked
	if again, err := b.ForCredentials(t.Context(), " anna@example.com", "right-key"); err != nil || again != first || asked != before {
		t.Errorf("again: %v, asked %d times", err, asked-before)
	}
	if upper, err := b.ForCredentials(t.Context(), "ANNA@example.com", "right-key"); err == nil && upper.Account() != first.Account() {
		t.Errorf("written otherwise it is another account: %s", upper.Account())
	}
	before = asked
	trial := bookOf(t, &Settings{Sandbox: true, APIURL: service.URL, Hosted: Hosted{RequestCreds: true}, From: map[string]string{"sandbox": FromFlag}})
	if _, err := trial.ForCredentials(t.Context(), "anna@example.com", "right-key"); err == nil || asked != before {
		t.Errorf("in the sandbox: %v, the service was asked %d times", err, asked-before)
	}
	if own, err := trial.ForCredentials(t.Context(), sandbox.Email, sandbox.APIKey); err != nil || own.BaseURL() == service.URL {
		t.Errorf("the sandbox's own: %v", err)
	}
	one, _ := trial.Get("one")
	two, _ := trial.Get("two")
	if one == two || one.Account() == two.Account() {
		t.Errorf("two names, one sandbox: %s", one.Account())
	}
}
