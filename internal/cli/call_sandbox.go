package cli

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi"
)

// tellSandbox says beside an answer of a sandbox that ends with the command what of the answer holds on an account alone.
func (p *program) tellSandbox(s *settings.Settings, server *tools.Server, name string, got answer.Answer) {
	if !s.InMemory() {
		return
	}
	shown := func(f vpsapi.FoundSecret) bool { return f.Value != "" && strings.Contains(got.Text, string(f.Value)) }
	if s.From["secrets"] == "" && slices.ContainsFunc(got.Secrets, shown) {
		_, _ = fmt.Fprintln(p.err, "The password is shown because it is the sandbox's; on your own account it goes into a file, and the answer names that (--secrets).")
	}
	if slices.ContainsFunc(server.Entries(), func(e tools.Entry) bool { return e.Name == name && e.Safety != vpsapi.Reads }) {
		_, _ = fmt.Fprintln(p.err, "This sandbox ends with the command: history and undo of the next one know nothing of it. vpsnet-mcp sandbox --help shows one that stays.")
	}
}
