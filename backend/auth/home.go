package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Home returns the directory of auth.json: the chosen one, $CODEX_HOME, or ~/.codex. It need not exist: the error of a
// call reports that better than a failing start. The path is absolute; symbolic links in a chosen one or in $CODEX_HOME
// are resolved, as in the official CLI.
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
