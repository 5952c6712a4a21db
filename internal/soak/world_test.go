//go:build linux

package soak

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// hostedCallers are known by tokens; who starts with s comes over SSE.
var hostedCallers = []string{"anna", "bert", "carl", "sara", "sven"}

// world is one run: a sandbox, the servers on it, and what is known of them.
type world struct {
	*testing.T
	dir, binary string
	url         string       // of the sandbox
	servers     []string     // ids of the sandbox's
	reset       atomic.Int64 // how many of them got a new password
	tokens      map[string]string
	sandbox     *process
	mu          sync.Mutex
	hosted      *process
	shutdowns   []time.Duration
	book        *book
}

// process is one running binary.
type process struct {
	*world
	name string
	cmd  *exec.Cmd
	url  string
	log  string // file of its stderr
	done chan error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, dir: t.TempDir(), tokens: map[string]string{}, book: newBook()}
	w.binary = build(t, w.dir)
	var lines strings.Builder
	for _, name := range hostedCallers {
		token, hash := host.NewToken()
		w.tokens[name] = token
		fmt.Fprintf(&lines, "  - {name: %s, sha256: %s, scopes: [all]}\n", name, hash)
	}
	w.write("tokens.yaml", "tokens:\n"+lines.String())
	w.write("policy.yaml", "rules: [{action: deny, effects: [change, disruptive, commit, destructive], limit: {count: 1000000, per: hour}}]\n") // none that is reached
	return w
}

// state is the directory that all servers share.
func (w *world) state() string { return filepath.Join(w.dir, "state") }

func (w *world) environment() []string {
	var env []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "VPSNET_") && !strings.HasPrefix(pair, "GOTRACEBACK") {
			env = append(env, pair)
		}
	}
	return append(env, "HOME="+w.dir, "XDG_CONFIG_HOME="+filepath.Join(w.dir, "config"), "VPSNET_API_URL="+w.url, "VPSNET_EMAIL=sandbox@vps.net", "VPSNET_API_KEY=sandbox",
		"VPSNET_STATE_DIR="+w.state(), "VPSNET_POLICY="+filepath.Join(w.dir, "policy.yaml"), "VPSNET_CONSENT=flag", "VPSNET_LOG_LEVEL=error")
}

// start runs the binary; its stderr goes to a file.
func (w *world) start(name string, arguments ...string) *process {
	w.Helper()
	p := &process{world: w, name: name, log: filepath.Join(w.dir, name+".log"), done: make(chan error, 1)}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	begin, _ := log.Seek(0, 2)
	p.cmd = exec.CommandContext(w.Context(), w.binary, arguments...)
	p.cmd.Env, p.cmd.Stderr = w.environment(), log
	if err := p.cmd.Start(); err != nil {
		w.Fatal(err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	for deadline := time.Now().Add(20 * time.Second); p.url == ""; time.Sleep(20 * time.Millisecond) {
		text, _ := os.ReadFile(p.log)
		if m := address.FindStringSubmatch(string(text[begin:])); m != nil {
			p.url = m[1]
		}
		if time.Now().After(deadline) {
			w.Fatalf("%s does not serve: %s", name, text)
		}
	}
	return p
}

var address = regexp.MustCompile(`(?:sandbox at|serving on) (http://[0-9.:]+)`)

func (w *world) startSandbox() {
	arguments := []string{"sandbox", "--listen", "127.0.0.1:0", "--sandbox-speed", "600", "--servers", "300", "--ledger", filepath.Join(w.dir, "ledger.jsonl"), "--seed", strconv.FormatUint(*seed, 10)}
	for _, fault := range faults {
		arguments = append(arguments, "--sandbox-fault", fault)
	}
	w.sandbox = w.start("sandbox", arguments...)
	w.url = w.sandbox.url
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: w.url})
	if err != nil {
		w.Fatal(err)
	}
	servers, err := vpsapi.ListServers.Call(w.Context(), client, vpsapi.ListServersIn{})
	if err != nil {
		w.Fatal(err)
	}
	for i := range servers {
		w.servers = append(w.servers, string(servers[i].ID))
	}
}

