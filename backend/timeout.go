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

// A watch ends a request on which nothing moves. Its timer runs while the
// network is waited for: from the start of the request to the head of the
// answer, set back by each piece of the body sent, and then within each Read.
type watch struct {
	ctx    context.Context // of the request: ends with its parent, or by silence
	cancel context.CancelCauseFunc
	limit  time.Duration
	timer  *time.Timer // nil without a limit

	mu       sync.Mutex
	answered bool // what is sent from now on no longer counts
}

// newWatch returns a watch that is running.
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

// sent notes that a piece of the body was asked for. A transport may go on
// sending after the answer has begun, when the timer is the reader's.
func (w *watch) sent() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.answered {
		w.start()
	}
}

// answer notes that the head of the answer is there.
func (w *watch) answer() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered = true
	w.stop()
}

// failure says what an error of net/http means: the caller's own cancel, the
// watch's, or the network's.
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

// A sendingBody is a request's body while it is sent.
type sendingBody struct {
	io.ReadCloser
	watch    *watch
	progress func(int64) // nil, or told the bytes taken so far
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

// An answerBody is an answer's body. Its errors are io.EOF and those that
// [Client.Do] promises.
type answerBody struct {
	io.ReadCloser
	parent context.Context
	watch  *watch
	host   string
}

func newAnswerBody(parent context.Context, w *watch, resp *http.Response) *answerBody {
	return &answerBody{ReadCloser: resp.Body, parent: parent, watch: w, host: resp.Request.URL.Host}
}

// foreignEncoding returns the content coding of an answer's body, "" for none.
// The one that is asked for, gzip for answers that are no streams, net/http has
// undone by then. On a stream none is: a compressor may hold back events, and a
// few bytes from it may be many to collect.
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
		err = b.watch.failure(b.parent, "the answer of "+b.host+" broke off", err)
	}
	return n, err
}

// Close ends the request. It may be called while Read waits.
func (b *answerBody) Close() error {
	b.watch.stop()
	// Before the body's own Close, which may wait for the connection.
	b.watch.cancel(nil)
	return b.ReadCloser.Close()
}
