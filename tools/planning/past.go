package planning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/tools/zone"
)

// CallHistory is the journal as a plan knows it, and which of its entries the plan may be the repetition of.
type CallHistory struct {
	entries  []state.Entry
	Requests []string    // a digest of each of the plan's requests
	steps    []plan.Step // the plan's
	since    time.Time   // what was sent before then is in doubt no more
	doubt    string      // why the plan may be a repetition; empty when it is none
	doubted  []string    // the facts of that, for the plan's state
}

// readPast reads the journal for a plan. A plan that was sent before with an answer
// that got lost is in doubt; its consent is of its own: none that was given for the
// first one fits.
func (s *Planner) readPast(ctx context.Context, w PlannedCall) (CallHistory, error) {
	p := CallHistory{since: s.Now().Add(-journal.DoubtTTL), steps: w.Plan.Steps}
	name := w.Tool.Name
	if why, err := s.whyBoughtTwice(ctx, w.Plan); err != nil || why != "" {
		return p, fmt.Errorf("%s: %s. Nothing was sent", name, cmp.Or(why, fmt.Sprint(err)))
	}
	var err error
	if p.entries, err = s.Store.Entries(ctx, w.Plan.Account, s.Now().Add(-state.Window)); err != nil {
		return p, fmt.Errorf("%s: the journal of changes cannot be read: %w. Nothing was sent", name, err)
	}
	if p.Requests, err = s.requestDigests(ctx, w); err != nil {
		return p, fmt.Errorf("%s: whether it was sent before cannot be told: %w. Nothing was sent", name, err)
	}
	for _, e := range p.entries {
		if why := p.whyRepeated(e); why != "" {
			p.doubt = why
			p.doubted = append(p.doubted, repeatFact(e))
		}
	}
	return p, nil
}

// requestDigests returns what makes two requests one: what is sent and the account, in
// whatever state that is, whoever asks and by whichever tool, and whether or not
// a default is written out. A plan has one of each step, so that what is left of
// it after a lost step is known again.
func (s *Planner) requestDigests(ctx context.Context, w PlannedCall) ([]string, error) {
	same := make([]string, len(w.Plan.Steps))
	for i, step := range w.Plan.Steps {
		request, err := withDefaults(ctx, w.Reader, step)
		if err != nil {
			return nil, err
		}
		claim := consent.Claim{Arguments: []byte(confirm.RequestLine(request)), Account: w.Plan.Account, Service: w.Caller.Client.BaseURL()}
		same[i] = s.Consent.Sealer.Digest(claim)
	}
	return same, nil
}

// repeatFact returns the line of a plan that says which earlier change it may repeat.
func repeatFact(e state.Entry) string { return "doubt " + e.ID }

// whyRepeated says why a plan may be the repetition of an entry, or of one of its
// requests; nothing when it is none.
func (p CallHistory) whyRepeated(e state.Entry) string {
	if e.Time.Before(p.since) {
		return ""
	}
	var again []string
	open := doubtfulRequests(e)
	for i, request := range p.Requests {
		if slices.Contains(open, request) {
			again = append(again, p.steps[i].Words)
		}
	}
	if len(again) == 0 {
		return ""
	}
	what := "the same was"
	switch {
	case len(p.steps) == 1:
	case len(again) == 1:
		what = "one of its requests (" + again[0] + ") was"
	default:
		what = fmt.Sprintf("%d of its requests (%s) were", len(again), strings.Join(zone.FirstFaults(again), "; "))
	}
	lost := "its answer was lost"
	switch {
	case e.Outcome == nil:
		lost = "how it ended was not recorded: it is still under way, or the program was stopped in the middle of it"
	case e.Outcome.Error == string(proof.NotSeen) || e.Outcome.Error == string(proof.Alarm):
		lost = "the account did not show it as expected (" + e.Outcome.Found + ")"
	case e.Outcome.Found != "":
		lost += " (looked at then: " + strings.TrimSuffix(e.Outcome.Found, ".") + ")"
	}
	return fmt.Sprintf("%s sent at %s and %s: it may have happened already, and this would do it a second time",
		what, e.Time.UTC().Format("15:04:05 MST"), lost)
}

// doubtfulRequests returns the requests of an entry that may have happened or not.
func doubtfulRequests(e state.Entry) []string {
	switch {
	case e.Outcome == nil:
		return e.Requests
	case e.Outcome.IsUnknown():
		return []string{e.Outcome.Lost}
	default:
		return nil
	}
}

// checkUnforeseen refuses a plan that may repeat what was begun since it was made: the
// yes to it, which may have taken a while, knows nothing of that.
func (p CallHistory) checkUnforeseen(entries []state.Entry) error {
	for _, e := range entries {
		if why := p.whyRepeated(e); why != "" && !slices.Contains(p.doubted, repeatFact(e)) {
			return fmt.Errorf("%s. Look with a reading tool whether it happened; the plan of a new call then starts from what is found", why)
		}
	}
	return nil
}
