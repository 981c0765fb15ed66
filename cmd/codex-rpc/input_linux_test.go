package main

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestInputPipe checks that a client can write a request of a megabyte at once.
func TestInputPipe(t *testing.T) {
	p := start(t)
	p.send(`{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}`)
	p.receive()
	size, err := unix.FcntlInt(p.in.(*os.File).Fd(), unix.F_GETPIPE_SZ, 0)
	if err != nil || size < 1<<20 {
		t.Errorf("the pipe of the input has %d bytes, %v; want %d", size, err, 1<<20)
	}
}
