//go:build unix

package auth

import (
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Opening with it does not wait for the other end of a pipe.
const nonblock = unix.O_NONBLOCK

func isRoot() bool { return os.Geteuid() == 0 }

// owner is the user and the group that a file belongs to.
type owner struct {
	uid, gid int
	known    bool
}

// ownerOf returns the owner of a file, or while it does not exist, of the directory that it will be in.
func ownerOf(path string) owner {
	for range 2 {
		if info, err := os.Stat(path); err == nil {
			return ownerIn(info)
		}
		path = filepath.Dir(path)
	}
	return owner{}
}

func ownerIn(info os.FileInfo) owner {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return owner{int(s.Uid), int(s.Gid), true}
	}
	return owner{}
}

// give makes o the owner of an open file. That is for root, but for a group that we belong to.
func (o owner) give(f *os.File) error {
	info, err := f.Stat()
	if err != nil || !o.known || ownerIn(info) == o {
		return err
	}
	return f.Chown(o.uid, o.gid)
}
