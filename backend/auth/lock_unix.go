//go:build unix

package auth

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock tries to lock the file with flock, as the official CLI does. Closing the file releases the lock.
func tryLock(f *os.File) (held bool, err error) {
	for {
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err {
		case nil:
			return true, nil
		case unix.EINTR:
		case unix.EWOULDBLOCK:
			return false, nil
		default:
			return false, &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
	}
}
