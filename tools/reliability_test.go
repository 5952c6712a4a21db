package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

const (
	reliabilityPage = "../docs/reliability.md"
	evidencePage    = "../docs/evidence.md" // the tables and figures behind it
)

// struckCalls is one call of each class of safety.
var struckCalls = []struct{ tool, arguments string }{
	{"get_cloud_server", `{"server_id":"1384"}`},
	{"create_backup", `{"server_id":"1384","label":"weekly"}`},
	{"reboot_cloud_server", `{"server_id":"1384","confirm":"yes"}`},
	{"create_cloud_server", `{"label":"Shop","fqdn":"shop.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":"false","slices_required":"2","confirm":"yes"}`},
	{"delete_cloud_server", `{"server_id":"1385","confirm":"yes"}`},
}

// struckSpecs are the faults of the table, in its order.
var struckSpecs = []string{
	"latency=2s", "latency=1m", "status=503", "status=404", "429", "429=5", "429=60", "expired", "reset",
	"reset-after", "status-after=500", "late=2s", "late=1m", "cut", "slow=2s", "slow=1m", "endless", "empty", "html", "type=text/plain",
	"missing", "missing=id", "strings",
}

// wholeSpecs strike every function, those too that a plan reads before.
var wholeSpecs = []string{"status=503", "reset", "expired", "html", "latency=1m"}

// struck is what came of one call under one fault.
type struck struct {
	answer       answer.Answer
	own, besides int // requests of the function, and of others
	took         time.Duration
	changes      int // of the sandbox
	happened     bool
}

// strikeCall makes a call under a fault, in a time of its own.
func strikeCall(t *testing.T, fault sandbox.Fault, tool, arguments string) (got struck) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		clock := func() time.Time { return testStart.Add(time.Since(begun)) }
		sb := sandbox.New(sandbox.Options{Now: clock, Faults: []sandbox.Fault{fault}})
		var mu sync.Mutex // reads go out side by side
		seen := 0
		client, err := vpsapi.NewClient(vpsapi.Config{
			Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sb, PerSecond: -1,
			Observe: func(e vpsapi.Exchange) {
				mu.Lock()
				defer mu.Unlock()
				if seen++; e.Request.Op == tool {
					got.own++
				}
				trail.Observe(e)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{Client: client, Now: clock, Store: state.NewMemory(clock), Consent: consent.Flag, Policy: generous()})
		if err != nil {
			t.Fatal(err)
		}
		got.answer = s.Call(context.Background(), tool, json.RawMessage(arguments))
		got.took = time.Since(begun)
		got.besides = seen - got.own
		got.changes = len(sb.Changes())
		got.happened = got.changes > 0
	})
	return got
}

