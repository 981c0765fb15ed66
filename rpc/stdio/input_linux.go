package stdio

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

const (
	// inputBytes is the size of the input's pipe after a large read. A pipe has
	// 64 KiB otherwise, so that a client writes a history of a megabyte in 16
	// parts, each of which wakes both processes.
	inputBytes = 1 << 20
	// largeRead is the size of a read that is part of a large message.
	largeRead = 32 << 10
)

// An input reads standard input, and enlarges its pipe at the first large read.
// Linux allows the pipes of a user 64 MiB in total, beyond which new ones have
// 8 KiB, also those of other programs: hosts with small requests must not use it up.
type input struct{ enlarged bool }

func newInput() io.Reader { return new(input) }

func (i *input) Read(p []byte) (int, error) {
	n, err := os.Stdin.Read(p)
	if n >= largeRead && !i.enlarged {
		i.enlarged = true
		enlargeInput()
	}
	return n, err
}

// enlargeInput enlarges the pipe of the input, if it is one and the system permits it.
func enlargeInput() {
	if size, err := unix.FcntlInt(0, unix.F_GETPIPE_SZ, 0); err == nil && size < inputBytes {
		_, _ = unix.FcntlInt(0, unix.F_SETPIPE_SZ, inputBytes)
	}
}
