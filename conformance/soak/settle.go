package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// resources are the resources that a process holds.
type resources struct {
	descriptors, sockets, threads int
	memory                        int // resident, in MB
}

// settle closes idle connections and returns the resources that the host holds
// then. All calls have ended.
func (l *load) settle() (resources, error) {
	for end := time.Now().Add(answerTimeout); l.backend.open.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			l.violate("%d requests are still open after all calls were answered", l.backend.open.Load())
			break
		}
	}
	l.backend.disconnect()
	for end := time.Now().Add(answerTimeout); ; time.Sleep(10 * time.Millisecond) {
		if l.running.Err() != nil {
			return resources{}, fmt.Errorf("the host ended: %v\n%s", l.cmd.ProcessState, l.stderr.String())
		}
		r, err := resourcesOf(l.cmd.Process.Pid)
		if err != nil || r.sockets == 0 {
			return r, err
		}
		if time.Now().After(end) {
			l.violate("%d connections are still open after their peer closed them", r.sockets)
			return r, nil
		}
	}
}

var (
	goroutine = regexp.MustCompile(`(?m)^goroutine \d+ .*\[`)
	creator   = regexp.MustCompile(`(?m)^created by (\S+)`)
)

// end settles and ends the host. It returns what the host holds, and the number
// of its goroutines by the function that created them.
func (l *load) end() (held resources, goroutines map[string]int, err error) {
	if held, err = l.settle(); err != nil {
		return held, nil, err
	}
	if err := l.dump(); err != nil {
		return held, nil, err
	}
	select {
	case <-l.running.Done():
	case <-time.After(answerTimeout):
		return held, nil, fmt.Errorf("the host did not end")
	}
	goroutines = make(map[string]int)
	stacks := goroutine.Split(l.stderr.String(), -1)
	for _, stack := range stacks[1:] {
		name := "main"
		if m := creator.FindStringSubmatch(stack); m != nil {
			name = m[1]
		}
		if !strings.HasPrefix(name, "runtime.") {
			goroutines[name]++
		}
	}
	if len(goroutines) == 0 {
		err = fmt.Errorf("the host printed no goroutines:\n%s", l.stderr.String())
	}
	return held, goroutines, err
}

// checkLog reports errors, panics and data races in the host's log.
func (l *load) checkLog() {
	for line := range strings.Lines(l.stderr.String()) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "WARNING: DATA RACE") {
			l.violate("log: %s", strings.TrimSpace(line))
		}
	}
}

var collection = regexp.MustCompile(`(?m)^gc \d+ @([\d.]+)s .* \d+->\d+->(\d+) MB`)

// heap returns the median of the heap in use after the collections between two
// times, in MB, or 0 if there were none. The host has ended.
func (l *load) heap(from, to time.Time) int {
	var sizes []int
	for _, m := range collection.FindAllStringSubmatch(l.stderr.String(), -1) {
		seconds, _ := strconv.ParseFloat(m[1], 64)
		at := l.launched.Add(time.Duration(seconds * float64(time.Second)))
		if size, err := strconv.Atoi(m[2]); err == nil && at.After(from) && at.Before(to) {
			sizes = append(sizes, size)
		}
	}
	if len(sizes) == 0 {
		return 0
	}
	slices.Sort(sizes)
	return sizes[len(sizes)/2]
}

// A measure is the amount of a resource that a host holds when fresh, after the
// warm-up and at the end. It is -1 where unknown.
type measure struct {
	name                      string
	fresh, warm, end, allowed int
}

// compare prints the measures and reports those that exceed what is allowed.
func compare(l *ledger, out io.Writer, measures []measure) {
	known := func(n int) string {
		if n < 0 {
			return "-"
		}
		return strconv.Itoa(n)
	}
	fmt.Fprintf(out, "\n| resource | fresh | warm | at the end | allowed |\n|---|---|---|---|---|\n")
	for _, m := range measures {
		fmt.Fprintf(out, "| %s | %s | %s | %d | %d |\n", m.name, known(m.fresh), known(m.warm), m.end, m.allowed)
	}
	fmt.Fprintln(out)
	for _, m := range measures {
		if m.end > m.allowed {
			l.violate("%s: %d at the end, want at most %d", m.name, m.end, m.allowed)
		}
	}
}

// added returns the total numbers of goroutines before and after, and prints
// those whose number has grown.
func added(out io.Writer, before, after map[string]int) (was, is int) {
	for _, n := range before {
		was += n
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		is += after[name]
		if after[name] > before[name] {
			fmt.Fprintf(out, "%d goroutines of %s, %d when fresh\n", after[name], name, before[name])
		}
	}
	return was, is
}
