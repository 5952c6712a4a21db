package apply

import (
	"context"
	"errors"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/vpsapi"
)

// hasSimilarEntry reports whether the journal has another call of the same function, shortly
// before this one, that made something or may have: what is found may be its own.
func (s *Sender) hasSimilarEntry(ctx context.Context, o Outcome) (bool, error) {
	entries, err := s.Store.Entries(ctx, o.Plan.Account, o.begun.Add(-catalog.ClockSkew))
	calls := 0
	for _, p := range journal.PastChanges(entries) {
		if p.Tool == o.Query.Tool {
			calls++
		}
	}
	return calls > 1, err // this call is one of them
}

// lookForLost reads whether the step whose answer was lost has happened.
func (s *Sender) lookForLost(ctx context.Context, o Outcome) string {
	says, err := s.lookWithWitness(ctx, o)
	if err != nil {
		says = "that failed too (" + o.Caller.Client.Clean(err.Error()) + ")."
	}
	return says
}

// lookWithWitness reads by the function's witness whether the lost step happened; without a witness, by a new plan that finds
// nothing to do, or another state than before.
func (s *Sender) lookWithWitness(ctx context.Context, o Outcome) (string, error) {
	lost := o.Plan.Steps[o.done]
	r := account.NewReader(o.Caller.Client, s.Now)
	if w := catalog.RowOf(lost.Op.Info().Name).Witness; w != nil {
		in, err := fillInPassword(ctx, r, lost.In)
		if err != nil {
			return "", err
		}
		alike, err := s.hasSimilarEntry(ctx, o)
		if err != nil {
			return "", err
		}
		return w.Describe(ctx, r, in, o.begun, alike)
	}
	fresh, err := o.Replan(ctx)
	var gone *account.GoneError
	switch {
	case (errors.As(err, &gone) || vpsapi.IsNotFound(err)) && o.Plan.Worst() == vpsapi.Destroys:
		return "it is no longer there, so it happened.", nil
	case err != nil:
		return "", err
	case fresh.Nothing != "":
		return "the change is there (" + fresh.Nothing + "), so it happened.", nil
	case len(o.Plan.Steps) > 1 && !fresh.Sends(lost.Request):
		return "it is no longer among what is left to do, so it happened.", nil
	case len(o.Plan.Steps) > 1:
		return "it is still to do: it did not happen, or not yet.", nil
	case s.Sealer.Digest(confirm.ClaimOf(o.Caller, fresh)) != o.Digest:
		return "it is not as it was before, so it probably happened or is under way.", nil
	default:
		return "it looks as before: it did not happen, or does not show yet.", nil
	}
}
