//go:build team

// Package team holds two replicas of the program, stock nginx and Redis to what
// a team needs of them on a day when things end and come back.
package team

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi/sandbox"
)

const password = "canary-password" // of Redis

// site is the team's installation: the service in this process, so that its own
// list of changes can be read; all else as in production.
type site struct {
	*testing.T            // of the part that runs
	whole      *testing.T // what was started ends with it
	started    []*process
	dir        string
	token      string
	signIn     string // of the caller\'s person
	service    *service
	redis      *process
	a, b       *replica
	nginx      *process
	url        string // of nginx
	conf       string // its site
	client     *http.Client
}

// service is a VPS.NET that can hold a change up before it happens.
type service struct {
	*sandbox.Sandbox
	url  string
	mu   sync.Mutex
	held chan struct{} // changes wait for it; nil for none
	came chan string   // told of each change that waits
}

// ServeHTTP answers.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	held := s.held
	s.mu.Unlock()
	if held != nil && r.Method != http.MethodGet {
		body, _ := io.ReadAll(r.Body) // whoever sent it may be gone when it happens
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.came <- r.Method
		<-held
	}
	s.Sandbox.ServeHTTP(w, r)
}

func (s *service) hold(held chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = held
}

// process is one that the test started.
type process struct {
	cmd *exec.Cmd
	log *bytes.Buffer
}

func (s *site) start(name string, env []string, arguments ...string) *process {
	s.Helper()
	p := &process{exec.Command(name, arguments...), &bytes.Buffer{}}
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = p.log, p.log, append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p.cmd.WaitDelay = time.Second // nginx's workers hold its streams
	if err := p.cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.whole.Cleanup(func() { p.end(syscall.SIGTERM) })
	s.started = append(s.started, p)
	return p
}

// end ends a process and waits for its end.
func (p *process) end(with syscall.Signal) {
	_ = p.cmd.Process.Signal(with)
	_ = p.cmd.Wait()
}

// replica is the program as it is hosted.
type replica struct {
	*process
	address, metrics string
}

func (s *site) replica(address, metrics string) *replica {
	s.Helper()
	env := []string{
		"VPSNET_API_URL=" + s.service.url, "VPSNET_EMAIL=" + sandbox.Email, "VPSNET_API_KEY=" + sandbox.APIKey,
		"VPSNET_REDIS=redis://:" + password + "@" + s.at("redis") + "/0", "HOME=" + s.dir, "XDG_CONFIG_HOME=" + s.dir,
	}
	r := &replica{s.start(s.file("program"), env, "--transport", "http,sse", "--listen", address, "--behind-proxy", "127.0.0.1",
		"--tokens", s.file("tokens.yaml"), "--policy", s.file("policy.yaml"), "--consent-key-file", s.file("consent.key"), "--metrics", metrics, "--log-level", "error"), address, metrics}
	s.until("a replica serves", func() bool { return s.get("http://"+address+"/healthz") == http.StatusOK })
	return r
}

func (s *site) file(name string) string { return filepath.Join(s.dir, name) }

