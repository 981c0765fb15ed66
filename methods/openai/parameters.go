package openai

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Fate is what becomes of a parameter of the OpenAI API that the backend has
// no part for.
type Fate int

const (
	// Dropped: the answer is what was asked for without it, if less steered.
	Dropped Fate = iota
	// Refused: the answer would be another one. The values that ask for nothing,
	// such as null, false, and the default, are dropped.
	Refused
)

// String returns what happens to such a parameter.
func (f Fate) String() string { return [...]string{"dropped", "refused"}[f] }

// A Parameter is a parameter that does not go to the backend as it is.
type Parameter struct {
	Name string
	Fate Fate
	// Nothing are the values, in JSON, that ask for nothing and are dropped
	// without a word, beside null.
	Nothing []string
}

// ResponseParameters are the parameters of POST /responses that the backend has
// no part for.
var ResponseParameters = []Parameter{
	{"background", Refused, []string{"false"}},
	{"context_management", Dropped, []string{"[]"}},
	{"max_output_tokens", Dropped, nil},
	{"max_tool_calls", Dropped, nil},
	{"metadata", Dropped, []string{"{}"}},
	{"moderation", Dropped, nil},
	{"prompt", Refused, nil},
	{"prompt_cache_options", Dropped, []string{"{}"}},
	{"prompt_cache_retention", Dropped, nil},
	{"safety_identifier", Dropped, nil},
	{"store", Dropped, []string{"false", "true"}}, // what is made here can be referred to either way
	{"stream_options", Dropped, []string{"{}"}},
	{"temperature", Dropped, []string{"1"}},
	{"top_logprobs", Refused, []string{"0"}},
	{"top_p", Dropped, []string{"1"}},
	{"truncation", Dropped, []string{`"disabled"`, `"auto"`}},
	{"user", Dropped, []string{`""`}},
}

// ChatParameters are the parameters of POST /chat/completions that the backend
// has no part for.
var ChatParameters = []Parameter{
	{"audio", Refused, nil},
	{"frequency_penalty", Dropped, []string{"0"}},
	{"logit_bias", Refused, []string{"{}"}},
	{"logprobs", Refused, []string{"false"}},
	{"max_completion_tokens", Dropped, nil},
	{"max_tokens", Dropped, nil},
	{"metadata", Dropped, []string{"{}"}},
	{"modalities", Refused, []string{`["text"]`}},
	{"moderation", Dropped, nil},
	{"n", Refused, []string{"1"}},
	{"prediction", Dropped, nil},
	{"presence_penalty", Dropped, []string{"0"}},
	{"prompt_cache_options", Dropped, []string{"{}"}},
	{"prompt_cache_retention", Dropped, nil},
	{"safety_identifier", Dropped, nil},
	{"seed", Dropped, nil},
	{"stop", Refused, []string{"[]", `""`}},
	{"store", Dropped, []string{"false", "true"}},
	{"temperature", Dropped, []string{"1"}},
	{"top_logprobs", Refused, []string{"0"}},
	{"top_p", Dropped, []string{"1"}},
	{"user", Dropped, []string{`""`}},
}

// edits are changes of a body: members by their names, absent ones to be taken
// out. They are made in one pass, since a body may be large.
type edits map[string]rawjson.Value

func (e edits) apply(body rawjson.Value) rawjson.Value {
	var o rawjson.Object
	o.Grow(len(body.Bytes()) + 256)
	names := slices.Sorted(maps.Keys(e))
	o.SetAll(body, names...)
	for _, name := range names {
		o.Set(name, e[name])
	}
	return o.Value()
}

// strip takes the parameters of a table out. It notes what was dropped and
// refuses what cannot be.
func (a *API) strip(x *exchange, body rawjson.Value, e edits, table []Parameter) error {
	var dropped, refused []string
	for _, p := range table {
		v := body.Get(p.Name)
		if v.Kind() == 0 {
			continue
		}
		e[p.Name] = rawjson.Value{}
		switch {
		case v.Kind() == 'n' || slices.Contains(p.Nothing, compact(v)):
		case p.Fate == Refused:
			refused = append(refused, p.Name)
		default:
			dropped = append(dropped, p.Name)
		}
	}
	if x.RefuseUnsupported {
		refused = append(refused, dropped...)
	}
	if len(refused) > 0 {
		slices.Sort(refused)
		return refusal(http.StatusBadRequest, refused[0], "unsupported_parameter",
			"The Codex backend rejects these official Responses parameters: %s.", strings.Join(refused, ", "))
	}
	for _, name := range dropped {
		a.drop(x, name)
	}
	return nil
}

// drop notes that a parameter was dropped.
func (a *API) drop(x *exchange, name string) {
	x.dropped = append(x.dropped, name)
	a.once("parameter "+name, "the backend does not support a parameter; dropping it", "parameter", name, "path", x.Path)
}

// compact returns the text of a short value without white space, and a whole
// number as an integer.
func compact(v rawjson.Value) string {
	if n, ok := v.Decimal().Int(); ok && v.Kind() == '0' {
		return strconv.Itoa(n)
	}
	if len(v.Bytes()) > 100 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, string(v.Bytes()))
}
