package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroups are the flags of all commands in the order of the help of
// codex-rpc. Flags of a single command are in the help of that command.
var flagGroups = []struct {
	title string
	names []string
}{
	{"Without an account", []string{"mock", "replay", "replay-timed"}},
	{"Calls", []string{"model", "instructions", "transport", "timeout", "max-retries", "retry-base-delay", "file-root"}},
	{"Log and recording", []string{"log-level", "record"}},
	{"Sign-in", []string{"home"}},
	{"Endpoints", []string{"chatgpt-base-url", "openai-base-url", "auth-issuer"}},
	{"Client identity", []string{"originator", "user-agent", "client-version"}},
	{"Session limits", []string{"max-message-bytes", "max-in-flight", "max-queue"}},
}

// valueNames are the placeholders for the values of flags. A flag without one
// is boolean.
var valueNames = map[string]string{
	"model": "MODEL", "instructions": "TEXT", "transport": "TRANSPORT", "timeout": "SECONDS", "max-retries": "N", "retry-base-delay": "SECONDS",
	"originator": "NAME", "user-agent": "TEXT", "client-version": "VERSION", "file-root": "DIR", "home": "DIR",
	"chatgpt-base-url": "URL", "openai-base-url": "URL", "auth-issuer": "URL",
	"mock": "DIRECTIVES", "record": "FILE", "replay": "FILE", "log-level": "LEVEL",
	"max-message-bytes": "BYTES", "max-in-flight": "N", "max-queue": "N",
	"image": "IMAGE", "system": "TEXT", "effort": "EFFORT", "output": "FILE",
	"workspace": "ID", "port": "PORT", "scenario": "DIRECTIVES",
	"token-file": "FILE", "allow-origin": "ORIGIN", "alias": "NAME=MODEL", "unknown-model": "CHOICE", "unsupported": "CHOICE",
}

// addGroup adds commands to the root as a group of the help.
func addGroup(root *cobra.Command, id, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title})
	for _, cmd := range commands {
		cmd.GroupID = id
	}
	root.AddCommand(commands...)
}

// addOwnCommands adds cobra's commands to a group.
func addOwnCommands(root *cobra.Command, id string) {
	root.SetHelpCommandGroupID(id)
	root.SetCompletionCommandGroupID(id)
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.RunE = func(*cobra.Command, []string) error { // otherwise it answers any word with its help, and succeeds
		return usageError("completion requires a shell: bash, fish, powershell or zsh")
	}
}

// printUsage prints the usage of a command. The flags of all commands are only
// in the help of codex-rpc.
func printUsage(cmd *cobra.Command) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "  %s COMMAND\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&text, "\nExamples:\n%s\n", cmd.Example)
	}
	printCommands(&text, cmd)
	var local []*pflag.Flag
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if cmd.HasParent() || cmd.PersistentFlags().Lookup(f.Name) == nil {
			local = append(local, f)
		}
	})
	printFlags(&text, "Flags", local)
	if cmd.HasParent() {
		fmt.Fprintf(&text, "\nFlags of all commands, such as --mock, --timeout and --log-level: codex-rpc --help\n")
	} else {
		for _, group := range flagGroups {
			var flags []*pflag.Flag
			for _, name := range group.names {
				flags = append(flags, cmd.PersistentFlags().Lookup(name))
			}
			printFlags(&text, group.title, flags)
		}
		fmt.Fprintf(&text, "\nA flag overrides its environment variable. Run codex-rpc COMMAND --help for the help of a command.\n")
	}
	_, err := io.WriteString(cmd.OutOrStderr(), text.String())
	return err
}

func printCommands(text *strings.Builder, cmd *cobra.Command) {
	group := func(title, id string) {
		for _, sub := range cmd.Commands() {
			if sub.GroupID != id || !sub.IsAvailableCommand() && sub.Name() != "help" {
				continue
			}
			if title != "" {
				fmt.Fprintf(text, "\n%s\n", title)
				title = ""
			}
			fmt.Fprintf(text, "  %-12s %s\n", sub.Name(), sub.Short)
		}
	}
	for _, g := range cmd.Groups() {
		group(g.Title, g.ID)
	}
	group("Commands:", "")
}

func printFlags(text *strings.Builder, title string, flags []*pflag.Flag) {
	for _, f := range flags {
		if f == nil || f.Hidden {
			continue
		}
		if title != "" {
			fmt.Fprintf(text, "\n%s:\n", title)
			title = ""
		}
		left := flagUse(f)
		if len(left) > 27 {
			left += "\n" + strings.Repeat(" ", 29)
		}
		fmt.Fprintf(text, "  %-27s %s%s\n", left, f.Usage, defaultOf(f))
	}
}

// defaultOf returns the default of a flag for the help, if there is one.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "[]", "0", "false":
		return ""
	}
	return " (default " + f.DefValue + ")"
}

// flagUse returns a flag with its placeholder.
func flagUse(f *pflag.Flag) string {
	use := "    --" + f.Name
	if f.Shorthand != "" {
		use = "-" + f.Shorthand + ", --" + f.Name
	}
	switch value := valueNames[f.Name]; {
	case value == "":
		return use
	case f.NoOptDefVal != "":
		return use + "[=" + value + "]"
	default:
		return use + " " + value
	}
}
