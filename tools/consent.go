package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"

	"github.com/rs/zerolog"
)

// consenter obtains consent for plans, at the one place that all pass.
type consenter struct {
	mode   consent.Mode
	sealer *consent.Sealer
	store  state.Store
	now    func() time.Time
	people people
	log    zerolog.Logger
}

func newConsenter(o Options) *consenter {
	c := &consenter{mode: o.Consent, sealer: o.Sealer, store: o.Store, now: o.Now, people: peopleOf(o), log: o.Log}
	if c.mode == "" {
		c.mode = consent.Code
	}
	if c.sealer == nil {
		c.sealer = consent.NewSealer(o.Now)
	}
	return c
}

// bid is one try for consent: a plan, its caller, and what came with the call.
type bid struct {
	caller  Caller
	plan    *plan.Plan
	confirm string
	asks    bool                                      // the tool takes confirm
	replan  func(context.Context) (*plan.Plan, error) // makes the plan anew from the present state
	noes    []time.Time                               // until when each no to the same is kept
	demands []string                                  // whose yes the policy asks for; empty for the caller's own person's
}

// claim is what a yes to the plan is bound to: the very requests that would be
// sent, ids resolved, and the facts that the plan's words depend on.
func (b bid) claim() consent.Claim {
	return b.claimTo(b.plan)
}

// claimTo is the claim of the plan as it is now.
func (b bid) claimTo(p *plan.Plan) consent.Claim {
	claim := claimOf(b.caller, p)
	claim.State = append(slices.Clip(claim.State), factsOfNoes(b.noes)...)
	if len(b.demands) > 0 {
		claim.State = append(claim.State, "approved by "+strings.Join(b.demands, " or "))
	}
	return claim
}

// asked keeps the code of a question apart from the codes that a model is given:
// neither is good in the other's place.
func asked(c consent.Claim) consent.Claim {
	c.Tool = "ask: " + c.Tool
	return c
}

func claimOf(c Caller, p *plan.Plan) consent.Claim {
	requests := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		requests[i] = requestLine(s.Request)
	}
	arguments, _ := json.Marshal(requests)
	return consent.Claim{Tool: p.Tool, Arguments: arguments, Caller: c.Name, Account: p.Account, Service: c.Client.BaseURL(), State: p.State}
}

// requestLine is the whole of a request, on one line.
func requestLine(r vpsapi.Request) string { return r.Method + " " + r.URL() + " " + string(r.Body) }

// obtain asks for consent. It returns how it was given, or the answer that the
// caller gets instead.
func (c *consenter) obtain(ctx context.Context, b bid) (how string, instead *answer.Answer) {
	mode := c.modeFor(b)
	if mode == consent.Deny {
		return "", answer.Refusal("%s: refused: this server's consent mode is deny. Nothing was sent; do not retry.", b.plan.Tool)
	}
	if err := c.knowNoes(ctx, &b); err != nil {
		return "", answer.Refusal("%s: consent cannot be looked up: %v. Nothing was sent.", b.plan.Tool, err)
	}
	if len(b.demands) > 0 {
		return c.demanded(ctx, b)
	}
	if asker := askerOf(ctx); asker != nil {
		return c.ask(ctx, b, asker)
	}
	return c.unasked(ctx, b)
}

// unasked obtains consent where nobody can be asked in mid-call.
func (c *consenter) unasked(ctx context.Context, b bid) (how string, instead *answer.Answer) {
	mode := c.modeFor(b)
	if mode == consent.Person {
		return c.person(ctx, b)
	}
	if refused := declined(b); refused != nil {
		return "", refused
	}
	if b.plan.NeedsPerson() { // the model's word is not enough
		return c.byPerson(ctx, b)
	}
	if mode == consent.Code && !b.asks {
		return "", c.refuseCode(b)
	}
	if mode == consent.Flag {
		return c.flag(b)
	}
	return c.code(ctx, b)
}

