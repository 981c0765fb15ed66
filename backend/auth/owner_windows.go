package auth

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

const nofollow = 0

func isRoot() bool { return false }

// owner is the access list of a file if it has its own, since Windows has no modes. A file that inherits the list of its
// directory, as in a user's profile, which other users cannot access, continues to inherit it.
type owner struct{ access *windows.ACL }

func ownerOf(path string) owner {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return owner{}
	}
	if control, _, err := descriptor.Control(); err != nil || control&windows.SE_DACL_PROTECTED == 0 {
		return owner{}
	}
	access, _, err := descriptor.DACL()
	if err != nil {
		return owner{}
	}
	return owner{access}
}

func (o owner) chown(to *os.File) error { return o.chownPath(to.Name()) }

func (o owner) chownPath(path string) error {
	if o.access == nil {
		return nil
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, o.access, nil)
}

func isPlainLock(*os.File) bool { return false }

func mayLink(os.FileInfo, string) bool { return true }

// retryInUse repeats a change for 2 seconds if it fails because another program has the file open: a reader, a virus
// scanner, or one that replaces it.
func retryInUse(change func() error) error {
	for end := time.Now().Add(2 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := change()
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || time.Now().After(end) {
			return err
		}
	}
}
