package stdio

import (
	"os"

	"golang.org/x/sys/unix"
)

// waitForReader returns true when the output has no reader any more. A
// descriptor polled for no event still reports errors and hang-ups.
func waitForReader(out *os.File) bool {
	return poll(int(out.Fd()), 0, unix.POLLERR|unix.POLLHUP)
}

// watchParent returns a function that waits for the end of the parent process.
func watchParent(pid int) (ended func()) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return func() { pollParent(pid) }
	}
	return func() {
		// If it exited before the watch began, pid may belong to another
		// process.
		if os.Getppid() == pid && !poll(fd, unix.POLLIN, unix.POLLIN) {
			pollParent(pid)
		}
		unix.Close(fd)
	}
}

// watchProcess returns a function that waits for the end of a process, or nil
// if there is none.
func watchProcess(pid int) (ended func()) {
	fd, err := unix.PidfdOpen(pid, 0)
	switch err {
	case nil:
		return func() {
			if !poll(fd, unix.POLLIN, unix.POLLIN) {
				if ended := pollProcess(pid); ended != nil {
					ended()
				}
			}
			unix.Close(fd)
		}
	case unix.ESRCH:
		return nil
	}
	return pollProcess(pid)
}

// poll blocks until one of the wanted events occurs. It returns false if it
// cannot.
func poll(fd int, events, wanted int16) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		n, err := unix.Poll(fds, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil || fds[0].Revents&unix.POLLNVAL != 0 {
			return false
		}
		if n > 0 && fds[0].Revents&wanted != 0 {
			return true
		}
	}
}
