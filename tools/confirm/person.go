package confirm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/plan"
)

// People is how plans reach the people who decide on them outside the client.
type People struct {
	Approve  string // where, when the caller says nothing else: a page's address, or what to do; with %s for the plan's id
	Held     func(p state.Pending, where string) (opened bool)
	Patience time.Duration
	Pause    func(ctx context.Context, d time.Duration) error
}

// lookInterval is the pause between two looks at a plan that waits; beats is how many
// of them pass between two words of progress.
const (
	// lookInterval is the pause between two looks at a plan that waits for a decision.
	lookInterval = time.Second
	// looksPerHeartbeat is after how many looks the client is told that the call still waits.
	looksPerHeartbeat = int(AskHeartbeat / lookInterval)
)

// person lets a plan wait until a person decides where the model does not write:
// on a page or at a terminal. Where the page was opened for them the call waits
// for their answer, for as long as the client bears.
func (c *Consenter) person(ctx context.Context, b Request) (string, *answer.Answer) {
	digest := c.Sealer.Digest(b.claim())
	p, err := c.Store.Take(ctx, digest)
	opened := false
	if errors.Is(err, state.ErrNoPlan) {
		c.logUnreadable(ctx)
		if p, err = c.holdPlan(ctx, b, digest); err != nil {
			return "", answer.Refusal("%s: the plan cannot be stored for a person: %v. Nothing was sent.", b.Plan.Tool, err)
		}
		if c.People.Held != nil {
			opened = c.People.Held(p, c.decisionPlace(b, p))
		}
		err = state.ErrWaiting
	}
	if errors.Is(err, state.ErrWaiting) {
		if !opened {
			var asked *answer.Answer
			if opened, asked = c.askClientToOpenPage(ctx, b, p); asked != nil {
				return "", asked
			}
		}
		if opened {
			id := p.ID
			p, err = c.await(ctx, b, digest, p)
			if o := openerOf(ctx); o != nil && !errors.Is(err, state.ErrWaiting) {
				o.Done(ctx, id)
			}
		}
	}
	switch {
	case err == nil:
		return "person: " + p.By, nil
	case errors.Is(err, state.ErrDeclined):
		return "", c.keepDecline(ctx, b, p.By, "")
	case errors.Is(err, state.ErrWaiting):
		return "", c.waitingAnswer(b, p, opened)
	case errors.Is(err, errChanged):
		return "", answer.Refusal("%s: while the person decided, the thing changed. Nothing was sent; call again for a fresh plan.", b.Plan.Tool)
	default:
		return "", answer.Refusal("%s: consent cannot be looked up: %v. Nothing was sent.", b.Plan.Tool, err)
	}
}

// waitForNamed waits for the approval of the people that the policy names: only a page where people sign in knows who
// they are.
func (c *Consenter) waitForNamed(ctx context.Context, b Request) (string, *answer.Answer) {
	if !strings.HasPrefix(b.Caller.Approve, "http") {
		return "", answer.Refusal("%s: refused: the policy asks for the approval of %s, and only a hosted server knows who signs in. Nothing was sent.",
			b.Plan.Tool, strings.Join(b.Demands, " or "))
	}
	return c.person(ctx, b)
}

// holdPlan stores the plan so that a person can decide on it, elsewhere.
func (c *Consenter) holdPlan(ctx context.Context, b Request, digest string) (state.Pending, error) {
	clean := b.Caller.Client.Clean
	p := state.Pending{
		Digest: digest, Made: c.Now(), Expires: c.Now().Add(consent.Lifetime), Caller: b.Caller.Name, Account: b.Caller.Client.Account(),
		Tool: b.Plan.Tool, Title: clean(b.Plan.Title()), Plan: clean(b.Plan.Text()), Parts: b.Plan.Parts(), Typed: b.Typed(ctx),
		Approvers: b.Caller.Approvers, Demands: b.Demands,
	}
	p.Parts.Each(clean)
	var err error
	p.ID, err = c.Store.Hold(ctx, p)
	return p, err
}

// decisionPlace names the page or the command by which the caller's person decides.
func (c *Consenter) decisionPlace(b Request, p state.Pending) string {
	return strings.ReplaceAll(cmp.Or(b.Caller.Approve, c.People.Approve), "%s", p.ID)
}

