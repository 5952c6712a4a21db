package planning

import (
	"context"
	"fmt"
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
	past, err := s.Store.Entries(ctx, p.Account, s.Now().Add(-unlistedWindow))
	if err != nil {
		return "", err
	}
	var bought *state.Entry
	for i, e := range past {
		switch {
		case e.Subject == nil || !strings.EqualFold(e.Subject.Host, in.Hostname) || e.DidNotHappen():
		case e.Tool == vpsapi.CreatePlatformServer.Name:
			bought = &past[i]
		case e.Tool == vpsapi.DeletePlatformServer.Name:
			bought = nil
		}
	}
	if bought == nil {
		return "", nil
	}
	return fmt.Sprintf("a server %s was bought at %s, and is not listed yet: look with "+vpsapi.ListPlatformServers.Name+"; this would buy a second one",
		vpsapi.Quote(in.Hostname), bought.Time.UTC().Format("15:04 MST")), nil
}
