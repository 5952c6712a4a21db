package tools

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// platformIs looks whether a server of the newer API is up, or is not. What else
// it may be doing its API does not tell.
func platformIs(r *reader, id vpsapi.PlatformServerID, up bool) look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetPlatformServerStatus.Call(ctx, r.client, vpsapi.GetPlatformServerStatusIn{ID: id})
		if err != nil {
			return false, "", "", err
		}
		return now.IsUp() == up, "platform server " + words.IDText(id) + " is " + statusText(now), WaitForServer, nil
	}
}

func statusText(s vpsapi.PlatformState) string {
	if s.IsUp() {
		return "up"
	}
	return fmt.Sprintf("not up (status %d)", s.Status)
}

// platformAppears looks for a new server by its hostname, and then whether it is up.
func platformAppears(r *reader, hostname string) look {
	return func(ctx context.Context) (bool, string, string, error) {
		all, err := vpsapi.ListPlatformServers.Call(ctx, r.client, vpsapi.ListPlatformServersIn{})
		if err != nil {
			return false, "", "", err
		}
		i := slices.IndexFunc(all, func(s vpsapi.PlatformServer) bool { return strings.EqualFold(string(s.Hostname), hostname) })
		if i < 0 {
			return false, vpsapi.Quote(hostname) + " is not listed yet, though it is bought (never create it again)", vpsapi.ListPlatformServers.Name, nil
		}
		done, how, _, err := platformIs(r, all[i].ServerID(), true)(ctx)
		return done, how + ", at " + words.AddressText(all[i].IPAddress), `wait_for_server {"server_id":"` + string(all[i].ServerID()) + `"}`, err
	}
}

// platformLook is what a call about a server of the newer API waits for; nil for
// another's.
func platformLook(r *reader, p *plan.Plan) look {
	if len(p.Steps) == 0 {
		return nil
	}
	switch in := p.Steps[len(p.Steps)-1].In.(type) {
	case vpsapi.CreatePlatformServerIn:
		return platformAppears(r, in.Hostname)
	case vpsapi.PowerOffPlatformServerIn:
		return platformIs(r, in.ID, false)
	}
	if id := p.FirstNamed("platform server"); id != "" {
		return platformIs(r, vpsapi.PlatformServerID(id), true)
	}
	return nil
}

// boughtFor is how long a server may be missing from the list that was bought.
const boughtFor = time.Hour

// twice says why a plan buys what was bought before and is not listed yet; empty
// when it does not. An answer that was lost leaves it open: then it may be twice.
func (s *Server) twice(ctx context.Context, p *plan.Plan) (string, error) {
	if len(p.Steps) == 0 {
		return "", nil
	}
	in, ok := p.Steps[0].In.(vpsapi.CreatePlatformServerIn)
	if !ok {
		return "", nil
	}
	past, err := s.store.Entries(ctx, p.Account, s.now().Add(-boughtFor))
	if err != nil {
		return "", err
	}
	var bought *state.Entry
	for i, e := range past {
		named := slices.ContainsFunc(e.Words, func(text string) bool {
			return strings.Contains(strings.ToLower(text), strings.ToLower(vpsapi.Quote(in.Hostname)))
		})
		refused := e.WasNotMade()
		switch {
		case !named || refused:
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
