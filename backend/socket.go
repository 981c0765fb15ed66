package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// A Socket is a WebSocket connection to the backend, with one JSON text per
// message. One goroutine at a time may call Next, and one Send; Close may be
// called concurrently. After an error the Socket is closed.
//
// It reads in the background, so that pings are answered and the end of an idle
// connection is detected. It buffers up to about 64 KiB of messages, beyond
// which it stops reading and the backend blocks. It sends a ping every 27
// seconds, and closes if there is no response within 15.
//
// Messages are not compressed: compression takes 1.3 MB per connection and
// three times the CPU time per event.
type Socket struct {
	// OnWait, if set, is called each time before Next waits for the network,
	// after all received messages were returned. An error closes the Socket and
	// is returned by Next.
	OnWait func() error

	conn   *websocket.Conn
	stream io.Closer // below conn
	header http.Header
	host   string
	token  Token
	opened time.Time
	limit  atomic.Int64 // the timeout, in nanoseconds; 0: none
	inbox  *inbox

	sending atomic.Pointer[watch] // of the Send under way
	ping    *time.Timer
	closing sync.Once
}

const (
	pingEvery = 27 * time.Second
	pongTime  = pingTime
	// How long the other direction is listened to after a Send has failed.
	lastWordTime = time.Second
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
	s := &Socket{host: p.target.Host, opened: time.Now()}
	s.inbox = newInbox()
	s.SetTimeout(p.timeout)
	p.sign = func(token Token, header http.Header) {
		s.token = token
		if r.Sign != nil {
			r.Sign(token, header)
		}
	}
	var failure error
	handshake := roundTripper(func(req *http.Request) (*http.Response, error) {
		maps.Copy(p.header, req.Header)
		resp, err := c.do(ctx, p, Settings{}, 0)
		if err != nil {
			failure = err
			return nil, err
		}
		if stream, ok := resp.Body.(io.ReadWriteCloser); ok {
			s.stream, s.header = stream, resp.Header
			resp.Body = &socketStream{stream, s}
		}
		return resp, nil
	})
	s.conn, _, err = websocket.Dial(ctx, p.target.String(), &websocket.DialOptions{HTTPClient: &http.Client{Transport: handshake}})
	switch {
	case failure != nil:
		return nil, failure
	case ctx.Err() != nil:
		if err == nil {
			s.conn.CloseNow()
		}
		return nil, ctx.Err()
	case err != nil:
		return nil, &Error{
			Kind:    ErrConnection,
			Message: s.host + " did not complete the WebSocket handshake: check the base URL and the network",
			cause:   err,
		}
	}
	s.conn.SetReadLimit(MaxEventBytes)
	s.ping = time.AfterFunc(pingEvery, s.keepAlive)
	go s.read()
	return s, nil
}

// A roundTripper is a function that is an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

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
	w := newWatch(ctx, time.Duration(s.limit.Load()))
	defer w.cancel(nil)
	s.sending.Store(w)
	err := s.conn.Write(w.ctx, websocket.MessageText, text)
	s.sending.Store(nil)
	w.stop()
	if err == nil {
		return nil
	}
	defer s.Close()
	if w.ctx.Err() == nil {
		// The backend may have said why before it stopped reading.
		select {
		case <-s.inbox.ended:
			return s.inbox.failure()
		case <-time.After(lastWordTime):
		}
	}
	return w.failure(ctx, "the connection to "+s.host+" broke off", err)
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
		s.conn.CloseNow()
	})
	return nil
}

// Leave closes the connection in the background with a closing handshake, for up to a
// second.
func (s *Socket) Leave() {
	go func() {
		limit := time.AfterFunc(time.Second, func() { s.stream.Close() })
		defer limit.Stop()
		s.conn.Close(websocket.StatusNormalClosure, "")
		s.Close()
	}()
}

// keepAlive pings, and closes a connection on which nothing comes back. While a
// message is sent, or those that came are not taken, the answer would wait.
func (s *Socket) keepAlive() {
	if s.sending.Load() == nil && !s.inbox.full() {
		begun := s.inbox.now()
		ctx, cancel := context.WithTimeout(context.Background(), pongTime)
		defer cancel()
		if s.conn.Ping(ctx) != nil && s.sending.Load() == nil && !s.inbox.full() && s.inbox.quietSince(begun) {
			s.inbox.end(&Error{Kind: ErrConnection, Retryable: true, Message: "the connection to " + s.host + " does not answer a ping; try again"})
			s.Close()
		}
	}
	if s.Err() == nil {
		s.ping.Reset(pingEvery)
	}
}

// read reads messages until the connection ends.
func (s *Socket) read() {
	ctx := context.Background()
	for {
		kind, r, err := s.conn.Reader(ctx)
		if err == nil && kind != websocket.MessageText {
			err = &Error{Kind: ErrConnection, Message: s.host + " sent a binary message instead of JSON"}
			s.inbox.end(err)
			s.conn.Close(websocket.StatusUnsupportedData, "")
			break
		}
		if err == nil {
			err = s.inbox.receive(r)
		}
		if err != nil {
			s.inbox.end(s.ending(err))
			break
		}
	}
	s.Close()
}

// ending returns the error for the end of the connection.
func (s *Socket) ending(err error) error {
	var said websocket.CloseError
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		return ErrEventTooLarge
	case errors.As(err, &said):
		e := &CloseError{Code: int(said.Code), Reason: printable.Excerpt(said.Reason, excerptBytes)}
		return &Error{Kind: ErrConnection, Retryable: e.passes(), Message: s.host + " closed the connection: " + e.Error(), cause: e}
	}
	return &Error{Kind: ErrConnection, Retryable: true, Message: "the connection to " + s.host + " was cut off; try again", cause: err}
}

// A CloseError is the code and reason of a Socket closed by the backend.
type CloseError struct {
	Code   int    // of RFC 6455, section 7.4
	Reason string // one line; often empty
}

// CloseTooBig is the code for a message that is larger than the backend accepts.
const CloseTooBig = int(websocket.StatusMessageTooBig)

func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("code %d", e.Code)
	}
	return fmt.Sprintf("code %d, %s", e.Code, e.Reason)
}

// passes reports whether another connection may fare better.
func (e *CloseError) passes() bool {
	switch websocket.StatusCode(e.Code) {
	case websocket.StatusProtocolError, websocket.StatusUnsupportedData, websocket.StatusInvalidFramePayloadData,
		websocket.StatusPolicyViolation, websocket.StatusMessageTooBig, websocket.StatusMandatoryExtension:
		return false
	}
	return true
}
