package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// versioned are the files of the client libraries that contain the version.
var versioned = map[string]*regexp.Regexp{
	"clients/node/package.json":                regexp.MustCompile(`(?m)^(  "version": ")[^"]*(")`),
	"clients/python/src/codex_rpc/__init__.py": regexp.MustCompile(`(?m)^(__version__ = ")[^"]*(")`),
}

// withVersion returns these files with the version of the host.
func withVersion(root string) (map[string][]byte, error) {
	version, err := os.ReadFile(filepath.Join(root, "cmd", "codex-rpc", "VERSION"))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for path, pattern := range versioned {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		if len(pattern.FindAll(text, -1)) != 1 {
			return nil, fmt.Errorf("%s does not contain exactly one version", path)
		}
		files[path] = pattern.ReplaceAll(text, []byte("${1}"+string(bytes.TrimSpace(version))+"${2}"))
	}
	return files, nil
}
