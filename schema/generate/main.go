// Command generate writes the files of package schema. Run it by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/codex-rpc/codex-rpc/methods"
)

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes what is generated and removes what no longer is. The root of the
// module is named relative to the working directory, which go generate sets to
// that of package schema.
func run(root string) error {
	files, err := generate(root, methods.New(nil, nil, methods.Defaults{}, nil).All())
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "schema")
	old, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, ok := files[filepath.Base(path)]; !ok {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
