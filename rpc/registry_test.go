package rpc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The methods of the examples in the JSON-RPC specification, and others.

// subtractParams accepts parameters by position and by name.
type subtractParams struct{ Minuend, Subtrahend float64 }

func (p *subtractParams) UnmarshalJSON(text []byte) error {
	var byPosition [2]float64
	if json.Unmarshal(text, &byPosition) == nil {
		p.Minuend, p.Subtrahend = byPosition[0], byPosition[1]
		return nil
	}
	type byName subtractParams
	return json.Unmarshal(text, (*byName)(p))
}

func subtract(_ context.Context, p *subtractParams) (*float64, error) {
	d := p.Minuend - p.Subtrahend
	return &d, nil
}

func sum(_ context.Context, p *[]float64) (*float64, error) {
	var total float64
	for _, n := range *p {
		total += n
	}
	return &total, nil
}

func getData(context.Context, *struct{}) (*[]any, error) {
	return &[]any{"hello", 5}, nil
}

func ignore(context.Context, *json.RawMessage) (*struct{}, error) { return nil, nil }

// echo returns its parameters unchanged.
func echo(_ context.Context, p *rpc.Raw[any]) (*rpc.Raw[any], error) { return p, nil }

// memberParams has a member that is kept as text.
type memberParams struct {
	Value rpc.Raw[any] `json:"value"`
	Count int          `json:"count"`
}

func member(_ context.Context, p *memberParams) (*rpc.Raw[any], error) { return &p.Value, nil }

func fail(_ context.Context, p *struct{ How string }) (*int, error) {
	switch p.How {
	case "panic":
		panic("at the \x00 disco")
	case "plain":
		return nil, errors.New("two\nlines é")
	case "unmarshalable":
		return nil, (&rpc.Error{Code: 1, Type: "t", Message: "m"}).With("bad", make(chan int))
	}
	return nil, fmt.Errorf("wrapped: %w", (rpc.Kind{Code: 404, Type: "lost"}).Errorf("No %s.", "luck"))
}

type countParams struct {
	Events int    `json:"events"`
	Text   string `json:"text"`
	Stream bool   `json:"stream"`
}

// count reports numbers and returns how many it counted.
func count(_ context.Context, p *countParams, events *rpc.Events) (*int, error) {
	for i := range p.Events {
		if !p.Stream {
			continue
		}
		text, err := json.Marshal(map[string]any{"type": "number", "n": i, "text": p.Text})
		if err != nil {
			return nil, err
		}
		v, err := rawjson.Parse(text)
		if err != nil {
			return nil, err
		}
		if err := events.Send(v); err != nil {
			return nil, err
		}
		if i%7 == 6 { // as streams that arrive in parts do
			if err := events.Flush(); err != nil {
				return nil, err
			}
		}
	}
	return &p.Events, nil
}

// A gate holds calls until it opens.
type gate struct {
	entered chan string   // receives the name of each call that has started
	open    chan struct{} // calls return when it is closed
	left    chan error    // receives the error of each call that has ended
}

func newGate() *gate {
	return &gate{make(chan string, 1000), make(chan struct{}), make(chan error, 1000)}
}

type waitParams struct {
	Name   string `json:"name"`
	Events int    `json:"events"`
}

func (g *gate) wait(ctx context.Context, p *waitParams, events *rpc.Events) (*string, error) {
	for range p.Events {
		if err := events.Emit(map[string]string{"type": "waiting"}); err != nil {
			g.left <- err
			return nil, err
		}
	}
	g.entered <- p.Name
	select {
	case <-g.open:
		g.left <- nil
		return &p.Name, nil
	case <-ctx.Done():
		g.left <- context.Cause(ctx)
		return nil, ctx.Err()
	}
}

func options(g *gate) rpc.Options {
	if g == nil {
		g = newGate()
	}
	return rpc.Options{
		Name: "test", Version: "1.2.3", ProtocolVersion: 1,
		Methods: []rpc.Method{
			rpc.Call("subtract", "Subtract.", subtract),
			rpc.Call("sum", "Add up.", sum),
			rpc.Call("get_data", "Return data.", getData),
			rpc.Call("update", "Do nothing.", ignore),
			rpc.Call("notify_hello", "Do nothing.", ignore),
			rpc.Call("notify_sum", "Do nothing.", ignore),
			rpc.Call("echo", "Return the parameters.", echo),
			rpc.Call("member", "Return a member.", member),
			rpc.Call("fail", "Fail.", fail),
			rpc.Stream("count", "Count.", count),
			rpc.Stream("wait", "Wait.", g.wait),
		},
		Schema: func(method string) []byte { return schemas[method] },
	}
}

var schemas = map[string][]byte{
	"count": []byte(`{
		"type": "object", "additionalProperties": false,
		"properties": {
			"events": {"type": "integer", "minimum": 0}, "text": {"type": "string", "minLength": 1}, "stream": {"type": "boolean"},
			"mode": {"enum": ["up", "down"]},
			"input": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/item"}}]},
			"heat": {"x-unsupported": "Refused: %s.", "not": {}}, "color": {"x-unsupported": "Refused: %s.", "not": {}},
			"keep": {"const": false, "x-unsupported": "Only false is kept."},
			"a/b~c d": {"type": "string"}
		},
		"required": ["events"],
		"$defs": {"item": {"type": "object", "properties": {"role": {"type": "string"}, "content": {"type": ["string", "array"]}}, "required": ["role"], "additionalProperties": false}}
	}`),
}
