package methods

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// A fileRoot is the directory that contains all files that calls may name by path,
// with symbolic links resolved. If it is empty, all files are allowed.
type fileRoot string

// SetFileRoot limits the files that calls may name by path to those below a
// directory. It must not be called after the first call.
func (s *Service) SetFileRoot(dir string) error {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	resolved, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return err
	}
	if info, err := os.Stat(resolved); err != nil || !info.IsDir() {
		return cmp.Or(err, fmt.Errorf("%s is not a directory", dir))
	}
	s.files = fileRoot(resolved)
	return nil
}

// open opens a file for reading. The messages are those of the Python SDK.
func (root fileRoot) open(path string) (*content, error) {
	file, err := root.openRegular(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	secret := false
	if err == nil {
		secret, err = auth.HoldsCredentials(file)
	}
	var refused *rpc.Error
	switch {
	case err != nil:
		refused = fileError("path `%s` cannot be read: %v", path, cause(err))
	case secret:
		refused = fileError("path `%s` holds credentials, which are never uploaded", path)
	case !info.Mode().IsRegular():
		refused = fileError("path `%s` is not a file", path)
	case info.Size() > maxFileBytes:
		refused = fileError("file `%s` is too large: %d bytes exceeds the limit of %d bytes", path, info.Size(), maxFileBytes)
	default:
		return &content{ReaderAt: file, Closer: file, path: path, name: filepath.Base(path), size: info.Size()}, nil
	}
	file.Close()
	return nil, refused
}

// openRegular opens a regular file. It checks the type first, since opening a
// device may have side effects, and opens without blocking, in case a pipe
// replaces the file in between.
func (root fileRoot) openRegular(path string) (*os.File, error) {
	stat := func() (os.FileInfo, error) { return os.Stat(path) }
	open := func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) }
	if root != "" {
		below, err := root.below(path)
		if err != nil {
			return nil, err
		}
		// A Root does not follow a link that is created after the path was resolved.
		dir, err := os.OpenRoot(string(root))
		if err != nil {
			return nil, fileError("the file root cannot be opened: %v", cause(err))
		}
		defer dir.Close()
		stat = func() (os.FileInfo, error) { return dir.Stat(below) }
		open = func() (*os.File, error) { return dir.OpenFile(below, os.O_RDONLY|syscall.O_NONBLOCK, 0) }
	}
	info, err := stat()
	if err == nil && !info.Mode().IsRegular() {
		return nil, fileError("path `%s` is not a file", path)
	}
	var file *os.File
	if err == nil {
		file, err = open()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileError("path `%s` does not exist", path)
	case err != nil:
		return nil, fileError("path `%s` cannot be read: %v", path, cause(err))
	}
	return file, nil
}

// below returns a path relative to the root, with symbolic links resolved. The
// error does not reveal whether a file outside the root exists.
func (root fileRoot) below(path string) (string, error) {
	resolved, err := filepath.Abs(path)
	if err == nil {
		if real, unresolved := filepath.EvalSymlinks(resolved); unresolved == nil {
			resolved = real
		} else if parent, unresolved := filepath.EvalSymlinks(filepath.Dir(resolved)); unresolved == nil {
			resolved = filepath.Join(parent, filepath.Base(resolved))
		}
		resolved, err = filepath.Rel(string(root), resolved)
	}
	if err != nil || !filepath.IsLocal(resolved) {
		return "", fileError("path `%s` is outside the directory given by --file-root", path)
	}
	return resolved, nil
}

// cause returns the error without the path, which the message has already.
func cause(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

func fileError(format string, args ...any) *rpc.Error {
	return FileError.Errorf("%s", rpc.OneLine(fmt.Sprintf(format, args...)))
}
