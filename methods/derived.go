package methods

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// appendUsage appends the usage with the counts that it lacks as 0, but that of
// cached tokens: where the backend does not tell it, 0 would be false.
func appendUsage(dst []byte, usage rawjson.Value) []byte {
	details := func(v rawjson.Value) string {
		return string(complete(v, []member{{"cached_tokens", "null"}, {"cache_write_tokens", "0"}, {"reasoning_tokens", "0"}}))
	}
	var u object
	for key, value := range usage.Members() {
		name, _ := key.Text()
		if name == "input_tokens_details" || name == "output_tokens_details" {
			continue
		}
		u.setValue(name, value)
	}
	for _, name := range []string{"input_tokens", "output_tokens", "total_tokens"} {
		if usage.Get(name).Kind() == 0 {
			u.set(name, "0")
		}
	}
	u.set("input_tokens_details", details(usage.Get("input_tokens_details")))
	u.set("output_tokens_details", details(usage.Get("output_tokens_details")))
	return append(dst, u.end()...)
}

type member struct{ name, text string }

// complete returns the text of an object with the members that it lacks.
func complete(v rawjson.Value, members []member) []byte {
	var o object
	for key, value := range v.Members() {
		name, _ := key.Text()
		o.setValue(name, value)
	}
	for _, m := range members {
		if v.Get(m.name).Kind() == 0 {
			o.set(m.name, m.text)
		}
	}
	return o.end()
}

// appendDerived adds the members that the SDKs compute from the output.
func appendDerived(r *object, output rawjson.Value) {
	var summary, calls []byte
	r.name("output_text")
	r.text = append(r.text, '"')
	for item := range output.Elements() {
		switch {
		case isType(item, "message"):
			for part := range item.Get("content").Elements() {
				if isType(part, "output_text") {
					r.text = append(r.text, part.Get("text").Inside()...)
				}
			}
		case isType(item, "reasoning"):
			for part := range item.Get("summary").Elements() {
				if line := part.Get("text").Inside(); len(line) > 0 {
					if len(summary) > 0 {
						summary = append(summary, `\n`...)
					}
					summary = append(summary, line...)
				}
			}
		case isType(item, "function_call"):
			if len(calls) > 0 {
				calls = append(calls, ',')
			}
			calls = append(calls, item.Bytes()...)
		}
	}
	r.text = append(r.text, '"')
	if len(summary) > 0 {
		r.set("reasoning_summary", `"`+string(summary)+`"`)
	} else {
		r.set("reasoning_summary", "null")
	}
	r.set("tool_calls", "["+string(calls)+"]")
}
