package main

import (
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// The version is defined only here. Those of the client libraries are generated
// from it.
//
//go:embed VERSION
var versionFile string

func version() string { return strings.TrimSpace(versionFile) }

// printVersion is the command version and the flag --version. A build of an
// untagged commit names the commit, if known.
func printVersion(cmd *cobra.Command) error {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if built := info.Main.Version; built != "" && built != "(devel)" && built != "v"+version() {
			commit = ", " + built
		}
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "codex-rpc %s (%s, %s/%s%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, commit)
	return err
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return printVersion(cmd) },
	}
}
