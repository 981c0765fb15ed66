//go:build unix && !linux

package stdio

import (
	"os"
)

// Without a poll that reports it reliably the lack of a reader shows when
// something is written, and the end of the parent otherwise.
func waitForReader(*os.File) bool { return false }

func watchParent(pid int) (ended func()) { return func() { pollParent(pid) } }

func watchProcess(pid int) (ended func()) { return pollProcess(pid) }
