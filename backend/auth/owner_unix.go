//go:build unix

package auth

import (
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

func isRoot() bool { return os.Geteuid() == 0 }

// nofollow is a flag to fail on a symbolic link.
const nofollow = unix.O_NOFOLLOW

// isPlainLock reports whether root may change the owner of a file: it is empty and has no other name, under which it could
// be something else.
func isPlainLock(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink == 1 && info.Size() == 0
}

// owner is the user and the group that a file belongs to.
type owner struct {
	uid, gid int
	known    bool
}

// ownerOf returns the owner of a file, or of its directory if it does not exist.
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

// mayLink reports whether root may follow a symbolic link: root's own, or one of the user who owns the target. Other users
// could make root write anywhere.
func mayLink(link os.FileInfo, target string) bool {
	from := ownerIn(link)
	return !isRoot() || !from.known || from.uid == 0 || from.uid == ownerOf(target).uid
}

// chownPath makes o the owner of a path. It does not follow a symbolic link.
func (o owner) chownPath(name string) error {
	if !o.known {
		return nil
	}
	return os.Lchown(name, o.uid, o.gid)
}

// chown makes o the owner of an open file. This requires root, except for a group that we belong to.
func (o owner) chown(f *os.File) error {
	info, err := f.Stat()
	if err != nil || !o.known || ownerIn(info) == o {
		return err
	}
	return f.Chown(o.uid, o.gid)
}

// retryInUse calls do, which on Windows fails while another program has the file open.
func retryInUse(do func() error) error { return do() }
