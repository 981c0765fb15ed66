package auth

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	fileName = "auth.json"
	// A real one has some 5 KB. What is larger is something else, and is not taken into memory.
	maxFileBytes = 1 << 20
)

// file is auth.json on disk. Methods that change it are for the holder of its lock.
type file struct {
	path string
	log  *slog.Logger
	// fault, for tests, is called before each step of a write with that step's name. Its error fails the step.
	fault func(step string) error
}

func (f *file) place() string { return f.path }

func (f *file) stamp() stamp {
	info, err := os.Stat(f.path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

func (f *file) read() ([]byte, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for a writer
		return nil, fmt.Errorf("%s is not a regular file", f.path)
	}
	in, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxFileBytes+1))
	if err == nil && len(text) > maxFileBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes", f.path, maxFileBytes)
	}
	return text, err
}

// target is the file that holds the text: auth.json, or what it is a symbolic link to, which need not exist yet.
func (f *file) target() (string, error) {
	path := f.path
	for range 40 {
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil // in a directory still to be made
		}
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, filepath.Base(path))
		link, err := os.Readlink(path)
		if err != nil {
			return path, nil
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(dir, link)
		}
		path = link
	}
	return "", fmt.Errorf("%s: too many symbolic links", f.path)
}

// What os.CreateTemp puts its random digits behind.
const temporary = ".auth.json.tmp-"

// write goes through a temporary file in the same directory, so that a reader, or a crash at any step, sees the old
// text or the new one. natefinch/atomic does nearly this, but keeps a mode of 0644, replaces a symbolic link and does
// not sync the directory.
func (f *file) write(text []byte) (err error) {
	path, err := f.target()
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	removeTemporaries(dir)
	if err := f.step("create"); err != nil {
		return err
	}
	out, err := os.CreateTemp(dir, temporary) // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	if err := f.step("write"); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	if err := f.step("sync"); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if err := f.step("rename"); err != nil {
		return err
	}
	if err := rename(out.Name(), path); err != nil {
		return err
	}
	// The text is in place. A crash before the directory is on disk brings back the old one, so a failure here is no
	// failure of the write, and file systems without such a sync are many.
	if f.step("sync directory") == nil {
		if d, err := os.Open(dir); err == nil {
			d.Sync()
			d.Close()
		}
	}
	return nil
}

func (f *file) step(name string) error {
	if f.fault == nil {
		return nil
	}
	return f.fault(name)
}

// rename has patience on Windows, where a file that somebody is reading cannot be replaced.
func rename(from, to string) error {
	for tries := 10; ; tries-- {
		err := os.Rename(from, to)
		if err == nil || runtime.GOOS != "windows" || tries == 0 {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// removeTemporaries clears up after processes that were killed while they wrote: what they left holds tokens.
func removeTemporaries(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), temporary) {
			os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// remove deletes the text, also behind a symbolic link: removing the link alone would leave the tokens on disk.
func (f *file) remove() error {
	path, err := f.target()
	if err != nil {
		return err
	}
	removeTemporaries(filepath.Dir(path))
	if err := f.step("remove"); err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
