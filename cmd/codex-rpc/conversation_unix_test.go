//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestConversationModes checks that only the owner can read the conversation,
// whatever existed before.
func TestConversationModes(t *testing.T) {
	state := t.TempDir()
	dir := filepath.Join(state, "codex-rpc")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(state, "elsewhere")
	if err := os.WriteFile(elsewhere, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(dir, "conversation.json")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", state)
	k, err := openConversation(false, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.save(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, k.path: 0o600} {
		if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != want || info.Mode()&os.ModeSymlink != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if text, _ := os.ReadFile(elsewhere); string(text) != "kept" {
		t.Errorf("what a link led to is now %q", text)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
}
