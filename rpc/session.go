package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A session is one connection: the ObjectStream that a jsonrpc2.Conn reads from,
// and the Handler that it dispatches to.
//
// The Conn receives a notification for each admitted call, and starts it. The session
// keeps the id and the parameters unchanged, and writes the response. Messages that
// need an immediate response, or none, are handled as they are read: malformed input,
// rejections, cancellations, the lifecycle. The Conn closes when it learns of the
// end of input, so the session reports that only after all calls have finished.
type session struct {
	*Server
	log    *slog.Logger
	frames frameReader
	parser rawjson.Parser
	out    *output
	base   context.Context // of all calls

	admitted    []*call // not started yet
	initialized bool    // initialize was received
	// frameBytes is the memory of the current frame.
	frameBytes int

	mu               sync.Mutex
	ids              map[string]*call // calls whose response is not being written
	queue            queue
	open             int           // calls whose response is not written
	shutdownReceived bool          // shutdown was received
	exitedEarly      bool          // exit was received without shutdown
	draining         bool          // no more calls are accepted
	notices          []string      // the client's subscriptions
	drained          chan struct{} // closed when draining and no call is open
	exited           chan struct{} // closed when exit is received
}

// callAdmitted is the message that the Conn receives for a call.
var callAdmitted = []byte(`{"jsonrpc":"2.0","method":"call"}`)

// ReadObject returns when a call is admitted, and with io.EOF when no more calls are
// accepted and all have finished.
func (s *session) ReadObject(v any) error {
	for len(s.admitted) == 0 {
		frame, err := s.frames.next()
		if fault, ok := err.(frameError); ok {
			s.post(errorResponse(nil, fault.answer))
			continue
		}
		if err != nil {
			if err != io.EOF {
				s.log.Warn("reading input failed", "error", err)
			}
			s.drain()
			<-s.drained
			return io.EOF
		}
		s.receive(frame)
	}
	return json.Unmarshal(callAdmitted, v)
}

// Handle starts the call for which ReadObject returned. The Conn alternates between
// the two.
func (s *session) Handle(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request) {
	c := s.admitted[0]
	s.admitted = s.admitted[1:]
	go s.run(c)
}

// WriteObject is not called, since the Conn sends nothing.
func (s *session) WriteObject(any) error { return errors.ErrUnsupported }

// Close is called by the Conn. It does nothing: the streams belong to the caller of
// Serve.
func (s *session) Close() error { return nil }

// respond writes the parts of the response of a call, or adds them to its batch.
func (s *session) respond(c *call, response [][]byte) error {
	if len(c.id) == 0 { // a notification
		response = nil
	}
	if c.batch != nil {
		return s.writeBatch(c.batch, c, response)
	}
	return s.write(response, c)
}

// writeBatch adds the response of a member, and writes the batch if it was the last.
func (s *session) writeBatch(b *batch, c *call, response [][]byte) error {
	last := b.add(c, response...)
	// Queued members must run before the batch is written.
	s.mu.Lock()
	s.queue.leave(c)
	s.mu.Unlock()
	if !last {
		return nil
	}
	return s.write([][]byte{b.array()}, b.calls...)
}

// write writes the parts of a message and removes the calls that it answers. They are removed while the turn is held
// and before the client can read the message: an id can be reused when its response can be read, and not earlier.
func (s *session) write(message [][]byte, answered ...*call) error {
	defer s.answered(len(answered))
	err := s.out.acquire(context.Background(), true)
	s.forget(answered)
	if err != nil {
		return err
	}
	defer s.out.release()
	length := 0
	for _, part := range message {
		length += len(part)
	}
	if length == 0 {
		return nil
	}
	if length < separateBytes {
		message = [][]byte{bytes.Join(message, nil)}
	}
	last := len(message) - 1
	message[last] = append(message[last], s.frames.dialect.end()...)
	message[0] = beginFrame(message[0], 0, length, s.frames.dialect)
	return s.out.write(message...)
}

// post writes a message without waiting for it.
func (s *session) post(message []byte) {
	s.out.post(endFrame(message, 0, s.frames.dialect))
}

// maxBatch bounds the number of members of a batch.
const maxBatch = 10_000

// keptFrame is the size up to which a call keeps the whole frame of its parameters.
const keptFrame = 64 << 10

