package methods

import (
	"strings"
	"testing"
)

// compact replaces the history by its compaction, and returns the outcome.
func (k *talk) compact() string {
	k.t.Helper()
	_, result, failed := k.call("responses.compact", `{"transport":"websocket","input":[`+strings.Join(k.history, ",")+`]`+k.options+`}`)
	if failed != nil {
		return failed.kind()
	}
	k.history = nil
	for item := range result.Get("output").Elements() {
		kind, _ := item.Get("type").Text()
		k.history = append(k.history, string(item.Bytes()))
		if kind != "compaction" {
			return kind
		}
	}
	return "compacted"
}

// TestSocketCompaction checks that a compaction uses the connection of its
// conversation if that has the history, and HTTP otherwise. The next request has
// its whole input, since the compaction replaced the history.
func TestSocketCompaction(t *testing.T) {
	const (
		function = `,"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]`
		skip     = "over=socket,skip=2,times=1,"
		whole    = "compacted completed completed"
		socket   = "1 upgrades, 5 created, 3 continued, 0 posted" // two messages, the compaction, two messages
		http     = "1 upgrades, 4 created, 2 continued, 1 posted"
	)
	for _, test := range []struct {
		name, options, scenario string
		retries                 int
		change                  func(*talk) // before the compaction
		outcomes                string      // of the compaction and the messages after it
		traffic                 string
	}{
		{"nothing", inConversation, "", 0, nil, whole, socket},
		{"in a turn", `,"turn":"t"`, "", 0, nil, whole, socket},
		{"with tools", inConversation + function, "", 0, nil, "compacted completed", "1 upgrades, 4 created, 2 continued, 0 posted"},
		{"on the lite lane", inConversation + `,"instructions":"i","model":"gpt-6-luna"` + function, "", 0, nil, "compacted completed", "1 upgrades, 4 created, 2 continued, 0 posted"},
		{"of a model of both lanes", inConversation + `,"instructions":"i","model":"gpt-5.6-luna"`, "", 0, nil, whole, socket},
		{"no conversation", ``, "", 0, nil, "compacted completed", "3 upgrades, 3 created, 0 continued, 1 posted"},
		{"an edited history", inConversation, "", 0, func(k *talk) { k.history[0] = `{"role":"user","content":"edited"}` }, whole, http},
		{"other instructions", inConversation, "", 0, func(k *talk) { k.options += `,"instructions":"x"` }, whole, http},
		{"its own include", inConversation, "", 0, func(k *talk) { k.options += `,"extra_body":{"include":["reasoning.encrypted_content"]}` }, whole, http},

		{"limit reached", inConversation, "socket_limit=2", 0, nil, "compacted completed", "2 upgrades, 4 created, 2 continued, 1 posted"},
		{"lost response", inConversation, skip + "code=previous_response_not_found", 0, nil, whole, "2 upgrades, 5 created, 3 continued, 1 posted"},
		{"429", inConversation, skip + "status=429,retry_after=0", 1, nil, whole, "1 upgrades, 5 created, 3 continued, 1 posted"},
		{"429, and no retries", inConversation, skip + "status=429", 0, nil, "api_error", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"used up", inConversation, skip + "code=usage_limit_reached", 2, nil, "api_error", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"1009", inConversation, skip + "close=0,close_code=1009", 0, nil, whole, "2 upgrades, 5 created, 3 continued, 1 posted"},
		{"cut before the first event", inConversation, skip + "cut=0", 1, nil, whole, "2 upgrades, 5 created, 3 continued, 1 posted"},
		{"cut before the first event, and no retries", inConversation, skip + "cut=0", 0, nil, "stream_interrupted", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"cut within the output", inConversation, skip + "cut=3", 2, nil, "stream_interrupted", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"not JSON", inConversation, skip + "garbage=1", 2, nil, "stream_interrupted", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"failed", inConversation, skip + "end=failed", 2, nil, "response_failed", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"incomplete", inConversation, skip + "end=incomplete", 2, nil, "response_failed", "1 upgrades, 3 created, 2 continued, 0 posted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := &talk{socketCaller: overSockets(t, test.scenario, test.retries), options: test.options}
			if got := k.say("one") + k.say("two"); got != "completedcompleted" {
				t.Fatal(got)
			}
			if test.change != nil {
				test.change(k)
			}
			outcomes := []string{k.compact()}
			k.options = test.options
			for range strings.Fields(test.outcomes)[1:] {
				outcomes = append(outcomes, k.say("more"))
			}
			if got := strings.Join(outcomes, " "); got != test.outcomes {
				t.Errorf("%s, want %s", got, test.outcomes)
			}
			if got := k.traffic(); got != test.traffic {
				t.Errorf("%s\n want %s", got, test.traffic)
			}
		})
	}
}

// TestSocketCompactionIncludes checks that a compaction has the parameter include of
// its conversation.
func TestSocketCompactionIncludes(t *testing.T) {
	const include = `,"include":["reasoning.encrypted_content"]`
	k := &talk{socketCaller: overSockets(t, "", 0), options: inConversation + include}
	k.say("one")
	k.options = inConversation
	if got := k.compact(); got != "compacted" || k.traffic() != "1 upgrades, 2 created, 1 continued, 0 posted" {
		t.Error(got, k.traffic())
	}
}

// TestSocketCompactionBusy checks that a compaction uses HTTP while another call
// uses the connection.
func TestSocketCompactionBusy(t *testing.T) {
	k := &talk{socketCaller: overSockets(t, "over=socket,skip=1,times=1,stall=3", 0), options: inConversation}
	k.say("one")
	k.begin("responses.create", `{"input":"Hello","stream":true,"transport":"websocket"`+inConversation+`}`)
	for range 3 {
		k.receive()
	}
	if got := k.compact(); got != "compacted" || k.traffic() != "1 upgrades, 2 created, 0 continued, 1 posted" {
		t.Error(got, k.traffic())
	}
}

// TestSocketCompactionCancel checks that cancelling a compaction closes the
// connection, without a request over HTTP.
func TestSocketCompactionCancel(t *testing.T) {
	for _, stall := range []string{"stall=0", "stall=3"} {
		k := &talk{socketCaller: overSockets(t, "over=socket,skip=1,times=1,"+stall, 2), options: inConversation}
		k.say("one")
		id := k.begin("responses.compact", `{"transport":"websocket","input":[`+strings.Join(k.history, ",")+`]`+inConversation+`}`)
		k.cancel(id, 2)
		if got := k.compact() + k.say("two"); got != "compactedcompleted" || k.traffic() != "2 upgrades, 3 created, 1 continued, 1 posted" {
			t.Error(stall, got, k.traffic())
		}
	}
}
