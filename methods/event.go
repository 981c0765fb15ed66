package methods

import (
	"bytes"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An event is one event of a stream of the backend, valid until the next.
type event struct {
	*rawjson.Value
	kind   []byte // the member type, if that is a string
	finder *rawjson.Finder
	from   *backend.Event
}

// keep returns a value of the event for use after the next one.
func (e *event) keep(v rawjson.Value) rawjson.Value {
	if e.from.Kept() {
		return v.Keep()
	}
	return v.Clone()
}

// delta returns the member of this name.
func (e *event) delta() rawjson.Value { return e.finder.Found(1) }

// alike reports whether the event was found to be of the same type, and of the same
// place in the output, as the one before.
func (e *event) alike() bool { return e.finder.Alike() }

// failed reports whether the event reports a failure.
func (e *event) failed() bool {
	switch string(e.kind) {
	case "error", "response.failed", "response.error":
		return true
	}
	// A gateway's error may have its own type for that of the event.
	return !bytes.HasPrefix(e.kind, []byte("response.")) && backend.IsFailure(e.Bytes())
}

// An eventFinder reads events.
type eventFinder struct {
	event  event // that was parsed last
	strict bool  // an event is an object with a type
}

func newEventFinder() *eventFinder {
	f := rawjson.NewFinder("type", "delta")
	f.Fix("type", "item_id", "call_id", "output_index", "content_index", "summary_index")
	return &eventFinder{event: event{finder: f}}
}

// parse returns the JSON object of an event, false if it is none. Where it does
// not tell its type, the event's name is that; the report of a failure without
// either is an error.
func (f *eventFinder) parse(received *backend.Event) (*event, bool) {
	e := &f.event
	v, err := e.finder.Parse(received.Data)
	kind := e.finder.Found(0)
	if f.strict && (err != nil || v.Kind() != '{' || kind.Kind() != '"') {
		return nil, false
	}
	if err != nil || v.Kind() != '{' {
		return f.parseError(received, *v)
	}
	if kind.Kind() == 0 && v.Get("type").Kind() == 0 {
		name := string(received.Name)
		if name == "" {
			name = "message"
			if backend.IsFailure(received.Data) {
				name = "error"
			}
		}
		var typed rawjson.Object
		typed.SetString("type", name)
		typed.SetAll(*v)
		return f.again(typed)
	}
	e.Value, e.kind, e.from = v, kind.Inside(), received
	return e, true
}

// parseError returns the event for an error that is not an object: a text, or
// JSON of another kind. It is known by its name, or as the report of a failure.
func (f *eventFinder) parseError(received *backend.Event, v rawjson.Value) (*event, bool) {
	if string(received.Name) != "error" && (v.Kind() != '[' || !backend.IsFailure(received.Data)) {
		return nil, false
	}
	var typed rawjson.Object
	typed.SetString("type", "error")
	if v.Kind() == 0 {
		typed.SetString("message", string(received.Data))
	} else {
		typed.Set("error", v)
	}
	return f.again(typed)
}

// again returns an event that was put together here.
func (f *eventFinder) again(typed rawjson.Object) (*event, bool) {
	v := typed.Value()
	return f.parse(&backend.Event{Data: v.Bytes()})
}
