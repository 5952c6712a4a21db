package tools

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// plannedCall is a call with its plan, and what the policy and the past make of it.
type plannedCall struct {
	preparedCall
	plan    *plan.Plan
	query   policy.Query // what the policy was asked
	verdict policy.Verdict
	past    callHistory
	digest  string   // of the plan as it was made
	over    []string // the limits that the plan goes past, if somebody agrees
	failed  error    // why there is no plan
}

// replan makes the plan anew from the present state.
func (w plannedCall) replan(ctx context.Context) (*plan.Plan, error) {
	return w.tool.plan(ctx, w.reader.Fresh(), w.in)
}

// planCall plans, and finds what the server's start and the policy make of the plan,
// and whether it was sent before; or it gives the answer, where there is nothing to
// ask anybody. Digits are taken for ids, and meanwhile it is looked up whether
// they are labels too. With the code of a plan that was done for that plan.
func (s *Server) planCall(ctx context.Context, call preparedCall) (plannedCall, *answer.Answer) {
	coded := call.options.confirm != "" && !confirm.IsYes(call.options.confirm)
	if !coded {
		account.PrefetchLabels(ctx, call.reader, call.asked)
	}
	w, instead := s.planCallOfIDs(ctx, call)
	if coded && w.plan != nil && w.whyFree() == "" || vpsapi.IsTemporary(w.failed) {
		return w, instead
	}
	called, refused := resolveLabels(ctx, call)
	switch {
	case refused != nil:
		return plannedCall{preparedCall: call}, refused
	case !reflect.DeepEqual(called.in, call.in):
		return s.planCallOfIDs(ctx, called)
	}
	return w, instead
}

// resolveLabels puts ids in the place of digits that are a label. Where they are an id
// too, it refuses: a change is not a guess.
func resolveLabels(ctx context.Context, call preparedCall) (preparedCall, *answer.Answer) {
	in, things, faults, err := account.Resolve(ctx, call.reader, call.asked, account.IDsFirst)
	switch {
	case err != nil:
		return call, answer.Failure(call.reader.Client, fmt.Errorf("%s: %w", call.tool.name, err)).MarkNotSent(call.tool.plan != nil)
	case len(faults) > 0:
		return call, argumentRefusal(call.tool, faults)
	}
	call.in, call.named = in, things
	return call, nil
}

// planCallOfIDs returns weigh of a call whose digits are ids.
func (s *Server) planCallOfIDs(ctx context.Context, call preparedCall) (plannedCall, *answer.Answer) {
	w := plannedCall{preparedCall: call}
	name := call.tool.name
	made, err := call.tool.plan(ctx, call.reader, call.in)
	if err != nil {
		w.failed = err
		return w, answer.Failure(call.reader.Client, err).MarkNotSent(call.tool.plan != nil)
	}
	made.Sandbox = s.options.Sandbox
	w.plan = made
	if err := checkPasswordFillable(ctx, call.reader, made); err != nil {
		return w, answer.Failure(call.reader.Client, fmt.Errorf("%s: %w", name, err))
	}
	if made.Nothing != "" {
		return w, &answer.Answer{Text: fmt.Sprintf("%s: nothing to do: %s. Nothing was sent.", name, made.Nothing)}
	}
	w.digest = s.consent.Sealer.Digest(confirm.ClaimOf(call.caller, made))
	if w.past, err = s.readPast(ctx, w); err != nil {
		return w, answer.Failure(call.reader.Client, err)
	}
	made.Doubt = w.past.doubt
	made.State = append(made.State, w.past.doubted...)
	if made.Unproved, err = s.unprovedRoutes(ctx, call.caller, made); err != nil {
		return w, answer.Failure(call.reader.Client, err)
	}
	made.State = append(made.State, made.Unproved...)
	if w.query, err = s.policyQuery(ctx, w); err != nil {
		return w, answer.Failure(call.reader.Client, err)
	}
	w.verdict = call.rules.Judge(w.query)
	if why := s.whyForbidden(w); why != "" {
		return w, answer.Refusal("%s: %s", name, why)
	}
	if made.Cannot != "" {
		return w, answer.Refusal("%s: %s. Nothing was sent.", name, made.Cannot)
	}
	addFormerNameFact(made, w.past.entries)
	addRenamedKeyFacts(made, w.past.entries)
	made.Loosens = call.rules.Loosened(w.query)
	made.State = append(made.State, made.Loosens...)
	return s.applyLimits(w)
}

// whyForbidden says why nobody can agree to the plan; empty when somebody can.
func (s *Server) whyForbidden(w plannedCall) string {
	switch flag := s.forbiddingFlag(w.plan); {
	case flag != "":
		return fmt.Sprintf("this server was started with %s, which forbids this plan. Nothing was sent; do not retry.", flag)
	case s.consent.Mode == consent.Deny && changesDNS(w.plan):
		return "refused: this server's consent mode is deny, in which no DNS change is sent: a record can send mail and traffic elsewhere. Nothing was sent; do not retry."
	case w.verdict.Action == policy.Deny:
		retry := "do not retry"
		if !w.verdict.Until.IsZero() {
			retry += " before then"
		}
		return fmt.Sprintf("the policy denies it: %s. Nothing was sent; %s.", w.verdict.Why, retry)
	}
	return ""
}

// forbiddingFlag names the flag of the server's start that rules a plan out, by what
// it does or by a function that it would call.
func (s *Server) forbiddingFlag(p *plan.Plan) string {
	for _, e := range p.Effects {
		switch {
		case e.Safety == vpsapi.Destroys && s.options.NoDestroy:
			return "--no-destroy"
		case e.Safety == vpsapi.Commits && s.options.NoCommit:
			return "--no-commit"
		}
	}
	for _, step := range p.Steps {
		if name := step.Op.Info().Name; slices.Contains(s.options.Exclude, name) {
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
func (s *Server) applyLimits(w plannedCall) (plannedCall, *answer.Answer) {
	if err := w.checkPast(w.past.entries); err != nil {
		return w, answer.Refusal("%s: refused: %v. Nothing was sent.", w.tool.name, err)
	}
	for _, room := range w.rules.Remaining(w.query, pastChanges(w.past.entries)) {
		switch {
		case room.Over == "":
			w.plan.Limits = append(w.plan.Limits, room.Words)
		case room.Wall:
			return w, answer.Refusal("%s: refused: %s. Nothing was sent; do not retry before.", w.tool.name, room.Over)
		default:
			w.plan.Over, w.over = append(w.plan.Over, room.Over), append(w.over, room.Limit)
		}
	}
	w.plan.State = append(w.plan.State, w.plan.Over...)
	return w, nil
}

// checkAllowed checks the plan against the journal as it is when the plan is written into it.
func (w plannedCall) checkAllowed(entries []state.Entry) error {
	if err := w.checkPast(entries); err != nil {
		return err
	}
	return w.rules.CheckLimits(w.query, pastChanges(entries), func(room policy.Remainder) bool { return slices.Contains(w.over, room.Limit) })
}

// checkPast refuses a plan when changes since it was made stand against it.
func (w plannedCall) checkPast(entries []state.Entry) error {
	if id := w.plan.UndoOf; id != "" {
		if by := reversalOf(id, entries); by != "" {
			return fmt.Errorf("entry %s was reversed already, by entry %s", id, by)
		}
	}
	return w.past.checkUnforeseen(entries)
}
