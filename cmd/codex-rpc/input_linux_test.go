package main

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestInputPipe checks that a client can write a request of a megabyte at once,
// after the first one, and that hosts with small requests take no more of the
// system's limit than other programs.
func TestInputPipe(t *testing.T) {
	p := start(t)
	size := func(message string) int {
		t.Helper()
		p.send(message)
		p.receive()
		size, err := unix.FcntlInt(p.in.(*os.File).Fd(), unix.F_GETPIPE_SZ, 0)
		if err != nil {
			t.Fatal(err)
		}
		return size
	}
	if got := size(`{"jsonrpc":"2.0","id":1,"method":"account_info"}`); got > 64<<10 {
		t.Errorf("the pipe has %d bytes after a small request", got)
	}
	if got := size(`{"jsonrpc":"2.0","id":2,"method":"account_info"` + strings.Repeat(" ", 2<<20) + `}`); got < 1<<20 {
		t.Errorf("the pipe has %d bytes after a large request", got)
	}
}
