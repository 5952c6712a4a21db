package tools

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/vpsapi/sandbox"
)

// losing carries changes out and loses the answers.
type losing struct{ up http.RoundTripper }

func (l losing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.up.RoundTrip(r)
	if err != nil || r.Method == http.MethodGet {
		return response, err
	}
	_ = response.Body.Close()
	return nil, errors.New("connection reset by peer")
}

var codeIn = regexp.MustCompile(`confirm: "([^"]{16,})"`)

// TestLostAnswer: a change whose answer is lost is told as unknown, looked at,
// and not done again before somebody agreed to the repetition.
func TestLostAnswer(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	sound := f.tap.up
	f.tap.up = losing{sound}
	const arguments = `{"server_id":"1384","confirm":"yes"}`
	a := f.call("shutdown_cloud_server", arguments)
	if !a.IsError || !strings.Contains(a.Text, "unknown") || !strings.Contains(a.Text, "probably happened or is under way") {
		t.Fatalf("the lost answer: %s", a.Text)
	}
	if a := f.call("delete_domain_record", `{"domain_id":"51","record_id":"2315958","confirm":"yes"}`); !strings.Contains(a.Text, "so it happened") {
		t.Errorf("a record that is gone: %s", a.Text)
	}
	f.tap.up = sound
	f.now = f.now.Add(2 * time.Minute)
	f.call("start_cloud_server", `{"server_id":"1384"}`)
	f.now = f.now.Add(2 * time.Minute)

	changes := len(f.sb.Changes())
	again := f.call("shutdown_cloud_server", arguments)
	if !again.IsError || !strings.Contains(again.Text, "confirm") || len(f.sb.Changes()) != changes {
		t.Fatalf("a yes that knows nothing of the first: %s", again.Text)
	}
	shown := f.call("shutdown_cloud_server", `{"server_id":"1384"}`)
	code := codeIn.FindStringSubmatch(shown.Text)
	if code == nil || !strings.Contains(shown.Text, "it may have happened already") {
		t.Fatalf("the plan does not tell of it: %s", shown.Text)
	}
	if a := f.call("shutdown_cloud_server", `{"server_id":"1384","confirm":"`+code[1]+`"}`); a.IsError || len(f.sb.Changes()) != changes+1 {
		t.Errorf("agreed to anew: %s", a.Text)
	}
}

// TestLostAnswerOfAMildChange: what needs no consent is not repeated either, for
// as long as it is in doubt.
func TestLostAnswerOfAMildChange(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	f.now = f.now.Add(300 * time.Millisecond) // the service tells whole seconds
	sound := f.tap.up
	f.tap.up = losing{sound}
	const backup = `{"server_id":"1384","label":"weekly"}`
	if a := f.call("create_backup", backup); !strings.Contains(a.Text, "unknown") || !strings.Contains(a.Text, "so it probably happened") {
		t.Fatalf("the lost answer: %s", a.Text)
	}
	f.tap.up = sound
	changes := len(f.sb.Changes())
	if a := f.call("create_backup", backup); !a.IsError || !strings.Contains(a.Text, "second time") || !strings.Contains(a.Text, "has one that matches") || len(f.sb.Changes()) != changes {
		t.Errorf("repeated at once: %s", a.Text)
	}
	if a := f.call("history", `{}`); !strings.Contains(a.Text, "looked at then: list_backups has one that matches") {
		t.Errorf("the history: %s", a.Text)
	}
	if a := f.call("create_backup", `{"server_id":"1385","label":"weekly"}`); a.IsError {
		t.Errorf("another change: %s", a.Text)
	}
	f.now = f.now.Add(journal.DoubtTTL + time.Minute)
	if a := f.call("create_backup", backup); a.IsError {
		t.Errorf("after the doubt: %s", a.Text)
	}
}

// TestSameChangeUnderWay: a change that has not ended is in doubt too, whether it
// is on its way or the process that sent it has died.
func TestSameChangeUnderWay(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	sound := f.tap.up
	const backup = `{"server_id":"1384","label":"weekly"}`
	var second answer.Answer
	f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			f.tap.up = sound
			second = f.call("create_backup", backup)
		}
		return sound.RoundTrip(r)
	})
	if a := f.call("create_backup", backup); a.IsError {
		t.Fatal(a.Text)
	}
	if !second.IsError || !strings.Contains(second.Text, "was not recorded") || len(f.sb.Changes()) != 1 {
		t.Errorf("the same while it is on its way: %s", second.Text)
	}
}

