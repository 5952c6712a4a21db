// Package planning makes the plan of a prepared call and finds whether it may be sent: what the options of the
// server's start, the policy and the journal make of it, and whether a person must agree. The plan is a
// tool's own (tools/offer); nothing is sent here except the reads of a plan.
package planning

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// Planner plans calls, and finds whether the server's options, the policy and the past let a plan be sent.
type Planner struct {
	Store               state.Store
	Consent             *confirm.Consenter
	Now                 func() time.Time
	Sandbox             bool     // the client speaks to the embedded VPS.NET
	NoDestroy, NoCommit bool     // refuse what destroys, what binds the account
	Exclude             []string // tools that are not offered, and not sent as a step of another
}

// PlannedCall is a call with its plan, the policy's verdict and what the journal says of earlier calls like it.
type PlannedCall struct {
	offer.PreparedCall
	Plan    *plan.Plan
	Query   policy.Query // what the policy was asked
	Verdict policy.Verdict
	Past    CallHistory
	Digest  string   // of the plan as it was made
	over    []string // the limits that the plan goes past, if somebody agrees
	failed  error    // why there is no plan
}

// Replan makes the plan anew from the present state.
func (w PlannedCall) Replan(ctx context.Context) (*plan.Plan, error) {
	return w.Tool.Plan(ctx, w.Reader.Fresh(), w.In)
}

// PlanCall plans, and finds what the server's start and the policy make of the plan,
// and whether it was sent before; or it gives the answer, where there is nothing to
// ask anybody. Digits are taken for ids, and meanwhile it is looked up whether
// they are labels too. With the code of a plan that was done for that plan.
func (s *Planner) PlanCall(ctx context.Context, call offer.PreparedCall) (PlannedCall, *answer.Answer) {
	coded := call.Options.Confirm != "" && !confirm.IsYes(call.Options.Confirm)
	if !coded {
		account.PrefetchLabels(ctx, call.Reader, call.Asked)
	}
	w, instead := s.planCallOfIDs(ctx, call)
	if coded && w.Plan != nil && w.WhyFree() == "" || vpsapi.IsTemporary(w.failed) {
		return w, instead
	}
	called, refused := ResolveLabels(ctx, call)
	switch {
	case refused != nil:
		return PlannedCall{PreparedCall: call}, refused
	case !reflect.DeepEqual(called.In, call.In):
		return s.planCallOfIDs(ctx, called)
	}
	return w, instead
}

// ResolveLabels puts ids in the place of digits that are a label. Where they are an id
// too, it refuses: a change is not a guess.
func ResolveLabels(ctx context.Context, call offer.PreparedCall) (offer.PreparedCall, *answer.Answer) {
	in, things, faults, err := account.Resolve(ctx, call.Reader, call.Asked, account.IDsFirst)
	switch {
	case err != nil:
		return call, answer.Failure(call.Reader.Client, fmt.Errorf("%s: %w", call.Tool.Name, err)).MarkNotSent(call.Tool.Plan != nil)
	case len(faults) > 0:
		return call, offer.ArgumentRefusal(call.Tool, faults)
	}
	call.In, call.Named = in, things
	return call, nil
}

// planCallOfIDs returns weigh of a call whose digits are ids.
func (s *Planner) planCallOfIDs(ctx context.Context, call offer.PreparedCall) (PlannedCall, *answer.Answer) {
	w := PlannedCall{PreparedCall: call}
	name := call.Tool.Name
	made, err := call.Tool.Plan(ctx, call.Reader, call.In)
	if err != nil {
		w.failed = err
		if !strings.HasPrefix(err.Error(), name) { // it is that of a read which the plan needs
			err = fmt.Errorf("%s: %w", name, err)
		}
		return w, answer.Failure(call.Reader.Client, err).MarkNotSent(call.Tool.Plan != nil)
	}
	made.Sandbox = s.Sandbox
	w.Plan = made
	if err := checkPasswordFillable(ctx, call.Reader, made); err != nil {
		return w, answer.Failure(call.Reader.Client, fmt.Errorf("%s: %w", name, err))
	}
	if made.Nothing != "" {
		return w, &answer.Answer{Text: fmt.Sprintf("%s: nothing to do: %s. Nothing was sent.", name, made.Nothing)}
	}
	w.Digest = s.Consent.Sealer.Digest(confirm.ClaimOf(call.Caller, made))
	if w.Past, err = s.readPast(ctx, w); err != nil {
		return w, answer.Failure(call.Reader.Client, err)
	}
	made.Doubt = w.Past.doubt
	made.State = append(made.State, w.Past.doubted...)
	if made.Unproved, err = s.unprovedRoutes(ctx, call.Caller, made); err != nil {
		return w, answer.Failure(call.Reader.Client, err)
	}
	made.State = append(made.State, made.Unproved...)
	if w.Query, err = s.policyQuery(ctx, w); err != nil {
		return w, answer.Failure(call.Reader.Client, err)
	}
	w.Verdict = call.Rules.Judge(w.Query)
	if why := s.whyForbidden(w); why != "" {
		return w, answer.Refusal("%s: %s", name, why)
	}
	if made.Cannot != "" {
		return w, answer.Refusal("%s: %s. Nothing was sent.", name, made.Cannot)
	}
	journal.AddFormerNameFact(made, w.Past.entries)
	journal.AddRenamedKeyFacts(made, w.Past.entries)
	made.Loosens = call.Rules.Loosened(w.Query)
	made.State = append(made.State, made.Loosens...)
	return s.applyLimits(w)
}