// at is a free address of the loopback, the same for the same name.
func (s *site) at(name string) string {
	s.Helper()
	if b, err := os.ReadFile(s.file("at-" + name)); err == nil {
		return string(b)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s.write("at-"+name, l.Addr().String())
	return l.Addr().String()
}

func (s *site) write(name, text string) {
	s.Helper()
	if err := os.WriteFile(s.file(name), []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

// until waits for something to become true; it polls, since it asks other processes.
func (s *site) until(what string, is func() bool) {
	s.Helper()
	for end := time.Now().Add(80 * time.Second); !is(); time.Sleep(50 * time.Millisecond) { // roll.sh waits 75
		if time.Now().After(end) {
			s.Fatalf("it did not come to be: %s", what)
		}
	}
}

func (s *site) get(url string) int {
	response, err := s.client.Get(url)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func (s *site) startRedis() {
	_, port, _ := net.SplitHostPort(s.at("redis"))
	s.redis = s.start("redis-server", nil, "--port", port, "--bind", "127.0.0.1", "--dir", s.dir, "--requirepass", password, "--appendonly", "yes", "--save", "")
	s.until("Redis answers", func() bool {
		c, err := net.Dial("tcp", s.at("redis"))
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// startNginx starts stock nginx with deploy/nginx.conf, the addresses replaced, and
// beside it a site that goes round and keeps nobody anywhere.
func (s *site) startNginx() {
	s.Helper()
	conf, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		s.Fatal(err)
	}
	text := strings.NewReplacer("listen 8080;", "listen "+s.at("nginx")+";", "127.0.0.1:8081", s.at("a"), "127.0.0.1:8082", s.at("b")).Replace(string(conf))
	s.write("site.conf", text)
	s.conf = s.file("site.conf")
	s.write("nginx.conf", fmt.Sprintf(`daemon off; pid %[1]s/nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 256; }
http { access_log off; client_body_temp_path %[1]s/n1; proxy_temp_path %[1]s/n2; fastcgi_temp_path %[1]s/n3; uwsgi_temp_path %[1]s/n4; scgi_temp_path %[1]s/n5; include %[1]s/site.conf; include %[1]s/plain.conf; }
`, s.dir))
	s.write("plain.conf", fmt.Sprintf("upstream plain { server %s; server %s; }\nserver { listen %s; location / { proxy_pass http://plain; proxy_set_header Host $http_host; } }\n",
		s.at("a"), s.at("b"), s.at("plain")))
	name, _ := exec.LookPath("nginx")
	s.nginx = s.start(cmp.Or(name, "/usr/sbin/nginx"), nil, "-c", s.file("nginx.conf"))
	s.url = "http://" + s.at("nginx")
	s.until("nginx answers", func() bool { return s.get(s.url+"/healthz") == http.StatusOK })
}

func newSite(t *testing.T) *site {
	t.Helper()
	// Each request on a connection of its own: nginx, when it is told to read its
	// configuration again, ends idle ones, and that is not a fault of a replica.
	s := &site{T: t, whole: t, dir: t.TempDir(), client: &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	build := exec.Command("go", "build", "-o", s.file("program"), ".")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() {
		for _, p := range s.started {
			if strings.Contains(p.log.String(), password) {
				t.Errorf("the log of %s has the password of Redis", p.cmd.Path)
			}
			if t.Failed() {
				t.Logf("%s: %s", p.cmd, p.log)
			}
		}
	})
	s.service = &service{Sandbox: sandbox.New(sandbox.Options{}), came: make(chan string, 10)}
	web := httptest.NewServer(s.service)
	t.Cleanup(web.Close)
	s.service.url = web.URL
	out, err := exec.Command(s.file("program"), "token", "new", "anna", "--scopes", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	s.token = regexp.MustCompile(`vpsnet_[A-Z0-9]+`).FindString(string(out))
	_, lines, _ := strings.Cut(string(out), "\ntokens:")
	out, err = exec.Command(s.file("program"), "token", "new", "anna", "--person").Output()
	if err != nil {
		t.Fatal(err)
	}
	s.signIn = regexp.MustCompile(`vpsnet_person_[A-Z0-9]+`).FindString(string(out))
	_, person, _ := strings.Cut(string(out), "\ntokens:")
	s.write("tokens.yaml", "tokens:"+lines+person)
	s.write("policy.yaml", "rules:\n  - {action: allow, tools: [create_domain], limit: {count: 1000, per: hour}}\n")
	s.startRedis()
	s.a, s.b = s.replica(s.at("a"), s.at("metrics-a")), s.replica(s.at("b"), s.at("metrics-b"))
	s.startNginx()
	return s
}

// said is what a call came to.
type said struct {
	status int
	text   string
	failed bool // it is an error, or no answer of the program
}

// call makes a tool call at a replica, or through nginx; older is one of an older
// revision that belongs to no session.
func (s *site) call(at, tool, arguments string, older bool) said {
	meta, version := `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},`, "2026-07-28"
	if older {
		meta, version = "", "2025-11-25"
	}
	r, err := http.NewRequest(http.MethodPost, at+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{`+meta+`"name":"`+tool+`","arguments":`+arguments+`}}`))
	if err != nil {
		return said{0, err.Error(), true}
	}
	for key, value := range map[string]string{
		"Authorization": "Bearer " + s.token, "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		"Mcp-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": tool,
	} {
		r.Header.Set(key, value)
	}
	response, err := s.client.Do(r)
	if err != nil {
		return said{0, err.Error(), true}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return said{response.StatusCode, err.Error(), true}
	}
	var answer struct {
		Result *struct {
			IsError bool `json:"isError"`
			Content []struct {
				Text string `json:"text"`
			} `json:"content"`
		} `json:"result"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Result == nil || len(answer.Result.Content) == 0 {
		return said{response.StatusCode, string(body), true}
	}
	return said{response.StatusCode, answer.Result.Content[0].Text, answer.Result.IsError}
}

// counted is a metric of a replica; empty when it has none.
func (s *site) counted(r *replica, name string) string {
	response, err := s.client.Get("http://" + r.metrics + "/metrics")
	if err != nil {
		return ""
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(response.Body)
	for line := range strings.Lines(string(body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
