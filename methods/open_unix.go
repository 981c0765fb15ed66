//go:build unix

package methods

import "syscall"

// Opening with it does not wait for the other end of a pipe.
const nonblock = syscall.O_NONBLOCK
