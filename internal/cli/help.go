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

// printUsage writes how a command is used: as cobra does, but for the flags, which are those of the command and
// those settings that it heeds, by group. A template of cobra's would make the whole program a third larger: the
// linker keeps every method where a template may call one by its name.
func printUsage(cmd *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:")
	if cmd.Runnable() {
		b.WriteString("\n  " + cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n  " + cmd.CommandPath() + " [command]")
	}
	if cmd.HasExample() {
		b.WriteString("\n\nExamples:\n" + cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n\nCommands:")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "\n  %-*s %s", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	b.WriteString(flagsByGroup(cmd))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\nUse \"%s [command] --help\" for more about a command.", cmd.CommandPath())
	}
	_, err := fmt.Fprintln(cmd.OutOrStderr(), b.String())
	return err
}

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
