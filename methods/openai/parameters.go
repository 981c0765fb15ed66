package openai

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Handling is how a parameter that the backend does not support is handled.
type Handling string

const (
	// Dropped is for parameters that do not change the answer.
	Dropped Handling = "dropped"
	// Refused is for parameters that would change the answer. Values without an
	// effect, such as null and the default, are dropped.
	Refused Handling = "refused"
)

// A Parameter is a parameter that is not sent to the backend.
type Parameter struct {
	Name string
	Handling
	// NoEffect lists values without an effect, in JSON. They are dropped silently,
	// like null.
	NoEffect []string
}

// ResponseParameters are the parameters of POST /responses that the backend does
// not support.
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
	{"store", Dropped, []string{"false"}},
	{"stream_options", Dropped, []string{"{}"}},
	{"temperature", Dropped, nil},
	{"top_logprobs", Refused, []string{"0"}},
	{"top_p", Dropped, nil},
	{"truncation", Dropped, []string{`"disabled"`}},
	{"user", Dropped, []string{`""`}},
}

// ChatParameters are the parameters of POST /chat/completions that the backend
// does not support.
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
	{"store", Dropped, []string{"false"}},
	{"temperature", Dropped, nil},
	{"top_logprobs", Refused, []string{"0"}},
	{"top_p", Dropped, nil},
	{"user", Dropped, []string{`""`}},
}

// MediaParameters are the parameters of images and transcriptions that the
// backend does not support.
var MediaParameters = []Parameter{
	{"chunking_strategy", Dropped, nil},
	{"input_fidelity", Dropped, []string{`"high"`}},
	{"moderation", Dropped, []string{`"auto"`}},
	{"output_compression", Dropped, nil}, // applies to formats that are refused
	{"safety_identifier", Dropped, nil},
	{"style", Dropped, nil},
	{"user", Dropped, []string{`""`}},
}

// chatMembers are the members of a chat completion that are converted. Members
// that neither they nor ChatParameters include are dropped: programs send
// extensions of other servers.
var chatMembers = []string{
	"function_call", "functions", "messages", "model", "parallel_tool_calls", "prompt_cache_key", "reasoning_effort", "response_format",
	"service_tier", "stream", "stream_options", "tool_choice", "tools", "verbosity", "web_search_options",
}

// edits are new values for the members of a body; absent values remove members.
// They are applied in one pass, since a body may be large.
type edits map[string]rawjson.Value

func (e edits) apply(body rawjson.Value) rawjson.Value {
	var o rawjson.Object
	names := slices.Sorted(maps.Keys(e))
	o.SetAll(body, names...)
	for _, name := range names {
		o.Set(name, e[name])
	}
	return o.Value()
}

// strip removes the unsupported parameters of a table and unknown ones. It
// returns an error if one of them is refused, and records those dropped.
func (a *API) strip(x *exchange, body rawjson.Value, e edits, table []Parameter, unknown []string) error {
	var dropped, refused []string
	for _, p := range table {
		v := body.Get(p.Name)
		if v.Kind() == 0 {
			continue
		}
		e[p.Name] = rawjson.Value{}
		switch {
		case v.Kind() == 'n' || slices.Contains(p.NoEffect, compact(v)):
		case p.Handling == Refused:
			refused = append(refused, p.Name)
		default:
			dropped = append(dropped, p.Name)
		}
	}
	dropped = append(dropped, unknown...)
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

// maxUnknown bounds the unknown members that are reported.
const maxUnknown = 32

// unknownMembers returns the unknown members of a chat completion whose names are
// fit for a header and the log.
func unknownMembers(body rawjson.Value) (names []string) {
	for name, v := range body.Members() {
		if len(names) < maxUnknown && isGiven(v) && !slices.Contains(chatMembers, name) && plainName().MatchString(name) &&
			!slices.ContainsFunc(ChatParameters, func(p Parameter) bool { return p.Name == name }) {
			names = append(names, name)
		}
	}
	return names
}

var plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`) })

// drop records that a parameter is dropped.
func (a *API) drop(x *exchange, name string) {
	x.dropped = append(x.dropped, name)
	a.warnOnce("parameter "+name, "the backend does not support a parameter; dropping it", "parameter", name, "path", x.Path)
}

// compact returns the text of a value for comparison: without white space, whole
// numbers as integers, "" for a long one.
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
