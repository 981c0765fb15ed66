//go:build unix

package recording

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Whatever was there before, and whatever the process's mask is: what is
// recorded, its owner alone can read.
func TestMode(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	dir := t.TempDir()
	readable := filepath.Join(dir, "readable")
	if err := os.WriteFile(readable, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "new"), readable} {
		r, err := Create(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		info, err := os.Stat(path)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if _, err := Open(path); err != nil {
			t.Error(err)
		}
	}
}
