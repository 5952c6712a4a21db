// Package confirm obtains a yes for a plan: by the client's form, a code, a page or a terminal, and binds it to the very requests
// that would be sent. It sees plans and the state that is shared, never the protocol.
package confirm

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

// Consenter obtains consent for plans, at the one place that all pass.
type Consenter struct {
	Mode   consent.Mode
	Sealer *consent.Sealer
	Store  state.Store
	Now    func() time.Time
	People People
	Log    zerolog.Logger

	lately shownPlans
}

// Request is one try for consent: a plan, its caller, and what came with the call.
type Request struct {
	Caller  Caller
	Plan    *plan.Plan
	Confirm string
	Asks    bool                                      // the tool takes confirm
	Typed   func(context.Context) string              // what a person types to agree; empty for nothing
	Replan  func(context.Context) (*plan.Plan, error) // makes the plan anew from the present state
	noes    []time.Time                               // until when each no to the same is kept
	Gate    string                                    // the tool of the search surface that led to it; empty for none
	Demands []string                                  // whose yes the policy asks for; empty for the caller's own person's
}

// again names the call to make once more, as the client knows it.
func (b Request) again() string {
	if b.Gate == "" {
		return b.Plan.Tool + " again"
	}
	return b.Gate + " again with function " + b.Plan.Tool
}

// againWith is the call to make once more with a yes, as the client knows it.
func (b Request) againWith(confirm string) string {
	if b.Gate == "" {
		return fmt.Sprintf("call %s with the same arguments and confirm: %q", b.again(), confirm)
	}
	return fmt.Sprintf("call %s and the same arguments, and within these confirm: %q", b.again(), confirm)
}

// claim is what a yes to the plan is bound to: the very requests that would be
// sent, ids resolved, and the facts that the plan's words depend on.
func (b Request) claim() consent.Claim {
	return b.claimTo(b.Plan)
}

// claimTo is the claim of the plan as it is now.
func (b Request) claimTo(p *plan.Plan) consent.Claim {
	claim := ClaimOf(b.Caller, p)
	claim.State = append(slices.Clip(claim.State), declineFacts(b.noes)...)
	if len(b.Demands) > 0 {
		claim.State = append(claim.State, "approved by "+strings.Join(b.Demands, " or "))
	}
	return claim
}

// questionClaim keeps the code of a question apart from the codes that a model is given:
// neither is good in the other's place.
func questionClaim(c consent.Claim) consent.Claim {
	c.Tool = "ask: " + c.Tool
	return c
}

// ClaimOf is what a yes of a caller to a plan is bound to.
func ClaimOf(c Caller, p *plan.Plan) consent.Claim {
	requests := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		requests[i] = RequestLine(s.Request)
	}
	arguments, _ := json.Marshal(requests)
	return consent.Claim{Tool: p.Tool, Arguments: arguments, Caller: c.Name, Account: p.Account, Service: c.Client.BaseURL(), State: p.State}
}

// RequestLine is the whole of a request, on one line.
func RequestLine(r vpsapi.Request) string { return r.Method + " " + r.URL() + " " + string(r.Body) }

// Obtain asks for consent. It returns how it was given, or the answer that the
// caller gets instead.
func (c *Consenter) Obtain(ctx context.Context, b Request) (how string, instead *answer.Answer) {
	mode := c.ModeFor(b)
	if mode == consent.Deny {
		return "", answer.Refusal("%s: refused: this server's consent mode is deny. Nothing was sent; do not retry.", b.Plan.Tool)
	}
	if err := c.bindDeclines(ctx, &b); err != nil {
		return "", answer.Refusal("%s: consent cannot be looked up: %v. Nothing was sent.", b.Plan.Tool, err)
	}
	if len(b.Demands) > 0 {
		return c.waitForNamed(ctx, b)
	}
	if asker := askerOf(ctx); asker != nil {
		return c.ask(ctx, b, asker)
	}
	return c.withoutQuestion(ctx, b)
}

