package auth

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

const nonblock, nofollow = 0, 0

func isRoot() bool { return false }

// owner is, on Windows, the access list of a file that has one of its own: modes mean nothing there. One that inherits
// its list from the directory, as files in a user's profile do, which is closed to others, goes on inheriting it.
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

func (o owner) give(to *os.File) error { return o.giveName(to.Name()) }

func (o owner) giveName(path string) error {
	if o.access == nil {
		return nil
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, o.access, nil)
}

func isOnlyALock(*os.File) bool { return false }

func mayLink(os.FileInfo, string) bool { return true }

// patiently repeats for 2 seconds what fails because another program has the file open: a reader, a virus scanner, or
// one that replaces it.
func patiently(change func() error) error {
	for end := time.Now().Add(2 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := change()
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || time.Now().After(end) {
			return err
		}
	}
}
