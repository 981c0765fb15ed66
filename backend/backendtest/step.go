package backendtest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A Step answers a request, or is a part of the answer.
type Step func(*Exchange)

// All returns a step that plays steps in sequence.
func All(steps ...Step) Step {
	return func(x *Exchange) {
		for _, step := range steps {
			step(x)
		}
	}
}

// InTurn returns a step that plays the n-th step for the n-th request, and the last
// one for all further requests.
func InTurn(steps ...Step) Step {
	return func(x *Exchange) { steps[min(x.Number, len(steps))-1](x) }
}

// Once returns a step that plays the n-th step for the n-th request. Further
// requests are answered 400, which is not retried.
func Once(steps ...Step) Step {
	return func(x *Exchange) {
		if x.Number > len(steps) {
			Reply{Status: http.StatusBadRequest, Body: fmt.Sprintf("the script has no answer to request %d", x.Number)}.Play(x)
			return
		}
		steps[x.Number-1](x)
	}
}

// Stream returns server-sent events with this data.
func Stream(events ...string) string {
	var text strings.Builder
	for _, event := range events {
		text.WriteString("data: " + event + "\n\n")
	}
	return text.String()
}

// Raw returns a step that reads the request and sends raw bytes. After the last
// step the connection is closed.
func Raw(text string) Step {
	return func(x *Exchange) {
		x.Body()
		io.WriteString(x.Conn(), text)
	}
}

// Take returns a step that reads a number of bytes of the request's body.
func Take(size int64) Step {
	return func(x *Exchange) { io.CopyN(io.Discard, x.Request.Body, size) }
}

// Reset resets the connection.
func Reset(x *Exchange) { x.Reset() }

// Hold keeps the connection open, without sending, until the client closes it.
func Hold(x *Exchange) { io.Copy(io.Discard, x.Conn()) }

// Serve returns a step that calls a handler.
func Serve(h http.Handler) Step {
	return func(x *Exchange) { h.ServeHTTP(x.ResponseWriter, x.Request) }
}
