package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Home returns the directory that holds auth.json: the one that is chosen, else $CODEX_HOME, else ~/.codex. It need not
// exist: a program that is to serve calls must not fail at its start for what the error of a call can say. The path is
// absolute; one that is chosen or set has its symbolic links resolved, as the official CLI does.
func Home(chosen string) (string, error) {
	home, name := chosen, "the Codex home"
	if home == "" {
		home, name = os.Getenv("CODEX_HOME"), "CODEX_HOME"
	}
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
		return "", fmt.Errorf("%s cannot be used: %w", name, err)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is not a directory: %s", name, home)
	}
	resolved, err := filepath.EvalSymlinks(home)
	if err != nil {
		return "", fmt.Errorf("%s cannot be used: %w", name, err)
	}
	return filepath.Abs(resolved)
}
