//go:build team

package team

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestTheTeamsDay goes through a day of a team with two replicas. Its parts follow
// one another on the same site.
func TestTheTeamsDay(t *testing.T) {
	s := newSite(t)
	for _, part := range []struct {
		name string
		do   func(*site)
	}{
		{"both replicas answer", bothAnswer}, {"calls go round", callsGoRound}, {"sessions of older revisions stay", sessionsStay},
		{"a plan of one is approved at the other", approvedElsewhere},
		{"a replica dies in the middle of a change", diesInACall}, {"Redis is away and comes back", redisIsAway},
		{"replicas are restarted under load", rolled},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			s.T = t
			began := time.Now()
			part.do(s)
			t.Logf("%.1f s", time.Since(began).Seconds())
		}) {
			break
		}
	}
}

func (s *site) reads(times int) {
	s.Helper()
	for i := range times {
		if got := s.call(s.url, "list_cloud_servers", `{}`, i%2 == 1); got.failed || !strings.Contains(got.text, "web01") {
			s.Errorf("a read: HTTP %d %s", got.status, got.text)
		}
	}
}

func bothAnswer(s *site) {
	s.reads(8)
	for _, r := range []*replica{s.a, s.b} {
		if s.counted(r, `vpsnet_tool_calls_total{tool="list_cloud_servers",outcome="ok"}`) == "" {
			s.Errorf("the replica at %s had none of 8 calls", r.address)
		}
	}
}

// callsGoRound: behind plain round robin a replica answers each call by itself,
// be it of the newest revision or of an older one without a session.
func callsGoRound(s *site) {
	const metric = `vpsnet_tool_calls_total{tool="get_profile",outcome="ok"}`
	for _, older := range []bool{true, false} {
		before := [2]string{s.counted(s.a, metric), s.counted(s.b, metric)}
		for range 8 {
			if got := s.call("http://"+s.at("plain"), "get_profile", `{}`, older); got.failed {
				s.Errorf("older %v: HTTP %d %s", older, got.status, got.text)
			}
		}
		for i, after := range [2]string{s.counted(s.a, metric), s.counted(s.b, metric)} {
			if after == before[i] {
				s.Errorf("older %v: replica %d had none of 8 calls", older, i+1)
			}
		}
	}
}

// sessionsStay: over streamable HTTP and SSE each session's requests reach the
// replica that has it.
func sessionsStay(s *site) {
	web := &http.Client{Transport: bearer{s.token, s.client.Transport}}
	for i := range 8 {
		var transport mcp.Transport = &mcp.StreamableClientTransport{Endpoint: s.url + "/mcp", HTTPClient: web}
		if i%2 == 1 {
			transport = &mcp.SSEClientTransport{Endpoint: s.url + "/sse", HTTPClient: web}
		}
		client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
		session, err := client.Connect(s.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: "2025-11-25"})
		if err != nil {
			s.Fatal(err)
		}
		for range 3 {
			if _, err := session.CallTool(s.Context(), &mcp.CallToolParams{Name: "get_profile", Arguments: map[string]any{}}); err != nil {
				s.Errorf("session %d: %v", i, err)
			}
		}
		if err := session.Close(); err != nil {
			s.Errorf("session %d does not end: %v", i, err)
		}
	}
}

// bearer sends the caller's token with each request.
type bearer struct {
	token   string
	through http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.through.RoundTrip(r)
}

func approvedElsewhere(s *site) {
	remove := func(at *replica) said {
		return s.call("http://"+at.address, "delete_cloud_server", `{"server_id":"mysql01"}`, false)
	}
	plan := remove(s.a)
	path := regexp.MustCompile(`/approve/[a-z0-9]+`).FindString(plan.text)
	if !plan.failed || path == "" {
		s.Fatalf("no plan waits: %s", plan.text)
	}
	if got := remove(s.b); !got.failed {
		s.Fatalf("the other replica did it unasked: %s", got.text)
	}
	s.approve(s.b, path, "mysql01")
	before := len(s.service.Changes())
	if got := remove(s.a); got.failed || !strings.Contains(got.text, "Done") {
		s.Errorf("after the approval: %s", got.text)
	}
	if got := remove(s.b); !got.failed {
		s.Errorf("the same consent a second time: %s", got.text)
	}
	if n := len(s.service.Changes()) - before; n != 1 {
		s.Errorf("%d changes, want 1", n)
	}
}

