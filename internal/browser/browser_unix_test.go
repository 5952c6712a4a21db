//go:build unix

package browser_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/browser"
	"vpsnet-mcp/internal/state"
)

// desk is a computer with a browser that is a script: it hands over the file that
// it was told to open.
type desk struct {
	*testing.T
	store  state.Store
	opener *browser.Opener
	pipe   string
}

func newDesk(t *testing.T, script string) *desk {
	t.Helper()
	dir := t.TempDir()
	d := &desk{T: t, store: state.NewMemory(time.Now), pipe: filepath.Join(dir, "pipe")}
	if err := syscall.Mkfifo(d.pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(dir, "browser")
	if err := os.WriteFile(command, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	d.opener = &browser.Opener{Store: d.store, Log: zerolog.Nop(), Env: map[string]string{
		"BROWSER": command, "PATH": os.Getenv("PATH"), "PIPE": d.pipe, "VPSNET_API_KEY": "a-key",
	}}
	return d
}

const handsOver = `{ env; echo "command: $*"; ls -l "${1#file://}"; cat "${1#file://}"; } >"$PIPE"`

func (d *desk) hold(typed string) state.Pending {
	d.Helper()
	p := state.Pending{
		Digest: "digest", Made: time.Now(), Expires: time.Now().Add(time.Minute), Caller: "local", Account: "a", Tool: "delete_cloud_server",
		Title: `Delete "Web Server 01"?`, Plan: "What happens: all", Typed: typed, Parts: &state.Parts{Verb: "Delete", Name: "Web Server 01", Worst: "destructive"},
	}
	var err error
	if p.ID, err = d.store.Hold(d.Context(), p); err != nil {
		d.Fatal(err)
	}
	return p
}

// open shows a plan, and gives what the browser was handed.
func (d *desk) open(p state.Pending) string {
	d.Helper()
	handed := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(d.pipe)
		handed <- string(text)
	}()
	if !d.opener.Show(d.Context(), p) {
		d.Fatal("no browser took it")
	}
	return <-handed
}

var (
	actionIn = regexp.MustCompile(`action="(http://127\.0\.0\.1:\d+)/open"`)
	secretIn = regexp.MustCompile(`name="secret" value="([A-Z0-9]+)"`)
	formIn   = regexp.MustCompile(`name="form" value="([A-Z0-9]+)"`)
)

func (d *desk) post(to string, values url.Values, headers ...string) (int, string) {
	d.Helper()
	r, _ := http.NewRequestWithContext(d.Context(), http.MethodPost, to, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

// TestApprovedInTheBrowser: the page opens with the file's secret alone, takes the
// answer of its own form alone, once, and is gone then.
func TestApprovedInTheBrowser(t *testing.T) {
	d := newDesk(t, handsOver)
	p := d.hold("Web Server 01")
	handed := d.open(p)
	at, secret := actionIn.FindStringSubmatch(handed), secretIn.FindStringSubmatch(handed)
	if at == nil || secret == nil || !strings.Contains(handed, "-rw-------") {
		t.Fatalf("handed: %s", handed)
	}
	head, _, _ := strings.Cut(handed, "<!doctype")
	if strings.Contains(head, secret[1]) || strings.Contains(head, "a-key") {
		t.Errorf("the secret or the account's key is in the browser's environment or command line: %s", head)
	}
	own := at[1]
	good := url.Values{"secret": {secret[1]}}
	for what, c := range map[string]struct {
		values url.Values
		header []string
	}{
		"no secret":          {url.Values{}, nil},
		"another secret":     {url.Values{"secret": {"ABC"}}, nil},
		"a foreign page":     {good, []string{"Origin", "https://evil.example.net"}},
		"a rebound name":     {good, []string{"Host", "evil.example.net"}},
		"another local port": {good, []string{"Origin", "http://127.0.0.1:1"}},
	} {
		if status, text := d.post(own+"/open", c.values, c.header...); status != http.StatusForbidden {
			t.Errorf("%s: HTTP %d %s", what, status, text)
		}
	}
	status, page := d.post(own+"/open", good, "Origin", "null")
	form := formIn.FindStringSubmatch(page)
	if status != http.StatusOK || form == nil || !strings.Contains(page, "To approve, type <strong>Web Server 01</strong>") {
		t.Fatalf("the page: HTTP %d %s", status, page)
	}
	yes := url.Values{"form": {form[1]}, "answer": {"yes"}, "typed": {"Web Server 01"}}
	for what, c := range map[string]struct {
		values url.Values
		header []string
		want   int
	}{
		"the file's secret":   {url.Values{"form": {secret[1]}, "answer": {"yes"}, "typed": {"Web Server 01"}}, nil, http.StatusForbidden},
		"from a file":         {yes, []string{"Origin", "null"}, http.StatusForbidden},
		"from a foreign page": {yes, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"another word":        {url.Values{"form": {form[1]}, "answer": {"yes"}, "typed": {"web01"}}, nil, http.StatusUnprocessableEntity},
	} {
		if status, text := d.post(own+"/decide", c.values, c.header...); status != c.want {
			t.Errorf("%s: HTTP %d %s", what, status, text)
		}
	}
	if held, err := d.store.Held(t.Context(), p.ID); err != nil || held.Decided {
		t.Fatalf("decided: %+v, %v", held, err)
	}
	if status, text := d.post(own+"/decide", yes, "Origin", own, "Sec-Fetch-Site", "same-origin"); status != http.StatusOK || !strings.Contains(text, "say: continue") {
		t.Fatalf("approving: HTTP %d %s", status, text)
	}
	if taken, err := d.store.Take(t.Context(), p.Digest); err != nil || taken.By != "approved on this computer" {
		t.Errorf("taken: %+v, %v", taken, err)
	}
	file := strings.TrimPrefix(regexp.MustCompile(`command: (\S+)`).FindStringSubmatch(handed)[1], "file://")
	d.opener.Wait()
	if status, text := d.post(own+"/open", good, "Origin", "null"); status == http.StatusOK {
		t.Errorf("after its use: HTTP %d %s", status, text)
	}
	if _, err := os.Stat(file); err == nil {
		t.Errorf("%s is still there", file)
	}
}

// TestDeclinedInTheBrowser: a no needs nothing typed.
func TestDeclinedInTheBrowser(t *testing.T) {
	d := newDesk(t, handsOver)
	handed := d.open(d.hold("Web Server 01"))
	own := actionIn.FindStringSubmatch(handed)[1]
	_, page := d.post(own+"/open", url.Values{"secret": {secretIn.FindStringSubmatch(handed)[1]}})
	if status, text := d.post(own+"/decide", url.Values{"form": {formIn.FindStringSubmatch(page)[1]}, "answer": {"no"}}); status != http.StatusOK || !strings.Contains(text, "Declined") {
		t.Errorf("HTTP %d %s", status, text)
	}
	if _, err := d.store.Take(t.Context(), "digest"); err == nil {
		t.Error("taken for a yes")
	}
}

// TestNoBrowser: where there is none, or it fails, nobody is said to see the plan.
func TestNoBrowser(t *testing.T) {
	d := newDesk(t, "exit 1")
	if d.opener.Show(d.Context(), d.hold("")) {
		t.Error("a browser that failed took it")
	}
	d.opener.Env["BROWSER"] = "/none/such"
	if d.opener.Show(d.Context(), d.hold("")) {
		t.Error("a browser that is not there took it")
	}
}

// TestFewPages: a model that asks on and on opens few pages.
func TestFewPages(t *testing.T) {
	d := newDesk(t, "exit 0")
	p, opened := d.hold(""), 0
	for range 10 {
		if d.opener.Show(d.Context(), p) {
			opened++
		}
	}
	if opened != 3 {
		t.Errorf("%d pages", opened)
	}
}