// receive handles a frame.
func (s *session) receive(frame []byte) {
	s.frameBytes = cap(frame)
	v, err := s.parser.Parse(frame)
	if err == nil && !v.ValidUTF8() {
		err = errors.New("it is not UTF-8")
	}
	if err != nil {
		kind := ParseError
		if wrong, ok := errors.AsType[*rawjson.SyntaxError](err); ok && wrong.TooDeep() {
			kind = InvalidRequest
		}
		fault := kind.Errorf("The message cannot be read: %s.", OneLine(err.Error()))
		s.post(errorResponse(nil, fault))
		return
	}
	if v.Kind() != '[' {
		s.handleMessage(v, nil)
		return
	}
	b := &batch{open: 1}
	for member := range v.Elements() {
		if b.members == maxBatch {
			// Rejecting the rest one by one would take a multiple of its size.
			b.expect()
			fault := InvalidRequest.Errorf("A batch may have at most %d members; the rest of this one was ignored.", maxBatch)
			b.add(nil, errorResponse(nil, fault))
			break
		}
		b.expect()
		s.handleMessage(member, b)
	}
	if !b.add(nil) {
		return
	}
	switch array := b.array(); {
	case len(b.calls) > 0:
		go s.write([][]byte{array}, b.calls...)
	case array != nil:
		s.post(array)
	case b.members == 0:
		s.post(errorResponse(nil, invalidRequest("A batch must not be empty.")))
	}
}

// handleMessage handles a message, which may be part of a batch.
func (s *session) handleMessage(v rawjson.Value, b *batch) {
	m, ok, fault := parseMessage(v)
	id := m.id.AppendTo(nil)
	var response []byte
	switch {
	case fault != nil:
		response = errorResponse(id, fault)
	case ok:
		result, admitted, fault := s.dispatch(m, id, b)
		if admitted {
			return
		}
		if fault != nil {
			response = errorResponse(id, fault)
		} else {
			response = appendResult(nil, id, result)
		}
		if len(id) == 0 { // a notification
			response = nil
		}
	}
	if b != nil {
		b.add(nil, response)
	} else if len(response) > 0 {
		s.post(response)
	}
}

// dispatch handles a message that needs no waiting, and admits a call otherwise.
func (s *session) dispatch(m message, id []byte, b *batch) (result rawjson.Value, admitted bool, fault *Error) {
	switch {
	case m.method == "$/cancelRequest" && len(id) == 0:
		s.cancel(m.params.Get("id"))
		return
	case m.method == s.options.Interrupt && m.method != "" && len(id) == 0:
		s.interrupt(m.params.Get("id"))
		return
	case m.method == "exit":
		s.exit()
		return null, false, nil
	case s.stopping():
		return result, false, invalidRequest("The server is shutting down and takes no new calls.")
	case m.method == "initialize":
		result, fault = s.initialize(m.params)
		return result, false, fault
	case m.method == "shutdown":
		s.mu.Lock()
		s.shutdownReceived = true
		s.mu.Unlock()
		return null, false, nil
	case m.method == "rpc.discover" && s.options.Describe != nil:
		result, fault = s.describe(b)
		return result, false, fault
	}
	method := s.methods[m.method]
	if method == nil {
		return result, false, s.unknownMethod(m.method)
	}
	c := &call{id: id, index: idKey(m.id), method: method, params: m.params, batch: b}
	if len(c.params.Bytes()) < s.frameBytes/2 && s.frameBytes > keptFrame {
		c.params = c.params.Clone() // otherwise it would keep the whole message
	}
	c.size = len(id) + len(c.params.Bytes())
	fault = s.admit(c)
	return result, fault == nil, fault
}

// admit registers a call, so that it can be cancelled.
func (s *session) admit(c *call) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, used := s.ids[c.index]; used && len(c.id) > 0 {
		return DuplicateID.Errorf("The id %s belongs to a call that is still running.", shorten(string(c.id)))
	}
	if !s.queue.enter(c) {
		e := Overloaded.Errorf("%d calls are running and %d are queued, which is the limit. Try again later.", s.queue.active, len(s.queue.waiting))
		e.Retryable = true
		return e.With("retry_after_ms", overloadedRetry.Milliseconds())
	}
	s.open++
	c.ctx, c.cancel = context.WithCancelCause(s.base)
	c.ctx, c.interrupt = interruptible(c.ctx)
	if len(c.id) > 0 {
		s.ids[c.index] = c
	}
	s.admitted = append(s.admitted, c)
	return nil
}

func (s *session) forget(calls []*call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range calls {
		if c.batch == nil {
			s.queue.leave(c)
		}
		if s.ids[c.index] == c {
			delete(s.ids, c.index)
		}
	}
}

func (s *session) cancel(id rawjson.Value) {
	if c := s.callOf(id); c != nil {
		c.cancel(errCancelled)
	}
}

// callOf returns the running call of an id, or nil.
func (s *session) callOf(id rawjson.Value) *call {
	if id.Kind() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[idKey(id)]
}

func (s *Server) unknownMethod(name string) *Error {
	return MethodNotFound.Errorf("There is no method %q.", shorten(name)).
		With("suggestions", Nearest(name, s.names, 3))
}
