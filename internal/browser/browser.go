// Package browser shows a plan that waits in the browser of the person at this
// computer, on a page of the loopback that lives as long as the plan. What opens
// the page is a file that its user alone can read: it stands in no command line,
// and no client and no model sees it.
package browser

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/state"
)

// Opener opens the pages of plans. It is safe for concurrent use.
type Opener struct {
	Store state.Store
	Env   map[string]string // of the process: BROWSER, DISPLAY and the like
	Log   zerolog.Logger

	open atomic.Int32
	all  sync.WaitGroup // of the pages that are open
}

// Wait waits until the pages that are open have ended. They end with their answer,
// with their plan, or with ctx.
func (o *Opener) Wait() { o.all.Wait() }

// maxOpen is how many pages may be open at a time: a model that asks for one
// thing after another must not fill the screen.
const maxOpen = 3

// startTimeout is how long a browser's command may take to fail.
const startTimeout = 500 * time.Millisecond

// Show opens a plan's page, and reports whether a browser took it. The page ends
// with its answer, with the plan, or with ctx.
func (o *Opener) Show(ctx context.Context, p state.Pending) bool {
	commands := o.commands()
	if len(commands) == 0 {
		return false
	}
	if o.open.Add(1) > maxOpen {
		o.open.Add(-1)
		return false
	}
	page, err := o.serve(ctx, p)
	if err != nil {
		o.open.Add(-1)
		o.Log.Warn().Err(err).Msg("the page of a plan could not be prepared")
		return false
	}
	for _, command := range commands {
		if err = o.start(command, page.file); err == nil {
			return true
		}
		o.Log.Warn().Err(err).Str("command", command[0]).Msg("this command could not start the browser")
	}
	page.end()
	return false
}

// serve makes the plan's page and the file that opens it.
func (o *Opener) serve(ctx context.Context, p state.Pending) (*page, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	pg := &page{opener: o, plan: p, address: listener.Addr().String(), secret: rand.Text() + rand.Text(), form: rand.Text() + rand.Text()}
	if pg.file, err = pg.write(o.directory()); err != nil {
		_ = listener.Close()
		return nil, err
	}
	web := &http.Server{Handler: pg, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 32 << 10}
	ctx, end := context.WithTimeout(ctx, time.Until(p.Expires))
	pg.end = end
	go func() { _ = web.Serve(listener) }()
	o.all.Go(func() {
		<-ctx.Done()
		_ = os.Remove(pg.file)
		last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = web.Shutdown(last)
		_ = web.Close()
		o.open.Add(-1)
	})
	return pg, nil
}

// openerPage is the file that opens the page: it posts the secret, by itself where
// scripts run, else with a button. Its values are the page's address and its secret.
const openerPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>vpsnet-mcp</title></head>
<body><form method="post" action="http://%s/open"><input type="hidden" name="secret" value="%s"><button autofocus>Show the plan</button></form>
<script>document.forms[0].submit()</script></body></html>
`

// write makes the file, for its user alone.
func (pg *page) write(dir string) (string, error) {
	f, err := os.CreateTemp(dir, "vpsnet-mcp-plan-*.html") // mode 0600
	if err != nil {
		return "", fmt.Errorf("write the file that opens the plan's page: %w", err)
	}
	_, err = fmt.Fprintf(f, openerPage, html.EscapeString(pg.address), html.EscapeString(pg.secret))
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", fmt.Errorf("write the file that opens the plan's page: %w", err)
	}
	return f.Name(), nil
}

// directory is where the file lies. Browsers that are snaps read no temporary
// directory but their own, and of the home directory only what is not hidden.
func (o *Opener) directory() string {
	if runtime.GOOS == "linux" && (exists("/snap/bin/firefox") || exists("/snap/bin/chromium")) && o.Env["HOME"] != "" {
		return o.Env["HOME"]
	}
	return os.TempDir()
}

// exists reports a path that is there.
func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// commands are the ways to open a browser, the best first: those of BROWSER, else
// the system's own, where there is a desktop.
func (o *Opener) commands() [][]string {
	var list [][]string
	for command := range strings.SplitSeq(o.Env["BROWSER"], string(os.PathListSeparator)) {
		if words := strings.Fields(command); len(words) > 0 {
			list = append(list, words)
		}
	}
	switch {
	case len(list) > 0:
		return list
	case runtime.GOOS == "darwin":
		return [][]string{{"open"}}
	case runtime.GOOS == "windows":
		return [][]string{{"rundll32", "url.dll,FileProtocolHandler"}}
	case len(o.desktop()) > 0:
		return [][]string{{"xdg-open"}}
	}
	return nil
}

// desktop is what tells a program where the person's desktop is. Few clients hand
// it on to the servers that they start; then the sockets of the user's session do.
// It is empty where there is none.
func (o *Opener) desktop() map[string]string {
	if o.Env["DISPLAY"] != "" || o.Env["WAYLAND_DISPLAY"] != "" {
		return map[string]string{"DISPLAY": o.Env["DISPLAY"], "WAYLAND_DISPLAY": o.Env["WAYLAND_DISPLAY"]}
	}
	run := "/run/user/" + strconv.Itoa(os.Getuid())
	session := map[string]string{"XDG_RUNTIME_DIR": run, "DBUS_SESSION_BUS_ADDRESS": "unix:path=" + filepath.Join(run, "bus")}
	if sockets, _ := filepath.Glob(filepath.Join(run, "wayland-[0-9]")); len(sockets) > 0 {
		session["WAYLAND_DISPLAY"] = filepath.Base(sockets[0])
		return session
	}
	if sockets, _ := filepath.Glob("/tmp/.X11-unix/X[0-9]*"); len(sockets) > 0 && exists(run) {
		session["DISPLAY"] = ":" + strings.TrimPrefix(filepath.Base(sockets[0]), "X")
		return session
	}
	return nil
}

// start starts a browser on the file. The browser gets none of our own settings:
// the account's key may be among them.
func (o *Opener) start(words []string, file string) error {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") { // a drive of Windows
		path = "/" + path
	}
	where := (&url.URL{Scheme: "file", Path: path}).String()
	words = slices.Clone(words)
	named := false
	for i, word := range words {
		if strings.Contains(word, "%s") {
			words[i], named = strings.ReplaceAll(word, "%s", where), true
		}
	}
	if !named {
		words = append(words, where)
	}
	command := exec.Command(words[0], words[1:]...) //nolint:gosec // the person's own browser, by their own environment
	env := maps.Clone(o.Env)
	maps.Copy(env, o.desktop())
	for name, value := range env {
		if !strings.HasPrefix(name, "VPSNET_") {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	if err := command.Start(); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- command.Wait() }()
	select {
	case err := <-failed:
		return err
	case <-time.After(startTimeout):
		return nil
	}
}
