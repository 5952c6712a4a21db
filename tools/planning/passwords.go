package planning

import (
	"context"
	"errors"
	"fmt"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// checkPasswordFillable refuses a plan whose ticket asks for a password that cannot be filled
// in: a person should not be asked for what cannot be done.
func checkPasswordFillable(ctx context.Context, r *account.Reader, p *plan.Plan) error {
	for _, step := range p.Steps {
		switch in := step.In.(type) {
		case vpsapi.OpenTicketIn:
			if in.RootPassword != vpsapi.CurrentPassword {
				continue
			}
			if _, err := r.Server(ctx, in.VMID); err != nil {
				return fmt.Errorf(`root_password "current": the server cannot be read: %w; nothing was sent`, err)
			}
		case vpsapi.ReplyToTicketIn:
			if in.RootPassword == vpsapi.CurrentPassword {
				return errors.New(`root_password "current": a ticket does not name its server, so this works for ` + vpsapi.OpenTicket.Name + ` only; nothing was sent: give the password itself, or leave it out`)
			}
		}
	}
	return nil
}
