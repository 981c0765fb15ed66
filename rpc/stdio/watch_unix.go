//go:build unix

package stdio

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// pollInterval is how often processes are looked at where the system cannot
// tell when they end. Four times in the second that a client's end may take.
const pollInterval = 250 * time.Millisecond

func pollParent(pid int) {
	for os.Getppid() == pid {
		time.Sleep(pollInterval)
	}
}

// pollProcess returns a function that waits for the end of a process, nil if
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
