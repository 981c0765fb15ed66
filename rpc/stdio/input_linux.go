package stdio

import "golang.org/x/sys/unix"

// inputBytes is the size of the input's pipe. A pipe has 64 KiB otherwise, so that
// a client writes a history of a megabyte in 16 parts, each of which wakes both
// processes.
const inputBytes = 1 << 20

// enlargeInput enlarges the pipe of the input, if it is one and the system permits it.
func enlargeInput() {
	if size, err := unix.FcntlInt(0, unix.F_GETPIPE_SZ, 0); err == nil && size < inputBytes {
		_, _ = unix.FcntlInt(0, unix.F_SETPIPE_SZ, inputBytes)
	}
}