// ask puts the plan to a person and takes the answer for the state that they saw.
func (c *consenter) ask(ctx context.Context, b bid, asker Asker) (string, *answer.Answer) {
	q := answer.Question{Plan: b.caller.Client.Clean(b.plan.Text()), Typed: b.plan.Typed(), First: len(b.plan.Unproved) > 0, Code: c.sealer.Seal(asked(b.claim()))}
	reply, err := asker.Ask(ctx, q)
	switch {
	case errors.Is(err, errAskAgain):
		return "", &answer.Answer{Question: &q, NeedsConsent: true}
	case errors.Is(err, errCannotAsk):
		return c.unasked(ctx, b)
	case err != nil:
		return "", answer.Refusal("%s: the person could not be asked, or did not answer in time. Nothing was sent; do not retry without new instructions.", b.plan.Tool)
	case reply.Closed:
		return "", answer.Refusal("%s: the person closed the question without a yes or a no. Nothing was sent; ask them what they want, and do not retry without new instructions.", b.plan.Tool)
	case !reply.Yes:
		return "", c.keepNo(ctx, b, "the person", reply.Code)
	case q.Typed != "" && reply.Typed != q.Typed:
		return "", answer.Refusal("%s: the person did not type %s. Nothing was sent; do not retry without new instructions.", b.plan.Tool, q.Typed)
	}
	if reply.Code != "" {
		if refused := c.redeem(ctx, b, asked(b.claim()), reply.Code); refused != nil {
			return "", refused
		}
		return reply.By, nil
	}
	now := b
	fresh, err := b.replan(ctx)
	if err == nil {
		err = c.knowNoes(ctx, &now)
	}
	if err != nil || c.sealer.Digest(now.claimTo(fresh)) != c.sealer.Digest(b.claim()) {
		return "", answer.Refusal("%s: while the person was asked, the thing changed, or a person declined it. Nothing was sent; call again for a fresh plan.", b.plan.Tool)
	}
	return reply.By, nil
}

func (c *consenter) flag(b bid) (string, *answer.Answer) {
	if isYes(b.confirm) {
		return "flag (model-confirmed)", nil
	}
	return "", c.due(b, `call %[1]s again with the same arguments and confirm: "yes"`)
}

func (c *consenter) code(ctx context.Context, b bid) (string, *answer.Answer) {
	if b.confirm == "" || isYes(b.confirm) { // a plain yes has seen no plan
		return "", c.due(b, "call %[1]s again with the same arguments and confirm: %[2]q (good once, for 10 minutes)", c.sealer.Seal(b.claim()))
	}
	if refused := c.redeem(ctx, b, b.claim(), b.confirm); refused != nil {
		return "", refused
	}
	return "code (model-confirmed)", nil
}

// redeem takes a code once. A plan that moved is shown anew.
func (c *consenter) redeem(ctx context.Context, b bid, claim consent.Claim, code string) *answer.Answer {
	id, expires, err := c.sealer.Open(code, claim)
	if err == nil {
		var first bool
		if first, err = c.store.Use(ctx, id, expires); err == nil && !first {
			err = errors.New("the code was used already")
		}
	}
	if err == nil {
		return nil
	}
	return answer.Refusal("%s: %v. Nothing was sent. Call %s again without confirm for a fresh plan, and show it to the person.", b.plan.Tool, err, b.plan.Tool)
}

// due is the answer that shows a plan and says how consent is given.
func (c *consenter) due(b bid, how string, more ...any) *answer.Answer {
	text := fmt.Sprintf("%s needs the person's consent (%s). Nothing was sent. The plan:\n\n%s\n\nShow it to the person, word for word. Only if they agree: ",
		b.plan.Tool, b.plan.Worst(), b.plan.Text())
	return &answer.Answer{IsError: true, NeedsConsent: true, Plan: c.shown(b, nil), Text: text + fmt.Sprintf(how, append([]any{b.plan.Tool}, more...)...) + "."}
}

func isYes(confirm string) bool {
	switch strings.ToLower(strings.TrimSpace(confirm)) {
	case "yes", "true":
		return true
	}
	return false
}

// refuseCode refuses what needs a code where the tool takes none.
func (c *consenter) refuseCode(b bid) *answer.Answer {
	if b.plan.Doubt == "" {
		return answer.Refusal("%s: refused: the policy asks for consent since it was read again, and the tool takes no code before the server's next start. Nothing was sent.", b.plan.Tool)
	}
	return answer.Refusal("%s: refused: %s. Nothing was sent. Look with a reading tool whether it happened; after ten minutes the same call is taken again.", b.plan.Tool, b.plan.Doubt)
}

// modeFor is the mode that holds for a plan: one in doubt, or by a route that was not seen to work, needs a yes that knows it.
func (c *consenter) modeFor(b bid) consent.Mode {
	mode := consent.Tighter(c.mode, b.caller.Consent)
	if (b.plan.Doubt != "" || len(b.plan.Unproved) > 0) && mode == consent.Flag {
		return consent.Code
	}
	return mode
}

// byPerson lets a plan that only a person can agree to wait for one, where there is
// a way to them.
func (c *consenter) byPerson(ctx context.Context, b bid) (string, *answer.Answer) {
	if b.caller.Approve == "" && c.people.approve == "" {
		return "", answer.Refusal("%s: refused: %s. Only a person can agree to that, and there is no way to ask one. Nothing was sent.", b.plan.Tool, slices.Concat(b.plan.Loosens, b.plan.Over)[0])
	}
	return c.person(ctx, b)
}
