package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Limits that the host is started with.
	maxRetries      = 2
	maxMessageBytes = 1 << 20
	// idleTimeout is the timeout of calls whose stream stalls.
	idleTimeout = 2 * time.Second
	// answerTimeout bounds each wait for the host.
	answerTimeout = 60 * time.Second
)

// A load is a client's session and the backend behind it.
type load struct {
	*session
	config
	backend     *backend
	maxInFlight int
	calls       atomic.Int64
	ctx         context.Context // ends when no more calls are to be made
}

func plainWorkers(streams int) int { return 1 + streams/20 }

// conversations returns the number of conversations over WebSockets.
func conversations(streams int) int { return streams / 2 }

// inFlightLimit leaves room for 32 calls beside those of the workers.
func inFlightLimit(streams int) int {
	return streams + conversations(streams) + plainWorkers(streams) + 32
}

// run keeps the load up for a duration and returns when all calls have ended.
// Each phase draws its own random numbers.
func (l *load) run(phase uint64, d time.Duration) {
	var stop context.CancelFunc
	l.ctx, stop = context.WithTimeout(l.running, d)
	defer stop()
	var working sync.WaitGroup
	var workers uint64
	begin := func(work func(*rand.Rand, string)) {
		workers++
		rng := rand.New(rand.NewPCG(l.seed, phase<<32|workers))
		name := fmt.Sprintf("w%d", workers)
		working.Go(func() {
			for l.ctx.Err() == nil {
				work(rng, name)
			}
		})
	}
	for range l.streams {
		begin(func(rng *rand.Rand, name string) { l.call(rng, name, false) })
	}
	for range plainWorkers(l.streams) {
		begin(func(rng *rand.Rand, name string) { l.call(rng, name, true) })
	}
	for n := range conversations(l.streams) {
		v := newConversation(fmt.Sprintf("conversation %d", n), n*maxHistory/conversations(l.streams))
		begin(func(rng *rand.Rand, name string) { v.call(l, rng, name) })
	}
	begin(l.sendInvalid)
	begin(l.burst)
	begin(l.pauseReading)
	working.Wait()
}

// await waits until done is closed and reports whether it was.
func (l *load) await(c *call, what string, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-l.running.Done():
	case <-time.After(answerTimeout):
		l.violate("call %s, %s: timed out waiting for %s", c.id, c.script.ending, what)
	}
	return false
}

// newCall makes up a call and registers it.
func (l *load) newCall(rng *rand.Rand, worker string, plain bool, gate chan struct{}) *call {
	s := newScript(rng, int(l.calls.Add(1)), plain)
	return l.prepare(idOf(rng, worker, s.call), s, gate)
}

// prepare registers a call with both ends.
func (l *load) prepare(id string, s script, gate chan struct{}) *call {
	c := newCall(id, s, l.backend.expect(s, gate))
	l.mu.Lock()
	l.session.calls[c.id] = c
	l.mu.Unlock()
	return c
}

// idOf returns an id that no call in progress has: a new one, or the worker's
// own, which is free again.
func idOf(rng *rand.Rand, worker string, call int) string {
	switch rng.IntN(6) {
	case 0:
		return fmt.Sprint(-call)
	case 1:
		return fmt.Sprintf("%d.5", call)
	case 2:
		return fmt.Sprint(int64(1)<<53 + 2*int64(call) + 1)
	case 3:
		return fmt.Sprintf(`"call/%d \u00e9"`, call)
	case 4:
		return fmt.Sprintf("%q", worker)
	}
	return fmt.Sprint(call)
}

// call makes one call and waits for its end.
func (l *load) call(rng *rand.Rand, worker string, plain bool) {
	var gate chan struct{}
	twice := rng.IntN(40) == 0
	if twice {
		gate = make(chan struct{})
	}
	c := l.newCall(rng, worker, plain, gate)
	request := c.script.request(c.id) + "\n"
	switch {
	case twice:
		l.expectTwo(c)
		l.write(request + request)
		if l.await(c, "the refusal of its duplicate", c.first) {
			close(gate)
		}
	case rng.IntN(20) == 0: // cancelled in the same write
		l.cancel(c, request)
	case rng.IntN(5) == 0:
		l.write(request)
		l.cancelLater(c, rng)
	default:
		l.write(request)
	}
	l.finish(c)
	l.backOff(c)
}

// cancelLater cancels a call after a while, unless it is answered before.
func (l *load) cancelLater(c *call, rng *rand.Rand) {
	select {
	case <-c.last:
	case <-l.running.Done():
	case <-time.After(time.Duration(rng.IntN(1500)) * time.Millisecond):
		l.cancel(c, "")
	}
}

// backOff waits if the host was overloaded, as long as it asked for.
func (l *load) backOff(c *call) {
	if last := len(c.answers) - 1; last >= 0 && c.overloaded(last) {
		wait(l.ctx, time.Duration(c.answers[last].Error.Data.RetryAfterMS)*time.Millisecond)
	}
}

