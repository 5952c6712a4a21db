// Command drive measures vpsnet-mcp beside its yardsticks: it starts each as a
// process of its own, speaks raw JSON-RPC to it over stdio and HTTP, and plays
// the service behind them. Everything that is compared is measured in the same
// rounds, one after the other; medians are given, and the spread of the rounds.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/vpsapi/sandbox"
)

var (
	bin     = flag.String("bin", "bin", "folder of the programs vpsnet-mcp, ours and bare")
	rounds  = flag.Int("rounds", 7, "rounds of each measurement")
	only    = flag.String("only", "", "run the parts whose name holds this")
	profile = flag.String("cpuprofile", "", "with -only http or stdio, write CPU profiles of ours there, numbered")
)

// bench is what every part needs.
type bench struct {
	dir    string
	token  string
	list   string // file: the published list
	up     *upstream
	plain  *httptest.Server
	secure *httptest.Server
}

func main() {
	flag.Parse()
	if err := measure(); err != nil {
		log.Fatal(err)
	}
}

func measure() error {
	b, err := newBench()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	say("Measured %s on %s.\n", time.Now().UTC().Format("2 January 2006 15:04"), machine())
	for _, part := range []struct {
		name string
		run  func(*bench) error
	}{
		{"start", start}, {"list", lists}, {"stdio", stdioCalls}, {"http", httpCalls}, {"slow", slowUpstream}, {"tls", connections}, {"sessions", sessions},
	} {
		if !strings.Contains(part.name, *only) {
			continue
		}
		if err := part.run(b); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stdout, format+"\n", args...) } //nolint:forbidigo // its report

func newBench() (*bench, error) {
	dir, err := os.MkdirTemp("", "vpsnet-bench")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, up: &upstream{}, list: filepath.Join(dir, "list.json")}
	token, hash := host.NewToken()
	b.token = token
	tokens := fmt.Sprintf("tokens:\n  - {name: bench, sha256: %s, scopes: [all]}\n", hash)
	if err := os.WriteFile(filepath.Join(dir, "tokens.yaml"), []byte(tokens), 0o600); err != nil {
		return nil, err
	}
	list, err := exec.Command(filepath.Join(*bin, "vpsnet-mcp"), "tools", "--json").Output() //nolint:gosec // our own program
	if err != nil {
		return nil, fmt.Errorf("the list of tools: %w", err)
	}
	if err := os.WriteFile(b.list, list, 0o600); err != nil {
		return nil, err
	}
	b.plain, b.secure = b.up.serve()
	cert := filepath.Join(dir, "ca.pem")
	return b, os.WriteFile(cert, b.up.certificate(b.secure), 0o600)
}

// reply is the service's answer to a list of servers, of about a size: the
// sandbox's own, cut after a server.
func reply(size int) []byte {
	s := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/virtual_machines.api10json", http.NoBody)
	r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
	sandbox.New(sandbox.Options{Servers: 200}).ServeHTTP(s, r)
	var servers []json.RawMessage
	if err := json.Unmarshal(s.Body.Bytes(), &servers); err != nil {
		log.Fatal(err)
	}
	out := []byte("[")
	for i, server := range servers {
		if i > 0 && len(out)+len(server) > size {
			break
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, server...)
	}
	return append(out, ']')
}

func machine() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	model, cores := "", 0
	for line := range bytes.Lines(info) {
		if name, value, ok := strings.Cut(string(line), ":"); ok && strings.HasPrefix(name, "model name") {
			model, cores = strings.TrimSpace(value), cores+1
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("%s, %d cores, load at the start %s", model, cores, strings.Join(strings.Fields(string(load))[:3], " "))
}
