package stdio

import (
	"os"

	"golang.org/x/sys/unix"
)

// waitForReader returns true when the output has no reader any more. Polled for
// no event, a descriptor still reports an error or a hang-up.
func waitForReader(out *os.File) bool {
	return poll(int(out.Fd()), 0, unix.POLLERR|unix.POLLHUP)
}

// waitForParent returns true when the parent process has ended.
func waitForParent(pid int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return pollParent(pid)
	}
	defer unix.Close(fd)
	if os.Getppid() != pid { // it ended in between and pid is somebody else
		return true
	}
	return poll(fd, unix.POLLIN, unix.POLLIN)
}

// waitForProcess returns true when a process has ended, false if there was
// none.
func waitForProcess(pid int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err != unix.ESRCH && pollProcess(pid)
	}
	defer unix.Close(fd)
	return poll(fd, unix.POLLIN, unix.POLLIN)
}

// poll blocks until one of the wanted events is there.
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
