// Package conformance tests codex-rpc hosts, in any language, against recorded cases: what a host sends to the backend,
// streams and returns.
//
// The cases are data, one file per method in cases/, described by case.schema.json. A [Host] is a command line that
// serves JSON-RPC on its standard input and output; Run plays one case with it:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/codex-rpc/codex-rpc/conformance"
//	)
//
//	func main() {
//		cases, err := conformance.Load("conformance/cases/models.list.json")
//		if err != nil {
//			log.Fatal(err)
//		}
//		host := conformance.Host{Command: []string{"codex-rpc"}}
//		for _, c := range cases {
//			faults, err := host.Run(context.Background(), c, conformance.Lines)
//			fmt.Println(c.ID, faults, err)
//		}
//	}
//
// A host that is not a command, such as a client library, is tested in its own language against a [Backend], which the
// command in backend/ serves.
package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
)

// Case is a call to a host, or several in a row, with their replies and
// expectations. JSON is kept as it was written, including the digits of
// numbers.
type Case struct {
	ID    string `json:"id"`
	Note  string `json:"note,omitempty"`
	Given Given  `json:"given,omitzero"`
	Step         // the only one, unless Steps is set
	Steps []Step `json:"steps,omitempty"`
}

// Step is a call with the backend's replies and the expectations.
type Step struct {
	Call    Call    `json:"call,omitzero"`
	Backend []Reply `json:"backend,omitempty"`
	Expect  Expect  `json:"expect,omitzero"`
}

// Given is how the host differs from a signed-in one with default settings.
type Given struct {
	Config    Config                     `json:"config,omitzero"`
	Auth      map[string]json.RawMessage `json:"auth,omitempty"` // replaces top-level members of auth.json
	SignedOut bool                       `json:"signed_out,omitempty"`
	Files     map[string][]byte          `json:"files,omitempty"` // by name in {{tmp}}
}

// Config holds settings of the host; zero members are not set.
type Config struct {
	Model        string `json:"model,omitempty"`
	Instructions string `json:"instructions,omitempty"`
	MaxRetries   *int   `json:"max_retries,omitempty"`
}

// Call is a request without its envelope, and the client's reactions to its
// events.
type Call struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params,omitempty"`

	// The type of the event after which the call is interrupted or cancelled.
	// "nothing" interrupts it before it is sent.
	InterruptAfter string `json:"interrupt_after,omitempty"`
	CancelAfter    string `json:"cancel_after,omitempty"`
}

// Reply is the backend's reply to one request: one of JSON, Events and Text is
// the body, or Frames are the script of a WebSocket.
type Reply struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	JSON    json.RawMessage   `json:"json,omitempty"`
	Events  []json.RawMessage `json:"events,omitempty"`
	Text    *string           `json:"text,omitempty"`
	Frames  []Frame           `json:"frames,omitempty"`

	// Like names a shared reply, which Load inserts. Headers are then added to
	// it.
	Like string `json:"like,omitempty"`
}

// UnmarshalJSON accepts a reply, or the name of a shared one.
func (r *Reply) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.Like)
	}
	type reply Reply
	return decodeStrict(data, (*reply)(r))
}

// Expect is the expected outcome of a call: the requests and the pauses between
// them, the streamed events, and either a result or an error.
type Expect struct {
	Requests []Request         `json:"requests,omitempty"`
	PausesS  []float64         `json:"pauses_s,omitempty"`
	Events   []json.RawMessage `json:"events,omitempty"`
	Like     string            `json:"like,omitempty"` // a shared result, which Load merges into Result
	Result   json.RawMessage   `json:"result,omitempty"`
	Error    *Error            `json:"error,omitempty"`
	Departs  string            `json:"departs,omitempty"` // why events, result and error are not checked
}

// Error is an expected error; zero members are not checked.
type Error struct {
	Code     int             `json:"code,omitempty"`
	Message  string          `json:"message,omitempty"`  // the whole message
	Sentence string          `json:"sentence,omitempty"` // part of the message, or of one of data.errors
	Data     json.RawMessage `json:"data,omitempty"`     // some members of data
}

// Request is an expected or a recorded HTTP request. At most one of JSON, Text,
// Base64 and Multipart is set: the body, distinguished by its content type and
// by whether it is UTF-8.
type Request struct {
	Method    string                     `json:"method"`
	Path      string                     `json:"path"` // as sent, escapes included
	Query     map[string]string          `json:"query,omitempty"`
	Headers   map[string]json.RawMessage `json:"headers,omitempty"` // names in lower case; null means absent
	JSON      json.RawMessage            `json:"json,omitempty"`
	Text      *string                    `json:"text,omitempty"`
	Base64    []byte                     `json:"base64,omitempty"`
	Multipart []Part                     `json:"multipart,omitempty"` // sorted by name
}

