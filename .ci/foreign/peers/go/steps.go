package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"strings"
)

// text contains characters that some readers take for line ends, and characters
// of two to four bytes.
var text = strings.Repeat("na\u00efve \u2028\u2029\u0085\x7f \u65e5\u672c\u8a9e \U0001f600 \U0001f469\u200d\U0001f680 ", 50)

// steps are the steps of every client.
type steps struct {
	connect         connector
	framing, binary string

	host    *exec.Cmd
	client  client
	onEvent func(event)
	events  []event
}

// An event is the parameters of a stream.event.
type event struct {
	ID    json.RawMessage
	Seq   int
	Event struct{ Type, Delta string }
}

func (s *steps) start() error {
	s.host = exec.Command(s.binary, "--mock")
	s.host.Stderr = os.Stderr
	var err error
	s.client, err = s.connect(s.host, s.framing, func(params json.RawMessage) {
		var e event
		if err := json.Unmarshal(params, &e); err != nil {
			panic(err)
		}
		s.onEvent(e)
	})
	if err == nil {
		fmt.Println("# host", s.host.Process.Pid)
	}
	return err
}

func (s *steps) collect(e event) { s.events = append(s.events, e) }

// A params holds the parameters of responses.create that differ from the
// default.
type params map[string]any

// A response is the result of responses.create.
type response struct {
	Text string `json:"output_text"`
}

func (s *steps) create(given params) (r response, err error) {
	s.events = nil
	all := params{"input": "Say hello", "stream": true}
	for name, value := range given {
		all[name] = value
	}
	result, err := s.client.call("responses.create", all)
	if err == nil {
		err = json.Unmarshal(result, &r)
	}
	return r, err
}

// whole checks that a stream is complete, in order, and before the response. It
// returns the number of deltas.
func (s *steps) whole(r response) (deltas int, err error) {
	var said strings.Builder
	for i, e := range s.events {
		if e.Seq != i || string(e.ID) != string(s.events[0].ID) {
			return 0, fmt.Errorf("event %d is number %d of request %s", i, e.Seq, e.ID)
		}
		if e.Event.Type == "response.output_text.delta" {
			said.WriteString(e.Event.Delta)
			deltas++
		}
	}
	last := len(s.events) - 1
	if last < 1 || s.events[0].Event.Type != "response.created" || s.events[last].Event.Type != "response.completed" {
		return 0, fmt.Errorf("the %d events are not from response.created to response.completed", len(s.events))
	}
	if said.String() != r.Text {
		return 0, fmt.Errorf("the deltas are %q, the text is %q", said.String(), r.Text)
	}
	return deltas, nil
}

func (s *steps) call() error {
	result, err := s.client.call("models.list", struct{}{})
	if err != nil {
		return err
	}
	return listed(result)
}

func listed(result json.RawMessage) error {
	var models struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(result, &models); err != nil {
		return err
	}
	if len(models.Data) == 0 || models.Data[0].ID != "gpt-6.2-sol" {
		return fmt.Errorf("the models are %s", result)
	}
	return nil
}

func (s *steps) stream() error {
	r, err := s.create(nil)
	if err != nil {
		return err
	}
	if r.Text != `You said: "Say hello"` {
		return fmt.Errorf("the text is %q", r.Text)
	}
	_, err = s.whole(r)
	return err
}

func (s *steps) text() error {
	r, err := s.deltas(199, ",reply="+url.PathEscape(text))
	if err == nil && r.Text != text {
		err = fmt.Errorf("the text is %q", r.Text)
	}
	return err
}

func (s *steps) burst() error {
	_, err := s.deltas(1000, "")
	return err
}

// deltas streams a response with a number of deltas.
func (s *steps) deltas(want int, directives string) (response, error) {
	r, err := s.create(params{"model": fmt.Sprintf("mock:deltas=%d%s", want, directives)})
	if err != nil {
		return r, err
	}
	got, err := s.whole(r)
	if err == nil && got != want {
		err = fmt.Errorf("%d deltas", got)
	}
	return r, err
}

func (s *steps) cancel() error {
	defer func() { s.onEvent = s.collect }()
	sent := make(chan error, 1)
	s.onEvent = func(e event) {
		go func() { sent <- s.client.Notify(context.Background(), "$/cancelRequest", map[string]any{"id": e.ID}) }()
	}
	_, err := s.create(params{"model": "mock:stall=1"})
	if f, ok := errors.AsType[*failure](err); !ok || f.code != -32800 {
		return fmt.Errorf("the call ended with %v", err)
	}
	return <-sent
}

func (s *steps) fail() error {
	_, err := s.create(params{"input": 5, "temprature": 1})
	f, ok := errors.AsType[*failure](err)
	if !ok || f.code != -32602 {
		return fmt.Errorf("the call ended with %v", err)
	}
	var data struct{ Errors []struct{ Path string } }
	if err := json.Unmarshal(f.data, &data); err != nil {
		return err
	}
	if want := []struct{ Path string }{{"/input"}, {"/temprature"}}; !reflect.DeepEqual(data.Errors, want) {
		return fmt.Errorf("the data is %s", f.data)
	}
	return nil
}

func (s *steps) batch() error {
	s.events = nil
	replies, err := s.client.(batcher).batch([]request{
		{"models.list", struct{}{}},
		{"responses.create", params{"input": "Say hello", "stream": true}},
		{"models.lst", struct{}{}},
	})
	if err != nil {
		return err
	}
	if len(replies) != 3 {
		return fmt.Errorf("%d replies", len(replies))
	}
	var r response
	if err := errors.Join(listed(replies[0].result), json.Unmarshal(replies[1].result, &r)); err != nil {
		return err
	}
	if _, err := s.whole(r); err != nil {
		return err
	}
	if f, ok := errors.AsType[*failure](replies[2].err); !ok || f.code != -32601 {
		return fmt.Errorf("the call of no method ended with %v", replies[2].err)
	}
	return nil
}

func (s *steps) close() error {
	if err := s.client.Close(); err != nil {
		return err
	}
	if s.host.ProcessState == nil { // otherwise the library has waited for it
		if err := s.host.Wait(); err != nil {
			return err
		}
	}
	if code := s.host.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("exit code %d", code)
	}
	return nil
}

// kill waits during a stream to be killed. The test checks that the host exits.
func (s *steps) kill() error {
	s.onEvent = func(event) { fmt.Println("# kill me") }
	if err := s.start(); err != nil {
		return err
	}
	_, err := s.create(params{"model": "mock:stall=1"})
	return err
}

// take runs the steps and reports their results.
func (s *steps) take() {
	s.onEvent = s.collect
	if err := s.start(); err != nil {
		fmt.Println("Bail out!", err)
		return
	}
	number := 0
	for _, step := range []struct {
		name string
		take func() error
	}{
		{"call", s.call}, {"stream", s.stream}, {"text", s.text}, {"cancel", s.cancel}, {"error", s.fail},
		{"batch", s.batch}, {"burst", s.burst}, {"close", s.close},
	} {
		if _, can := s.client.(batcher); step.name == "batch" && !can {
			continue
		}
		number++
		if err := step.take(); err != nil {
			fmt.Printf("not ok %d - %s\n# %q\n", number, step.name, err)
		} else {
			fmt.Printf("ok %d - %s\n", number, step.name)
		}
	}
	fmt.Println("Bail out!", s.kill())
}
