package rpc

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

const (
	// DefaultMaxMessageBytes is the default maximum size of a frame.
	DefaultMaxMessageBytes = 64 << 20
	// DefaultMaxInFlight is the default maximum number of concurrent calls.
	DefaultMaxInFlight = 256
	// DefaultMaxQueue is the default maximum number of queued calls.
	DefaultMaxQueue = 4096

	// The time after which a rejected client may retry.
	overloadedRetry = 100 * time.Millisecond
	// The time for which an ended session waits for the responses of cancelled
	// calls to be written.
	stopGrace = 500 * time.Millisecond
	// An input buffer larger than most frames saves reads.
	inputBufferBytes = 64 << 10
)

// Options are the options of a [Server].
type Options struct {
	Name, Version   string // returned by initialize
	ProtocolVersion int    // likewise
	Methods         []Method
	// Schema returns the JSON Schema of a method's parameters, nil for none.
	// It is called once per method, at the method's first call, and only applied
	// to the first 64 KiB of strings.
	Schema func(method string) []byte
	// Describe returns the OpenRPC document, for rpc.discover.
	Describe func() []byte
	// Redact returns the error of a failed call without secrets; nil returns
	// errors unchanged.
	Redact func(*Error) *Error
	// Initialize is called with the client's parameters. An error rejects them.
	Initialize func(Client) *Error
	// InitializeOptions are the options that Initialize supports. If it is not
	// nil, others are listed in the result as ignoredOptions.
	InitializeOptions []string
	// Interrupt is the name of the notification {"id"} that interrupts a call,
	// see [AfterInterrupt]; "" for none.
	Interrupt string
	// Notices are the notifications that a client can subscribe to in the
	// option notifications of initialize, a list of names.
	Notices []Notice

	MaxMessageBytes int          // DefaultMaxMessageBytes if 0
	MaxInFlight     int          // concurrent calls; DefaultMaxInFlight if 0
	MaxQueue        int          // queued calls; DefaultMaxQueue if 0, none if negative
	Logger          *slog.Logger // discards if nil
}

// A Server answers calls of its methods on any number of connections.
type Server struct {
	options Options
	methods map[string]*Method
	schemas map[string]*paramsSchema
	names   []string // of all methods, sorted

	mu       sync.Mutex
	sessions map[*session]bool
	closing  bool
}

// NewServer returns a Server. It panics if two methods have the same name.
func NewServer(o Options) *Server {
	o.MaxMessageBytes = cmp.Or(o.MaxMessageBytes, DefaultMaxMessageBytes)
	o.MaxInFlight = cmp.Or(o.MaxInFlight, DefaultMaxInFlight)
	o.MaxQueue = max(cmp.Or(o.MaxQueue, DefaultMaxQueue), 0)
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.Redact == nil {
		o.Redact = func(e *Error) *Error { return e }
	}
	s := &Server{
		options:  o,
		methods:  make(map[string]*Method),
		schemas:  make(map[string]*paramsSchema),
		sessions: make(map[*session]bool),
	}
	for _, m := range o.Methods {
		if s.methods[m.name] != nil {
			panic("rpc: two methods are called " + m.name)
		}
		s.methods[m.name] = &m
		s.names = append(s.names, m.name)
		if o.Schema != nil {
			s.schemas[m.name] = newParamsSchema(m.name, o.Schema)
		}
	}
	slices.Sort(s.names)
	return s
}

// Errors of [Server.Serve].
var (
	// ErrExit means that the client sent exit without a preceding shutdown.
	ErrExit = errors.New("rpc: exit without shutdown")
	// ErrClientGone means that the output cannot be written, and that the client
	// had not sent shutdown. It is also the cause for cancelling the context of
	// Serve if the caller detects this in another way.
	ErrClientGone = errors.New("rpc: the client is gone")
)

var errSessionOver = errors.New("rpc: the session is over")

// Serve handles calls until the end of input or exit; running calls finish first, as
// long as the client reads. The error is nil, [ErrExit], [ErrClientGone], or the
// cause of the end of ctx, which cancels all calls and does not wait for the client.
//
// Serve may return while a read of in is pending.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	base, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	sess := &session{
		Server: s,
		log:    s.options.Logger,
		frames: frameReader{
			r:     bufio.NewReaderSize(in, inputBufferBytes),
			limit: s.options.MaxMessageBytes,
		},
		out:     newOutput(out),
		base:    base,
		queue:   queue{maxActive: s.options.MaxInFlight, maxWaiting: s.options.MaxQueue},
		ids:     make(map[string]*call),
		drained: make(chan struct{}),
		exited:  make(chan struct{}),
	}
	s.add(sess)
	defer s.remove(sess)
	conn := jsonrpc2.NewConn(base, sess, sess, jsonrpc2.SetLogger(slog.NewLogLogger(sess.log.Handler(), slog.LevelDebug)))
	defer conn.Close()
	defer sess.out.fail(errSessionOver) // later responses are not written

	var err error
	select {
	case <-sess.drained:
		sess.out.drain(ctx)
		return sess.exitError()
	case <-sess.exited:
		err = sess.exitError()
	case <-sess.out.lost:
		err = ErrClientGone
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	sess.drain()
	cancel(errStopped)
	grace, done := context.WithTimeout(context.Background(), stopGrace)
	defer done()
	select {
	case <-sess.drained:
		sess.out.drain(grace)
	case <-grace.Done():
	}
	if err == ErrClientGone && sess.dismissed() {
		return nil // the client left before its exit was read
	}
	return err
}

// Shutdown stops accepting calls on all connections; each Serve returns when the
// running calls of its connection have finished.
func (s *Server) Shutdown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for sess := range s.sessions {
		sess.drain()
	}
}

func (s *Server) add(sess *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[sess] = true
	if s.closing {
		sess.drain()
	}
}

func (s *Server) remove(sess *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, sess)
}
