package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// frame is the part of a client's message that concerns the socket.
type frame struct {
	Type     string            `json:"type"`
	Previous string            `json:"previous_response_id"`
	Generate *bool             `json:"generate"`
	Response string            `json:"response_id"` // of an interrupt
	Mode     string            `json:"mode"`
	Metadata map[string]string `json:"client_metadata"`
}

// generates reports whether the request generates an answer, or only prepares a
// response to continue.
func (f *frame) generates() bool { return f.Generate == nil || *f.Generate }

// history is the last response of a socket, with its input.
type history struct {
	id    string
	input []json.RawMessage
	ids   map[string]bool            // of the input's first items
	named int                        // number of these items
	fixed map[string]json.RawMessage // the members carried, as they were
}

// carried are the members that must not change in a request that continues a response.
var carried = []string{"model", "instructions", "tools", "reasoning", "text", "include", "service_tier"}

const requestHeader = "ws_request_header_"

// call makes a call of a message. Its metadata contain the headers that an HTTP
// request would have.
func (k *socket) call(body []byte, f frame) *call {
	r := k.handshake.Request.Clone(k.ctx)
	for _, name := range []string{turnStateHeader, liteLane, turnMetadataHeader} {
		r.Header.Del(name)
	}
	for name, value := range f.Metadata {
		if header, ok := strings.CutPrefix(name, requestHeader); ok {
			r.Header.Set(strings.ReplaceAll(header, "_", "-"), value)
		} else if name == turnStateHeader || name == turnMetadataHeader {
			r.Header.Set(name, value)
		}
	}
	return &call{Request: r, w: headerOnly{}, started: time.Now(), scenario: normal(), over: overSocket, stop: make(chan struct{}), body: body}
}

// join completes the body of the request with the history that it continues, and
// returns its own history.
func (k *socket) join(c *call, f frame) (*history, error) {
	now := &history{fixed: map[string]json.RawMessage{}, ids: map[string]bool{}}
	body := slices.DeleteFunc(members(c.body), func(m member) bool {
		return m.name == "type" || m.name == "previous_response_id" || m.name == "generate"
	})
	at := slices.IndexFunc(body, func(m member) bool { return m.name == "input" })
	if at >= 0 && json.Unmarshal(body[at].value, &now.input) != nil {
		return nil, refuse(http.StatusBadRequest, "Input must be a list")
	}
	for _, m := range body {
		// An empty value is the same as none.
		if slices.Contains(carried, m.name) && string(m.value) != "null" && string(m.value) != "[]" {
			now.fixed[m.name] = m.value
		}
	}
	if f.Previous != "" {
		if k.previous == nil || k.previous.id != f.Previous {
			return nil, invalid("previous_response_id", "previous_response_not_found", "Previous response with id '%s' not found.", f.Previous)
		}
		if !c.scenario.Lenient {
			if err := k.previous.check(now); err != nil {
				return nil, err
			}
		}
		now.input = slices.Concat(k.previous.input, now.input)
		now.ids, now.named = k.previous.ids, k.previous.named
		if at >= 0 {
			body[at].value = list(now.input)
		}
	}
	c.body = join(body)
	method := http.MethodPost // as over HTTP, so that identifiers are the same
	if !f.generates() {
		method = "PREPARE"
	}
	c.identify(method)
	return now, nil
}

// check returns a fault if a request cannot continue this history.
func (h *history) check(next *history) error {
	for _, name := range carried {
		a, b := h.fixed[name], next.fixed[name]
		if string(a) != string(b) && !(a != nil && b != nil && equal(a, b)) {
			return invalid(name, "invalid_value", "A request with previous_response_id must not change '%s'.", name)
		}
	}
	for _, item := range next.input {
		if id := idOf(item); h.ids[id] {
			return invalid("input", "", "Duplicate item found with id %s. Remove duplicate items from your input and try again.", id)
		}
	}
	return nil
}

// after returns the history with the response added, or nil if the response
// cannot be continued.
func (h *history) after(resp *response) *history {
	if resp.status != "completed" && !resp.interrupted {
		return nil
	}
	h.id = resp.id
	h.input = append(h.input, resp.output...)
	for _, item := range h.input[h.named:] {
		if id := idOf(item); id != "" {
			h.ids[id] = true
		}
	}
	h.named = len(h.input)
	return h
}

func idOf(item json.RawMessage) string {
	var named struct{ ID string }
	_ = json.Unmarshal(item, &named)
	return named.ID
}

// headerOnly is the http.ResponseWriter of a call on a socket. It keeps the
// headers, which an error event contains.
type headerOnly http.Header

func (h headerOnly) Header() http.Header       { return http.Header(h) }
func (headerOnly) Write(p []byte) (int, error) { return len(p), nil }
func (headerOnly) WriteHeader(int)             {}
