package auth

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// A file that replaces auth.json keeps its access list.
func TestAccessListIsKept(t *testing.T) {
	f := testFile(t)
	if err := f.write([]byte("old")); err != nil {
		t.Fatal(err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	alone, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;" + user.User.Sid.String() + ")")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := alone.DACL()
	if err != nil {
		t.Fatal(err)
	}
	if err := (owner{list}).chownPath(f.path); err != nil {
		t.Fatal(err)
	}
	want := accessOf(t, f.path)
	if !strings.HasPrefix(want, "D:P") {
		t.Fatalf("the access list that was given is %s", want)
	}
	if err := f.write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if got := accessOf(t, f.path); got != want {
		t.Errorf("the access list is %s, want %s", got, want)
	}
	if got := readFile(t, f.path); got != "new" {
		t.Errorf("the file holds %q", got)
	}
}

func accessOf(t *testing.T, path string) string {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	return descriptor.String()
}

// A file that another program, such as a virus scanner, has open for a while is replaced or removed afterwards.
func TestFileInUse(t *testing.T) {
	for name, change := range map[string]func(*file) error{
		"write":  func(f *file) error { return f.write([]byte("new")) },
		"remove": (*file).remove,
	} {
		f := testFile(t)
		if err := f.write([]byte("old")); err != nil {
			t.Fatal(err)
		}
		path, err := windows.UTF16PtrFromString(f.path)
		if err != nil {
			t.Fatal(err)
		}
		scanner, err := windows.CreateFile(path, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(400*time.Millisecond, func() { windows.CloseHandle(scanner) })
		if err := change(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text, err := os.ReadFile(f.path); name == "write" && string(text) != "new" || name == "remove" && err == nil {
			t.Errorf("%s: the file holds %q, %v", name, text, err)
		}
	}
}
