package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// resourcesOf returns the resources of a process.
func resourcesOf(pid int) (r resources, err error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return r, err
	}
	for _, fd := range open {
		what, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name()))
		if err != nil {
			continue // closed in the meantime
		}
		r.descriptors++
		if strings.HasPrefix(what, "socket:") {
			r.sockets++
		}
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return r, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "Threads":
			r.threads = n
		case "VmRSS":
			r.memory = n >> 10
		}
	}
	return r, nil
}

// waited returns the total time for which threads of a process were runnable but
// had no processor, or 0 if the kernel keeps no such count.
func waited(pid int) (sum time.Duration) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0
	}
	for _, task := range tasks {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, task.Name()))
		if err != nil {
			continue
		}
		var ran, waited int64
		fmt.Sscan(string(text), &ran, &waited)
		sum += time.Duration(waited)
	}
	return sum
}

// dump ends the host and has it print its goroutines to standard error. A Go
// program does this on SIGQUIT, so that the host needs no port or flag for it.
func (s *session) dump() error { return s.cmd.Process.Signal(syscall.SIGQUIT) }