// meanwhile is a person who agrees; while they think, something else goes on.
type meanwhile struct{ do func() }

func (m *meanwhile) Ask(_ context.Context, q answer.Question) (confirm.Reply, error) {
	m.do()
	return confirm.Reply{Yes: true, Typed: q.Typed, By: "anna, asked"}, nil
}

// TestYesThatKnowsNothingOfTheFirst: a purchase whose answer got lost while the
// question about the same one was open is not made again by that question's yes.
func TestYesThatKnowsNothingOfTheFirst(t *testing.T) {
	for _, c := range purchases {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		sound := f.tap.up
		asked := func(meantime func()) answer.Answer {
			return f.server.Call(confirm.WithAsker(t.Context(), &meanwhile{meantime}), c.tool, json.RawMessage(c.arguments))
		}
		a := asked(func() {
			f.tap.up = losing{sound}
			if a := f.call(c.tool, strings.Replace(c.arguments, "{", `{"confirm":"yes",`, 1)); !strings.Contains(a.Text, "unknown") {
				t.Errorf("the one whose answer is lost: %s", a.Text)
			}
			f.tap.up = sound
		})
		want := "Look"
		if strings.Contains(a.Text, "call again for a fresh plan") { // the first changed the nodes that the plan tells of
			a, want = f.call(c.tool, c.arguments), "its answer was lost"
		}
		if n := len(f.sb.Changes()); n != 1 || !a.IsError || !strings.Contains(a.Text, want) || !strings.Contains(a.Text, "second time") {
			t.Errorf("%s: %d changes: %s", c.tool, n, a.Text)
		}
		if a := asked(func() {}); a.IsError || len(f.sb.Changes()) != 2 {
			t.Errorf("%s, asked anew: %s", c.tool, a.Text)
		}
	}
}

// purchases are calls that cost, asked for without a yes.
var purchases = []struct{ tool, arguments string }{
	{"create_cloud_server", `{"label":"Shop","fqdn":"shop.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":"2"}`},
	{"create_nodes", `{"quantity":1}`},
}

// atBegin is a store before which something goes on as a change begins: after its
// plan, before the journal has it.
type atBegin struct {
	state.Store
	do func()
}

func (s *atBegin) Begin(ctx context.Context, e state.Entry, allow func([]state.Entry) error) (string, error) {
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return s.Store.Begin(ctx, e, allow)
}

// TestSameChangePlannedAtOnce: two calls that both plan before either begins are
// one change and one refusal.
func TestSameChangePlannedAtOnce(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	sound := f.tap.up
	const backup = `{"server_id":"1384","label":"weekly"}`
	store := &atBegin{Store: f.store}
	f.server.useStore(store)
	store.do = func() {
		f.tap.up = losing{sound}
		if a := f.call("create_backup", backup); !strings.Contains(a.Text, "unknown") {
			t.Errorf("the first: %s", a.Text)
		}
		f.tap.up = sound
	}
	if a := f.call("create_backup", backup); !a.IsError || !strings.Contains(a.Text, "second time") || len(f.sb.Changes()) != 1 {
		t.Errorf("the second: %d changes: %s", len(f.sb.Changes()), a.Text)
	}
}

const threeRecords = `{"domain_id":"51","confirm":"yes","zone":"$TTL 3600\none IN A 192.0.2.1\ntwo IN A 192.0.2.2\nthree IN A 192.0.2.3\n"}`

