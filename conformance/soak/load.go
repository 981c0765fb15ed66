package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// What the host is told, beside the limit of calls at once.
	maxRetries      = 2
	maxMessageBytes = 1 << 20
	// silence is the timeout of calls whose stream stalls.
	silence = 2 * time.Second
	// patience is how long what must come is waited for.
	patience = 60 * time.Second
)

// A load is all that a client does, and the backend it leads to.
type load struct {
	*session
	backend     *backend
	seed        uint64
	streams     int
	maxInFlight int
	calls       atomic.Int64
	stop        chan struct{} // closed when no more is to be begun
}

// room is how many calls fit beside the streams and the plain calls.
const room = 32

func plainWorkers(streams int) int { return 1 + streams/20 }

// conversations is how many go over sockets, beside.
func conversations(streams int) int { return streams / 2 }

func limitOf(streams int) int {
	return streams + conversations(streams) + plainWorkers(streams) + room
}

// run keeps the load up for so long and returns when all calls have ended. Each
// phase has random numbers of its own.
func (l *load) run(phase uint64, d time.Duration) {
	l.stop = make(chan struct{})
	var working sync.WaitGroup
	var workers uint64
	begin := func(work func(*rand.Rand, string)) {
		workers++
		rng := rand.New(rand.NewPCG(l.seed, phase<<32|workers))
		name := fmt.Sprintf("w%d", workers)
		working.Go(func() {
			for !l.stopped() {
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
		begin(func(rng *rand.Rand, name string) { v.take(l, rng, name) })
	}
	begin(l.nuisance)
	begin(l.burst)
	begin(l.distract)
	select {
	case <-time.After(d):
	case <-l.ended:
	}
	close(l.stop)
	working.Wait()
}

func (l *load) stopped() bool {
	select {
	case <-l.stop:
		return true
	case <-l.ended:
		return true
	default:
		return false
	}
}

// rest waits, or less if the load ends.
func (l *load) rest(d time.Duration) {
	select {
	case <-time.After(d):
	case <-l.stop:
	case <-l.ended:
	}
}

// await waits for what must come.
func (l *load) await(c *call, what string, came <-chan struct{}) bool {
	select {
	case <-came:
		return true
	case <-l.ended:
	case <-time.After(patience):
		l.violate("call %s, %s: %s does not come", c.id, c.script.ending, what)
	}
	return false
}

// another makes up a call.
func (l *load) another(rng *rand.Rand, worker string, plain bool, gate chan struct{}) *call {
	s := newScript(rng, int(l.calls.Add(1)), plain)
	return l.prepare(idOf(rng, worker, s.call), s, gate)
}

// prepare makes a call known to both ends.
func (l *load) prepare(id string, s script, gate chan struct{}) *call {
	c := newCall(id, s, l.backend.expect(s, gate))
	l.mu.Lock()
	l.session.calls[c.id] = c
	l.mu.Unlock()
	return c
}

// idOf returns an id that no call under way has: one that was never used, or
// that of the worker, which is free again.
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

// call makes one call and sees it to its end.
func (l *load) call(rng *rand.Rand, worker string, plain bool) {
	var gate chan struct{}
	twice := rng.IntN(40) == 0
	if twice {
		gate = make(chan struct{})
	}
	c := l.another(rng, worker, plain, gate)
	request := c.script.request(c.id) + "\n"
	switch {
	case twice:
		l.expectTwo(c)
		l.write(request + request)
		if l.await(c, "the refusal of its double", c.first) {
			close(gate)
		}
	case rng.IntN(20) == 0: // cancelled in one breath
		l.cancel(c, request)
	case rng.IntN(5) == 0:
		l.write(request)
		select {
		case <-c.last:
		case <-l.ended:
		case <-time.After(time.Duration(rng.IntN(1500)) * time.Millisecond):
			l.cancel(c, "")
		}
	default:
		l.write(request)
	}
	l.finish(c)
	if last := len(c.answers) - 1; last >= 0 && c.overloaded(last) {
		l.rest(time.Duration(c.answers[last].Error.Data.RetryAfterMS) * time.Millisecond)
	}
}

// finish waits for the end of a call, at both ends, and checks it.
func (l *load) finish(c *call) {
	if !l.await(c, "the answer", c.last) {
		return
	}
	idle, _ := c.exchange.over()
	if !l.await(c, "the end of its connection", idle) {
		return
	}
	if fault := c.check(); fault != "" {
		l.violate("%s", fault)
	}
}

// nuisance sends what has no call to it.
func (l *load) nuisance(rng *rand.Rand, worker string) {
	l.rest(time.Duration(rng.IntN(100)) * time.Millisecond)
	nobody := func(what, line string) {
		l.owe(what)
		l.write(line + "\n")
	}
	switch rng.IntN(10) {
	case 0:
		nobody("-32700 parse_error", `{"jsonrpc":"2.0","id":1,`)
	case 1:
		const deepest = 10_000 // of what is read; more is refused before it is found to be cut short
		depth, refused := 1+rng.IntN(2*deepest), "-32700 parse_error"
		if depth > deepest {
			refused = "-32600 invalid_request"
		}
		nobody(refused, strings.Repeat("[", depth))
	case 2:
		nobody("-32700 parse_error", "{\"text\":\"\xff\"}")
	case 3:
		nobody("-32600 invalid_request", "[]")
	case 4:
		nobody("-32600 invalid_request", `{"jsonrpc":"2.0","id":{},"method":"models.list"}`)
	case 5:
		nobody("-32600 frame_too_large", `{"padding":"`+strings.Repeat("x", maxMessageBytes)+`"}`)
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

// refused sends a request that is refused without a call to the backend.
func (l *load) refused(rng *rand.Rand, worker, want, members string) {
	c := l.another(rng, worker, true, nil)
	l.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`+"\n", c.id, members))
	if !l.await(c, "the refusal", c.last) {
		return
	}
	if got := c.answers[0].Outcome(); got != want && !c.overloaded(0) {
		l.violate("request %s is refused by %s, want %s", c.id, got, want)
	}
}

// batch sends a batch of calls, of a notification and of what is neither.
func (l *load) batch(rng *rand.Rand, worker string) {
	members := []string{`{"jsonrpc":"2.0","method":"no/such/notification"}`, "5"}
	var calls []*call
	for i := range 1 + rng.IntN(5) {
		c := l.another(rng, fmt.Sprintf("%s/%d", worker, i), true, nil)
		calls = append(calls, c)
		members = append(members, c.script.request(c.id))
	}
	rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	l.owe("-32600 invalid_request")
	l.write("[" + strings.Join(members, ",") + "]\n")
	for _, c := range calls {
		l.finish(c)
	}
}

// burst sends more calls at once than the host takes. None of them is answered
// before the host has refused what is too much.
func (l *load) burst(rng *rand.Rand, worker string) {
	const tooMany = 50
	gate := make(chan struct{})
	var requests strings.Builder
	var calls []*call
	refusals := make(chan struct{}, l.maxInFlight+maxQueue+tooMany)
	for i := range l.maxInFlight + maxQueue + tooMany {
		c := l.another(rng, fmt.Sprintf("%s/%d", worker, i), true, gate)
		calls = append(calls, c)
		fmt.Fprintln(&requests, c.script.request(c.id))
		go func() {
			select {
			case <-c.last:
				refusals <- struct{}{}
			case <-l.ended:
			}
		}()
	}
	l.write(requests.String())
	late := time.After(patience)
waiting:
	for n := range tooMany {
		select {
		case <-refusals:
		case <-l.ended:
			break waiting
		case <-late:
			l.violate("of %d calls at once %d are refused, want %d", len(calls), n, tooMany)
			break waiting
		}
	}
	close(gate)
	for _, c := range calls {
		l.finish(c)
	}
	l.rest(time.Duration(1000+rng.IntN(8000)) * time.Millisecond)
}

// distract keeps the client from reading for a while.
func (l *load) distract(rng *rand.Rand, _ string) {
	l.rest(time.Duration(rng.IntN(3000)) * time.Millisecond)
	pause := time.Duration(rng.IntN(200)) * time.Millisecond
	if rng.IntN(10) == 0 {
		pause *= 10
	}
	l.pause.Store(int64(pause))
}
