package cli

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/browser"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/notify"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
)

// setNotifiers sets who hears of a plan that begins to wait: the person at this computer,
// in whose browser it opens, and the address that --notify names. All of it ends
// with ctx.
func (p *program) setNotifiers(ctx context.Context, s *settings.Settings, log zerolog.Logger, o *tools.Options) error {
	tell := func(state.Pending, string) {}
	show := func(state.Pending) bool { return false }
	if s.Notify != "" {
		key := ""
		if s.NotifyKeyFile != "" {
			text, err := files.ReadSecret(s.NotifyKeyFile)
			if err != nil {
				return fmt.Errorf("notify key: %w", err)
			}
			key = string(text)
		}
		n, err := notify.New(ctx, s.Notify, key, notify.Options{Log: log})
		if err != nil {
			return err
		}
		tell = n.Send
	}
	if !s.IsHosted() && s.Consent == consent.Person {
		opener := &browser.Opener{Store: o.Store, Env: p.env, Log: log}
		show = func(plan state.Pending) bool { return opener.Show(ctx, plan) }
		p.ended = opener.Wait
	}
	o.Held = func(p state.Pending, where string) bool {
		tell(p, where)
		return show(p)
	}
	return nil
}
