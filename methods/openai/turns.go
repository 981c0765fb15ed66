package openai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
)

const (
	// maxBodyBytes bounds the body of a request, which is held in memory.
	maxBodyBytes = 64 << 20
	// maxHeldBytes bounds the bodies of all requests that have no turn yet.
	maxHeldBytes = 4 * maxBodyBytes
	// smallBodyBytes is the size up to which a body is read even beyond that, so
	// that unfinished uploads keep no small request from a free turn.
	smallBodyBytes = 64 << 10
	// bodyTimeout bounds the time for reading a body.
	bodyTimeout = 2 * time.Minute
	// fullRetry is when to retry a request that errFull refused.
	fullRetry = time.Second
)

// turns limits the number of requests that are served at once, and the memory of
// those that are not.
type turns struct {
	free chan struct{} // holds one for each request that is served; nil without a limit
	held atomic.Int64  // bytes of the bodies of requests without a turn
}

func newTurns(most int) *turns {
	t := new(turns)
	if most > 0 {
		t.free = make(chan struct{}, most)
	}
	return t
}

// begin reads the body of a request, then waits for its turn. A client that does not
// finish its upload thus takes none. The error is an answer, unless the client left.
func (t *turns) begin(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBodyBytes && r.Header.Get("Expect") != "" {
		return nil, errTooLarge // before the client sends it; others may not read the answer before that
	}
	share := &share{turns: t}
	defer share.release()
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(bodyTimeout)) // for a client that stops sending
	in := http.MaxBytesReader(w, r.Body, maxBodyBytes)
	body, err := io.ReadAll(io.TeeReader(in, share))
	if err == errFull {
		body = nil
		share.release()
		io.Copy(io.Discard, in) // many clients read no answer before they have sent the request
	}
	control.SetReadDeadline(time.Time{})
	if err == nil {
		err = t.wait(r.Context())
	} else if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = errTooLarge
	} else if err != errFull {
		err = refusal(http.StatusBadRequest, "", "", "The request body was truncated.")
	}
	return body, err
}

// wait waits for a turn.
func (t *turns) wait(ctx context.Context) error {
	if t.free == nil {
		return nil
	}
	select {
	case t.free <- struct{}{}:
		return nil
	default:
	}
	if t.held.Load() > maxHeldBytes {
		return errFull
	}
	select {
	case t.free <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end ends a turn.
func (t *turns) end() {
	if t.free != nil {
		<-t.free
	}
}

var errTooLarge = refusal(http.StatusRequestEntityTooLarge, "", "frame_too_large", "The body is larger than %d bytes.", maxBodyBytes)

// errFull refuses a request if others hold too much.
var errFull error = rpc.Overloaded.Errorf("Waiting requests hold more than %d MiB. Try again later.", maxHeldBytes>>20).
	With("retry_after_ms", fullRetry.Milliseconds())

// A share is what one request holds.
type share struct {
	turns *turns
	bytes int64
}

// Write counts bytes that were read.
func (s *share) Write(p []byte) (int, error) {
	n := int64(len(p))
	s.bytes += n
	if s.turns.held.Add(n) > maxHeldBytes && s.bytes > smallBodyBytes {
		return 0, errFull
	}
	return len(p), nil
}

func (s *share) release() {
	s.turns.held.Add(-s.bytes)
	s.bytes = 0
}
