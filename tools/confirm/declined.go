package confirm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
)

// A person's no is kept as long as a yes would be good. A yes that was asked for
// before it is worth nothing after it, and until it ends the model's word alone is
// no yes to the same requests.

// declineKey begins the keys of the noes to a plan's requests, in whatever state their
// things are and whichever tool sends them.
func (c *Consenter) declineKey(b Request) string {
	claim := b.claim()
	claim.Tool, claim.State = "", nil
	return "no " + c.Sealer.Digest(claim) + " "
}

// bindDeclines binds a yes to the noes that are kept now.
func (c *Consenter) bindDeclines(ctx context.Context, b *Request) error {
	until, err := c.Store.Used(ctx, c.declineKey(*b))
	b.noes = until
	return err
}

// keepDecline keeps a person's no. What is forged is none: it keeps nothing.
func (c *Consenter) keepDecline(ctx context.Context, b Request, by string, code string) *answer.Answer {
	ctx = context.WithoutCancel(ctx)
	which := code
	if code == "" {
		which = rand.Text()
	} else if _, _, err := c.Sealer.Open(code, questionClaim(b.claim())); errors.Is(err, consent.ErrMismatch) {
		return answer.Refusal("%s: %v. Nothing was sent.", b.Plan.Tool, err)
	}
	if _, err := c.Store.Use(ctx, c.declineKey(b)+which, c.Now().Add(consent.Lifetime)); err != nil {
		return answer.Refusal("%s: %s declined, and that could not be stored: %v. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, by, err)
	}
	return answer.Refusal("%s: %s declined. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, by)
}

// declinedAnswer refuses the model's word for what a person said no to.
func declinedAnswer(b Request) *answer.Answer {
	if len(b.noes) == 0 {
		return nil
	}
	return answer.Refusal("%s: a person declined the same. Until %s only a person can agree to it, and this client cannot ask one. Nothing was sent; do not retry without new instructions.",
		b.Plan.Tool, b.noes[len(b.noes)-1].UTC().Format("15:04:05 MST"))
}

// declineFacts returns the noes as a yes is bound to them.
func declineFacts(noes []time.Time) []string {
	facts := make([]string, len(noes))
	for i, until := range noes {
		text, _ := json.Marshal(until)
		facts[i] = "declined, kept until " + string(text)
	}
	return facts
}

// logUnreadable logs plans that cannot be read: the one that is looked for may be
// among them, and a new one takes its place.
func (c *Consenter) logUnreadable(ctx context.Context) {
	if u, err := c.Store.Unreadable(ctx); err == nil && len(u.Plans) > 0 {
		c.Log.Warn().Strs("plans", u.Plans).Msg("plans that wait for a person cannot be read")
	}
}
