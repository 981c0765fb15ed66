package main

import "golang.org/x/sys/unix"

// conceal protects the memory of this process, which will hold tokens, from
// core dumps and from debuggers of the same user. Child processes are not
// affected. If the system does not allow it, the process continues without.
func conceal() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