// withoutQuestion obtains consent where nobody can be asked in mid-call.
func (c *Consenter) withoutQuestion(ctx context.Context, b Request) (how string, instead *answer.Answer) {
	mode := c.ModeFor(b)
	if mode == consent.Person {
		return c.person(ctx, b)
	}
	if refused := declinedAnswer(b); refused != nil {
		return "", refused
	}
	if b.Plan.NeedsPerson() || (!b.Asks && b.Plan.Doubt == "" && b.Plan.Worst() > vpsapi.Changes) { // the model's word is not enough, or has no way
		return c.waitForPerson(ctx, b)
	}
	if mode == consent.Code && !b.Asks {
		return "", c.refuseCode(b)
	}
	if mode == consent.Flag {
		return c.checkFlag(b)
	}
	return c.checkCode(ctx, b)
}

// ask puts the plan to a person and takes the answer for the state that they saw.
func (c *Consenter) ask(ctx context.Context, b Request, asker Asker) (string, *answer.Answer) {
	q := answer.Question{Plan: b.Caller.Client.Clean(b.Plan.Text()), Typed: b.Typed(ctx), Extra: b.extra(), Code: c.Sealer.Seal(questionClaim(b.claim()))}
	reply, err := asker.Ask(ctx, q)
	switch {
	case errors.Is(err, ErrAskAgain):
		return "", &answer.Answer{Question: &q, NeedsConsent: true}
	case errors.Is(err, ErrCannotAsk):
		return c.withoutQuestion(ctx, b)
	case err != nil:
		return "", answer.Refusal("%s: the person could not be asked, or did not answer in time. Nothing was sent; do not retry without new instructions.", b.Plan.Tool)
	case reply.Closed:
		return "", answer.Refusal("%s: the person closed the question without a yes or a no. Nothing was sent; ask them what they want, and do not retry without new instructions.", b.Plan.Tool)
	case !reply.Yes:
		return "", c.keepDecline(ctx, b, "the person", reply.Code)
	case q.Typed != "" && reply.Typed != q.Typed:
		return "", answer.Refusal("%s: the person did not type %s. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, q.Typed)
	}
	if reply.Code != "" {
		if err := c.takeCode(ctx, questionClaim(b.claim()), reply.Code); err != nil {
			return "", codeRefused(b, err)
		}
		return reply.By, nil
	}
	now := b
	fresh, err := b.Replan(ctx)
	if err == nil {
		err = c.bindDeclines(ctx, &now)
	}
	if err != nil || c.Sealer.Digest(now.claimTo(fresh)) != c.Sealer.Digest(b.claim()) {
		return "", answer.Refusal("%s: while the person was asked, the thing changed, or a person declined it. Nothing was sent; call again for a fresh plan.", b.Plan.Tool)
	}
	return reply.By, nil
}

// extra says what a yes that was given before the plan was read does not cover; empty for nothing.
func (b Request) extra() string {
	if len(b.noes) > 0 {
		return "what a person declined in the last ten minutes"
	}
	return b.Plan.Extra()
}

// checkFlag returns the consent of a call that says confirm: "yes", or the answer that asks for it.
func (c *Consenter) checkFlag(b Request) (string, *answer.Answer) {
	if IsYes(b.Confirm) {
		return "flag (model-confirmed)", nil
	}
	return "", c.approvalNeeded(b, b.againWith("yes"))
}

// checkCode returns the consent of a call with its plan's code, or the answer that shows the plan and a new code.
func (c *Consenter) checkCode(ctx context.Context, b Request) (string, *answer.Answer) {
	if b.Confirm == "" || IsYes(b.Confirm) { // a plain yes has seen no plan
		return "", c.codeAnswer(b)
	}
	err := c.takeCode(ctx, b.claim(), b.Confirm)
	switch {
	case err == nil:
		return "code (model-confirmed)", nil
	case errors.Is(err, consent.ErrExpired), errors.Is(err, consent.ErrChanged): // it was this very call's
		return "", c.newPlanAnswer(b, err)
	}
	return "", codeRefused(b, err)
}

// codeAnswer returns the answer that shows a plan with its code.
func (c *Consenter) codeAnswer(b Request) *answer.Answer {
	code := c.Sealer.Seal(b.claim())
	c.lately.keep(code, b.Plan.Text())
	return c.approvalNeeded(b, b.againWith(code)+" (good once, for 10 minutes)")
}

// newPlanAnswer returns the answer to a code of a plan that has changed: the plan as it is now, with what is new in it.
func (c *Consenter) newPlanAnswer(b Request, why error) *answer.Answer {
	news := c.lately.changed(b.Confirm, b.Plan.Text())
	due := c.codeAnswer(b)
	due.Text = fmt.Sprintf("%v.%s That code approves nothing; this is the new plan. %s", why, news, due.Text)
	return due
}

// takeCode checks a code against the claim and marks it as used; an error says why it does not serve.
func (c *Consenter) takeCode(ctx context.Context, claim consent.Claim, code string) error {
	id, expires, err := c.Sealer.Open(code, claim)
	if errors.Is(err, consent.ErrChanged) && c.lately.isSpent(code) {
		return errUsed // by which the thing has changed
	}
	if err != nil {
		return err
	}
	first, err := c.Store.Use(ctx, id, expires)
	if err == nil && !first {
		err = errUsed
	}
	if err == nil {
		c.lately.spend(code)
	}
	return err
}

// errUsed refuses a code that was good once.
var errUsed = errors.New("the code was used already, and is good once")

// codeRefused returns the answer to a call whose code does not serve.
func codeRefused(b Request, err error) *answer.Answer {
	return answer.Refusal("%s: %v. Nothing was sent. Call %s without confirm for a fresh plan, and show it to the person.", b.Plan.Tool, err, b.again())
}

// approvalNeeded returns the answer that shows a plan and says how consent is given.
func (c *Consenter) approvalNeeded(b Request, how string) *answer.Answer {
	text := fmt.Sprintf("%s needs the person's consent (%s). Nothing was sent. The plan:\n\n%s\n\nShow it to the person, word for word. Only if they agree: ",
		b.Plan.Tool, reason(b.Plan), b.Plan.Text())
	return &answer.Answer{IsError: true, NeedsConsent: true, Plan: c.planForPage(b, nil), Text: text + how + "."}
}

// IsYes reports a plain yes, which is not a code of a plan.
func IsYes(confirm string) bool {
	switch strings.ToLower(strings.TrimSpace(confirm)) {
	case "yes", "true":
		return true
	}
	return false
}

// refuseCode refuses what needs a code where the tool takes none.
func (c *Consenter) refuseCode(b Request) *answer.Answer {
	if b.Plan.Doubt == "" {
		return answer.Refusal("%s: refused: the policy was reloaded and now asks for consent, and the tool accepts no code until the server is restarted. Nothing was sent.", b.Plan.Tool)
	}
	return answer.Refusal("%s: refused: %s. Nothing was sent. Look with a reading tool whether it happened; after ten minutes the same call is accepted again.", b.Plan.Tool, b.Plan.Doubt)
}

// ModeFor is the mode that holds for a plan: one in doubt, or by a route that was not seen to work needs a yes that knows it.
func (c *Consenter) ModeFor(b Request) consent.Mode {
	mode := consent.Stricter(c.Mode, b.Caller.Consent)
	if b.Plan.NeedsKnowing() && mode == consent.Flag {
		return consent.Code
	}
	return mode
}

// waitForPerson lets a plan that only a person can agree to wait for one, where there is
// a way to them.
func (c *Consenter) waitForPerson(ctx context.Context, b Request) (string, *answer.Answer) {
	if b.Caller.Approve == "" && c.People.Approve == "" {
		why := slices.Concat(b.Plan.Loosens, b.Plan.Over, []string{"it " + b.Plan.Gravest()})
		room, way := "", ""
		if !b.Plan.Again.IsZero() {
			room = "not now: call again after " + againText(b.Plan) + ", when there is room again. "
		}
		if b.Plan.Sandbox {
			way = ": a sandbox that is started with --state-dir DIR has one"
		}
		return "", answer.Refusal("%s: refused: %s%s. Only a person can agree to that, and there is no way to ask one%s. Nothing was sent.", b.Plan.Tool, room, why[0], way)
	}
	return c.person(ctx, b)
}

// planForPage returns the plan for its page; p is the plan as it is held, or nil.
func (c *Consenter) planForPage(b Request, p *state.Pending) *answer.ShownPlan {
	s := &answer.ShownPlan{Title: b.Plan.Title(), Account: b.Plan.AccountText(), Parts: b.Plan.Parts()}
	if p != nil {
		s.Where, s.Expires = c.decisionPlace(b, *p), &p.Expires
	}
	s.Parts.Each(b.Caller.Client.Clean)
	return s
}