// approve signs in on a replica's page and says yes to a plan.
func (s *site) approve(at *replica, path, hostname string) {
	s.Helper()
	post := func(path, cookie string, values url.Values) *http.Response {
		r, _ := http.NewRequest(http.MethodPost, "http://"+at.address+path, strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", cookie)
		response, err := s.client.Transport.RoundTrip(r)
		if err != nil {
			s.Fatal(err)
		}
		_ = response.Body.Close()
		return response
	}
	cookie, _, _ := strings.Cut(post("/signin", "", url.Values{"token": {s.signIn}, "next": {path}}).Header.Get("Set-Cookie"), ";")
	r, _ := http.NewRequest(http.MethodGet, "http://"+at.address+path, http.NoBody)
	r.Header.Set("Cookie", cookie)
	response, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	page, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	form := regexp.MustCompile(`name="form" value="([0-9a-f]+)"`).FindSubmatch(page)
	typed := regexp.MustCompile(`type <[a-z]+>([^<]+)<`).FindSubmatch(page)
	if form == nil || !strings.Contains(string(page), hostname) {
		s.Fatalf("the page: HTTP %d %s", response.StatusCode, page)
	}
	values := url.Values{"form": {string(form[1])}, "answer": {"yes"}, "typed": {"MySQL Server 01"}}
	if typed != nil {
		values.Set("typed", string(typed[1]))
	}
	if response := post(path, cookie, values); response.StatusCode != http.StatusOK {
		s.Fatalf("the yes: HTTP %d, page %s", response.StatusCode, page)
	}
}

func diesInACall(s *site) {
	held := make(chan struct{})
	s.service.hold(held)
	const tool, arguments = "create_backup", `{"server_id":"1384"}`
	before := len(s.service.Changes())
	done := make(chan said, 1)
	go func() { done <- s.call(s.url, tool, arguments, false) }()
	<-s.service.came
	dead, address, metrics := &s.a, s.a.address, s.a.metrics
	if s.counted(s.a, "vpsnet_calls_running") != "1" {
		dead, address, metrics = &s.b, s.b.address, s.b.metrics
	}
	(*dead).end(syscall.SIGKILL)
	got := <-done
	if got.status != http.StatusBadGateway || !strings.Contains(got.text, "whether a change happened is unknown") {
		s.Errorf("the client of the call that died: HTTP %d %s", got.status, got.text)
	}
	s.service.hold(nil)
	close(held)
	s.until("the change happens", func() bool { return len(s.service.Changes()) == before+1 })
	s.reads(8) // the other replica's
	if got := s.call(s.url, tool, arguments, false); !got.failed || !strings.Contains(got.text, "it may have happened already") {
		s.Errorf("the same change again: %s", got.text)
	}
	if n := len(s.service.Changes()) - before; n != 1 {
		s.Errorf("%d changes, want 1", n)
	}
	*dead = s.replica(address, metrics)
}

func redisIsAway(s *site) {
	s.redis.end(syscall.SIGTERM)
	s.reads(4)
	before := len(s.service.Changes())
	for _, at := range []*replica{s.a, s.b} {
		if got := s.call("http://"+at.address, "create_domain", `{"name":"away.example.com","ip_address":"192.0.2.1"}`, false); !got.failed || !strings.Contains(got.text, "Nothing was sent") {
			s.Errorf("a change without Redis: HTTP %d %s", got.status, got.text)
		}
		if status := s.get("http://" + at.address + "/readyz"); status != http.StatusServiceUnavailable {
			s.Errorf("/readyz: HTTP %d", status)
		}
		if status := s.get("http://" + at.address + "/healthz"); status != http.StatusOK {
			s.Errorf("/healthz: HTTP %d", status)
		}
	}
	if n := len(s.service.Changes()) - before; n != 0 {
		s.Errorf("%d changes, want none", n)
	}
	s.startRedis()
	for i, at := range []*replica{s.a, s.b} {
		s.until("a replica is ready again", func() bool { return s.get("http://"+at.address+"/readyz") == http.StatusOK })
		if got := s.call("http://"+at.address, "create_domain", fmt.Sprintf(`{"name":"back%d.example.com","ip_address":"192.0.2.1"}`, i), false); got.failed {
			s.Errorf("a change when Redis is back: %s", got.text)
		}
	}
}

// rolled restarts both replicas, one after the other, while six callers read and
// two change: no read fails, what was acknowledged happened once, and nothing
// happened that nobody asked for.
func rolled(s *site) {
	const callers, changers = 8, 2
	before := len(s.service.Changes())
	stop := make(chan struct{})
	var mu sync.Mutex
	reads, acknowledged, unclear := 0, map[string]int{}, map[string]string{}
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if n >= changers {
					got := s.call(s.url, "list_domains", `{}`, n%2 == 1)
					mu.Lock()
					reads++
					mu.Unlock()
					if got.failed {
						s.Errorf("a read failed: HTTP %d %s", got.status, got.text)
					}
					continue
				}
				name := fmt.Sprintf("load-%d-%d.example.com", n, i)
				got := s.call(s.url, "create_domain", `{"name":"`+name+`","ip_address":"192.0.2.1"}`, n%2 == 1)
				mu.Lock()
				if got.failed {
					unclear[name] = fmt.Sprintf("HTTP %d %s", got.status, got.text)
				} else {
					acknowledged[name]++
				}
				mu.Unlock()
			}
		})
	}
	end := sync.OnceFunc(func() {
		close(stop)
		all.Wait()
	})
	defer end() // also when a roll fails
	// By count, not by time: each roll has load before it and after it, however slow.
	goOn := func() {
		count := func() (int, int) {
			mu.Lock()
			defer mu.Unlock()
			return reads, len(acknowledged)
		}
		r, c := count()
		s.until("the load goes on", func() bool { nowR, nowC := count(); return nowR >= r+10 && nowC >= c+2 })
	}
	for _, r := range []**replica{&s.a, &s.b} {
		goOn()
		s.roll(r)
	}
	goOn()
	end()
	happened := map[string]int{}
	for _, c := range s.service.Changes()[before:] {
		happened[regexp.MustCompile(`load-\d+-\d+\.example\.com`).FindString(c.Body)]++
	}
	for name, n := range happened {
		if _, asked := unclear[name]; n != 1 || acknowledged[name] != 1 && !asked {
			s.Errorf("%q happened %d times, was acknowledged %d times", name, n, acknowledged[name])
		}
	}
	for name := range acknowledged {
		if happened[name] != 1 {
			s.Errorf("%s was acknowledged and did not happen", name)
		}
	}
	for name, why := range unclear {
		s.Errorf("the change %s failed: %s", name, why)
	}
	s.Logf("%d reads, %d changes acknowledged, %d in the service's list", reads, len(acknowledged), len(happened))
}

