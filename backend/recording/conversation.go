package recording

import (
	"bytes"
	"context"
	"fmt"

	"github.com/coder/websocket"
)

// converse replays a WebSocket. Each message is sent once the client has sent as
// many messages as in the recording, so that it does not receive the response to a
// request that is still to be made.
func (p *playback) converse() {
	p.wait(p.answer)
	p.w.Header().Del("Connection")
	conn, err := websocket.Accept(p.w, p.r, nil)
	if err != nil { // it has answered
		return
	}
	defer conn.CloseNow()
	ctx, cancel := context.WithCancel(p.r.Context())
	defer cancel()
	sizes := messageSizes(ctx, conn)
	for _, r := range p.chunks {
		if r.Type == typeChunk {
			p.wait(r)
			if conn.Write(ctx, websocket.MessageText, bytes.TrimSuffix(r.bytes(), []byte("\n"))) != nil {
				return
			}
			continue
		}
		size, ok := <-sizes
		if !ok {
			return
		}
		if size != r.Size {
			conn.Close(websocket.StatusPolicyViolation, fmt.Sprintf("The recording has a message of %d bytes, not %d.", r.Size, size))
			return
		}
	}
	if p.end.CloseCode != 0 {
		conn.Close(websocket.StatusCode(p.end.CloseCode), p.end.Error)
	}
	if p.end.Failure == failureBroken {
		return
	}
	for range sizes {
	}
}

// messageSizes returns the sizes of received messages, until the client leaves. It
// reads in the background, so that pings are answered.
func messageSizes(ctx context.Context, conn *websocket.Conn) <-chan int64 {
	conn.SetReadLimit(-1)
	sizes := make(chan int64)
	go func() {
		defer close(sizes)
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				return
			}
			select {
			case sizes <- int64(len(text)):
			case <-ctx.Done():
				return
			}
		}
	}()
	return sizes
}
