package auth

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf16"
)

const (
	fileName = "auth.json"
	// An auth.json has about 5 KB. A larger file is not read into memory.
	maxFileBytes = 1 << 20
)

// file is auth.json on disk. The methods that change it require the commit lock.
type file struct {
	path string
	// fault is called before each step of a write in tests. Its error fails the step.
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
	err := retryInUse(func() (err error) {
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

// withoutMark returns a text as UTF-8 without a byte order mark, which editors on Windows write. PowerShell writes UTF-16.
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

// openRegular opens a regular file, and nothing else: it never blocks, as opening a pipe would, and has no effect on
// devices.
func openRegular(path string, flag int, mode os.FileMode) (*os.File, error) {
	irregular := &os.PathError{Op: "open", Path: path, Err: errIrregular}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, irregular
	}
	opened, err := os.OpenFile(path, flag|syscall.O_NONBLOCK, mode)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat() // the file may have been replaced
	if err == nil && !info.Mode().IsRegular() {
		err = irregular
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

// target returns the path of auth.json with symbolic links resolved. The file need not exist.
func (f *file) target() (string, error) {
	path := f.path
	var links []os.FileInfo
	for range 40 {
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if errors.Is(err, fs.ErrNotExist) {
			return path, allowed(links, path) // the directory does not exist yet
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

// temporary is the prefix of temporary files.
const temporary = ".auth.json.tmp-"

// write replaces auth.json, or overwrites it if it cannot be replaced. It keeps the owner and the group.
func (f *file) write(text []byte) error {
	path, err := f.replaceable()
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
	if err := f.step("overwrite", func() error { return overwrite(path, text) }); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return failure
}

// replaceable returns the path of auth.json as target does, or an error if what is there is not a regular file: it does not
// hold our tokens, and may be a device or a pipe that others need.
func (f *file) replaceable() (string, error) {
	path, err := f.target()
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", &os.PathError{Op: "replace", Path: path, Err: errIrregular}
	}
	return path, nil
}

// replace writes a temporary file in the same directory and renames it, so that a reader, or a crash at any step, sees
// the old text or the new one. natefinch/atomic is similar, but keeps a mode of 0644, replaces a symbolic link and does
// not sync the directory.
func (f *file) replace(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
	removeTemporaries(dir)
	var out *os.File
	err = f.step("create", func() (err error) {
		out, err = os.CreateTemp(dir, temporary) // mode 0600
		return err
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	write := func() error {
		_, err := out.Write(text)
		return err
	}
	rename := func() error { return os.Rename(out.Name(), path) }
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"own", func() error { return ownerOf(path).chown(out) }},
		{"write", write},
		{"sync", out.Sync},
		{"close", out.Close},
		{"rename", func() error { return retryInUse(rename) }},
	} {
		if err := f.step(step.name, step.do); err != nil {
			return err
		}
	}
	// After a crash before this sync, the old text may reappear. A failure is not one of the write, and many file systems
	// do not support it.
	f.step("sync directory", func() error {
		d, err := os.Open(dir)
		if err == nil {
			d.Sync()
			d.Close()
		}
		return err
	})
	return nil
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// isIrreplaceable reports whether a file that cannot be replaced may still be writable: it is a mount point, its directory
// is not writable, or it belongs to another user.
func isIrreplaceable(err error) bool {
	return errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrPermission) || isReadOnly(err)
}

// overwrite writes into an existing file. A single system call writes the text, padded with blanks to the length of the
// old one, so that the file is valid JSON even before the truncation. If the text cannot be written completely, the old
// one is restored.
func overwrite(path string, text []byte) (err error) {
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
	out.Chmod(0o600) // fails unless we are its owner
	return errors.Join(out.Truncate(int64(len(text))), out.Sync())
}

// makeDir creates a directory for auth.json if it does not exist. If root creates it, it gets the owner of its parent.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil || !isRoot() {
		return err
	}
	return ownerOf(filepath.Dir(dir)).chownPath(dir)
}

// step makes a step of a write.
func (f *file) step(name string, do func() error) error {
	if f.fault != nil {
		if err := f.fault(name); err != nil {
			return err
		}
	}
	return do()
}

// removeTemporaries removes the temporary files of processes that were killed, since they contain tokens.
func removeTemporaries(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), temporary) {
			os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// remove deletes the file, following symbolic links: removing only a link would leave the tokens on disk.
func (f *file) remove() error {
	path, err := f.replaceable()
	if err != nil {
		return err
	}
	removeTemporaries(filepath.Dir(path))
	remove := func() error { return os.Remove(path) }
	if err := f.step("remove", func() error { return retryInUse(remove) }); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
