package main

import "golang.org/x/sys/unix"

// conceal protects the memory of this process, which will hold tokens, from
// core dumps and from debuggers of the same user. An attached debugger stays:
// denying it would end the process.
func conceal() {
	noCoreDumps()
	if traced, err := isTraced(); err == nil && !traced {
		_ = unix.PtraceDenyAttach()
	}
}

func isTraced() (bool, error) {
	const traced = 0x800 // P_TRACED
	info, err := unix.SysctlKinfoProc("kern.proc.pid", unix.Getpid())
	if err != nil {
		return false, err
	}
	return info.Proc.P_flag&traced != 0, nil
}
