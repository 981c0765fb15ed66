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

// versionLine is the output of the command version and the flag --version. A
// build of an untagged commit names the commit, if known.
func versionLine() string {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if built := info.Main.Version; built != "" && built != "(devel)" && built != "v"+version() {
			commit = ", " + built
		}
	}
	return fmt.Sprintf("codex-rpc %s (%s, %s/%s%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, commit)
}

func printVersion(cmd *cobra.Command) error {
	_, err := fmt.Fprint(cmd.OutOrStdout(), versionLine())
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
