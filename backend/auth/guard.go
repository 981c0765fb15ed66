package auth

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// HoldsCredentials reports whether an open file is the auth.json of this user, or a copy or temporary file in the same
// directory. It compares the files, not their names. It checks the homes of all stores opened by this process, the Codex
// home, and ~/.codex, which other programs may use. In other directories it recognizes an auth.json by its contents.
func HoldsCredentials(opened *os.File) (bool, error) {
	info, err := opened.Stat()
	if err != nil {
		return false, err
	}
	var homes []string
	openedHomes.Range(func(home, _ any) bool {
		homes = append(homes, home.(string))
		return true
	})
	if home, err := Home(""); err == nil {
		homes = append(homes, home)
	}
	if user, err := os.UserHomeDir(); err == nil {
		homes = append(homes, filepath.Join(user, ".codex"))
	}
	for _, home := range homes {
		entries, err := os.ReadDir(home)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		for _, entry := range entries {
			// Names with the dot are temporary files of killed processes.
			if name := entry.Name(); !strings.HasPrefix(name, fileName) && !strings.HasPrefix(name, ".auth") {
				continue
			}
			if guarded, err := os.Stat(filepath.Join(home, entry.Name())); err == nil && os.SameFile(guarded, info) {
				return true, nil
			}
		}
	}
	return signsIn(opened, info)
}

// openedHomes are the homes of the stores that [Open] has returned.
var openedHomes sync.Map

// An auth.json has about 5 KB.
const maxGuardedBytes = 64 << 10

// signsIn reports whether a file is an auth.json with tokens: a copy, another user's, or a former one that still has
// another name.
func signsIn(opened *os.File, info os.FileInfo) (bool, error) {
	if !info.Mode().IsRegular() || info.Size() > maxGuardedBytes {
		return false, nil
	}
	text := make([]byte, info.Size())
	if _, err := opened.ReadAt(text, 0); err != nil && err != io.EOF {
		return false, err
	}
	c, err := parseCredentials(withoutMark(text))
	return err == nil && (c.access != "" || c.refresh != ""), nil
}
