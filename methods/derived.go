package methods

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

var (
	tokenCounts = rawjson.MustParse(`{"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}`)
	// Where the backend does not give the count of cached tokens, 0 would be false.
	tokenDetails = rawjson.MustParse(`{"cached_tokens": null, "cache_write_tokens": 0, "reasoning_tokens": 0}`)
)

// completeUsage returns the usage with the counts that it lacks.
func completeUsage(usage rawjson.Value) rawjson.Value {
	details := []string{"input_tokens_details", "output_tokens_details"}
	var o rawjson.Object
	o.SetAll(complete(usage.Without(details...), tokenCounts))
	for _, name := range details {
		o.Set(name, complete(usage.Get(name), tokenDetails))
	}
	return o.Value()
}

// complete returns an object with those members of defaults that it lacks.
func complete(v, defaults rawjson.Value) rawjson.Value {
	var o rawjson.Object
	o.SetAll(v)
	for name, value := range defaults.Members() {
		if v.Get(name).Kind() == 0 {
			o.Set(name, value)
		}
	}
	return o.Value()
}

// completeEach returns an object with a list completed, each element of it with
// those members of defaults that it lacks.
func completeEach(v rawjson.Value, list string, defaults rawjson.Value) rawjson.Value {
	return v.With(list, v.Get(list).Map(func(element rawjson.Value) rawjson.Value { return complete(element, defaults) }))
}

// derive sets the members that the SDKs compute from the output.
func derive(r *rawjson.Object, output rawjson.Value) {
	var text, summary, calls []rawjson.Value
	for item := range output.Elements() {
		switch typeOf(item) {
		case "message":
			for part := range item.Get("content").Elements() {
				if isType(part, "output_text") {
					text = append(text, part.Get("text"))
				}
			}
		case "reasoning":
			for part := range item.Get("summary").Elements() {
				if line := part.Get("text"); len(line.Inside()) > 0 {
					if len(summary) > 0 {
						summary = append(summary, lineEnd)
					}
					summary = append(summary, line)
				}
			}
		case "function_call":
			calls = append(calls, item)
		}
	}
	r.SetJoined("output_text", text...)
	if len(summary) > 0 {
		r.SetJoined("reasoning_summary", summary...)
	} else {
		r.Set("reasoning_summary", rawjson.Null())
	}
	r.Set("tool_calls", rawjson.List(calls...))
}

var lineEnd = rawjson.String("\n")

// isEmptyList reports whether v has no elements.
func isEmptyList(v rawjson.Value) bool {
	for range v.Elements() {
		return false
	}
	return v.Kind() == '[' || v.Kind() == 0
}
