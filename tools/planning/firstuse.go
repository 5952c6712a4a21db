package planning

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// ProvedRouteTTL is how long an account's state remembers that a route did what it should: for good.
const ProvedRouteTTL = 100 * 365 * 24 * time.Hour

// unprovedRoutes says of each request of a plan that commits or destroys by an inferred route, and that this account has not been
// seen to obey yet, what it is and what else it may mean. The embedded VPS.NET has nothing to lose.
func (s *Planner) unprovedRoutes(ctx context.Context, c confirm.Caller, p *plan.Plan) ([]string, error) {
	if p.Sandbox || p.Worst() < vpsapi.Commits {
		return nil, nil
	}
	var texts []string
	for _, step := range p.Steps {
		info := step.Op.Info()
		if !proof.IsUnproved(info) || info.Safety < vpsapi.Commits {
			continue
		}
		proved, err := s.Store.Marks(ctx, ProvedKey(c.Client, info))
		if err != nil {
			return nil, fmt.Errorf("whether its route was used before cannot be looked up: %w. Nothing was sent", err)
		}
		if len(proved) > 0 {
			continue
		}
		text := fmt.Sprintf("%s %s was not seen to work on this account yet: its route is inferred from the API's conventions, and not verified against the real service.",
			step.Request.Method, step.Request.URL())
		if may := catalog.RowOf(info.Name).MayMean; may != "" {
			text += " " + may + "."
		}
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// ProvedKey is what state remembers a function's route by: with the account, the service and the route as they are now.
func ProvedKey(c *vpsapi.Client, info vpsapi.Info) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{c.Account(), c.BaseURL(), info.Name, string(c.Route(info))}, "\x00")))
	return "proved " + hex.EncodeToString(sum[:16])
}
