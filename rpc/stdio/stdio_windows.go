package stdio

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

func claimOutput() (*os.File, error) {
	out := os.Stdout
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd())); err != nil {
		return nil, fmt.Errorf("stdio: cannot redirect standard output: %w", err)
	}
	os.Stdout = os.Stderr
	return out, nil
}

// A pipe without a reader is noticed only when something is written to it.
func waitForReader(*os.File) bool { return false }

func watchParent(pid int) (ended func()) { return watchProcess(pid) }

func watchProcess(pid int) (ended func()) {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return nil
	}
	return func() {
		windows.WaitForSingleObject(process, windows.INFINITE)
		windows.CloseHandle(process)
	}
}
