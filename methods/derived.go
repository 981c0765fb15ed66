package methods

import "github.com/codex-rpc/codex-rpc/rpc/rawjson"

var (
	tokenCounts = rawjson.MustParse(`{"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}`)
	// A count of cached tokens that the backend did not report is unknown, not 0.
	tokenDetails = rawjson.MustParse(`{"cached_tokens": null, "cache_write_tokens": 0, "reasoning_tokens": 0}`)
)

// completeUsage adds missing counts to the usage.
func completeUsage(usage rawjson.Value) rawjson.Value {
	details := []string{"input_tokens_details", "output_tokens_details"}
	var o rawjson.Object
	o.SetAll(complete(usage.Without(details...), tokenCounts))
	for _, name := range details {
		o.Set(name, complete(usage.Get(name), tokenDetails))
	}
	return o.Value()
}

// complete adds missing members to an object.
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

// completeEach adds missing members to each element of a list in an object.
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
