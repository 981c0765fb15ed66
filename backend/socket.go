package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/printable"
	"github.com/codex-rpc/codex-rpc/backend/websocket"
)

// A Socket is a WebSocket connection to the backend, with one JSON text per
// message. One goroutine at a time may call Next, and one Send; Close may be called
// concurrently. After an error the Socket is closed.
//
// A message that is not UTF-8 is received, like a server-sent event: failing the
// connection, as RFC 6455 requires, would lose a response.
//
// It reads in the background, so that pings are answered and the end of an idle
// connection is detected. It buffers up to about 64 KiB of messages, beyond
// which it stops reading and the backend blocks. It sends a ping every 27
// seconds, and closes if there is no response within 15.
//
// Large messages are compressed if the backend agrees, without reference to
// earlier ones, so that a Socket keeps no compressor.
type Socket struct {
	// OnWait, if set, is called each time before Next waits for the network,
	// after all received messages were returned. An error closes the Socket and
	// is returned by Next.
	OnWait func() error

	conn   *websocket.Conn
	stream io.ReadWriteCloser // below conn
	record SocketRecorder     // nil if none
	header http.Header
	host   string
	token  Token
	opened time.Time
	limit  atomic.Int64 // the timeout, in nanoseconds; 0 for none
	inbox  *inbox
	reads  atomic.Int64 // start of the last read of the connection, by the inbox's clock

	sending atomic.Pointer[watch] // of the running Send
	ping    *time.Timer
	closing sync.Once
}

const (
	pingEvery = 27 * time.Second
	pongTime  = pingTime
	// lastWordTime is the time to wait for a close frame after a Send has failed.
	lastWordTime = time.Second
	// leaveTime is the timeout of a closing handshake.
	leaveTime = time.Second
)

// Dial opens a WebSocket. It sends the request like [Client.Do], with the same
// transport, headers, credentials, cookies and rules for redirects, but over
// HTTP/1.1 and, except for a refresh of the credentials after a 401, without
// retries: see [Client.Pause]. A rejected handshake is an ErrStatus. The
// context only applies to the handshake.
func (c *Client) Dial(ctx context.Context, r *Request) (*Socket, error) {
	p, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	if p.method != http.MethodGet || p.body.Open != nil {
		return nil, &Error{Kind: ErrRequest, Message: "a WebSocket is opened by a GET without a body"}
	}
	p.upgrade = true
	s := &Socket{host: p.target.Host, opened: time.Now(), inbox: newInbox()}
	s.SetTimeout(p.timeout)
	p.sign = func(token Token, header http.Header) {
		s.token = token
		if r.Sign != nil {
			r.Sign(token, header)
		}
	}
	key := websocket.Offer(p.header)
	resp, err := c.do(ctx, p, Settings{}, 0)
	if err != nil {
		return nil, err
	}
	s.header = resp.Header
	stream, ok := resp.Body.(io.ReadWriteCloser)
	agreed, err := websocket.Accept(resp.Header, key)
	switch {
	case ctx.Err() != nil:
		resp.Body.Close()
		return nil, ctx.Err()
	case err != nil || !ok: // the body is a connection only if the status is 101
		resp.Body.Close()
		return nil, &Error{
			Kind:    ErrConnection,
			Message: s.host + " did not complete the WebSocket handshake: check the base URL and the network",
			cause:   err,
		}
	}
	s.begin(stream, agreed)
	return s, nil
}

// A SocketRecorder records the messages of a Socket. The body of the handshake's
// response may implement it.
type SocketRecorder interface {
	Sending(text []byte)
	Received(text []byte) // takes ownership of text
	Ended(err error)      // before the connection is closed, for the reason err
}

// begin begins to read from the connection after a handshake.
func (s *Socket) begin(stream io.ReadWriteCloser, agreed websocket.Agreement) {
	s.stream = stream
	s.record, _ = stream.(SocketRecorder)
	s.conn = websocket.New(&socketStream{stream, s}, agreed, MaxEventBytes)
	s.ping = time.AfterFunc(pingEvery, s.keepAlive)
	s.ping.Reset(pingEvery) // after it was set, which keepAlive reads
	go s.read()
}

// A socketStream is the connection below the frames.
type socketStream struct {
	io.ReadWriteCloser
	socket *Socket
}

func (s *socketStream) Write(p []byte) (int, error) {
	n, err := s.ReadWriteCloser.Write(p)
	if w := s.socket.sending.Load(); w != nil {
		w.sent()
	}
	return n, err
}

func (s *socketStream) Read(p []byte) (int, error) {
	s.socket.reads.Store(int64(s.socket.inbox.now()))
	return s.ReadWriteCloser.Read(p)
}

// Header returns the response header of the handshake.
func (s *Socket) Header() http.Header { return s.header }

// Token returns the token that the handshake was signed with.
func (s *Socket) Token() Token { return s.token }

// Opened returns the start time of the handshake.
func (s *Socket) Opened() time.Time { return s.opened }

// SetTimeout sets the idle timeout; 0 for none. Initially it is that of the request.
// It is called between calls of Next and Send.
func (s *Socket) SetTimeout(limit time.Duration) { s.limit.Store(int64(limit)) }

// Send sends a message. When ctx ends, the connection is closed.
func (s *Socket) Send(ctx context.Context, text []byte) error {
	if s.record != nil {
		s.record.Sending(text)
	}
	w := newWatch(ctx, time.Duration(s.limit.Load()))
	defer w.cancel(nil)
	s.sending.Store(w)
	stop := context.AfterFunc(w.ctx, func() { s.stream.Close() })
	err := s.conn.Send(text)
	stop()
	s.sending.Store(nil)
	w.stop()
	if err == nil {
		return nil
	}
	defer s.Close()
	if w.ctx.Err() == nil {
		// The backend may have sent a close frame before it stopped reading.
		select {
		case <-s.inbox.ended:
			return s.inbox.failure()
		case <-time.After(lastWordTime):
		}
	}
	return w.failure(ctx, "the connection to "+s.host+" ended early", err)
}

