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

// resources are what a process holds.
type resources struct {
	descriptors, sockets, threads int
	memory                        int // resident, in MB
}

// settle closes the connections that are kept, and returns what the host holds
// then. All calls have ended.
func (l *load) settle() (resources, error) {
	for end := time.Now().Add(patience); l.backend.busy() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			l.violate("%d requests stay open though all calls are answered", l.backend.busy())
			break
		}
	}
	l.backend.disconnect()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		select {
		case <-l.ended:
			return resources{}, fmt.Errorf("the host ended: %v\n%s", l.cmd.ProcessState, l.stderr.String())
		default:
		}
		r, err := resourcesOf(l.cmd.Process.Pid)
		if err != nil || r.sockets == 0 {
			return r, err
		}
		if time.Now().After(end) {
			l.violate("%d connections stay open though their other end is closed", r.sockets)
			return r, nil
		}
	}
}

var (
	goroutine = regexp.MustCompile(`(?m)^goroutine \d+ .*\[`)
	creator   = regexp.MustCompile(`(?m)^created by (\S+)`)
)

// goroutines ends the host and returns how many goroutines it had, by what began
// them.
func (l *load) goroutines() (map[string]int, error) {
	if err := l.dump(); err != nil {
		return nil, err
	}
	select {
	case <-l.ended:
	case <-time.After(patience):
		return nil, fmt.Errorf("the host does not end")
	}
	counts := make(map[string]int)
	stacks := goroutine.Split(l.stderr.String(), -1)
	for _, stack := range stacks[1:] {
		name := "main"
		if m := creator.FindStringSubmatch(stack); m != nil {
			name = m[1]
		}
		if !strings.HasPrefix(name, "runtime.") { // such as the collector's
			counts[name]++
		}
	}
	if len(counts) == 0 {
		return nil, fmt.Errorf("the host does not tell of its goroutines:\n%s", l.stderr.String())
	}
	return counts, nil
}

// checkLog holds what the host said on standard error against what it may say.
func (l *load) checkLog() {
	for line := range strings.Lines(l.stderr.String()) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "WARNING: DATA RACE") {
			l.violate("the log says: %s", strings.TrimSpace(line))
		}
	}
}

var collection = regexp.MustCompile(`(?m)^gc \d+ @([\d.]+)s .* \d+->\d+->(\d+) MB`)

// heap returns the median of what was in use after the collections of some time,
// in MB; 0 if there were none. The host has ended, and has told of each.
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

// A measure is how much of something a host holds: fresh, after the warm-up and
// at the end, -1 where that is not known.
type measure struct {
	name                      string
	fresh, warm, end, allowed int
}

// compare prints the measures and holds the end to what is allowed.
func compare(l *ledger, out io.Writer, measures []measure) {
	known := func(n int) string {
		if n < 0 {
			return "-"
		}
		return strconv.Itoa(n)
	}
	fmt.Fprintf(out, "\n| of the host | fresh | warm | at the end | allowed |\n|---|---|---|---|---|\n")
	for _, m := range measures {
		fmt.Fprintf(out, "| %s | %s | %s | %d | %d |\n", m.name, known(m.fresh), known(m.warm), m.end, m.allowed)
	}
	fmt.Fprintln(out)
	for _, m := range measures {
		if m.end > m.allowed {
			l.violate("%s: %d at the end, more than %d", m.name, m.end, m.allowed)
		}
	}
}

// added returns how many goroutines there are in all, before and after, and
// prints which are more than before.
func added(out io.Writer, before, after map[string]int) (was, is int) {
	for _, n := range before {
		was += n
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		is += after[name]
		if after[name] > before[name] {
			fmt.Fprintf(out, "%d goroutines of %s, and %d when fresh\n", after[name], name, before[name])
		}
	}
	return was, is
}