// finish waits until a call has ended on both sides and checks it.
func (l *load) finish(c *call) {
	if !l.await(c, "the answer", c.last) {
		return
	}
	idle, _ := c.exchange.idleAndAttempts()
	if !l.await(c, "the end of its connection", idle) {
		return
	}
	if fault := c.check(); fault != "" {
		l.violate("%s", fault)
	}
}

// sendInvalid sends an invalid frame or request.
func (l *load) sendInvalid(rng *rand.Rand, worker string) {
	wait(l.ctx, time.Duration(rng.IntN(100))*time.Millisecond)
	invalid := func(what, line string) {
		l.expectNull(what)
		l.write(line + "\n")
	}
	switch rng.IntN(10) {
	case 0:
		invalid("-32700 parse_error", `{"jsonrpc":"2.0","id":1,`)
	case 1:
		const deepest = 10_000 // beyond this depth the host stops reading, and so misses the missing end
		depth, refused := 1+rng.IntN(2*deepest), "-32700 parse_error"
		if depth > deepest {
			refused = "-32600 invalid_request"
		}
		invalid(refused, strings.Repeat("[", depth))
	case 2:
		invalid("-32700 parse_error", "{\"text\":\"\xff\"}")
	case 3:
		invalid("-32600 invalid_request", "[]")
	case 4:
		invalid("-32600 invalid_request", `{"jsonrpc":"2.0","id":{},"method":"models.list"}`)
	case 5:
		invalid("-32600 frame_too_large", `{"padding":"`+strings.Repeat("x", maxMessageBytes)+`"}`)
	case 6:
		l.write(`{"jsonrpc":"2.0","method":"no/such/notification"}` + "\n" + `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"nobody"}}` + "\n\r\n")
	case 7:
		l.refused(rng, worker, "-32601 method_not_found", `"method":"responses.creat"`)
	case 8:
		l.refused(rng, worker, "-32602 invalid_params", `"method":"responses.create","params":{"inptu":"call 0."}`)
	case 9:
		l.batch(rng, worker)
	}
}

// refused sends a request that is refused without calling the backend.
func (l *load) refused(rng *rand.Rand, worker, want, members string) {
	c := l.newCall(rng, worker, true, nil)
	l.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`+"\n", c.id, members))
	if !l.await(c, "the refusal", c.last) {
		return
	}
	if got := c.answers[0].Outcome(); got != want && !c.overloaded(0) {
		l.violate("request %s is refused with %s, want %s", c.id, got, want)
	}
}

// batch sends a batch of calls, a notification and an invalid member.
func (l *load) batch(rng *rand.Rand, worker string) {
	members := []string{`{"jsonrpc":"2.0","method":"no/such/notification"}`, "5"}
	var calls []*call
	for i := range 1 + rng.IntN(5) {
		c := l.newCall(rng, fmt.Sprintf("%s/%d", worker, i), true, nil)
		calls = append(calls, c)
		members = append(members, c.script.request(c.id))
	}
	rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	l.expectNull("-32600 invalid_request")
	l.write("[" + strings.Join(members, ",") + "]\n")
	for _, c := range calls {
		l.finish(c)
	}
}

// burst sends more calls at once than the host accepts. The backend answers none
// of them before the host has refused the excess.
func (l *load) burst(rng *rand.Rand, worker string) {
	const tooMany = 50
	gate := make(chan struct{})
	var requests strings.Builder
	var calls []*call
	refusals := make(chan struct{}, l.maxInFlight+maxQueue+tooMany)
	for i := range l.maxInFlight + maxQueue + tooMany {
		c := l.newCall(rng, fmt.Sprintf("%s/%d", worker, i), true, gate)
		calls = append(calls, c)
		fmt.Fprintln(&requests, c.script.request(c.id))
		go func() {
			select {
			case <-c.last:
				refusals <- struct{}{}
			case <-l.running.Done():
			}
		}()
	}
	l.write(requests.String())
	late := time.After(answerTimeout)
waiting:
	for n := range tooMany {
		select {
		case <-refusals:
		case <-l.running.Done():
			break waiting
		case <-late:
			l.violate("%d of %d simultaneous calls are refused, want %d", n, len(calls), tooMany)
			break waiting
		}
	}
	close(gate)
	for _, c := range calls {
		l.finish(c)
	}
	wait(l.ctx, time.Duration(1000+rng.IntN(8000))*time.Millisecond)
}

// pauseReading stops the client's reads for a while.
func (l *load) pauseReading(rng *rand.Rand, _ string) {
	wait(l.ctx, time.Duration(rng.IntN(3000))*time.Millisecond)
	pause := time.Duration(rng.IntN(200)) * time.Millisecond
	if rng.IntN(10) == 0 {
		pause *= 10
	}
	l.pause.Store(int64(pause))
}
