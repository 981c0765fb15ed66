package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// versioned are the files of the client libraries that say their version, and
// where in them.
var versioned = map[string]*regexp.Regexp{
	"clients/node/package.json":                regexp.MustCompile(`(?m)^(  "version": ")[^"]*(")`),
	"clients/python/src/codex_rpc/__init__.py": regexp.MustCompile(`(?m)^(__version__ = ")[^"]*(")`),
}

// withVersion returns these files with the version of the host, whose clients
// they are.
func withVersion(root string) (map[string][]byte, error) {
	version, err := os.ReadFile(filepath.Join(root, "cmd", "codex-rpc", "VERSION"))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for path, place := range versioned {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		if len(place.FindAll(text, -1)) != 1 {
			return nil, fmt.Errorf("%s does not say its version once", path)
		}
		files[path] = place.ReplaceAll(text, []byte("${1}"+string(bytes.TrimSpace(version))+"${2}"))
	}
	return files, nil
}