// roll restarts a replica as deploy/roll.sh does it: the restart is a command, so
// that of this process is asked for by a file.
func (s *site) roll(r **replica) {
	s.Helper()
	wish, done := s.file("restart"), s.file("restarted")
	for _, f := range []string{wish, done} {
		_ = os.Remove(f)
	}
	script := exec.Command("bash", "../../deploy/roll.sh", s.conf, (*r).address, "http://"+(*r).metrics+"/metrics",
		fmt.Sprintf("kill -HUP %d", s.nginx.cmd.Process.Pid), "bash", "-c", fmt.Sprintf("touch %s; until [ -e %s ]; do sleep 0.05; done", wish, done))
	var log strings.Builder
	script.Stdout, script.Stderr = &log, &log
	if err := script.Start(); err != nil {
		s.Fatal(err)
	}
	s.until("nginx has turned away", func() bool { _, err := os.Stat(wish); return err == nil })
	began := time.Now()
	(*r).end(syscall.SIGTERM)
	if took := time.Since(began); took > 5*time.Second {
		s.Errorf("an idle replica took %s to end", took)
	}
	if text := (*r).log.String(); strings.Contains(text, "still running") {
		s.Errorf("it ended with calls under way: %s", text)
	}
	*r = s.replica((*r).address, (*r).metrics)
	s.write("restarted", "")
	if err := script.Wait(); err != nil {
		s.Errorf("roll.sh: %v %s", err, log.String())
	}
}
