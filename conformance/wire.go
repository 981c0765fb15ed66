package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A transcript is the host's side of a call: its events, its answers, and the
// faults in their form.
type transcript struct {
	id       json.RawMessage
	order    rpctest.Calls
	events   []json.RawMessage
	notified bool               // whether the call was interrupted or cancelled
	answers  []*rpctest.Message // there should be exactly one
	faults
}

// add handles a frame and reports whether the call is over, by a response or a
// malformed message.
func (t *transcript) add(frame []byte) bool {
	m, err := rpctest.Parse(frame)
	if err != nil {
		t.faults.add("%v", err)
		return true
	}
	if err := t.order.Take(m); err != nil {
		t.faults.add("%v", err)
	}
	switch m.Method {
	case "":
		t.sameID("response", m.ID)
		t.answers = append(t.answers, m)
	case "stream.event":
		t.sameID("stream.event", m.Params.ID)
		t.events = append(t.events, m.Params.Event.Text)
	default:
		t.faults.add("an unknown notification: %s", m.Method)
	}
	return m.Method == ""
}

func (t *transcript) sameID(where string, got json.RawMessage) {
	if !bytes.Equal(got, t.id) {
		t.faults.add("%s: want id %s, got %s", where, t.id, got)
	}
}

// compare compares the call with the expectations and returns all faults.
func (t *transcript) compare(want Expect) []string {
	if len(t.answers) == 0 {
		t.faults.add("no response")
	}
	if want.Departs != "" {
		return t.faults
	}
	if len(t.events) != len(want.Events) {
		t.faults.add("events: want %d, got %d", len(want.Events), len(t.events))
	}
	for i := range min(len(want.Events), len(t.events)) {
		t.faults = append(t.faults, diff(fmt.Sprintf("events[%d]", i), want.Events[i], t.events[i], false)...)
	}
	if len(t.answers) == 0 {
		return t.faults
	}
	got := t.answers[0]
	switch {
	case want.Error != nil && got.Error != nil:
		t.faults = append(t.faults, want.Error.faults(got)...)
	case want.Error != nil:
		t.faults.add("want an error, got the result %s", brief(got.Result))
	case got.Error != nil:
		t.faults.add("want a result, got the error %s", brief([]byte(got.Text)))
	default:
		t.faults = append(t.faults, diff("result", want.Result, got.Result, true)...)
	}
	return t.faults
}

func (want *Error) faults(m *rpctest.Message) []string {
	got, text := m.Error, []byte(m.Text)
	var faults []string
	if want.Code != 0 && got.Code != want.Code {
		faults = append(faults, fmt.Sprintf("error.code: want %d, got %d (%s)", want.Code, got.Code, brief(text)))
	}
	if want.Message != "" && got.Message != want.Message {
		faults = append(faults, fmt.Sprintf("error.message: want %q, got %q", want.Message, got.Message))
	}
	found := strings.Contains(got.Message, want.Sentence)
	for _, e := range got.Data.Errors {
		found = found || strings.Contains(e.Message, want.Sentence)
	}
	if !found {
		faults = append(faults, fmt.Sprintf("error: want the sentence %q, got %s", want.Sentence, brief(text)))
	}
	if want.Data != nil {
		faults = append(faults, diff("error.data", want.Data, got.Data.Text, true)...)
	}
	return faults
}