// askClientToOpenPage has the client open the plan's page. That it agreed to is not a yes to the
// plan: the page alone has that.
func (c *Consenter) askClientToOpenPage(ctx context.Context, b Request, p state.Pending) (opened bool, instead *answer.Answer) {
	o, link := openerOf(ctx), c.decisionPlace(b, p)
	if o == nil || !strings.HasPrefix(link, "http") {
		return false, nil
	}
	q := answer.Question{Plan: p.Title + " Read the plan on the page, and decide there.", Code: p.ID, Link: link}
	reply, err := o.Open(ctx, q)
	switch {
	case errors.Is(err, ErrAskAgain):
		return false, &answer.Answer{Question: &q, NeedsConsent: true}
	case err != nil, reply == PageIgnored:
		return false, nil
	case reply == PageRefused:
		if err := c.Store.Decide(ctx, p.ID, "the client's person", false); err != nil {
			return false, answer.Refusal("%s: the person's refusal cannot be stored: %v. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, err)
		}
		return true, nil
	}
	return true, nil
}

// errChanged is returned when what a plan is about has changed while its approval was awaited.
var errChanged = errors.New("the thing changed")

// await waits for the decision, as long as the client bears: one that is told of
// progress bears the plan's life.
func (c *Consenter) await(ctx context.Context, b Request, digest string, p state.Pending) (state.Pending, error) {
	wait := c.People.Patience
	if calls.HasProgress(ctx) {
		wait = p.Expires.Sub(c.Now())
	}
	ctx, cancel := calls.UntilHalt(ctx)
	defer cancel()
	ctx, stop := context.WithDeadline(ctx, calls.AskUntil(ctx, wait))
	defer stop()
	defer calls.LeavePlace(ctx)()
	for n := 1; ; n++ {
		decided, err := c.Store.Take(ctx, digest)
		switch {
		case err == nil:
			return decided, c.checkUnchanged(ctx, b, digest)
		case errors.Is(err, state.ErrDeclined), !errors.Is(err, state.ErrWaiting) && ctx.Err() == nil:
			return decided, err
		case c.People.Pause(ctx, lookInterval) != nil:
			return p, state.ErrWaiting
		}
		if n%looksPerHeartbeat == 0 {
			calls.ProgressOf(ctx)("waiting for the person's decision")
		}
	}
}

// checkUnchanged reports, as an error, a plan that is another one by now.
func (c *Consenter) checkUnchanged(ctx context.Context, b Request, digest string) error {
	fresh, err := b.Replan(ctx)
	if err == nil {
		err = c.bindDeclines(ctx, &b)
	}
	if err != nil || c.Sealer.Digest(b.claimTo(fresh)) != digest {
		return errChanged
	}
	return nil
}

// waitingAnswer returns the answer that shows a plan which waits, where its person decides,
// and what happens then.
func (c *Consenter) waitingAnswer(b Request, p state.Pending, opened bool) *answer.Answer {
	where, minutes := c.decisionPlace(b, p), max(1, int((p.Expires.Sub(c.Now())+30*time.Second)/time.Minute))
	switch {
	case strings.HasPrefix(where, "http"):
		where = "open " + where
	case opened:
		where = "use the page that opened in your browser, or " + where
	}
	decide := "To decide, "
	if !b.Plan.Again.IsZero() {
		decide = "There is room again after " + againText(b.Plan) + ": ask again then. To decide before, "
	}
	who := "the person's consent"
	if len(b.Demands) > 0 {
		who = "the consent of " + strings.Join(b.Demands, " or ") + ", by the policy"
	}
	return &answer.Answer{IsError: true, NeedsConsent: true, Plan: c.planForPage(b, &p), Text: fmt.Sprintf("%s needs %s (%s). Nothing was sent. The plan:\n\n%s\n\n"+
		"Show it to the person, word for word, and tell them: \"%s%s (within %d min). Then come back and say: continue.\" "+
		"When they do, call %s with the same arguments. Their word alone is not an approval.",
		b.Plan.Tool, who, reason(b.Plan), b.Plan.Text(), decide, where, minutes, b.again())}
}

// againText is the minute from which a plan goes past no limit (UTC).
func againText(p *plan.Plan) string {
	return p.Again.UTC().Format("2006-01-02 15:04 MST")
}

// reason says why a plan asks: its worst effect, and what makes it more than its call.
func reason(p *plan.Plan) string {
	if extra := p.Extra(); extra != "" {
		return p.Worst().String() + "; " + extra
	}
	return p.Worst().String()
}