// TestLostStepIsNotSentAgain: the second of a plan's requests is lost; the same
// call makes a plan of fewer requests, and that one is among them.
func TestLostStepIsNotSentAgain(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultReset, Ops: []string{"create_domain_record"}, After: 1})
	if a := f.call("apply_zone", threeRecords); !strings.Contains(a.Text, "step 2 of") || !strings.Contains(a.Text, "it is still to do") {
		t.Fatalf("the lost step: %s", a.Text)
	}
	f.sb.Break()
	changes := len(f.sb.Changes())
	a := f.call("apply_zone", threeRecords)
	if !a.IsError || !strings.Contains(a.Text, "good once") || len(f.sb.Changes()) != changes {
		t.Errorf("a yes that knows nothing of the lost step: %d changes more: %s", len(f.sb.Changes())-changes, a.Text)
	}
	if a := f.call("create_domain_record", `{"domain_id":"51","host":"three","type":"a","data":"192.0.2.3","ttl":3600}`); !a.IsError || !strings.Contains(a.Text, "second time") {
		t.Errorf("the lost request by another tool: %s", a.Text)
	}
	if a := f.call("create_domain_record", `{"domain_id":"51","host":"one","type":"a","data":"192.0.2.1","ttl":3600}`); strings.Contains(a.Text, "second time") {
		t.Errorf("the step that was done is in no doubt: %s", a.Text)
	}
	shown := f.call("apply_zone", strings.Replace(threeRecords, `"confirm":"yes",`, "", 1))
	code := codeIn.FindStringSubmatch(shown.Text)
	if code == nil || !strings.Contains(shown.Text, "one of its requests (") || !strings.Contains(shown.Text, "192.0.2.3") {
		t.Fatalf("the plan does not tell of it: %s", shown.Text)
	}
	if a := f.call("apply_zone", strings.Replace(threeRecords, `"yes"`, `"`+code[1]+`"`, 1)); a.IsError {
		t.Errorf("agreed to anew: %s", a.Text)
	}
}

// TestLostRequestInAPlanOfMany: a request that was lost by itself is known again
// among a plan's.
func TestLostRequestInAPlanOfMany(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultReset, Ops: []string{"create_domain_record"}})
	f.call("create_domain_record", `{"domain_id":"51","host":"two","type":"a","data":"192.0.2.2","ttl":3600}`)
	f.sb.Break()
	if a := f.call("apply_zone", threeRecords); !a.IsError || !strings.Contains(a.Text, "one of its requests (") || len(f.sb.Changes()) != 0 {
		t.Errorf("%d changes: %s", len(f.sb.Changes()), a.Text)
	}
}

// torn is a store of a process that is ended before it writes how a change ended.
type torn struct{ state.Store }

func (torn) End(context.Context, string, state.Outcome) error { return errors.New("ended") }

// TestPlanOfManyThatWasCutShort: of a plan whose end was not recorded any request
// may have been sent.
func TestPlanOfManyThatWasCutShort(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.server.useStore(torn{f.store})
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultReset, Ops: []string{"create_domain_record"}, After: 1})
	f.call("apply_zone", threeRecords)
	f.server.useStore(f.store)
	f.sb.Break()
	changes := len(f.sb.Changes())
	if a := f.call("apply_zone", threeRecords); !a.IsError || !strings.Contains(a.Text, "was not recorded") || len(f.sb.Changes()) != changes {
		t.Errorf("%d changes more: %s", len(f.sb.Changes())-changes, a.Text)
	}
}

// TestLostAnswerOfAnother: on one account it makes no difference who asks.
func TestLostAnswerOfAnother(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	sound := f.tap.up
	f.tap.up = losing{sound}
	f.call("create_backup", `{"server_id":"1384"}`)
	f.tap.up = sound
	ctx := WithCaller(t.Context(), confirm.Caller{Name: "another", Client: f.server.options.Client})
	if a := f.server.Call(ctx, "create_backup", json.RawMessage(`{"server_id":"1384"}`)); !a.IsError || !strings.Contains(a.Text, "second time") {
		t.Errorf("another's: %s", a.Text)
	}
}

// TestCancelDoesNotTearAChange: a client that goes away while its change is on the
// way does not break it off, and the journal knows how it ended.
func TestCancelDoesNotTearAChange(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	sound := f.tap.up
	f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			cancel()
			if err := r.Context().Err(); err != nil {
				t.Errorf("the client's cancel reaches the change: %v", err)
			}
		}
		return sound.RoundTrip(r)
	})
	a := f.server.Call(ctx, "create_backup", json.RawMessage(`{"server_id":"1384"}`))
	entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
	if err != nil || len(entries) != 1 || entries[0].Outcome == nil || entries[0].Outcome.Result != "done" || len(f.sb.Changes()) != 1 {
		t.Errorf("%s; the journal says %+v, %v", a.Text, entries, err)
	}
}
