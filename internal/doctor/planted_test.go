package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/vpsapi/sandbox"
)

// plant writes a file and gives its path.
func plant(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certificate writes a certificate that holds until end, and its key.
func certificate(t *testing.T, dir string, end time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mcp.example.com"}, DNSNames: []string{"mcp.example.com"}, NotBefore: end.Add(-60 * 24 * time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return plant(t, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))),
		plant(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})))
}

// texts are settings or variables by name.
type texts = map[string]string

// examined is what doctor says, a finding a line, of an installation that set has made a mistake in.
func examined(t *testing.T, hosted bool, service string, set func(t *testing.T, dir string, flags, env texts)) (all []string) {
	t.Helper()
	dir := t.TempDir()
	flags, env := texts{}, texts{"HOME": dir}
	if hosted {
		flags["transport"], flags["listen"], flags["api-url"] = "http", "127.0.0.1:0", service
	}
	if !hosted || flags["accounts"] == "" {
		flags["sandbox"] = "true"
	}
	set(t, dir, flags, env)
	if flags["accounts"] != "" {
		delete(flags, "sandbox")
	}
	s, err := settings.Load(settings.Sources{Flags: flags, Env: env, ConfigDir: func() (string, error) { return dir, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Examine(t.Context(), s, setup.System{OS: "linux", Home: dir, Env: env}, false) {
		all = append(all, f.State+" "+f.Check+": "+f.Says)
	}
	return all
}

// TestPlantedMistakes: each mistake of an operator or a user is named, with what
// mends it.
func TestPlantedMistakes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are Unix ones")
	}
	service := httptest.NewServer(sandbox.New(sandbox.Options{Email: "a@example.com", APIKey: "good"}))
	t.Cleanup(service.Close)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	_, hash := host.NewToken()
	token := func(more string) string { return "tokens:\n  - {name: anna, sha256: " + hash + more + "}\n" }
	account := func(key string) string {
		return "api_url: " + service.URL + "\naccounts:\n  main: {email: a@example.com, api_key: " + key + "}\n"
	}
	for name, c := range map[string]struct {
		hosted bool
		set    func(t *testing.T, dir string, flags, env texts)
		says   []string
	}{
		"a tokens file that the server refuses": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"] = plant(t, dir, "tokens.yaml", token(", scopes: [raed]"))
		}, []string{"fault hosting", "scope"}},
		"a token of an unknown account": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["tokens"], flags["accounts"] = plant(t, dir, "tokens.yaml", token(", scopes: [read], account: lab")), plant(t, dir, "accounts.yaml", account("good"))
		}, []string{"fault callers", `"lab"`, "--account"}},
		"a certificate that is none": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], flags["tls-key"] = plant(t, dir, "cert.pem", "nonsense"), plant(t, dir, "key.pem", "nonsense")
		}, []string{"fault certificate", "openssl"}},
		"a certificate that ran out": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], flags["tls-key"] = certificate(t, dir, time.Now().Add(-time.Hour))
		}, []string{"fault certificate", "clients refuse it"}},
		"a certificate that runs out soon": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["tls-cert"], flags["tls-key"] = certificate(t, dir, time.Now().Add(24*time.Hour))
		}, []string{"note certificate", "holds until"}},
		"an open address without callers": {true, func(_ *testing.T, _ string, flags, _ texts) {
			flags["listen"] = "0.0.0.0:0"
		}, []string{"fault hosting", "vpsnet-mcp token new"}},
		"a port in use": {true, func(_ *testing.T, _ string, flags, _ texts) {
			flags["listen"] = busy.Addr().String()
		}, []string{"fault listen", "ss -ltnp"}},
		"a port of the metrics in use": {true, func(_ *testing.T, _ string, flags, _ texts) {
			flags["metrics"] = busy.Addr().String()
		}, []string{"fault metrics", "--metrics"}},
		"a bad OTEL value": {false, func(_ *testing.T, _ string, _, env texts) {
			env["OTEL_EXPORTER_OTLP_ENDPOINT"], env["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http://127.0.0.1:4318", "grpc"
		}, []string{"fault traces", "OTEL_EXPORTER_OTLP_PROTOCOL", "unset"}},
		"no name behind nginx": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["behind-proxy"], flags["tokens"] = "127.0.0.1", plant(t, dir, "tokens.yaml", token(", scopes: [read]"))
		}, []string{"fault name behind the proxy", "--allow-host"}},
		"an account whose key is refused": {true, func(t *testing.T, dir string, flags, _ texts) {
			flags["accounts"] = plant(t, dir, "accounts.yaml", account("wrong"))
		}, []string{"fault account main", "valid key"}},
		"a client of the sandbox alone": {false, func(t *testing.T, dir string, _, _ texts) {
			plant(t, dir, ".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "`+program(t, dir)+`", "args": ["--sandbox"]}}}`)
		}, []string{"note Cursor", "sandbox alone", "vpsnet-mcp setup cursor"}},
		"a client with a flag that there is not": {false, func(t *testing.T, dir string, _, _ texts) {
			plant(t, dir, ".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "`+program(t, dir)+`", "args": ["--readonly"]}}}`)
		}, []string{"fault Cursor", "--readonly", "vpsnet-mcp setup cursor"}},
		"a client that is not connected": {false, func(t *testing.T, dir string, _, _ texts) {
			plant(t, dir, ".gemini/settings.json", `{"theme": "Dark"}`)
		}, []string{"note Gemini CLI", "vpsnet-mcp setup gemini"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := examined(t, c.hosted, service.URL, c.set)
			for _, line := range all {
				found := true
				for _, word := range c.says {
					found = found && strings.Contains(line, word)
				}
				if found {
					return
				}
			}
			t.Errorf("no line has %q:\n%s", c.says, strings.Join(all, "\n"))
		})
	}
}

// program is a file that could be started as this program.
func program(t *testing.T, dir string) string {
	t.Helper()
	path := plant(t, dir, "bin/vpsnet-mcp", "#!/bin/sh\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
