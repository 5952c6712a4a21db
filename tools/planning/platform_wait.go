package planning

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// unlistedWindow is how long a server may be missing from the list that was bought.
const unlistedWindow = time.Hour

// whyBoughtTwice says why a plan buys what was bought before and is not listed yet; empty
// when it does not. An answer that was lost leaves it open: then it may be twice.
func (s *Planner) whyBoughtTwice(ctx context.Context, p *plan.Plan) (string, error) {
	if len(p.Steps) == 0 {
		return "", nil
	}
	in, ok := p.Steps[0].In.(vpsapi.CreatePlatformServerIn)
	if !ok {
		return "", nil
	}
	bought, err := s.unlisted(ctx, p.Account, func(hostname string) bool { return strings.EqualFold(hostname, in.Hostname) })
	if bought == nil || err != nil {
		return "", err
	}
	return fmt.Sprintf("%s; this could buy a second one, and is refused until %s: look with "+vpsapi.ListPlatformServers.Name+", or take another hostname",
		unlistedText(bought), clock(bought.Time.Add(unlistedWindow))), nil
}

// WhyUnlisted says of a hostname, or its first part, that no list shows that such a server was bought
// from here in the last hour, and what to do; empty where none was.
func (s *Planner) WhyUnlisted(ctx context.Context, account, name string) string {
	bought, err := s.unlisted(ctx, account, func(hostname string) bool {
		host, _, _ := strings.Cut(hostname, ".")
		return strings.EqualFold(hostname, name) || strings.EqualFold(host, name)
	})
	if bought == nil || err != nil {
		return ""
	}
	return unlistedText(bought) + "; look again in a minute with " + vpsapi.ListPlatformServers.Name + ", and never buy it again"
}

// unlisted finds the purchase of a server of the newer API that a name fits, unless the server
// was deleted since.
func (s *Planner) unlisted(ctx context.Context, account string, fits func(hostname string) bool) (*state.Entry, error) {
	past, err := s.Store.Entries(ctx, account, s.Now().Add(-unlistedWindow))
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(past) {
		switch {
		case e.Subject == nil || !fits(e.Subject.Host) || e.DidNotHappen():
		case e.Tool == vpsapi.CreatePlatformServer.Name:
			return &e, nil
		case e.Tool == vpsapi.DeletePlatformServer.Name:
			return nil, nil
		}
	}
	return nil, nil
}

// unlistedText says what is known of a purchase whose server no list shows.
func unlistedText(bought *state.Entry) string {
	what := "was bought at %s, and is not listed yet, which can take ten minutes and more"
	if bought.Outcome == nil || bought.Outcome.IsUnknown() {
		what = "may have been bought: the answer to its purchase at %s was lost, and it is not listed"
	}
	return fmt.Sprintf("a server %s "+what, vpsapi.Quote(bought.Subject.Host), clock(bought.Time))
}

// clock tells a moment of these hours.
func clock(t time.Time) string { return t.UTC().Format("15:04 MST") }
