package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// sampleTime is the interval at which memory is sampled.
const sampleTime = 10 * time.Millisecond

// tick is the unit of processor times in /proc.
const tick = time.Second / 100

// A tree is what is known of a process and its descendants.
type tree struct {
	peak int64 // resident memory of all together, in bytes
	host usage
}

// A usage is that of a process.
type usage struct {
	cpu  time.Duration
	peak int64 // bytes
}

// watch watches a process tree until done is closed.
func watch(pid int, done <-chan struct{}) (t tree) {
	ticker := time.NewTicker(sampleTime)
	defer ticker.Stop()
	for {
		t.peak = max(t.peak, t.sample(pid))
		select {
		case <-done:
			return t
		case <-ticker.C:
		}
	}
}

// sample returns the resident memory of a process and its descendants, and notes the
// usage of the host.
func (t *tree) sample(pid int) (bytes int64) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name is in parentheses; the fields of proc(5) follow from the third on.
	name, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 22 {
		return 0
	}
	field := func(n int) int64 {
		value, _ := strconv.ParseInt(fields[n-3], 10, 64)
		return value
	}
	const utime, stime, rss = 14, 15, 24
	bytes = field(rss) * int64(os.Getpagesize())
	if strings.HasSuffix(name, "(codex-rpc") {
		t.host.cpu = max(t.host.cpu, time.Duration(field(utime)+field(stime))*tick)
		t.host.peak = max(t.host.peak, bytes)
	}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for _, child := range strings.Fields(string(children)) {
			if n, err := strconv.Atoi(child); err == nil {
				bytes += t.sample(n)
			}
		}
	}
	return bytes
}
