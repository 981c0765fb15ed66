package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A transcript is the host's side of one call, told apart into events and responses, with the faults in its form.
type transcript struct {
	id        json.RawMessage
	events    []json.RawMessage
	notified  bool // the host was told what is to become of the call
	responses []response
	faults    []string
}

type response struct{ result, err json.RawMessage }

func (t *transcript) fault(format string, args ...any) {
	t.faults = append(t.faults, fmt.Sprintf(format, args...))
}

// add takes the next frame and reports whether the call is over: by a response, or by what might have been meant for one.
func (t *transcript) add(frame []byte) bool {
	if i := bytes.IndexFunc(frame, func(r rune) bool { return r > '~' }); i >= 0 {
		t.fault("output is not ASCII: %q", brief(frame[max(0, i-20):]))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(frame, &members); err != nil || members == nil {
		t.fault("a frame is not a JSON object: %q", brief(frame))
		return true
	}
	if got := string(members["jsonrpc"]); got != `"2.0"` {
		t.fault(`jsonrpc: want "2.0", got %s`, got)
	}
	if method, ok := members["method"]; ok {
		t.notification(method, members)
		return false
	}
	t.response(members)
	return true
}

func (t *transcript) notification(method json.RawMessage, members map[string]json.RawMessage) {
	t.only("notification", members, "jsonrpc", "method", "params")
	if string(method) != `"stream.event"` {
		t.fault("an unknown notification: %s", method)
		return
	}
	if len(t.responses) > 0 {
		t.fault("an event after the response: %s", brief(members["params"]))
	}
	var params map[string]json.RawMessage
	if err := json.Unmarshal(members["params"], &params); err != nil {
		t.fault("stream.event: params: %v", err)
		return
	}
	t.only("stream.event", params, "id", "seq", "event")
	t.sameID("stream.event", params["id"])
	if seq := string(params["seq"]); seq != fmt.Sprint(len(t.events)) {
		t.fault("stream.event: want seq %d, got %s", len(t.events), seq)
	}
	t.events = append(t.events, params["event"])
}

func (t *transcript) response(members map[string]json.RawMessage) {
	t.only("response", members, "jsonrpc", "id", "result", "error")
	t.sameID("response", members["id"])
	r := response{members["result"], members["error"]}
	if (r.result == nil) == (r.err == nil) {
		t.fault("a response has either result or error, got %s", slices.Sorted(maps.Keys(members)))
	}
	if r.err != nil {
		t.errorShape(r.err)
	}
	t.responses = append(t.responses, r)
	if len(t.responses) > 1 {
		t.fault("more than one response")
	}
}

// errorShape checks what every error has, whatever it says.
func (t *transcript) errorShape(text json.RawMessage) {
	var e map[string]json.RawMessage
	if err := json.Unmarshal(text, &e); err != nil || e == nil {
		t.fault("error: want an object, got %s", brief(text))
		return
	}
	t.only("error", e, "code", "message", "data")
	var code *int
	if err := json.Unmarshal(e["code"], &code); err != nil || code == nil {
		t.fault("error.code: want an integer, got %s", e["code"])
	}
	var message string
	if err := json.Unmarshal(e["message"], &message); err != nil || message == "" || strings.ContainsAny(message, "\r\n") {
		t.fault("error.message: want one line, got %s", brief(e["message"]))
	}
	var data struct {
		Type      *string `json:"type"`
		Retryable *bool   `json:"retryable"`
	}
	if err := json.Unmarshal(e["data"], &data); err != nil || data.Type == nil || data.Retryable == nil {
		t.fault("error.data: want an object with a type and a boolean retryable, got %s", brief(e["data"]))
	}
}

func (t *transcript) sameID(where string, got json.RawMessage) {
	if !bytes.Equal(got, t.id) {
		t.fault("%s: want id %s, got %s", where, t.id, got)
	}
}

func (t *transcript) only(where string, members map[string]json.RawMessage, known ...string) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, name) {
			t.fault("%s: an unknown member %s: %s", where, name, brief(members[name]))
		}
	}
}

// hold compares what the call gave with what the case expects, and returns all faults.
func (t *transcript) hold(want Expect) []string {
	if want.Departs != "" {
		if len(t.responses) == 0 {
			t.fault("no response")
		}
		return t.faults
	}
	if len(t.events) != len(want.Events) {
		t.fault("events: want %d, got %d", len(want.Events), len(t.events))
	}
	for i := range min(len(want.Events), len(t.events)) {
		t.faults = append(t.faults, diff(fmt.Sprintf("events[%d]", i), want.Events[i], t.events[i], false)...)
	}
	if len(t.responses) == 0 {
		t.fault("no response")
		return t.faults
	}
	got := t.responses[0]
	switch {
	case want.Error != nil && got.err != nil:
		t.faults = append(t.faults, want.Error.faults(got.err)...)
	case want.Error != nil:
		t.fault("want an error, got the result %s", brief(got.result))
	case got.err != nil:
		t.fault("want a result, got the error %s", brief(got.err))
	case got.result != nil:
		t.faults = append(t.faults, diff("result", want.Result, got.result, true)...)
	}
	return t.faults
}

func (want *Error) faults(text json.RawMessage) []string {
	var got struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	var detail struct {
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(text, &got) != nil || json.Unmarshal(got.Data, &detail) != nil {
		return []string{fmt.Sprintf("error: of a wrong shape: %s", brief(text))}
	}
	var faults []string
	if want.Code != 0 && got.Code != want.Code {
		faults = append(faults, fmt.Sprintf("error.code: want %d, got %d (%s)", want.Code, got.Code, brief(text)))
	}
	if want.Message != "" && got.Message != want.Message {
		faults = append(faults, fmt.Sprintf("error.message: want %q, got %q", want.Message, got.Message))
	}
	said := strings.Contains(got.Message, want.Sentence)
	for _, e := range detail.Errors {
		said = said || strings.Contains(e.Message, want.Sentence)
	}
	if !said {
		faults = append(faults, fmt.Sprintf("error: want the sentence %q, got %s", want.Sentence, brief(text)))
	}
	if want.Data != nil {
		faults = append(faults, diff("error.data", want.Data, got.Data, true)...)
	}
	return faults
}
