package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A ledger counts messages and violations.
type ledger struct {
	out io.Writer // of violations, as they are found

	events, bytes   atomic.Int64
	socketResponses atomic.Int64 // requests over WebSockets
	continued       atomic.Int64 // of them, those that went on from the one before

	mu         sync.Mutex
	violations int
	answers    map[string]int // by what they were
	closings   int            // connections that a cancel closed
	slowest    time.Duration
	slow       []interval    // closings that took longer than promised
	slowestOwn time.Duration // of them, less what the machine was late
	delays     []delay       // of the machine, in the order of time
}

type interval struct{ from, to time.Time }

func (i interval) length() time.Duration { return i.to.Sub(i.from) }

func newLedger(out io.Writer) *ledger { return &ledger{out: out, answers: make(map[string]int)} }

// maxPrinted is the number of violations that are printed. Others are counted.
const maxPrinted = 50

func (l *ledger) violate(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.violations++; l.violations <= maxPrinted {
		fmt.Fprintf(l.out, "violation: "+format+"\n", args...)
	}
}

func (l *ledger) answered(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[what]++
}

// closingLimit is the time within which a cancel must close the connection to
// the backend.
const closingLimit = 100 * time.Millisecond

// closing records that a call was cancelled and its connection closed.
func (l *ledger) closing(from, to time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closings++
	taken := interval{from, to}
	l.slowest = max(l.slowest, taken.length())
	if taken.length() > closingLimit {
		l.slow = append(l.slow, taken)
	}
}

// delayInterval is the interval at which the machine's delay is sampled.
const delayInterval = 20 * time.Millisecond

// A delay is a sample of the total time, since watch was called, by which this
// process woke too late and for which the threads of the host and of this
// process waited for a processor.
type delay struct {
	at  time.Time
	sum time.Duration
}

// watch samples the machine's delay until ctx ends. The delay of an overloaded
// machine is not the host's fault.
func (l *ledger) watch(ctx context.Context, host int) {
	ticker := time.NewTicker(delayInterval)
	defer ticker.Stop()
	var late time.Duration
	for last := time.Now(); ; {
		now := time.Now()
		late += max(0, now.Sub(last)-delayInterval)
		last = now
		sum := late + waited(host) + waited(os.Getpid())
		l.mu.Lock()
		l.delays = append(l.delays, delay{now, sum})
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// delayDuring returns an upper estimate of the machine's delay in an interval.
func delayDuring(delays []delay, taken interval) time.Duration {
	sumAt := func(t time.Time, before bool) time.Duration {
		i, _ := slices.BinarySearchFunc(delays, t, func(d delay, t time.Time) int { return d.at.Compare(t) })
		if before {
			i--
		}
		return delays[min(max(i, 0), len(delays)-1)].sum
	}
	if len(delays) == 0 {
		return 0
	}
	return max(0, sumAt(taken.to, false)-sumAt(taken.from, true))
}

// checkClosings reports closings that took longer than the limit after the
// machine's delay is subtracted. Since a machine that is always late would
// excuse everything, it also limits how many may be slow for any reason.
func (l *ledger) checkClosings() {
	l.mu.Lock()
	slow, delays, maxSlow := l.slow, l.delays, 2+l.closings/20
	l.mu.Unlock()
	if len(slow) > maxSlow {
		l.violate("%d cancelled connections were closed after more than %v, want at most %d even on a busy machine", len(slow), closingLimit, maxSlow)
	}
	for _, taken := range slow {
		late := delayDuring(delays, taken)
		own := taken.length() - late
		l.mu.Lock()
		l.slowestOwn = max(l.slowestOwn, own)
		l.mu.Unlock()
		if own > closingLimit {
			l.violate("a cancelled connection was closed after %v, of which the machine's delay is %v", taken.length().Round(time.Millisecond), late.Round(time.Millisecond))
		}
	}
}

func (l *ledger) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.violations
}

func (l *ledger) print(out io.Writer, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var calls int
	for _, n := range l.answers {
		calls += n
	}
	fmt.Fprintf(out, "%d answers and %d events, %d MB, in %v:\n", calls, l.events.Load(), l.bytes.Load()>>20, took.Round(time.Second))
	kinds := slices.SortedFunc(maps.Keys(l.answers), func(a, b string) int {
		return cmp.Or(l.answers[b]-l.answers[a], strings.Compare(a, b))
	})
	for _, kind := range kinds {
		fmt.Fprintf(out, "%9d  %s\n", l.answers[kind], kind)
	}
	fmt.Fprintf(out, "%d responses over WebSockets, of which %d continued the previous one\n", l.socketResponses.Load(), l.continued.Load())
	fmt.Fprintf(out, "%d cancels closed a connection, the slowest after %v; %d took longer than %v, the slowest of them %v without the machine's delay\n",
		l.closings, l.slowest.Round(time.Millisecond), len(l.slow), closingLimit, l.slowestOwn.Round(time.Millisecond))
}
