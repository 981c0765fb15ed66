package auth

import (
	"fmt"
	"os"
	"path/filepath"
)

// Home is the directory that holds auth.json: $CODEX_HOME, which must be a directory that exists, else ~/.codex, which
// need not. The path is absolute; CODEX_HOME's has its symbolic links resolved, as the official CLI does.
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
