package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/schema"
)

// noArgs rejects arguments, with a suggestion.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	arg := args[0]
	f := &failure{code: exitUsage, message: fmt.Sprintf("unknown command %q for %q", arg, cmd.CommandPath())}
	switch {
	case isDirective(cmd, arg):
		f.hints = []string{mockHint(arg)}
	case cmd.HasParent():
		f.hints = []string{cmd.CommandPath() + " takes no arguments; --help lists its flags"}
	case len(args) > 1 && schema.Params(arg) == nil, strings.ContainsAny(arg, " ?"):
		f.hints = []string{fmt.Sprintf("to ask the model: codex-rpc ask %q", strings.Join(args, " "))}
	default:
		f.hints = []string{suggestion(cmd, arg)}
	}
	return f
}

// suggestion returns a suggestion for an unknown command.
func suggestion(root *cobra.Command, name string) string {
	if schema.Params(name) != nil {
		return "it is a method: codex-rpc call " + name
	}
	var commands []string
	for _, sub := range root.Commands() {
		if sub.IsAvailableCommand() {
			commands = append(commands, sub.Name())
		}
	}
	return cmp.Or(didYouMean("codex-rpc ", name, commands), didYouMean("codex-rpc call ", name, schema.Methods()), "codex-rpc --help lists the commands")
}

// didYouMean returns a hint with the names nearest to a wrong one, each after a
// prefix, or "" if there is none.
func didYouMean(prefix, wrong string, names []string) string {
	near := rpc.Nearest(wrong, names, 3)
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + prefix + strings.Join(near, ", "+prefix) + "?"
}

// isDirective reports whether an argument was likely meant as a directive of
// --mock, which was given without one.
func isDirective(cmd *cobra.Command, arg string) bool {
	mock := cmd.Flags().Lookup("mock")
	if mock == nil || !mock.Changed || mock.Value.String() != "" {
		return false
	}
	name, _, hasValue := strings.Cut(arg, "=")
	if strings.ContainsAny(name, " \t\n") {
		return false
	}
	for _, d := range simulator.Directives() {
		if name == d.Name && hasValue == (d.Value != "") {
			return true
		}
	}
	return hasValue && cmd.Name() != "ask"
}

func mockHint(arg string) string {
	return `directives follow --mock after "=", without a space: --mock=` + arg
}

// flagMistake returns the failure for an invalid flag.
func flagMistake(cmd *cobra.Command, err error) error {
	f := &failure{exitUsage, err.Error(), []string{cmd.CommandPath() + " --help lists the flags"}}
	if cmd.HasParent() {
		f.hints[0] += ", codex-rpc --help lists the flags of all commands"
	}
	if number, ok := errors.AsType[*strconv.NumError](err); ok { // which names a function of Go
		f.message = strings.Replace(f.message, number.Error(), number.Err.Error(), 1)
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
		if hint := didYouMean("--", unknown.GetSpecifiedName(), names); hint != "" {
			f.hints = []string{hint}
		}
	}
	return f
}
