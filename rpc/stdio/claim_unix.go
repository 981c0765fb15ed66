//go:build unix

package stdio

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func claimOutput() (*os.File, error) {
	// Without a handler, the Go runtime ends the process when it writes to a
	// closed pipe that is standard output or error. Ignoring the signal instead
	// would be inherited by child processes.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	fd, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("stdio: cannot claim standard output: %w", err)
	}
	if err := redirect(2, 1); err != nil {
		return nil, fmt.Errorf("stdio: cannot redirect standard output: %w", err)
	}
	return os.NewFile(uintptr(fd), "output"), nil
}
