package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// doubtLasts is how long a change whose answer was lost may not be repeated
// without consent to the repetition.
const doubtLasts = 10 * time.Minute

// sameness is what makes two requests one: what is sent and the account, in
// whatever state that is, whoever asks and by whichever tool, and whether or not
// a default is written out. A plan has one of each step, so that what is left of
// it after a lost step is known again.
func (s *Server) sameness(ctx context.Context, c *call, r *reader) ([]string, error) {
	same := make([]string, len(c.plan.Steps))
	for i, step := range c.plan.Steps {
		request, err := whole(ctx, r, step)
		if err != nil {
			return nil, err
		}
		claim := consent.Claim{Arguments: []byte(requestLine(request)), Account: c.plan.Account, Service: c.caller.Client.BaseURL()}
		same[i] = s.consent.sealer.Digest(claim)
	}
	return same, nil
}

// doubt marks a plan that was sent before with an answer that got lost. Its
// consent is of its own: none that was given for the first one fits.
func (s *Server) doubt(ctx context.Context, c *call, r *reader) error {
	c.doubtFrom = s.now().Add(-doubtLasts)
	if why, err := s.twice(ctx, c.plan); err != nil || why != "" {
		return fmt.Errorf("%s: %s. Nothing was sent", c.name, cmp.Or(why, fmt.Sprint(err)))
	}
	past, err := s.store.Entries(ctx, c.plan.Account, s.now().Add(-state.Window))
	c.past = past
	if err != nil {
		return fmt.Errorf("%s: the journal cannot be read: %w. Nothing was sent", c.name, err)
	}
	if c.requests, err = s.sameness(ctx, c, r); err != nil {
		return fmt.Errorf("%s: whether it was sent before cannot be told: %w. Nothing was sent", c.name, err)
	}
	for _, e := range past {
		if why := c.repeats(e); why != "" {
			c.plan.Doubt = why
			c.doubted = append(c.doubted, doubtOf(e))
		}
	}
	c.plan.State = append(c.plan.State, c.doubted...)
	return nil
}

// doubtOf is the fact that a plan may repeat an entry.
func doubtOf(e state.Entry) string { return "doubt " + e.ID }

// repeats says why a plan may be the repetition of an entry, or of one of its
// requests; nothing when it is none.
func (c *call) repeats(e state.Entry) string {
	if e.Time.Before(c.doubtFrom) {
		return ""
	}
	var again []string
	open := doubtful(e)
	for i, request := range c.requests {
		if slices.Contains(open, request) {
			again = append(again, c.plan.Steps[i].Words)
		}
	}
	if len(again) == 0 {
		return ""
	}
	what := "the same was"
	switch {
	case len(c.plan.Steps) == 1:
	case len(again) == 1:
		what = "one of its requests (" + again[0] + ") was"
	default:
		what = fmt.Sprintf("%d of its requests (%s) were", len(again), strings.Join(zone.Few(again), "; "))
	}
	lost := "its answer was lost"
	switch {
	case e.Outcome == nil:
		lost = "its end was never written: it is still under way, or the process was ended in the middle of it"
	case e.Outcome.Found != "":
		lost += " (looked at then: " + strings.TrimSuffix(e.Outcome.Found, ".") + ")"
	}
	return fmt.Sprintf("%s sent at %s and %s: it may have happened already, and this would do it a second time",
		what, e.Time.UTC().Format("15:04:05 MST"), lost)
}

// doubtful are the requests of an entry that may have happened or not.
func doubtful(e state.Entry) []string {
	switch {
	case e.Outcome == nil:
		return e.Requests
	case inDoubt(*e.Outcome):
		return []string{e.Outcome.Lost}
	default:
		return nil
	}
}

// unforeseen refuses a plan that may repeat what was begun since it was made: the
// yes to it, which may have taken a while, knows nothing of that.
func (c *call) unforeseen(past []state.Entry) error {
	for _, e := range past {
		if why := c.repeats(e); why != "" && !slices.Contains(c.doubted, doubtOf(e)) {
			return fmt.Errorf("%s. Look with a reading tool whether it happened; a new call has a plan that knows of it", why)
		}
	}
	return nil
}

// mute refuses what needs a code where the tool takes none.
func (c *consenter) mute(b bid) *Answer {
	if b.plan.Doubt == "" {
		return refusal("%s: refused: the policy asks for consent since it was read again, and the tool takes no code before the server's next start. Nothing was sent.", b.plan.Tool)
	}
	return refusal("%s: refused: %s. Nothing was sent. Look with a reading tool whether it happened; after ten minutes the same call is taken again.", b.plan.Tool, b.plan.Doubt)
}

// modeFor is the mode that holds for a plan: one in doubt needs a yes that knows it.
func (c *consenter) modeFor(b bid) consent.Mode {
	mode := consent.Tighter(c.mode, b.caller.Consent)
	if b.plan.Doubt != "" && mode == consent.Flag {
		return consent.Code
	}
	return mode
}

// look reads whether a step of a plan whose answer was lost has happened.
func (s *Server) look(ctx context.Context, c *call, step int) string {
	says, err := s.lookAt(ctx, c, step)
	if err != nil {
		says = "that failed too (" + c.caller.Client.Clean(err.Error()) + ")."
	}
	return says
}

// lookAt asks a witness where there is one. Else a plan that is made anew finds
// nothing to do, or another state than before.
func (s *Server) lookAt(ctx context.Context, c *call, step int) (string, error) {
	lost := c.plan.Steps[step]
	r := newReader(c.caller.Client, s.now)
	if w := rowNamed(lost.Op.Info().Name).witness; w != nil {
		in, err := fillIn(ctx, r, lost.In)
		if err != nil {
			return "", err
		}
		alike, err := s.alike(ctx, c)
		if err != nil {
			return "", err
		}
		return w.testify(ctx, r, in, c.begun, alike)
	}
	fresh, err := c.replan(ctx)
	var gone *goneError
	switch {
	case (errors.As(err, &gone) || vpsapi.IsNotFound(err)) && c.plan.Worst() == vpsapi.Destroys:
		return "it is no longer there, so it happened.", nil
	case err != nil:
		return "", err
	case fresh.Nothing != "":
		return "nothing is left to do (" + fresh.Nothing + "), so it happened.", nil
	case len(c.plan.Steps) > 1 && !fresh.Sends(lost.Request):
		return "it is no longer among what is left to do, so it happened.", nil
	case len(c.plan.Steps) > 1:
		return "it is still to do: it did not happen, or not yet.", nil
	case s.consent.sealer.Digest(claimOf(c.caller, fresh)) != c.before:
		return "it is not as it was before, so it probably happened or is under way.", nil
	default:
		return "it looks as before: it did not happen, or does not show yet.", nil
	}
}

// inDoubt reports an outcome that leaves open whether the change happened.
func inDoubt(o state.Outcome) bool { return strings.HasSuffix(o.Result, string(vpsapi.Unknown)) }