// TestReliabilityTable strikes one function of each class of safety with every
// kind of fault. What came of it is the table of docs/evidence.md.
func TestReliabilityTable(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("| Fault | Class | What the caller is told | Sent | Reads besides | Took | Changed |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	covered := map[sandbox.FaultKind]bool{}
	add := func(spec string, whole bool) {
		for _, c := range struckCalls {
			fault, err := sandbox.ParseFault(spec)
			if err != nil {
				t.Fatal(err)
			}
			covered[fault.Kind] = true
			name := "`" + spec + "`"
			if whole {
				name += " everywhere"
			} else {
				fault.Ops = []string{c.tool}
			}
			op, _ := vpsapi.Find(c.tool)
			got := strikeCall(t, fault, c.tool, c.arguments)
			checkStruck(t, name+" "+c.tool, op.Info().Safety, fault, got)
			fmt.Fprintf(&table, "| %s | %s | %s | %d | %d | %s | %s |\n", name, op.Info().Safety, toldText(got.answer), got.own, got.besides,
				tookText(got.took), yesNo(got.happened, op.Info().Safety))
		}
	}
	for _, spec := range struckSpecs {
		add(spec, false)
	}
	for _, spec := range wholeSpecs {
		add(spec, true)
	}
	for _, k := range sandbox.FaultKinds() {
		if !covered[k] {
			t.Errorf("%s is not in the table", k)
		}
	}
	checkBlock(t, evidencePage, "faults", table.String(), "make faults")
}

var (
	badTold  = regexp.MustCompile(`panic|goroutine|internal error|json:|context deadline|invalid character|cannot unmarshal|unexpected end of|%!|<html|0x[0-9a-f]{6}`)
	byChance = regexp.MustCompile(`(another |and )\d+s( of waiting)?`) // waits of random length, and what they leave of a pause
)

// checkStruck holds what no cell of the table may say.
func checkStruck(t *testing.T, name string, s vpsapi.Safety, fault sandbox.Fault, got struck) {
	t.Helper()
	text := got.answer.Text
	if badTold.MatchString(text) {
		t.Errorf("%s: it says %s", name, text)
	}
	if got.took > time.Minute {
		t.Errorf("%s: it took %s", name, got.took)
	}
	if s == vpsapi.Reads {
		return
	}
	if got.own > 1 || got.changes > 1 {
		t.Errorf("%s: sent %d times, happened %d times", name, got.own, got.changes)
	}
	unknown := strings.Contains(text, "unknown")
	switch {
	case !got.answer.IsError && !got.happened:
		t.Errorf("%s: told as done, and it did not happen: %s", name, text)
	case got.answer.IsError && got.happened && !unknown:
		t.Errorf("%s: it happened, and the error hides it: %s", name, text)
	case got.own == 0 && !strings.Contains(text, "othing was sent"):
		t.Errorf("%s: nothing was sent, and that is not said: %s", name, text)
	}
	if fault.Kind.ChangeHappens() != got.happened && got.own > 0 && fault.Kind != sandbox.FaultLatency {
		t.Errorf("%s: it happened: %v", name, got.happened)
	}
}

// toldText is an answer for the table: an error whole, of a success that it is one.
func toldText(a answer.Answer) string {
	if !a.IsError {
		return "the answer"
	}
	text := strings.ReplaceAll(strings.Join(strings.Fields(a.Text), " "), "|", `\|`)
	return byChance.ReplaceAllString(text, "$1… s$2")
}

// tookText leaves out what the chance in the waits between attempts makes of it.
func tookText(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "under 2 s"
	case d < 5*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	default:
		return fmt.Sprintf("%.0f s", d.Round(5*time.Second).Seconds())
	}
}

func yesNo(happened bool, s vpsapi.Safety) string {
	switch {
	case s == vpsapi.Reads:
		return ""
	case happened:
		return "yes"
	default:
		return "no"
	}
}

// checkBlock compares a part of a page, between comments, with what it should be.
func checkBlock(t *testing.T, path, name, want, remedy string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(string(page), open)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s", path, strings.TrimSpace(open))
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+open+want+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("%s is not true any more; run %s\n%s", path, remedy, diff)
	}
}

// TestDependencies: docs/reliability.md says of each direct dependency why it is
// there, and of none that is not.
func TestDependencies(t *testing.T) {
	module, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(reliabilityPage)
	if err != nil {
		t.Fatal(err)
	}
	_, said, _ := strings.Cut(string(page), "## Dependencies")
	direct := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(module), -1) {
		direct[m[1]] = true
		if !strings.Contains(said, "`"+m[1]+"`") {
			t.Errorf("%s has no row", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`([a-z.]+/[^`]+)`").FindAllStringSubmatch(said, -1) {
		if !direct[m[1]] {
			t.Errorf("%s has a row and is not a dependency", m[1])
		}
	}
	if len(direct) < 10 {
		t.Errorf("only %d found in go.mod", len(direct))
	}
}

// TestFuzzTargets: docs/reliability.md says of each fuzz target what it holds, and
// docs/evidence.md how many inputs it took in the last long run.
func TestFuzzTargets(t *testing.T) {
	page, err := os.ReadFile(reliabilityPage)
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := os.ReadFile(evidencePage)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !regexp.MustCompile("[`.]" + m[1] + "`").Match(page) {
				t.Errorf("%s has no row", m[1])
			}
			target := filepath.Base(filepath.Dir(path)) + "." + m[1]
			if !regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(target) + "` \\| [0-9,]+ \\|$").Match(evidence) {
				t.Errorf("%s has no figure", target)
			}
		}
		return err
	})
	if rows := len(regexp.MustCompile("(?m)^\\| `\\w+\\.Fuzz\\w+` \\| [0-9,]+ \\|$").FindAll(evidence, -1)); rows != found {
		t.Errorf("%d figures for %d targets", rows, found)
	}
	if err != nil || found < 10 {
		t.Errorf("%d found: %v", found, err)
	}
}
