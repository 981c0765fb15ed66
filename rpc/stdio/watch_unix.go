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

func pollParent(pid int) bool {
	for os.Getppid() == pid {
		time.Sleep(pollInterval)
	}
	return true
}

func pollProcess(pid int) bool {
	if unix.Kill(pid, 0) == unix.ESRCH {
		return false
	}
	for unix.Kill(pid, 0) != unix.ESRCH {
		time.Sleep(pollInterval)
	}
	return true
}
