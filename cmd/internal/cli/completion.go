package cli

import "github.com/spf13/cobra"

// complete offers shells what a load takes: folders for waveforms, else also files, of any
// name.
func (l loading) complete(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	if l.names == "" {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// completeFlags offers shells values of the flags of a command and of those below it.
// Names that only the database knows are not offered: a key press would start it.
func completeFlags(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		completeFlags(sub)
	}
	yaml := cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	for name, complete := range map[string]cobra.CompletionFunc{
		keyLogLevel:  cobra.FixedCompletions(logLevels(), cobra.ShellCompDirectiveNoFileComp),
		keyLogFormat: cobra.FixedCompletions(logFormats(), cobra.ShellCompDirectiveNoFileComp),
		unitsFlag:    cobra.FixedCompletions([]string{unitsSI, unitsG}, cobra.ShellCompDirectiveNoFileComp),
		keyLabel:     cobra.NoFileCompletions,
		keyDataDir:   cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		keyRecipe:    yaml,
		keyConfig:    yaml,
	} {
		f := cmd.Flags().Lookup(name)
		if f == nil {
			f = cmd.PersistentFlags().Lookup(name)
		}
		if f != nil && f.Value.Type() != "bool" {
			_ = cmd.RegisterFlagCompletionFunc(name, complete) // the flag is there, and has none yet
		}
	}
}
