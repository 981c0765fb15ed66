package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Home is the directory that holds auth.json: $CODEX_HOME, else ~/.codex. Neither need exist, as long as nobody is
// signed in there: a program that is to serve calls must not fail at its start for what its calls can tell in words.
// The path is absolute; CODEX_HOME's has its symbolic links resolved, as the official CLI does.
func Home() (string, error) {
	home := os.Getenv("CODEX_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no home directory for auth.json: set HOME or CODEX_HOME (%w)", err)
		}
		return filepath.Join(user, ".codex"), nil
	}
	info, err := os.Stat(home)
	if errors.Is(err, fs.ErrNotExist) {
		return filepath.Abs(home)
	}
	if err != nil {
		return "", fmt.Errorf("CODEX_HOME cannot be used: %w", err)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("CODEX_HOME is not a directory: %s", home)
	}
	resolved, err := filepath.EvalSymlinks(home)
	if err != nil {
		return "", fmt.Errorf("CODEX_HOME cannot be used: %w", err)
	}
	return filepath.Abs(resolved)
}
