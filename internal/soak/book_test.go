//go:build linux

package soak

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi/sandbox"
)

// word is what a caller was told of a change.
type word string

const (
	done    word = "done"
	not     word = "not done"
	unknown word = "unknown" // by the server, or because no answer came
)

// book is what the callers know.
type book struct {
	mu      sync.Mutex
	told    map[string]word
	counts  map[string]int
	secrets []string
	times   map[string][]time.Duration
}

func newBook() *book {
	return &book{told: map[string]word{}, counts: map[string]int{}, times: map[string][]time.Duration{}}
}

func (b *book) tell(mark string, w word) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told[mark] = w
}

func (b *book) count(what string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts[what] += n
}

func (b *book) secret(path string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.secrets = append(b.secrets, path)
}

func (b *book) took(transport string, d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.times[transport] = append(b.times[transport], d)
}

// checkBooks compares three books: what the callers were told, what the journal
// says, and what the sandbox did.
func (w *world) checkBooks() {
	w.Helper()
	lines, err := readLedger(filepath.Join(w.dir, "ledger.jsonl"))
	if err != nil {
		w.Fatal(err)
	}
	did := map[string]int{}
	for _, l := range lines {
		for _, mark := range marks.FindAllString(l.Body, -1) {
			did[mark]++
		}
	}
	journal := w.journal()
	for mark, n := range did {
		if n > 1 {
			w.Errorf("%s happened %d times", mark, n)
		}
		if len(journal[mark]) == 0 {
			w.Errorf("%s happened, and the journal knows nothing of it", mark)
		}
	}
	for mark, word := range w.book.told {
		switch {
		case word == done && did[mark] != 1:
			w.Errorf("%s was told as done, and happened %d times", mark, did[mark])
		case word == not && did[mark] != 0:
			w.Errorf("%s was told as not done, and happened", mark)
		case word == done && !slices.ContainsFunc(journal[mark], func(e state.Entry) bool { return e.Outcome != nil && e.Outcome.Result == "done" }):
			w.Errorf("%s was told as done, and the journal says %+v", mark, journal[mark])
		}
		w.book.count("changes told as "+string(word), 1)
	}
	w.checkJournal(journal, did)
	for _, path := range w.book.secrets {
		info, err := os.Stat(path)
		if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			w.Errorf("an acknowledged password: %v", err)
		}
	}
	w.checkSecrets()
	w.book.count("changes that happened", len(lines))
	w.book.count("passwords in files", len(w.book.secrets))
}

// checkSecrets holds that every file with a password is whole, those too whose
// server was killed around their writing.
func (w *world) checkSecrets() {
	w.Helper()
	if len(w.book.secrets) == 0 && *length < time.Minute {
		return // too short for one that was acknowledged
	}
	files, err := os.ReadDir(filepath.Join(w.state(), "secrets"))
	if err != nil || len(w.book.secrets) == 0 {
		w.Errorf("%d passwords were acknowledged: %v", len(w.book.secrets), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(w.state(), "secrets", f.Name()))
		if !strings.HasPrefix(f.Name(), ".") && (err != nil || !strings.HasSuffix(string(text), "\n")) {
			w.Errorf("secret %s: %v, %d bytes", f.Name(), err, len(text))
		}
	}
}

// checkJournal holds that each entry says what happened, and of whose change.
func (w *world) checkJournal(journal map[string][]state.Entry, did map[string]int) {
	w.Helper()
	for mark, entries := range journal {
		for _, e := range entries {
			result := "none"
			if e.Outcome != nil {
				result = e.Outcome.Result
			}
			switch {
			case result == "done" && did[mark] != 1, (result == "refused" || result == "not sent") && len(entries) == 1 && did[mark] != 0:
				w.Errorf("%s: the journal says %s, and it happened %d times", mark, result, did[mark])
			}
			caller := strings.Split(mark, "-")[1]
			if want := map[bool]string{true: "local", false: caller}[strings.HasPrefix(caller, "pipe")]; e.Caller != want {
				w.Errorf("%s stands in the journal as a change of %s", mark, e.Caller)
			}
			w.book.count("journal: "+result, 1)
		}
	}
}

