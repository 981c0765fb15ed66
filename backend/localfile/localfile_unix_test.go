//go:build unix

package localfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRead reads files of all kinds. None of them blocks or exhausts the memory.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	file, pipe, fed := filepath.Join(dir, "file"), filepath.Join(dir, "pipe"), filepath.Join(dir, "fed")
	for _, path := range []string{pipe, fed} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge")
	if err := errors.Join(os.WriteFile(huge, nil, 0o600), os.Truncate(huge, 1<<40)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path  string
		limit int64
		text  string
		err   string
	}{
		{file, 1 << 20, "text", ""},
		{huge, 1 << 20, "", "larger than 1 MiB"},
		{pipe, 1 << 20, "", ""},
		{"/dev/null", 1 << 20, "", ""},
		{"/dev/random", 1 << 20, "", "larger than 1 MiB"},
		{dir, 1 << 20, "", "is a directory"},
		{filepath.Join(dir, "absent"), 1 << 20, "", "no such file"},
	} {
		text, err := Read(test.path, test.limit)
		if string(text) != test.text || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %q, %v", test.path, text, err)
		}
	}

	// That of a shell's <(…) has its writer before it is opened.
	writer, err := os.OpenFile(fed, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	in, err := Open(fed)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	go func() {
		writer.WriteString("text")
		writer.Close()
	}()
	if text, err := io.ReadAll(in); string(text) != "text" || err != nil {
		t.Errorf("a pipe with a writer: %q, %v", text, err)
	}
}
