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

// peakMemory returns the peak resident memory of a process tree in bytes, once
// done is closed.
func peakMemory(pid int, done <-chan struct{}) int64 {
	ticker := time.NewTicker(sampleTime)
	defer ticker.Stop()
	var peak int64
	for {
		peak = max(peak, treeMemory(pid))
		select {
		case <-done:
			return peak
		case <-ticker.C:
		}
	}
}

func treeMemory(pid int) (bytes int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	if fields := strings.Fields(string(status)); len(fields) > 1 {
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		bytes = pages * int64(os.Getpagesize())
	}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for _, child := range strings.Fields(string(children)) {
			if n, err := strconv.Atoi(child); err == nil {
				bytes += treeMemory(n)
			}
		}
	}
	return bytes
}
