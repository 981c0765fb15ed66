//go:build linux

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// latencies collects the latencies of events whose member "at" holds the time
// at which they were sent, in nanoseconds of the machine's monotonic clock,
// which all processes share.
type latencies struct {
	mu   sync.Mutex
	all  []int64
	want int
}

func newLatencies(want string) *latencies {
	n, err := strconv.Atoi(want)
	if err != nil {
		panic(err)
	}
	return &latencies{want: n}
}

// note records an event that has just arrived. After the last one it prints the
// median and the 99th percentile, in nanoseconds.
func (l *latencies) note(event []byte) {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		panic(err)
	}
	_, rest, stamped := bytes.Cut(event, []byte(`"at":`))
	if !stamped {
		return
	}
	digits, _, _ := bytes.Cut(rest, []byte(","))
	sent, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, now.Nano()-sent)
	if len(l.all) == l.want {
		slices.Sort(l.all)
		fmt.Println(l.all[len(l.all)/2], l.all[len(l.all)*99/100])
	}
}
