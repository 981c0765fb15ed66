package rpc

import (
	"context"
	"io"
	"slices"
	"sync"
)

// pendingLimit bounds the pending responses, such as rejections, while the client
// does not read. At about 200 bytes each, it allows 20,000.
const pendingLimit = 4 << 20

// separateBytes is the size from which on a text is written separately rather than
// copied into a frame.
const separateBytes = 64 << 10

// An output writes frames of all calls to the client. Only the holder of the turn may
// write; while the client does not read, the holder blocks in Write and all others
// wait for their turn, but reading the input continues. Responses take precedence
// over events.
type output struct {
	w io.Writer

	mu      sync.Mutex
	room    *sync.Cond // signals that pending has shrunk, or err is set
	taken   bool
	urgent  []chan struct{}
	waiting []chan struct{}
	pending []byte        // frames without a waiting caller
	notices []notice      // not written yet, at most one per name
	sending bool          // whether a goroutine writes pending
	err     error         // set when the client is gone
	lost    chan struct{} // closed when err is set
}

func newOutput(w io.Writer) *output {
	o := &output{w: w, lost: make(chan struct{})}
	o.room = sync.NewCond(&o.mu)
	return o
}

// acquire waits for the turn. An urgent caller takes precedence and ignores its
// context, since a response must be written.
func (o *output) acquire(ctx context.Context, urgent bool) error {
	o.mu.Lock()
	if o.err != nil || !o.taken {
		o.taken = o.err == nil
		defer o.mu.Unlock()
		return o.err
	}
	turn := make(chan struct{})
	if urgent {
		o.urgent = append(o.urgent, turn)
		o.mu.Unlock()
		<-turn
		return o.failed()
	}
	o.waiting = append(o.waiting, turn)
	o.mu.Unlock()
	select {
	case <-turn:
		return o.failed()
	case <-ctx.Done():
	}
	o.mu.Lock()
	i := slices.Index(o.waiting, turn)
	if i >= 0 {
		o.waiting = slices.Delete(o.waiting, i, i+1)
	}
	o.mu.Unlock()
	if i < 0 { // the turn was granted at the same time
		o.release()
	}
	return context.Cause(ctx)
}

func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// release passes the turn on.
func (o *output) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := &o.urgent
	if len(*queue) == 0 {
		queue = &o.waiting
	}
	if len(*queue) == 0 {
		o.taken = false
		return
	}
	close((*queue)[0])
	*queue = slices.Delete(*queue, 0, 1)
}

// A notice is a frame that reports a state.
type notice struct {
	name  string
	frame []byte
}

// write writes the parts of frames, after the pending frames. The caller holds
// the turn.
func (o *output) write(parts ...[]byte) error {
	err := o.writePart(o.takePending())
	for i := 0; i < len(parts) && err == nil; i++ {
		err = o.writePart(parts[i])
	}
	return err
}

func (o *output) writePart(part []byte) error {
	if len(part) == 0 {
		return nil
	}
	_, err := o.w.Write(part)
	if err != nil {
		o.fail(err)
	}
	return err
}

// takePending returns the frames that were posted and announced.
func (o *output) takePending() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	frames := o.pending
	for _, n := range o.notices {
		frames = append(frames, n.frame...)
	}
	o.pending, o.notices = nil, nil
	o.room.Broadcast()
	return frames
}

// fail ends all writing, including for callers that wait for their turn.
func (o *output) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return
	}
	o.err = err
	close(o.lost)
	for _, turn := range append(o.urgent, o.waiting...) {
		close(turn)
	}
	o.urgent, o.waiting, o.pending, o.notices = nil, nil, nil, nil
	o.room.Broadcast()
}

// post queues a frame to be written when the client reads. It blocks only while
// pendingLimit bytes of such frames are pending.
func (o *output) post(frame []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && len(o.pending) > pendingLimit {
		o.room.Wait()
	}
	if o.err != nil {
		return
	}
	o.pending = append(o.pending, frame...)
	o.startSending()
}

// announce queues the frame of a notice, replacing one of the same name that is not
// written yet. It does not block.
func (o *output) announce(name string, frame []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return
	}
	o.notices = slices.DeleteFunc(o.notices, func(n notice) bool { return n.name == name })
	o.notices = append(o.notices, notice{name, frame})
	o.startSending()
}

// startSending starts a goroutine that writes the pending frames, unless one is
// running. The caller holds mu.
func (o *output) startSending() {
	if !o.sending {
		o.sending = true
		go o.send()
	}
}

// send writes posted and announced frames until there are no more.
func (o *output) send() {
	for more := true; more; {
		if o.acquire(context.Background(), true) != nil {
			return
		}
		o.write()
		o.mu.Lock()
		more = len(o.pending)+len(o.notices) > 0
		o.sending = more
		o.room.Broadcast()
		o.mu.Unlock()
		o.release()
	}
}

// drain waits until all posted frames are written, the client is gone, or ctx ends.
func (o *output) drain(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.room.Broadcast()
	})
	defer stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.sending && o.err == nil && ctx.Err() == nil {
		o.room.Wait()
	}
}
