package tools

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// answerTime is how long a slow service takes for each answer.
const answerTime = 100 * time.Millisecond

// slow answers after answerTime.
type slow struct{ service http.RoundTripper }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(answerTime) // of a bubble's clock
	return s.service.RoundTrip(r)
}

// slowFleet is a fleet of a service that takes its time. It is for a bubble alone.
func slowFleet(t *testing.T) *fleet {
	t.Helper()
	f := newFleet(t, Options{Policy: generous(), Pause: noPause}, nil)
	f.tap.up = slow{f.sb}
	return f
}

// timed calls a tool and gives what was sent for it, and how many rounds it took:
// requests side by side are one.
func (f *fleet) timed(tool, arguments string) (a answer.Answer, sent []string, rounds int) {
	f.tap.take()
	start := time.Now()
	a = f.call(tool, arguments)
	return a, f.tap.take(), int(time.Since(start) / answerTime)
}

// TestRequests holds what a person waits for: of each tool how many requests it makes and how many rounds they take, for its
// answer or plan, then with the person's consent. A proof costs requests where a route is inferred, and nowhere else.
func TestRequests(t *testing.T) {
	var b strings.Builder
	b.WriteString("tool\tevidence\trequests\trounds\twith consent\trounds\n")
	synctest.Test(t, func(t *testing.T) {
		f := slowFleet(t)
		for _, c := range drive {
			f.requestsOf(&b, c.tool, f.fill(c.arguments))
			if c.tool != "create_instant_cloud_server" {
				f.now = f.now.Add(10 * time.Minute)
			}
		}
		for _, c := range compound {
			f.requestsOf(&b, c.tool, c.arguments)
		}
	})
	golden(t, filepath.Join("testdata", "requests.tsv"), b.String())
}

// requestsOf writes the row of a tool.
func (f *fleet) requestsOf(b *strings.Builder, tool, arguments string) {
	f.Helper()
	evidence, unproved := vpsapi.Evidence("several"), false
	if op, ok := vpsapi.Find(tool); ok {
		evidence, unproved = op.Info().Evidence, proof.IsUnproved(op.Info())
	}
	a, sent, rounds := f.timed(tool, arguments)
	fmt.Fprintf(b, "%s\t%s\t%d\t%d", tool, evidence, len(sent), rounds)
	if m := codeIn.FindStringSubmatch(a.Text); a.NeedsConsent && m != nil {
		a, sent, rounds = f.timed(tool, withConfirm(arguments, m[1]))
		fmt.Fprintf(b, "\t%d\t%d", len(sent), rounds)
	}
	b.WriteString("\n")
	if a.IsError {
		f.Errorf("%s %s: %.300s", tool, arguments, a.Text)
	}
	changed := slices.IndexFunc(sent, func(s string) bool { return len(changing([]string{s})) > 0 }) + 1
	if changed > 0 && !unproved && evidence != "several" && changed != len(sent) {
		f.Errorf("%s: %q after its change", tool, sent[changed:])
	}
}
