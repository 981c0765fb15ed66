package stdio

import (
	"os"

	"golang.org/x/sys/unix"
)

// waitForReader returns true when the output has no reader any more. A
// descriptor polled for no event still reports errors and hang-ups.
func waitForReader(out *os.File) bool {
	return poll(int(out.Fd()), 0)
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
		if os.Getppid() == pid && !poll(fd, unix.EPOLLIN) {
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
			if !poll(fd, unix.EPOLLIN) {
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

// poll waits for one of the events, an error or a hang-up. It returns false if it
// cannot.
//
// It waits by the runtime's poller, not in a system call, which would keep a
// processor until the runtime's monitor takes it back: with two processors the
// start took a millisecond longer.
func poll(fd int, events uint32) bool {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return false
	}
	unix.SetNonblock(epoll, true) // which os.NewFile requires
	file := os.NewFile(uintptr(epoll), "epoll")
	defer file.Close()
	conn, err := file.SyscallConn()
	if err != nil || unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events}) != nil {
		return false
	}
	var occurred [1]unix.EpollEvent
	n := 0
	conn.Read(func(epoll uintptr) bool {
		n, err = unix.EpollWait(int(epoll), occurred[:], 0)
		return n > 0 || err != nil && err != unix.EINTR
	})
	return n > 0
}