// Part is one part of a form: a file has Base64, a field has Text.
type Part struct {
	Name        string  `json:"name"`
	Filename    string  `json:"filename,omitempty"`
	ContentType string  `json:"content_type,omitempty"`
	Text        *string `json:"text,omitempty"`
	Base64      []byte  `json:"base64,omitempty"`
}

// A file holds the cases of one method and their shared parts.
type file struct {
	Schema  string                                `json:"$schema"`
	Headers map[string]json.RawMessage            `json:"headers"`
	JSON    map[string]json.RawMessage            `json:"json"`
	Replies map[string]Reply                      `json:"replies"`
	Results map[string]map[string]json.RawMessage `json:"results"`
	Cases   []*Case                               `json:"cases"`
}

// Load reads a file of cases and inserts their shared parts. Errors name the
// file.
func Load(path string) ([]*Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f file
	if err := decodeStrict(data, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, c := range f.Cases {
		for _, step := range c.steps() {
			if err := f.share(step); err != nil {
				return nil, fmt.Errorf("%s: case %s: %w", path, c.ID, err)
			}
		}
	}
	return f.Cases, nil
}

// share inserts the shared parts into a step.
func (f *file) share(step *Step) (err error) {
	for i, r := range step.Backend {
		for j := range r.Frames {
			if r.Frames[j].isRequest() {
				if r.Frames[j].Host, err = f.body(r.Frames[j].Host); err != nil {
					return fmt.Errorf("host: %w", err)
				}
			}
		}
		if r.Like == "" {
			continue
		}
		shared, ok := f.Replies[r.Like]
		if !ok {
			return fmt.Errorf("no reply is named %q", r.Like)
		}
		shared.Headers = merged(r.Headers, shared.Headers)
		step.Backend[i] = shared
	}
	for i := range step.Expect.Requests {
		r := &step.Expect.Requests[i]
		r.Headers = merged(r.Headers, f.Headers)
		if r.JSON, err = f.body(r.JSON); err != nil {
			return fmt.Errorf("json: %w", err)
		}
	}
	if like := step.Expect.Like; like != "" {
		base, ok := f.Results[like]
		if !ok {
			return fmt.Errorf("no result is named %q", like)
		}
		if step.Expect.Result, err = membersOver(step.Expect.Result, base); err != nil {
			return fmt.Errorf("result: %w", err)
		}
	}
	return nil
}

// body adds the shared members to a body. A placeholder is complete already.
func (f *file) body(own json.RawMessage) (json.RawMessage, error) {
	var placeholder struct {
		Has json.RawMessage `json:"{{has}}"`
	}
	if own == nil || f.JSON == nil || json.Unmarshal(own, &placeholder) == nil && placeholder.Has != nil {
		return own, nil
	}
	return membersOver(own, f.JSON)
}

// steps returns the steps of the case, or its only one.
func (c *Case) steps() []*Step {
	if len(c.Steps) == 0 {
		return []*Step{&c.Step}
	}
	steps := make([]*Step, len(c.Steps))
	for i := range c.Steps {
		steps[i] = &c.Steps[i]
	}
	return steps
}

// membersOver returns an object with the members of base that own, an object or
// nil, does not have.
func membersOver(own json.RawMessage, base map[string]json.RawMessage) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if own != nil {
		if err := json.Unmarshal(own, &members); err != nil {
			return nil, err
		}
	}
	return json.Marshal(merged(members, base))
}

// merged returns a map with the members of base that own does not have.
func merged[V any](own, base map[string]V) map[string]V {
	joined := make(map[string]V, len(own)+len(base))
	maps.Copy(joined, base)
	maps.Copy(joined, own)
	return joined
}

// fill replaces {{origin}} and {{tmp}} wherever they occur.
func (c *Case) fill(placeholders map[string]string) (*Case, error) {
	var pairs []string
	for name, value := range placeholders {
		quoted := mustMarshal(value)
		pairs = append(pairs, "{{"+name+"}}", string(quoted[1:len(quoted)-1]))
	}
	var filled Case
	err := json.Unmarshal([]byte(strings.NewReplacer(pairs...).Replace(string(mustMarshal(c)))), &filled)
	return &filled, err
}

func decodeStrict(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}
