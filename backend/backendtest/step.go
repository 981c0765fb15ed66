package backendtest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A Step is an answer to a request, or a part of one.
type Step func(*Exchange)

// All returns the step that plays others one after the other.
func All(steps ...Step) Step {
	return func(x *Exchange) {
		for _, step := range steps {
			step(x)
		}
	}
}

// InTurn returns the step that plays the first for the first request, and so on,
// and the last for all that follow.
func InTurn(steps ...Step) Step {
	return func(x *Exchange) { steps[min(x.Number, len(steps))-1](x) }
}

// Once returns the step that plays each for one request. Those beyond the last are
// answered 400, which is not tried again.
func Once(steps ...Step) Step {
	return func(x *Exchange) {
		if x.Number > len(steps) {
			Reply{Status: http.StatusBadRequest, Body: fmt.Sprintf("the script has no answer to request %d", x.Number)}.Play(x)
			return
		}
		steps[x.Number-1](x)
	}
}

// Stream returns events as they are sent.
func Stream(events ...string) string {
	var text strings.Builder
	for _, event := range events {
		text.WriteString("data: " + event + "\n\n")
	}
	return text.String()
}

// Raw returns the step that reads the request and sends bytes as they are. After
// the last step the connection is closed.
func Raw(text string) Step {
	return func(x *Exchange) {
		x.Body()
		io.WriteString(x.Conn(), text)
	}
}

// Take returns the step that reads so many bytes of the request's body.
func Take(size int64) Step {
	return func(x *Exchange) { io.CopyN(io.Discard, x.Request.Body, size) }
}

// Reset tears the connection down.
func Reset(x *Exchange) { x.Reset() }

// Hold keeps the connection open, in silence, until the client closes it.
func Hold(x *Exchange) { io.Copy(io.Discard, x.Conn()) }

// Serve returns the step that has another handler answer.
func Serve(h http.Handler) Step {
	return func(x *Exchange) { h.ServeHTTP(x.ResponseWriter, x.Request) }
}
