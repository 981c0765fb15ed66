package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coder/websocket"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// Frame is a message on a WebSocket, or its end. Exactly one member is set.
type Frame struct {
	Host   json.RawMessage `json:"host,omitempty"`   // the host must send this message before the script continues
	Server json.RawMessage `json:"server,omitempty"` // the backend sends this message
	Text   *string         `json:"text,omitempty"`   // likewise, byte for byte
	Binary []byte          `json:"binary,omitempty"` // likewise, as a binary message
	Close  int             `json:"close,omitempty"`  // the backend closes with this status
	Cut    bool            `json:"cut,omitempty"`    // the backend cuts the connection
	Left   bool            `json:"left,omitempty"`   // the host must end the connection before the script continues
}

// isRequest reports whether the frame is a request for a response.
func (f Frame) isRequest() bool {
	var event struct{ Type string }
	return f.Host != nil && json.Unmarshal(f.Host, &event) == nil && event.Type == "response.create"
}

// frameTimeout bounds the wait for a message of the host.
const frameTimeout = 20 * time.Second

// converse plays the script of a socket and then waits for the end of the
// connection. It returns the host's differences from the script.
func converse(w http.ResponseWriter, r *http.Request, script []Frame) (found faults) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		found.add("no WebSocket: %v", err)
		return found
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	ctx := context.Background()
	for i, f := range script {
		where := fmt.Sprintf("frames[%d]", i)
		switch {
		case f.Host != nil:
			message, err := next(ctx, conn)
			if err != nil {
				found.add("%s: want a message of the host, got none: %v", where, err)
				return found
			}
			found = append(found, diff(where, f.Host, message, false)...)
		case f.Left:
			if message, err := next(ctx, conn); err == nil {
				found.add("%s: want the end of the connection, got %s", where, brief(message))
			}
			return found
		case f.Server != nil:
			err = conn.Write(ctx, websocket.MessageText, f.Server)
		case f.Text != nil:
			err = conn.Write(ctx, websocket.MessageText, []byte(*f.Text))
		case f.Binary != nil:
			err = conn.Write(ctx, websocket.MessageBinary, f.Binary)
		case f.Close != 0:
			conn.Close(websocket.StatusCode(f.Close), "")
			return found
		case f.Cut:
			return found
		}
		if err != nil {
			found.add("%s: the host has closed the connection: %v", where, err)
			return found
		}
	}
	if message, err := next(ctx, conn); err == nil {
		found.add("frames[%d]: unexpected: %s", len(script), brief(message))
	}
	return found
}

func next(ctx context.Context, conn *websocket.Conn) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, frameTimeout)
	defer cancel()
	kind, message, err := conn.Read(ctx)
	if err == nil && kind != websocket.MessageText {
		err = fmt.Errorf("a message of kind %v", kind)
	}
	return message, err
}

// socket returns the step that plays a socket and records its faults.
func (b *Backend) socket(reply Reply) backendtest.Step {
	return func(x *backendtest.Exchange) {
		for name, value := range reply.Headers {
			x.Header().Set(name, value)
		}
		faults := converse(x.ResponseWriter, x.Request, reply.Frames)
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, fault := range faults {
			b.sockets = append(b.sockets, fmt.Sprintf("socket of requests[%d]: %s", x.Number-1, fault))
		}
		slices.Sort(b.sockets)
	}
}
