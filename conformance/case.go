// Package conformance holds codex-rpc hosts, in whatever language, to recorded cases: what a host sends to the backend,
// what it streams and what it answers.
//
// The cases are data, one file a method in cases/, described by case.schema.json. A [Host] is a command line that
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
// A host that cannot be run so, a client library for one, is tested in its own language against a [Backend] alone: the
// command in backend/ serves one.
package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
)

// Case is what one host is given and asked: a single step, or several that follow each other.
// JSON of any shape stays as it was written, numbers to the digit.
type Case struct {
	ID    string `json:"id"`
	Note  string `json:"note,omitempty"`
	Given Given  `json:"given,omitzero"`
	Step         // the only one, unless there are Steps
	Steps []Step `json:"steps,omitempty"`
}

// Step is one call: what the host is asked, what the backend replies to it, what must come of it.
type Step struct {
	Call    Call    `json:"call,omitzero"`
	Backend []Reply `json:"backend,omitempty"`
	Expect  Expect  `json:"expect,omitzero"`
}

// Given is what differs from a host with default settings that is signed in.
type Given struct {
	Config    Config                     `json:"config,omitzero"`
	Auth      map[string]json.RawMessage `json:"auth,omitempty"` // replaces top-level members of auth.json
	SignedOut bool                       `json:"signed_out,omitempty"`
	Files     map[string][]byte          `json:"files,omitempty"` // by name in {{tmp}}
}

// Config are settings of the host; a zero member is not set.
type Config struct {
	Model        string `json:"model,omitempty"`
	Instructions string `json:"instructions,omitempty"`
	MaxRetries   *int   `json:"max_retries,omitempty"`
}

// Call is the request less its envelope, and what the client does about it meanwhile.
type Call struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params,omitempty"`

	// The type of the first event after which the call is interrupted, or cancelled. A call that is interrupted after
	// "nothing" is so before it is made.
	InterruptAfter string `json:"interrupt_after,omitempty"`
	CancelAfter    string `json:"cancel_after,omitempty"`
}

// Reply is what the backend answers to one request: one of JSON, Events and Text is the body, or Frames are what becomes
// of a WebSocket.
type Reply struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	JSON    json.RawMessage   `json:"json,omitempty"`
	Events  []json.RawMessage `json:"events,omitempty"`
	Text    *string           `json:"text,omitempty"`
	Frames  []Frame           `json:"frames,omitempty"`

	// Like names a reply that the file shares, until Load puts it in place; Headers are then beside its own.
	Like string `json:"like,omitempty"`
}

// UnmarshalJSON takes a reply, or a string: the name of a reply that the file shares.
func (r *Reply) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.Like)
	}
	type reply Reply
	return decodeStrict(data, (*reply)(r))
}

// Expect is what must come of a call: the requests and the pauses between them, the streamed events, and either a
// result or an error.
type Expect struct {
	Requests []Request         `json:"requests,omitempty"`
	PausesS  []float64         `json:"pauses_s,omitempty"`
	Events   []json.RawMessage `json:"events,omitempty"`
	Like     string            `json:"like,omitempty"` // Load has joined what it names into Result
	Result   json.RawMessage   `json:"result,omitempty"`
	Error    *Error            `json:"error,omitempty"`
	Departs  string            `json:"departs,omitempty"` // why events, result and error are not held to
}

// Error is the expected error; a zero member is not held to.
type Error struct {
	Code     int             `json:"code,omitempty"`
	Message  string          `json:"message,omitempty"`  // the whole message
	Sentence string          `json:"sentence,omitempty"` // stands in the message, or in one of data.errors
	Data     json.RawMessage `json:"data,omitempty"`     // members of data
}

// Request is an HTTP request, expected or recorded. At most one of JSON, Text, Base64 and Multipart is set: the body,
// told apart by its content type, and by being UTF-8 or not.
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

// A file is the cases of one method, and what they share.
type file struct {
	Schema  string                                `json:"$schema"`
	Headers map[string]json.RawMessage            `json:"headers"`
	JSON    map[string]json.RawMessage            `json:"json"`
	Replies map[string]Reply                      `json:"replies"`
	Results map[string]map[string]json.RawMessage `json:"results"`
	Cases   []*Case                               `json:"cases"`
}

// Load reads a file of cases and puts what they share in its places. The error names the file.
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

// share puts what the step has in common with others in its places.
func (f *file) share(step *Step) (err error) {
	for i, r := range step.Backend {
		for j := range r.Frames {
			if r.Frames[j].asks() {
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
		shared.Headers = over(r.Headers, shared.Headers)
		step.Backend[i] = shared
	}
	for i := range step.Expect.Requests {
		r := &step.Expect.Requests[i]
		r.Headers = over(r.Headers, f.Headers)
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

// body returns a body with the members that all of them have. Of a placeholder all is said.
func (f *file) body(own json.RawMessage) (json.RawMessage, error) {
	var placeholder struct {
		Has json.RawMessage `json:"{{has}}"`
	}
	if own == nil || f.JSON == nil || json.Unmarshal(own, &placeholder) == nil && placeholder.Has != nil {
		return own, nil
	}
	return membersOver(own, f.JSON)
}

// steps are the case's steps, the only one among them.
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

// membersOver is an object with the members of base that own, an object or nil, does not have.
func membersOver(own json.RawMessage, base map[string]json.RawMessage) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if own != nil {
		if err := json.Unmarshal(own, &members); err != nil {
			return nil, err
		}
	}
	return json.Marshal(over(members, base))
}

// over is a map with the members of base that own does not have.
func over[V any](own, base map[string]V) map[string]V {
	joined := make(map[string]V, len(own)+len(base))
	maps.Copy(joined, base)
	maps.Copy(joined, own)
	return joined
}

// fill is the case with {{origin}} and {{tmp}} put in wherever they stand.
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
