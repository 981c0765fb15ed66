//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoginInterrupted(t *testing.T) {
	_, flags := simulate(t, "")
	l := startLogin(t, t.TempDir(), flags)
	if err := l.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	l.end()
	if ended := l.cmd.ProcessState.String(); ended != "signal: interrupt" || l.stdout.Len() > 0 {
		t.Errorf("%s, stdout %q, stderr %q", ended, &l.stdout, &l.stderr)
	}
}

// TestLoginNotSaved checks that a sign-in which cannot be saved fails.
func TestLoginNotSaved(t *testing.T) {
	_, flags := simulate(t, "login=approve")
	home := t.TempDir()
	// Nothing can be written below a file, not even by root.
	if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file/auth.json", filepath.Join(home, "auth.json")); err != nil {
		t.Fatal(err)
	}
	l := startLogin(t, home, flags)
	approve(t, l.page)
	if code := l.end(); code != 1 || l.stdout.Len() > 0 || !strings.Contains(l.stderr.String(), "codex-rpc: The sign-in is valid for this session only: ") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, &l.stdout, &l.stderr)
	}
}
