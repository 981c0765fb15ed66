package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// resourcesOf returns what a process holds.
func resourcesOf(pid int) (r resources, err error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return r, err
	}
	for _, fd := range open {
		what, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name()))
		if err != nil {
			continue // closed since it was listed
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

// waited returns how long the threads of a process have been ready to run, all
// together, and had no processor. A kernel that does not count it says nothing.
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

// dump ends the host and has it tell of its goroutines on standard error, which
// is what a Go program does at this signal. So the product needs no port or
// flag for it.
func (s *session) dump() error { return s.cmd.Process.Signal(syscall.SIGQUIT) }
