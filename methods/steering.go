package methods

import (
	"errors"
	"sync"
)

// InterruptNotification is the notification that ends a running response early,
// with the response so far as the result.
const InterruptNotification = "responses.interrupt"

// errInterrupted is the cause with which the context of an interrupted call is
// cancelled.
var errInterrupted = errors.New("methods: the response was interrupted")

// A steering passes an interrupt of the client to its call.
type steering struct {
	leave func() // cancels the context of the call with errInterrupted

	mu          sync.Mutex
	interrupted bool
	source      source // nil before the response starts
}

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

// started sets the source of the response, and passes on an earlier interrupt.
func (s *steering) started(source source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.source = source; s.interrupted {
		source.interrupt(s.leave)
	}
}
