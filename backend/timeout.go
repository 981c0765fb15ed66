package backend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

var errSilence = errors.New("no bytes for too long")

// A watch implements the idle timeout of a request. Its timer runs from the start
// of the request to the header of the response, reset by each read of the request
// body, and then during each Read of the response body.
type watch struct {
	ctx    context.Context // of the request: ends with its parent, or by the timeout
	cancel context.CancelCauseFunc
	limit  time.Duration
	timer  *time.Timer // nil without a limit

	mu       sync.Mutex
	answered bool // whether the header of the response was received
}

// newWatch returns a watch whose timer is running.
func newWatch(parent context.Context, limit time.Duration) *watch {
	w := &watch{limit: limit}
	w.ctx, w.cancel = context.WithCancelCause(parent)
	if limit > 0 {
		w.timer = time.AfterFunc(limit, func() { w.cancel(errSilence) })
	}
	return w
}

func (w *watch) start() {
	if w.timer != nil {
		w.timer.Reset(w.limit)
	}
}

func (w *watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// sent resets the timer after a read of the request body. A transport may continue
// to send after the response has started, when the timer belongs to the reader.
func (w *watch) sent() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.answered {
		w.start()
	}
}

// answer stops the timer when the header of the response was received.
func (w *watch) answer() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered = true
	w.stop()
}

// failure converts an error of net/http: to that of the caller's context, to the
// idle timeout, or to a connection error.
func (w *watch) failure(parent context.Context, what string, err error) error {
	if ended := parent.Err(); ended != nil {
		return ended
	}
	if context.Cause(w.ctx) == errSilence {
		return silence(what, w.limit)
	}
	return connectionError(what, err)
}

func silence(what string, limit time.Duration) *Error {
	return &Error{
		Kind:      ErrTimeout,
		Retryable: true,
		Message:   what + ": no bytes for " + limit.String() + "; try again or raise the timeout",
	}
}

// A sendingBody is a request body that is being sent.
type sendingBody struct {
	io.ReadCloser
	watch    *watch
	progress func(int64) // called with the number of bytes read so far, or nil
	taken    int64
}

func (b *sendingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.watch.sent()
	b.taken += int64(n)
	if n > 0 && b.progress != nil {
		b.progress(b.taken)
	}
	if err != nil && err != io.EOF {
		err = bodyError(err)
	}
	return n, err
}

// An answerBody is a response body. Its errors are io.EOF and those documented for
// [Client.Do].
type answerBody struct {
	io.ReadCloser
	parent context.Context
	watch  *watch
	host   string
}

// foreignEncoding returns an unrequested content coding of a response, "" if there
// is none. Net/http has already decoded the requested one, which is gzip except for
// streams: a compressor may hold back events, and a few of its bytes may expand to
// very many.
func foreignEncoding(header http.Header) string {
	encoding := header.Get("Content-Encoding")
	if strings.EqualFold(encoding, "identity") {
		return ""
	}
	return encoding
}

func (b *answerBody) Read(p []byte) (int, error) {
	b.watch.start()
	n, err := b.ReadCloser.Read(p)
	b.watch.stop()
	if err != nil && err != io.EOF {
		err = b.watch.failure(b.parent, "the response from "+b.host+" ended early", err)
	}
	return n, err
}

// Close ends the request. It may be called while Read waits.
func (b *answerBody) Close() error {
	b.watch.stop()
	// Before Close of the body, which may wait for the connection.
	b.watch.cancel(nil)
	return b.ReadCloser.Close()
}