// nextServer is one whose password was not reset for as long as there is one: the
// same change is refused for ten minutes after an answer that was lost.
func (w *world) nextServer() string {
	return w.servers[int(w.reset.Add(1))%len(w.servers)]
}

// serve starts a server for others, on a port that stays its own over restarts.
func (w *world) serve(name string) *process {
	w.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	listen := listener.Addr().String()
	_ = listener.Close()
	return w.serveOn(name, listen)
}

func (w *world) serveOn(name, listen string) *process {
	return w.start(name, "--transport", "http,sse", "--listen", listen, "--tokens", filepath.Join(w.dir, "tokens.yaml"))
}

// current is the hosted server as it runs now.
func (w *world) current() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hosted
}

// restart ends the hosted server while callers are at it, and starts it again.
func (w *world) restart() {
	old := w.current()
	w.stop(old)
	again := w.serveOn(old.name, strings.TrimPrefix(old.url, "http://"))
	w.mu.Lock()
	w.hosted = again
	w.mu.Unlock()
	w.book.count("restarts", 1)
}

// shutdownLimit is how long a server may take to end.
const shutdownLimit = 16 * time.Second

// stop asks a process to end, which it must do cleanly and in time.
func (w *world) stop(p *process) {
	w.Helper()
	begun := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.done:
		if err != nil {
			w.Errorf("%s ended with %v: %s", p.name, err, p.tail())
		}
	case <-time.After(shutdownLimit):
		w.Errorf("%s did not end within %s", p.name, shutdownLimit)
		_ = p.cmd.Process.Kill()
	}
	w.shutdowns = append(w.shutdowns, time.Since(begun))
}

func (p *process) tail() string {
	text := p.text()
	return text[max(0, len(text)-2000):]
}

// figures are what a process holds.
type figures struct {
	fds, goroutines int
	rss             int    // KiB
	origins         string // of the goroutines
}

func (p *process) measure() figures {
	p.Helper()
	dir := fmt.Sprintf("/proc/%d", p.cmd.Process.Pid)
	upstream := p.upstream()
	open, err := os.ReadDir(dir + "/fd")
	if err != nil {
		p.Fatalf("%s: %v: %s", p.name, err, p.tail())
	}
	open = slices.DeleteFunc(open, func(e os.DirEntry) bool {
		to, _ := os.Readlink(dir + "/fd/" + e.Name())
		return upstream[to]
	})
	status, _ := os.ReadFile(dir + "/status")
	m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(status)
	f := figures{fds: len(open)}
	if m != nil {
		f.rss, _ = strconv.Atoi(string(m[1]))
	}
	return f
}

// upstream are a process's connections to the sandbox, which are kept for a while
// after their use.
func (p *process) upstream() map[string]bool {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(p.world.url, "http://"))
	n, _ := strconv.Atoi(port)
	remote := fmt.Sprintf("0100007F:%04X", n)
	table, _ := os.ReadFile("/proc/net/tcp")
	sockets := map[string]bool{}
	for row := range strings.Lines(string(table)) {
		if cells := strings.Fields(row); len(cells) > 9 && cells[2] == remote {
			sockets["socket:["+cells[9]+"]"] = true
		}
	}
	return sockets
}

// quit ends a process by the signal that makes it print its goroutines, and
// counts them; but those of connections to the service, which are kept for a
// while after their use.
func (p *process) quit(f *figures) {
	p.Helper()
	begin := len(p.text())
	_ = p.cmd.Process.Signal(syscall.SIGQUIT)
	if err := <-p.done; err == nil {
		p.Errorf("%s did not print its goroutines", p.name)
	}
	by := map[string]int{}
	for stack := range strings.SplitSeq(p.text()[begin:], "\n\n") {
		if strings.Contains(stack, "goroutine ") && !strings.Contains(stack, "net/http.(*persistConn)") {
			f.goroutines++
			by[origin.FindString(stack)]++
		}
	}
	for _, where := range sortedKeys(by) {
		f.origins += fmt.Sprintf("%d %s\n", by[where], where)
	}
}

var origin = regexp.MustCompile(`created by .*`)

func (p *process) text() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}
