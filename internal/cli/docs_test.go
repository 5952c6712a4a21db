package cli

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// docPage is a page for people.
type docPage struct{ name, text string }

func docPages(t *testing.T) []docPage {
	t.Helper()
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var pages []docPage
	for _, name := range append(names, "../../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, docPage{strings.TrimPrefix(filepath.ToSlash(name), "../../"), strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
	return pages
}

// docBlock is commands of a page, and what it says of them.
type docBlock struct {
	page, mark string
	console    bool // commands stand after $, among their output
	text       string
}

var fenced = regexp.MustCompile("(?m)(?:^<!-- (.*) -->\n\n)?^```(sh|console)\n((?:.*\n)*?)^```$")

func (p docPage) blocks() []docBlock {
	var list []docBlock
	for _, m := range fenced.FindAllStringSubmatch(p.text, -1) {
		list = append(list, docBlock{p.name, m[1], m[2] == "console", m[3]})
	}
	return list
}

// TestDocumentedCommandsRun runs every command of the pages, on the sandbox; a
// block that is not run says why in a comment above it.
func TestDocumentedCommandsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the pages speak to a Unix shell")
	}
	program, ran := binary(t), 0
	for _, page := range docPages(t) {
		dir := t.TempDir() // a page's blocks go on where the last one ended
		for i, b := range page.blocks() {
			if strings.HasPrefix(b.mark, "not run: ") {
				continue
			}
			ran++
			t.Run(fmt.Sprintf("%s/%d", page.name, i+1), func(t *testing.T) { b.run(t, program, dir) })
		}
	}
	if ran < 8 {
		t.Errorf("%d blocks were found", ran)
	}
}

// run runs a block's commands, and holds what a page shows of their output but
// for what stands as dots.
func (b docBlock) run(t *testing.T, program, dir string) {
	script, shown := b.text, ""
	if b.console {
		script = ""
		for line := range strings.Lines(b.text) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				script += command
			} else {
				shown += line
			}
		}
	}
	script = strings.ReplaceAll(script, "go test ./...\n", "") // runs this test
	if strings.Contains(script, "8081") {
		script = strings.ReplaceAll(script, "8081", freePort(t))
	}
	where := dir
	if strings.Contains(script, "go run .") {
		where = "../.."
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // go run compiles everything
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-e", "-c", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"+script)
	cmd.WaitDelay = 20 * time.Second // for what the block started in the background
	cmd.Dir = where
	cmd.Env = []string{
		"HOME=" + dir, "PATH=" + filepath.Dir(program) + ":" + os.Getenv("PATH"),
		"GOCACHE=" + goEnv(t, "GOCACHE"), "GOPATH=" + goEnv(t, "GOPATH"), "GOPROXY=" + goEnv(t, "GOPROXY"), "GOFLAGS=" + goEnv(t, "GOFLAGS"),
	}
	if b.mark != "without the sandbox" {
		cmd.Env = append(cmd.Env, "VPSNET_SANDBOX=true")
	}
	out, err := cmd.CombinedOutput()
	if refused := strings.HasPrefix(shown, "vpsnet-mcp: "); (err != nil) != refused {
		t.Fatalf("%v: %s\n%s", err, script, out)
	}
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "..."))
		if !strings.Contains(string(out), line) {
			t.Errorf("the page shows %q, and the output is\n%s", line, out)
		}
	}
}

// TestDemo: what the picture of README shows is what the program prints. `make
// record` draws it anew.
func TestDemo(t *testing.T) {
	picture, err := os.ReadFile("../../docs/demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	program, said, shown := binary(t), "", 0
	for _, m := range regexp.MustCompile(`<text class="(\w*)">(.*)</text>`).FindAllStringSubmatch(string(picture), -1) {
		text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[2], ""))
		switch m[1] {
		case "call":
			words := strings.Fields(strings.TrimPrefix(text, "$ vpsnet-mcp "))
			cmd := exec.Command(program, words...)
			cmd.Env = []string{"HOME=" + t.TempDir()}
			out, _ := cmd.CombinedOutput() // a plan ends with an exit code of its own
			said = string(out)
		case "out":
			shown++
			if !strings.Contains(said, text) {
				t.Errorf("the picture shows %q, and the output is\n%s", text, said)
			}
		}
	}
	if shown < 7 {
		t.Errorf("the picture has %d lines of output", shown)
	}
}

// TestInstallLinks: the links that install the server in a client carry the entry
// that the page shows.
func TestInstallLinks(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`\]\((https://[^)]*[?&]config=[^)]*)\)`).FindAllStringSubmatch(string(text), -1)
	if len(links) != 2 {
		t.Fatalf("%d links install the server", len(links))
	}
	for _, m := range links {
		u, err := url.Parse(m[1])
		if err != nil {
			t.Fatal(err)
		}
		config := []byte(u.Query().Get("config"))
		if plain, err := base64.StdEncoding.DecodeString(string(config)); err == nil {
			config = plain
		}
		var entry struct {
			Command string
			Args    []string
		}
		if err := json.Unmarshal(config, &entry); err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
		if u.Query().Get("name") != "vps-net" || entry.Command != "vpsnet-mcp" || len(entry.Args) != 1 || entry.Args[0] != "--sandbox" {
			t.Errorf("%s installs %+v", m[1], entry)
		}
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// TestPagesAreShort: a page for people is no longer than one reads; tables that tests
// write stand in evidence.md.
func TestPagesAreShort(t *testing.T) {
	for _, page := range docPages(t) {
		if n := strings.Count(page.text, "\n"); n > 300 && page.name != "docs/evidence.md" {
			t.Errorf("%s has %d lines", page.name, n)
		}
	}
}
