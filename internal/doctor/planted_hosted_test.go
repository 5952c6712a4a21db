package doctor

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestPlantedMistakesOfHosting: what goes wrong only once the server runs is named before
// it starts, with what mends it; and of a sound installation nothing is said.
func TestPlantedMistakesOfHosting(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are Unix ones")
	}
	service := httptest.NewServer(sandbox.New(sandbox.Options{Email: "a@example.com", APIKey: "good"}))
	t.Cleanup(service.Close)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys": [{"kty": "EC"}]}`)) }))
	t.Cleanup(keys.Close)
	none := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(none.Close)
	ours := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Server", "vpsnet-mcp") }))
	t.Cleanup(ours.Close)
	redis := startRedis(t, "--appendonly", "no")
	_, hash := host.NewToken()
	_, hash2 := host.NewPersonToken()
	caller := "tokens:\n  - {name: anna, sha256: " + hash + ", scopes: [read, destroy]"
	withAccount := caller + ", account: main"
	person := "}\n  - {name: anna, sha256: " + hash2 + ", person: true}\n"
	account := "api_url: " + service.URL + "\naccounts:\n  main: {email: a@example.com, api_key: good}\n"
	oauth := func(flags texts, jwks string) {
		flags["oauth-issuer"], flags["oauth-audience"], flags["oauth-jwks"] = "https://issuer.example.com", "https://mcp.example.com/mcp", jwks
	}
	tokens := func(t *testing.T, dir, text string) string { t.Helper(); return plant(t, dir, "tokens.yaml", text) }
	type setter = func(t *testing.T, dir string, flags, env texts)
	for name, c := range map[string]struct {
		set  setter
		says []string // of one line; none when no fault is to be found
	}{
		"a caller without an account among two": {func(t *testing.T, dir string, flags, _ texts) {
			flags["accounts"] = plant(t, dir, "accounts.yaml", account+"  lab: {email: a@example.com, api_key: good}\n")
			flags["tokens"] = tokens(t, dir, caller+person)
		}, []string{"fault callers", "anna has no account", "lab, main"}},
		"a group of an unknown account": {func(t *testing.T, dir string, flags, _ texts) {
			flags["accounts"] = plant(t, dir, "accounts.yaml", account)
			oauth(flags, keys.URL)
			flags["oauth-groups"] = plant(t, dir, "groups.yaml", "groups:\n  - {name: ops, scopes: [read], account: lab}\n")
		}, []string{"fault callers", "the group ops", `"lab"`, "groups.yaml"}},
		"nobody who can sign in": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"] = tokens(t, dir, caller+"}\n")
		}, []string{"fault approval", "--consent person", "token new NAME --person"}},
		"a caller whose plans nobody decides on": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"] = tokens(t, dir, strings.ReplaceAll(caller, "anna", "night-watch")+person)
		}, []string{"fault approval", "plans of night-watch", "token new night-watch --person"}},
		"a rule that asks for nobody": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"] = tokens(t, dir, caller+person)
			flags["policy"] = plant(t, dir, "policy.yaml", "rules:\n  - {action: ask, effects: [destructive], approved_by: [ops]}\n")
		}, []string{"fault approval", "ask rule at line 2", "ops"}},
		"a rule that asks for the caller's own person": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"] = tokens(t, dir, caller+person)
			flags["policy"] = plant(t, dir, "policy.yaml", "rules:\n  - {action: ask, effects: [destructive], approved_by: [anna]}\n")
		}, []string{"fault approval", "but the caller's own person"}},
		"a certificate of another name": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], flags["tls-key"] = certificate(t, dir, time.Now().Add(30*24*time.Hour))
			flags["public-url"] = "https://vps.example.com"
		}, []string{"fault certificate", "not for vps.example.com", "it is for mcp.example.com", "--public-url"}},
		"a certificate of another name than an allowed one": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], flags["tls-key"] = certificate(t, dir, time.Now().Add(30*24*time.Hour))
			flags["allow-host"] = "mcp.example.com,vps.example.com"
		}, []string{"fault certificate", "not for vps.example.com"}},
		"the key of another certificate": {func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], _ = certificate(t, dir, time.Now().Add(30*24*time.Hour))
			_, flags["tls-key"] = certificate(t, filepath.Join(dir, "other"), time.Now().Add(30*24*time.Hour))
		}, []string{"fault certificate", "is not that of the certificate", "openssl pkey -pubout"}},
		"a Redis that keeps nothing": {func(t *testing.T, dir string, flags, env texts) {
			env["VPSNET_REDIS"], flags["consent-key-file"] = redis, filepath.Join(dir, "consent.key")
		}, []string{"fault state", "appendonly is no", "redis-cli config set appendonly yes"}},
		"keys that nobody serves": {func(_ *testing.T, _ string, flags, _ texts) {
			oauth(flags, "http://127.0.0.1:1/keys")
		}, []string{"fault provider", "--oauth-jwks", "curl -sS http://127.0.0.1:1/keys"}},
		"an address without keys": {func(_ *testing.T, _ string, flags, _ texts) {
			oauth(flags, none.URL)
		}, []string{"fault provider", "no set of keys"}},
		"a provider by which nobody signs in": {func(_ *testing.T, _ string, flags, _ texts) {
			oauth(flags, keys.URL)
			flags["oauth-issuer"], flags["oauth-client-id"] = none.URL, "approve"
		}, []string{"fault provider", "--oauth-issuer"}},
		"an issuer without an audience": {func(_ *testing.T, _ string, flags, _ texts) {
			flags["oauth-issuer"] = "https://issuer.example.com"
		}, []string{"fault hosting", "--oauth-audience"}},
		"a secret of the provider that others can read": {func(t *testing.T, dir string, flags, _ texts) {
			oauth(flags, keys.URL)
			flags["oauth-client-secret-file"] = filepath.Join(dir, "missing.secret")
		}, []string{"fault client secret file"}},
		"waiting plans that cannot be read": {func(t *testing.T, dir string, flags, _ texts) {
			flags["state-dir"] = filepath.Join(dir, "state")
			plant(t, dir, "state/pending/abc.json", "nonsense")
		}, []string{"fault state", "waiting plans", "abc.json", "delete"}},
		"its own server at the port": {func(_ *testing.T, _ string, flags, _ texts) {
			flags["listen"] = ours.Listener.Addr().String()
		}, []string{"ok listen", "vpsnet-mcp server that runs"}},
		"none": {func(t *testing.T, dir string, flags, _ texts) {
			flags["accounts"], flags["tokens"] = plant(t, dir, "accounts.yaml", account), tokens(t, dir, withAccount+person)
			flags["tls-cert"], flags["tls-key"] = certificate(t, dir, time.Now().Add(30*24*time.Hour))
			flags["public-url"], flags["consent-key-file"] = "https://mcp.example.com", filepath.Join(dir, "consent.key")
			oauth(flags, keys.URL)
			plant(t, dir, "consent.key", strings.Repeat("ab", 32))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := examined(t, true, service.URL, c.set)
			isNamed := func(line string) bool {
				return !slices.ContainsFunc(c.says, func(word string) bool { return !strings.Contains(line, word) })
			}
			if c.says == nil {
				isNamed = func(line string) bool { return strings.HasPrefix(line, "fault") }
			}
			if slices.ContainsFunc(all, isNamed) != (c.says != nil) {
				t.Errorf("is a line with %q wanted? %v:\n%s", c.says, c.says != nil, strings.Join(all, "\n"))
			}
		})
	}
}

