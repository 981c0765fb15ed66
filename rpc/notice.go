package rpc

import (
	"reflect"
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Notice is a notification that is not part of a call. It is sent to the clients
// that list its name in the option notifications of initialize. [NewNotice] declares
// one; [Server.Notify] sends it.
type Notice struct {
	name, summary string
	params        reflect.Type
}

// NewNotice declares a notification with its name and a sentence that says when it is
// sent. P is the type of its parameters.
func NewNotice[P any](name, summary string) Notice {
	return Notice{name, summary, reflect.TypeFor[P]()}
}

// Name returns the name of the notification.
func (n Notice) Name() string { return n.name }

// Summary returns the sentence that says when the notification is sent.
func (n Notice) Summary() string { return n.summary }

// Params returns the type of the parameters.
func (n Notice) Params() reflect.Type { return n.params }

// noticesOption is the option of initialize that lists the notices to send.
const noticesOption = "notifications"

// Notify sends a notice with the parameters, an object, to every client that
// subscribed to it. It precedes the response of every call that ends later.
//
// A notice reports a state: while a client does not read, only the latest one of a
// name is kept. So Notify does not block.
func (s *Server) Notify(name string, params rawjson.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for sess := range s.sessions {
		sess.notify(name, params)
	}
}

func (s *session) notify(name string, params rawjson.Value) {
	s.mu.Lock()
	wanted := slices.Contains(s.notices, name)
	s.mu.Unlock()
	if !wanted {
		return
	}
	var message rawjson.Object
	message.SetString("jsonrpc", "2.0")
	message.SetString("method", name)
	message.Set("params", params)
	s.out.announce(name, endFrame(message.Value().AppendTo(nil), 0, s.frames.dialect))
}

// subscribe subscribes the client to notices by name, and returns unknown names.
func (s *session) subscribe(names []string) (unknown []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		declared := slices.ContainsFunc(s.options.Notices, func(n Notice) bool { return n.name == name })
		switch {
		case !declared:
			unknown = append(unknown, name)
		case !slices.Contains(s.notices, name):
			s.notices = append(s.notices, name)
		}
	}
	return unknown
}

// noticeNames returns the names of the notices, never nil.
func (s *Server) noticeNames() []string {
	names := []string{}
	for _, n := range s.options.Notices {
		names = append(names, n.name)
	}
	return names
}
