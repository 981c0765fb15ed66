//go:build unix

package recording

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Only its owner can read a recording, regardless of the umask.
func TestMode(t *testing.T) {
	dir := t.TempDir()
	for _, mask := range []int{0, 0o777} {
		defer syscall.Umask(syscall.Umask(mask))
		path := filepath.Join(dir, fmt.Sprint("mask ", mask))
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

// Pipes and devices are written to; a dangling link is not followed.
func TestCreateSpecial(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(pipe, Options{}); err == nil || !strings.Contains(err.Error(), "the pipe has no reader") {
		t.Errorf("without a reader: %v", err)
	}
	if _, err := Open(pipe); err == nil || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("without a writer: %v", err)
	}
	read := make(chan error, 1)
	go func() {
		in, err := os.Open(pipe)
		if err == nil {
			_, err = Read(in)
		}
		read <- err
	}()
	r, err := Create(pipe, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if err := <-read; err != nil {
		t.Error(err)
	}
	socket := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if _, err := Create(socket, Options{}); !errors.Is(err, syscall.ENXIO) {
		t.Errorf("a socket: %v", err)
	}
	dir := t.TempDir()
	link, target := filepath.Join(dir, "link"), filepath.Join(dir, "target")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if r, err = Create(link, Options{}); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if _, err := os.Stat(target); err == nil {
		t.Error("the link was followed")
	}
}
