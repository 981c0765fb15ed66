package methods

import (
	"bytes"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An event is an event of the backend, valid until the next one.
type event struct {
	*rawjson.Value
	kind   []byte // a copy of the type, empty if it is not a string
	finder *rawjson.Finder
	from   *backend.Event
}

// keep returns a value of the event that remains valid.
func (e *event) keep(v rawjson.Value) rawjson.Value {
	if e.from.Kept() {
		return v.Keep()
	}
	return v.Clone()
}

// delta returns the member delta.
func (e *event) delta() rawjson.Value { return e.finder.Found(1) }

// alike reports whether the event has the same type and the same place in the
// output as the previous one.
func (e *event) alike() bool { return e.finder.Alike() }

// failed reports whether the event reports a failure.
func (e *event) failed() bool {
	switch string(e.kind) {
	case "error", "response.failed", "response.error":
		return true
	}
	// The error of a gateway may have its own type in place of the event's.
	return !bytes.HasPrefix(e.kind, []byte("response.")) && backend.IsFailure(e.Bytes())
}

// An eventFinder parses events.
type eventFinder struct {
	event  event // the last one
	found  bool  // whether the last text was an event as it is
	strict bool  // only accept objects with a type
}

func newEventFinder() *eventFinder {
	f := rawjson.NewFinder("type", "delta")
	f.Fix("type", "item_id", "call_id", "output_index", "content_index", "summary_index")
	return &eventFinder{event: event{finder: f}}
}

// parse parses an event, and returns false if it is not a JSON object. The type
// defaults to the name of the event, and to "error" for the report of a failure.
func (f *eventFinder) parse(received *backend.Event) (*event, bool) {
	e := &f.event
	v, err := e.finder.Parse(received.Data)
	if f.found && e.alike() { // nearly always; the type is that of the last one
		e.Value, e.from = v, received
		return e, true
	}
	f.found = false
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
		return f.parse(&backend.Event{Data: typed.Value().Bytes()})
	}
	e.Value, e.kind, e.from = v, append(e.kind[:0], kind.Decoded()...), received
	f.found = true
	return e, true
}

// parseError parses an error that is not an object, but plain text or other JSON.
// It is recognized by the name of the event, or as the report of a failure.
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
	return f.parse(&backend.Event{Data: typed.Value().Bytes()})
}
