// Package localfile reads files that a user names, or that are found in a directory,
// whatever they are: opening one never blocks, and reading is bounded.
package localfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Open opens a file for reading. A named pipe without a writer is empty, where
// opening it would otherwise wait for one; that of a shell's <(…) has its writer.
func Open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	flag := os.O_RDONLY
	if info.Mode()&fs.ModeNamedPipe != 0 {
		flag |= syscall.O_NONBLOCK
	}
	return os.OpenFile(path, flag, 0)
}

// Read reads a file of at most limit bytes, whole MiB. Of a larger one nothing is
// read, except of a device or a pipe, which do not know their size.
func Read(path string, limit int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	size, text := info.Size(), []byte(nil)
	if size <= limit {
		text, err = io.ReadAll(io.LimitReader(file, limit+1))
		size = int64(len(text))
	}
	if size > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %d MiB", limit>>20)}
	}
	return text, err
}
