package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
)

// versionCommand returns the command version.
func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			return p.println(fmt.Sprintf("vpsnet-mcp %s %s %s/%s", settings.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
		},
	}
}
