package methods

import (
	"errors"
	"sync"
)

// InterruptNotification is the notification that ends a running response early,
// with the response so far as the result.
const InterruptNotification = "responses.interrupt"

// errInterrupted is why the context of a call ends of which the client wants what
// there is.
var errInterrupted = errors.New("methods: the response was interrupted")

// A steering carries an interrupt of the client to where its call is.
type steering struct {
	leave func() // ends the call's context by errInterrupted

	mu          sync.Mutex
	interrupted bool
	source      source // nil before the response began
}

// interrupt is called when the client asks for it.
func (s *steering) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupted = true
	if s.source == nil {
		s.leave()
	} else {
		s.source.interrupt(s.leave)
	}
}

// toward says that the response began.
func (s *steering) toward(source source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.source = source; s.interrupted {
		source.interrupt(s.leave)
	}
}
