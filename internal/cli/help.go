package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vpsnet-mcp/internal/settings"
)

// commandGroups are the groups of settings that a command uses; a command that is not listed, and is below none that
// is, uses none.
var commandGroups = map[string][]string{
	"vpsnet-mcp": settings.Groups(),
	"doctor":     settings.Groups(),
	"setup":      {settings.GroupAccount, settings.GroupSafety, settings.GroupOffer, settings.GroupFiles, settings.GroupSandbox},
	"call":       {settings.GroupAccount, settings.GroupSafety, settings.GroupOffer, settings.GroupFiles, settings.GroupSandbox},
	"explain":    {settings.GroupAccount, settings.GroupSafety, settings.GroupOffer, settings.GroupFiles, settings.GroupSandbox},
	"tools":      {settings.GroupSafety, settings.GroupOffer, settings.GroupFiles},
	"approve":    {settings.GroupFiles, settings.GroupSandbox},
	"sandbox":    {settings.GroupFiles, settings.GroupSandbox},
}

// usageTemplate is cobra's, but for the flags: those of a command, and of the
// settings those that it heeds, by group.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{flagsByGroup .}}{{if .HasAvailableSubCommands}}

Use "{{.CommandPath}} [command] --help" for more about a command.{{end}}
`

// flagsByGroup is a command's flags for the help.
func flagsByGroup(cmd *cobra.Command) string {
	var b strings.Builder
	own := pflag.NewFlagSet("", pflag.ContinueOnError)
	own.SortFlags = false
	cmd.LocalNonPersistentFlags().VisitAll(own.AddFlag)
	writeSection(&b, "Flags", own)
	for _, group := range commandGroups[cmd.Name()] {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags.SortFlags = false
		for _, o := range settings.Options() {
			flag := cmd.Root().PersistentFlags().Lookup(o.Name)
			if flag != nil && o.Group() == group && own.Lookup(o.Name) == nil {
				flags.AddFlag(flag)
			}
		}
		writeSection(&b, "Settings: "+group, flags)
	}
	return b.String()
}

// writeSection writes a section of flags of a command's help; nothing without flags.
func writeSection(b *strings.Builder, title string, flags *pflag.FlagSet) {
	if flags.HasAvailableFlags() {
		b.WriteString("\n\n" + title + ":\n" + strings.TrimRight(flags.FlagUsages(), "\n"))
	}
}

// toolHelp makes the help of a command tell of the tool that stands after its name.
func (p *program) toolHelp(cmd *cobra.Command) {
	general := cmd.HelpFunc()
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		i := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") && a != cmd.Name() })
		if i >= 0 {
			text, err := p.describeTool(cmd, args[i])
			if err == nil {
				_ = p.println(text)
				return
			}
			_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: %s\n\n", stripControls(err.Error()))
		}
		general(cmd, args)
	})
}
