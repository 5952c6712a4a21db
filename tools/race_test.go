package tools

import (
	"context"
	"strings"
	"sync"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi/sandbox"
)

// together is a store in which a change begins when as many have come as are waited for.
type together struct {
	state.Store
	coming *sync.WaitGroup
}

func (s together) Begin(ctx context.Context, e state.Entry, allowed func([]state.Entry) error) (string, error) {
	s.coming.Done()
	s.coming.Wait()
	return s.Store.Begin(ctx, e, allowed)
}

// TestTwoOfWhichOneMayPass: two purchases that each had room when they were planned
// and agreed to come to the journal together, and there is room for one.
func TestTwoOfWhichOneMayPass(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag}, nil)
	if _, err := f.store.Begin(t.Context(), state.Entry{Account: sandbox.Email, Tool: "create_nodes", Effects: []string{"commit"}, Buys: 4}, nil); err != nil {
		t.Fatal(err)
	}
	var coming sync.WaitGroup
	coming.Add(2)
	f.server.useStore(together{f.store, &coming})
	answers := make([]answer.Answer, 2)
	var calls sync.WaitGroup
	for i, kind := range []string{"daily", "ram"} {
		calls.Go(func() {
			answers[i] = f.call("create_nodes", `{"quantity":1,"upgrade_option":"`+kind+`","confirm":"yes"}`)
		})
	}
	calls.Wait()
	done, refused := 0, 0
	for _, a := range answers {
		switch {
		case strings.HasPrefix(a.Text, "Done"):
			done++
		case strings.Contains(a.Text, "at most 5 purchases a day"):
			refused++
		default:
			t.Error(a.Text)
		}
	}
	if sent := len(f.sb.Changes()); done != 1 || refused != 1 || sent != 1 {
		t.Errorf("%d done, %d refused, %d sent", done, refused, sent)
	}
}
