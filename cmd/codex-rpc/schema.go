package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/schema"
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [openrpc or METHOD]",
		Short: "Print the OpenRPC document, or the JSON Schemas of a method",
		Long: `schema prints the OpenRPC document, as returned by rpc.discover: the methods,
with their parameters, results, errors and examples, and the notifications. With
the name of a method it prints {"params": …, "result": …}: the JSON Schemas that
its calls are validated against.`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			names, directive := completeMethod(cmd, args, typed)
			if len(args) == 0 && strings.HasPrefix("openrpc", typed) {
				names = append(names, "openrpc\tthe whole document")
			}
			return names, directive
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			text := schema.OpenRPC()
			if len(args) > 0 && args[0] != "openrpc" {
				params, result := schema.Params(args[0]), schema.Result(args[0])
				if params == nil {
					return unknownMethod(args[0])
				}
				text = slices.Concat([]byte("{\"params\": "), params, []byte(",\"result\": "), result, []byte("}\n"))
			}
			return printed(cmd.OutOrStdout().Write(text))
		},
	}
}

func unknownMethod(name string) error {
	f := &failure{code: exitUsage, message: fmt.Sprintf("unknown method %q", name)}
	if hint := didYouMean("", name, schema.Methods()); hint != "" {
		f.hints = []string{hint}
	}
	return f
}