// startRedis runs a redis-server on a free port of the loopback, and gives its URL.
func startRedis(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("no redis-server on this machine")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.CommandContext(t.Context(), path, append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for deadline := time.Now().Add(10 * time.Second); ; {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return "redis://" + address + "/0"
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// TestSandboxAlone: right after setup --sandbox nothing is wrong; an account that is set up in part still is.
func TestSandboxAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are Unix ones")
	}
	connect := func(t *testing.T, dir string, flags, _ texts) {
		t.Helper()
		delete(flags, "sandbox")
		plant(t, dir, ".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "`+program(t, dir)+`", "args": ["--sandbox"]}}}`)
	}
	fault := func(line string) bool { return strings.HasPrefix(line, "fault") }
	if all := examined(t, false, "", connect); slices.ContainsFunc(all, fault) || !strings.Contains(strings.Join(all, "\n"), "none is needed") {
		t.Errorf("after setup --sandbox:\n%s", strings.Join(all, "\n"))
	}
	for what, set := range map[string]func(t *testing.T, dir string, flags, env texts){
		"no client": func(_ *testing.T, _ string, flags, _ texts) { delete(flags, "sandbox") },
		"an address alone": func(t *testing.T, dir string, flags, env texts) {
			connect(t, dir, flags, env)
			env["VPSNET_EMAIL"] = "a@example.com"
		},
		"a client beside it": func(t *testing.T, dir string, flags, env texts) {
			connect(t, dir, flags, env)
			plant(t, dir, ".gemini/settings.json", `{"mcpServers": {"vps-net": {"command": "`+program(t, dir)+`"}}}`)
		},
	} {
		if all := examined(t, false, "", func(t *testing.T, dir string, flags, env texts) {
			set(t, dir, flags, env)
			flags["api-url"] = "http://127.0.0.1:1"
		}); !slices.ContainsFunc(all, fault) {
			t.Errorf("%s:\n%s", what, strings.Join(all, "\n"))
		}
	}
}