// Next returns the next message, which is valid until the next call. It fails
// with ErrTimeout after the idle timeout, and with ErrConnection if the
// connection ends, wrapping a [*CloseError] if the backend sent one. When ctx
// ends, the connection is closed.
func (s *Socket) Next(ctx context.Context) ([]byte, error) {
	if message, ok := s.inbox.take(); ok {
		return message, nil
	}
	if s.OnWait != nil {
		if err := s.OnWait(); err != nil {
			s.Close()
			return nil, err
		}
	}
	message, err := s.inbox.wait(ctx, time.Duration(s.limit.Load()))
	switch {
	case err == nil:
		return message, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case err == errSilence:
		err = silence("the connection to "+s.host, time.Duration(s.limit.Load()))
	}
	s.Close()
	return nil, err
}

// Received returns a buffered message, if there is one. Like Next, it must not be
// called concurrently.
func (s *Socket) Received() ([]byte, bool) { return s.inbox.take() }

// Err returns the error that ended the connection, nil while it is open.
func (s *Socket) Err() error { return s.inbox.failure() }

// Close closes the connection at once.
func (s *Socket) Close() error {
	s.closing.Do(func() {
		s.ping.Stop()
		s.inbox.end(&Error{Kind: ErrConnection, Message: "the connection to " + s.host + " is closed"})
		s.stream.Close()
	})
	return nil
}

// Leave closes the connection in the background with a closing handshake, for up to a
// second. The channel is closed when the close frame has been sent, or could not be.
func (s *Socket) Leave() (sent <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		limit := time.AfterFunc(leaveTime, func() { s.Close() })
		defer limit.Stop()
		err := s.conn.Leave(nil)
		close(done)
		if err == nil {
			<-s.inbox.ended
		}
		s.Close()
	}()
	return done
}

// keepAlive sends a ping, and closes the connection if there is no answer. It does
// not while a message is being sent or the inbox is full, since the answer would be
// delayed.
func (s *Socket) keepAlive() {
	if s.sending.Load() == nil && !s.inbox.full() {
		start := s.inbox.now()
		time.AfterFunc(pongTime, func() {
			if s.sending.Load() == nil && !s.inbox.full() && time.Duration(s.reads.Load()) < start {
				s.inbox.end(&Error{Kind: ErrConnection, Retryable: true, Message: "the connection to " + s.host + " does not answer a ping; try again"})
				s.Close()
			}
		})
		s.conn.Ping()
	}
	if s.Err() == nil {
		s.ping.Reset(pingEvery)
	}
}

// read reads messages until the connection ends. A close frame is sent before the
// end is reported, after which the connection may be closed.
func (s *Socket) read() {
	for {
		kind, r, err := s.conn.Next()
		if err == nil && kind != websocket.Text {
			err = errBinary
		}
		if err == nil && s.record != nil {
			r, err = recorded(r, s.record)
		}
		if err == nil {
			err = s.inbox.receive(r)
		}
		if err != nil {
			end := func() {
				err := s.ending(err)
				if s.record != nil {
					s.record.Ended(err)
				}
				s.inbox.end(err)
				s.Close()
			}
			limit := time.AfterFunc(leaveTime, end)
			s.conn.Leave(err)
			limit.Stop()
			end()
			return
		}
	}
}

// recorded records a message before it is received: what is sent in response to it
// must be recorded later.
func recorded(message io.Reader, by SocketRecorder) (io.Reader, error) {
	text, err := io.ReadAll(message)
	if err == nil {
		by.Received(text)
	}
	return bytes.NewReader(text), err
}

var errBinary = &websocket.ProtocolError{Code: websocket.CodeUnsupported, What: "a binary message instead of JSON"}

// ending returns the error for the end of the connection.
func (s *Socket) ending(err error) error {
	var closed *websocket.CloseError
	var wrong *websocket.ProtocolError
	switch {
	case err == websocket.ErrTooBig:
		return ErrEventTooLarge
	case errors.As(err, &closed):
		e := &CloseError{Code: closed.Code, Reason: printable.Excerpt(closed.Reason, excerptBytes)}
		return &Error{Kind: ErrConnection, Retryable: e.retryable(), Message: s.host + " closed the connection: " + e.Error(), cause: e}
	case errors.As(err, &wrong):
		return &Error{Kind: ErrConnection, Retryable: wrong != errBinary, Message: s.host + " sent " + wrong.What, cause: err}
	}
	return &Error{Kind: ErrConnection, Retryable: true, Message: "the connection to " + s.host + " was cut off; try again", cause: err}
}

// A CloseError is the code and reason of a Socket closed by the backend.
type CloseError struct {
	Code   int    // of RFC 6455, section 7.4
	Reason string // one line; often empty
}

// CloseTooBig is the code for a message that is larger than the backend accepts.
const CloseTooBig = websocket.CodeTooBig

func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("code %d", e.Code)
	}
	return fmt.Sprintf("code %d, %s", e.Code, e.Reason)
}

// retryable reports whether the request may succeed on another connection.
func (e *CloseError) retryable() bool {
	switch e.Code {
	case websocket.CodeProtocol, websocket.CodeUnsupported, websocket.CodeInvalid, websocket.CodePolicy, websocket.CodeTooBig, websocket.CodeExtension:
		return false
	}
	return true
}
