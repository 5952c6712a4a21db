package confirm

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/plan"
)

// A person's no is kept as long as a yes would be good. A yes that was asked for
// before it is worth nothing after it, and until it ends the model's word alone is
// no yes to any of the same requests, nor to what would come to the same or does the
// same to the same thing, whatever stands beside it.

const noMark = "no " // begins the keys of noes

// maxNoes bounds the noes to the parts of one plan. A larger one is the end of a
// domain, whose no is kept for it whole.
const maxNoes = 100

// noKeys begin the keys of the noes to each of a plan's requests, to what they do to which thing, and to its parts, in
// whatever state their things are and whichever tool sends them. also are those that stand against the plan, and are
// not kept with a no to it: what its parts belong to, and the functions that it comes to.
func (c *Consenter) noKeys(b Request) (keys, also []string) {
	claim := ClaimOf(b.Caller, b.Plan)
	claim.Tool, claim.State = "", nil
	key := func(text string) string {
		claim.Arguments = []byte(text)
		return noMark + c.Sealer.Digest(claim) + " "
	}
	for _, step := range b.Plan.Steps {
		keys = append(keys, key(RequestLine(step.Request)))
	}
	for _, does := range b.Plan.Deeds() {
		keys = append(keys, key(does))
	}
	for _, part := range b.Plan.Singles {
		switch {
		case part.Says != "":
			keys = append(keys, key(part.Says))
		default:
			also = append(also, key(plan.Deed(part.Op, part.Op.Info().Title, part.Thing)))
		}
		if part.Whole != "" {
			also = append(also, key(part.Whole))
		}
	}
	return keys, slices.Compact(also)
}

// bindDeclines binds a yes to the noes that are kept now.
func (c *Consenter) bindDeclines(ctx context.Context, b *Request) error {
	b.noes = nil
	kept, err := c.Store.Marks(ctx, noMark)
	if err != nil || len(kept) == 0 {
		return err
	}
	keys, also := c.noKeys(*b)
	for _, key := range append(keys, also...) {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(k, key) }) {
			continue
		}
		until, err := c.Store.Used(ctx, key)
		if err != nil {
			return err
		}
		b.noes = append(b.noes, until...)
	}
	slices.SortFunc(b.noes, time.Time.Compare)
	return nil
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
	var err error
	keys, _ := c.noKeys(b)
	for _, key := range keys[:min(len(keys), maxNoes)] {
		_, failed := c.Store.Use(ctx, key+which, c.Now().Add(consent.Lifetime))
		err = cmp.Or(err, failed)
	}
	if err != nil {
		return answer.Refusal("%s: %s declined, and that could not be stored: %v. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, by, err)
	}
	return answer.Refusal("%s: %s declined. Nothing was sent; do not retry without new instructions.", b.Plan.Tool, by)
}

// declinedAnswer refuses the model's word for what a person said no to.
func declinedAnswer(b Request) *answer.Answer {
	if len(b.noes) == 0 {
		return nil
	}
	return answer.Refusal("%s: a person declined the same. Until %s only a person can agree to it, in a client that asks them, and this one cannot; other arguments beside it change nothing. Nothing was sent; do not retry without new instructions.",
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