// journal gives the entries by the mark that they speak of.
func (w *world) journal() map[string][]state.Entry {
	w.Helper()
	store, err := state.OpenFile(w.state(), time.Now)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	entries, err := store.Entries(context.Background(), sandbox.Email+"/"+strings.TrimPrefix(w.url, "http://"), time.Time{})
	if err != nil {
		w.Fatal(err)
	}
	unreadable, err := store.Unreadable(context.Background())
	bad := unreadable.Lines
	if err != nil || len(bad) > w.book.counts["kill -9"] {
		w.Errorf("the journal has %d torn lines after %d kills: %v", len(bad), w.book.counts["kill -9"], err)
	}
	w.book.count("torn lines of the journal", len(bad))
	by := map[string][]state.Entry{}
	for _, e := range entries {
		found := marks.FindAllString(e.Thing+" "+strings.Join(e.Words, " "), -1)
		slices.Sort(found)
		for _, mark := range slices.Compact(found) {
			by[mark] = append(by[mark], e)
		}
	}
	return by
}

// What a server may hold more than one that has had a quiet time.
const (
	moreFDs        = 3
	moreGoroutines = 3
	moreRSS        = 64 << 10 // KiB; freed memory goes back to the system over minutes
)

func (w *world) checkLeaks(before, after figures) {
	w.Helper()
	if after.fds > before.fds+moreFDs {
		w.Errorf("%d file descriptors after the soak, %d without", after.fds, before.fds)
	}
	if after.goroutines > before.goroutines+moreGoroutines {
		w.Errorf("%d goroutines after the soak, %d without:\n%s", after.goroutines, before.goroutines, after.origins)
	}
	if after.rss > before.rss+moreRSS && !*race {
		w.Errorf("%d KiB of memory after the soak, %d without", after.rss, before.rss)
	}
}

// report writes the figures down.
func (w *world) report(before, after figures) {
	w.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s on %d cores (%s), %s:\n\n", time.Now().UTC().Format("2006-01-02"), *length, runtime.NumCPU(), cpu(), runtime.Version())
	b.WriteString("| Figure | |\n| --- | --- |\n")
	for _, transport := range []string{"stdio", "http", "sse"} {
		times := w.book.times[transport]
		slices.Sort(times)
		if len(times) == 0 {
			w.Errorf("no call over %s was answered", transport)
			continue
		}
		fmt.Fprintf(&b, "| calls answered over %s | %d (half within %s, 99 of 100 within %s) |\n", transport, len(times),
			times[len(times)/2].Round(time.Millisecond), times[len(times)*99/100].Round(time.Millisecond))
	}
	for _, what := range sortedKeys(w.book.counts) {
		fmt.Fprintf(&b, "| %s | %d |\n", what, w.book.counts[what])
	}
	fmt.Fprintf(&b, "| longest shutdown | %s |\n", slices.Max(w.shutdowns).Round(time.Millisecond))
	fmt.Fprintf(&b, "| file descriptors of the hosted server, after a quiet time and after the soak | %d, %d |\n", before.fds, after.fds)
	fmt.Fprintf(&b, "| goroutines, likewise | %d, %d |\n", before.goroutines, after.goroutines)
	fmt.Fprintf(&b, "| memory (RSS), likewise | %.1f MiB, %.1f MiB |\n", float64(before.rss)/1024, float64(after.rss)/1024)
	w.Log("\n" + b.String())
	if *page == "" || w.Failed() {
		return
	}
	text, err := os.ReadFile(*page)
	if err != nil {
		w.Fatal(err)
	}
	block := regexp.MustCompile(`(?s)<!-- soak -->\n.*?<!-- /soak -->`)
	if !block.Match(text) {
		w.Fatalf("%s has no place for the figures", *page)
	}
	text = block.ReplaceAllLiteral(text, []byte("<!-- soak -->\n"+b.String()+"<!-- /soak -->"))
	if err := os.WriteFile(*page, text, 0o600); err != nil {
		w.Fatal(err)
	}
}

func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// cpu names the machine's processor.
func cpu() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	if m := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return runtime.GOARCH
}
