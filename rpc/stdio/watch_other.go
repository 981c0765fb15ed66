//go:build unix && !linux

package stdio

import (
	"os"
)

// Without reliable polling, a missing reader is noticed when something is
// written, or at the end of the parent.
func waitForReader(*os.File) bool { return false }

func watchParent(pid int) (ended func()) { return func() { pollParent(pid) } }

func watchProcess(pid int) (ended func()) { return pollProcess(pid) }
