package auth

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf16"
)

const (
	fileName = "auth.json"
	// A real one has some 5 KB. What is larger is something else, and is not taken into memory.
	maxFileBytes = 1 << 20
)

// file is auth.json on disk. Methods that change it are for the holder of the commit's lock.
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
	var in *os.File
	err := patiently(func() (err error) {
		in, err = openRegular(f.path, os.O_RDONLY, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxFileBytes+1))
	if err == nil && len(text) > maxFileBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes", f.path, maxFileBytes)
	}
	return withoutMark(text), err
}

// withoutMark returns a text as UTF-8 without a byte order mark. Editors of Windows write one, and its shell UTF-16.
func withoutMark(text []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return text[3:]
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return text
	}
	units := make([]uint16, len(text)/2-1)
	for i := range units {
		units[i] = order.Uint16(text[2+2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

var errIrregular = errors.New("not a regular file")

// openRegular opens what must be a regular file. It never waits, as opening a pipe would, and has no effect on devices.
func openRegular(path string, flag int, mode os.FileMode) (*os.File, error) {
	irregular := &os.PathError{Op: "open", Path: path, Err: errIrregular}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, irregular
	}
	opened, err := os.OpenFile(path, flag|nonblock, mode)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat() // it may have changed since
	if err == nil && !info.Mode().IsRegular() {
		err = irregular
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

// target is the file that holds the text: auth.json, or what it is a symbolic link to, which need not exist yet.
func (f *file) target() (string, error) {
	path := f.path
	var links []os.FileInfo
	for range 40 {
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if errors.Is(err, fs.ErrNotExist) {
			return path, allowed(links, path) // in a directory still to be made
		}
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, filepath.Base(path))
		link, err := os.Readlink(path)
		if err != nil {
			return path, allowed(links, path)
		}
		if info, err := os.Lstat(path); err == nil {
			links = append(links, info)
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(dir, link)
		}
		path = link
	}
	return "", fmt.Errorf("%s: too many symbolic links", f.path)
}

func allowed(links []os.FileInfo, target string) error {
	for _, link := range links {
		if !mayLink(link, target) {
			return fmt.Errorf("%s belongs to a different user than the link to it", target)
		}
	}
	return nil
}

// What os.CreateTemp puts its random digits behind.
const temporary = ".auth.json.tmp-"

// write replaces auth.json, or where that cannot be, writes into it. Owner and group stay what they are.
func (f *file) write(text []byte) error {
	path, err := f.target()
	if err != nil {
		return err
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	failure := f.replace(path, text)
	if !isIrreplaceable(failure) {
		return failure
	}
	if err := f.overwrite(path, text); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return failure
}

// replace goes through a temporary file in the same directory, so that a reader, or a crash at any step, sees the old
// text or the new one. natefinch/atomic does nearly this, but keeps a mode of 0644, replaces a symbolic link and does
// not sync the directory.
func (f *file) replace(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
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
	if err := ownerOf(path).give(out); err != nil {
		return err
	}
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
	if err := patiently(func() error { return os.Rename(out.Name(), path) }); err != nil {
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

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// isIrreplaceable reports whether a file may be writable although it could not be replaced: it is a mount point, or in
// a directory that is not writable, or belongs to another user.
func isIrreplaceable(err error) bool {
	return errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrPermission) || isReadOnly(err)
}

// overwrite writes into a file that exists. One call of the system writes the text, and blanks up to the length of the
// old one: whoever reads before the truncation, or after a crash there, finds valid JSON. A text that could not be
// written whole gives way to the old one.
func (f *file) overwrite(path string, text []byte) (err error) {
	if err := f.step("overwrite"); err != nil {
		return err
	}
	out, err := openRegular(path, os.O_RDWR|nofollow, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	old, err := io.ReadAll(io.LimitReader(out, maxFileBytes))
	if err != nil {
		return err
	}
	padded := append(bytes.Clone(text), bytes.Repeat([]byte(" "), max(0, len(old)-len(text)))...)
	if _, err := out.WriteAt(padded, 0); err != nil {
		if _, undone := out.WriteAt(old, 0); undone == nil {
			out.Truncate(int64(len(old)))
		}
		return err
	}
	out.Chmod(0o600) // which is for its owner to do
	return errors.Join(out.Truncate(int64(len(text))), out.Sync())
}

// makeDir makes a directory for auth.json if need be. What root makes belongs to the owner of the one that it is in.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil || !isRoot() {
		return err
	}
	return ownerOf(filepath.Dir(dir)).giveName(dir)
}

func (f *file) step(name string) error {
	if f.fault == nil {
		return nil
	}
	return f.fault(name)
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
	if err := patiently(func() error { return os.Remove(path) }); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
