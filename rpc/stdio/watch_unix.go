//go:build unix

package stdio

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// pollInterval is the interval of polling for the end of a process where the
// system does not report it. A client's end must be noticed within a second.
const pollInterval = 250 * time.Millisecond

func pollParent(pid int) {
	for os.Getppid() == pid {
		time.Sleep(pollInterval)
	}
}

// pollProcess returns a function that waits for the end of a process, or nil if
// there is none.
func pollProcess(pid int) (ended func()) {
	if unix.Kill(pid, 0) == unix.ESRCH {
		return nil
	}
	return func() {
		for unix.Kill(pid, 0) != unix.ESRCH {
			time.Sleep(pollInterval)
		}
	}
}
