package rpc

import (
	"bufio"
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
	// DefaultMaxMessageBytes is the limit of a frame if the options set none.
	DefaultMaxMessageBytes = 64 << 20
	// DefaultMaxInFlight is the limit of calls at once if the options set none.
	DefaultMaxInFlight = 256
	// DefaultMaxQueue is the limit of calls that wait if the options set none.
	DefaultMaxQueue = 4096

	// After so long a client that was refused may try again.
	overloadedRetry = 100 * time.Millisecond
	// So long a session that is ended waits for the answers of the calls it
	// has cancelled to be written.
	stopGrace = 500 * time.Millisecond
	// An input buffer larger than most frames saves reads.
	inputBufferBytes = 64 << 10
)

// Options are what a [Server] is made of.
type Options struct {
	Name, Version   string // told by initialize
	ProtocolVersion int    // likewise
	Methods         []Method
	// Schema returns the JSON Schema of a method's parameters, nil if it has
	// none. It is asked once for each method; the schema is compiled at the
	// first call. Of strings it sees the first 64 KiB.
	Schema func(method string) []byte
	// Describe returns the OpenRPC document, for rpc.discover.
	Describe func() []byte
	// Redact returns an error that a call failed with as the client may see it.
	// It is asked for each; nil leaves them as they are.
	Redact func(*Error) *Error
	// Initialize is told about the client. An error refuses it.
	Initialize func(Client) *Error
	// InitializeOptions are the options that Initialize knows. Others are named
	// in the result, as ignoredOptions. If it is nil, none are.
	InitializeOptions []string
	// Interrupt is the notification {"id"} by which a client interrupts a call,
	// see [AfterInterrupt]; none if empty.
	Interrupt string
	// Notices are the notifications that a client can ask for by the option
	// notifications of initialize, a list of their names.
	Notices []Notice

	MaxMessageBytes int          // DefaultMaxMessageBytes if 0
	MaxInFlight     int          // calls at once; DefaultMaxInFlight if 0
	MaxQueue        int          // calls that wait for those; DefaultMaxQueue if 0, none if negative
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
	if o.MaxMessageBytes == 0 {
		o.MaxMessageBytes = DefaultMaxMessageBytes
	}
	if o.MaxInFlight == 0 {
		o.MaxInFlight = DefaultMaxInFlight
	}
	if o.Redact == nil {
		o.Redact = func(e *Error) *Error { return e }
	}
	if o.MaxQueue == 0 {
		o.MaxQueue = DefaultMaxQueue
	}
	o.MaxQueue = max(o.MaxQueue, 0)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
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
		if o.Schema == nil {
			continue
		}
		if text := o.Schema(m.name); text != nil {
			s.schemas[m.name] = newParamsSchema(m.name, text)
		}
	}
	slices.Sort(s.names)
	return s
}

// Reasons for the end of [Server.Serve] other than the regular one.
var (
	// ErrExit says that the client sent exit without shutdown before it.
	ErrExit = errors.New("rpc: exit without shutdown")
	// ErrClientGone says that the output cannot be written any more, and that
	// the client had not said shutdown. It is also the cause to cancel the
	// context of Serve with if that is found out in another way.
	ErrClientGone = errors.New("rpc: the client is gone")
)

var errSessionOver = errors.New("rpc: the session is over")

// Serve answers the calls that come in until the input ends or the client says
// exit; calls under way are finished first, as long as the client reads. The
// error is nil then, [ErrExit], [ErrClientGone], or the cause of the end of
// ctx, which cancels all calls and does not wait for the client.
//
// Serve may return while a read of in is still under way.
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
	defer sess.out.fail(errSessionOver) // what ends later is not written

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
		return nil // it left before its exit was read
	}
	return err
}

// Shutdown takes no new calls, on any connection; each Serve returns when the
// calls under way on its connection are done.
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
