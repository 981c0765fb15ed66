package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

//go:generate go test -run ^TestReadme$ -update .

var update = flag.Bool("update", false, "write the README's table of the configuration")

// TestReadme checks the README's table of the configuration. It is written by a
// test because the flags are only visible in this package.
func TestReadme(t *testing.T) {
	const path = "../../README.md"
	table := "| flag | variable | default | what it does |\n|---|---|---|---|\n"
	newRoot(new(config)).PersistentFlags().VisitAll(func(f *pflag.Flag) {
		variable, value := variableOf(f.Name), f.DefValue
		if value != "" {
			value = "`" + value + "`"
		}
		table += fmt.Sprintf("| `--%s` | `%s` | %s | %s |\n", f.Name, variable, value, readme.Cell(strings.TrimSuffix(f.Usage, " [$"+variable+"]")))
	})
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := readme.Replace(old, "configuration", table)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(old, text) {
		t.Error("the README's table of the configuration is out of date: run go generate ./...")
	}
}