// whyForbidden says why nobody can agree to the plan; empty when somebody can.
func (s *Planner) whyForbidden(w PlannedCall) string {
	switch flag := s.forbiddingFlag(w.Plan); {
	case flag != "":
		return fmt.Sprintf("this server was started with %s, which forbids this plan. Nothing was sent; do not retry.", flag)
	case s.Consent.Mode == consent.Deny && changesDNS(w.Plan):
		return "refused: this server's consent mode is deny, in which no DNS change is sent: a record can send mail and traffic elsewhere. Nothing was sent; do not retry."
	case w.Verdict.Action == policy.Deny:
		retry := "do not retry"
		if !w.Verdict.Until.IsZero() {
			retry += " before then"
		}
		return fmt.Sprintf("the policy denies it: %s. Nothing was sent; %s.", w.Verdict.Why, retry)
	}
	return ""
}

// forbiddingFlag names the flag of the server's start that rules a plan out, by what
// it does or by a function that it would call.
func (s *Planner) forbiddingFlag(p *plan.Plan) string {
	for _, e := range p.Effects {
		switch {
		case e.Safety == vpsapi.Destroys && s.NoDestroy:
			return "--no-destroy"
		case e.Safety == vpsapi.Commits && s.NoCommit:
			return "--no-commit"
		}
	}
	for _, step := range p.Steps {
		if name := step.Op.Info().Name; slices.Contains(s.Exclude, name) {
			return "--exclude-tools " + name
		}
	}
	return ""
}

// changesDNS reports a plan that changes domains, their records or DNS templates.
func changesDNS(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Steps, func(step plan.Step) bool {
		info := step.Op.Info()
		return info.Safety > vpsapi.Reads && groups()[info.Name] == vpsapi.DNS.Name
	})
}

// applyLimits checks the policy's limits by the journal: what only a person can now agree to is added to the call; what nobody
// can is refused.
func (s *Planner) applyLimits(w PlannedCall) (PlannedCall, *answer.Answer) {
	if err := w.checkPast(w.Past.entries); err != nil {
		return w, answer.Refusal("%s: refused: %v. Nothing was sent.", w.Tool.Name, err)
	}
	for _, room := range w.Rules.Remaining(w.Query, journal.PastChanges(w.Past.entries)) {
		switch {
		case room.Over == "":
			w.Plan.Limits = append(w.Plan.Limits, room.Words)
		case room.Wall:
			return w, answer.Refusal("%s: refused: %s. Nothing was sent; do not retry before.", w.Tool.Name, room.Over)
		default:
			w.Plan.Over, w.over = append(w.Plan.Over, room.Over), append(w.over, room.Limit)
		}
	}
	w.Plan.State = append(w.Plan.State, w.Plan.Over...)
	return w, nil
}

// CheckAllowed checks the plan against the journal as it is when the plan is written into it.
func (w PlannedCall) CheckAllowed(entries []state.Entry) error {
	if err := w.checkPast(entries); err != nil {
		return err
	}
	return w.Rules.CheckLimits(w.Query, journal.PastChanges(entries), func(room policy.Remainder) bool { return slices.Contains(w.over, room.Limit) })
}

// checkPast refuses a plan when changes since it was made stand against it.
func (w PlannedCall) checkPast(entries []state.Entry) error {
	if id := w.Plan.UndoOf; id != "" {
		if by := journal.ReversalOf(id, entries); by != "" {
			return fmt.Errorf("entry %s was reversed already, by entry %s", id, by)
		}
	}
	return w.Past.checkUnforeseen(entries)
}
