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

// A pipe without a reader shows when something is written to it.
func waitForReader(*os.File) bool { return false }

func waitForParent(pid int) bool { return waitForProcess(pid) }

func waitForProcess(pid int) bool {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return false
	}
	defer windows.CloseHandle(process)
	event, err := windows.WaitForSingleObject(process, windows.INFINITE)
	return err == nil && event == windows.WAIT_OBJECT_0
}
