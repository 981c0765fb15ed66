//go:build unix

package methods

import "syscall"

// nonblock prevents opening a pipe from blocking until it has a writer.
const nonblock = syscall.O_NONBLOCK
