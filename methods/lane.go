package methods

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A lane is one of the two forms of a response request. The official client
// uses [liteLane] for newer models; gpt-5.5 only supports fullLane.
type lane bool

const (
	// fullLane is the Responses API as documented: instructions and tools are
	// members of the body.
	fullLane lane = false
	// liteLane is Responses Lite: tools and instructions are the first items of
	// the input, tools are called one at a time, and none is the backend's own.
	liteLane lane = true
)

// liteHeader marks a request of the lite lane.
const liteHeader = "X-Openai-Internal-Codex-Responses-Lite"

// allTurns is the only context of reasoning on the lite lane.
const allTurns = "all_turns"

// isHosted reports whether a tool is run by the backend.
func isHosted(tool rawjson.Value) bool {
	switch kind, _ := tool.Get("type").Text(); kind {
	case "function", "custom", "namespace":
		return false
	case "tool_search":
		execution, _ := tool.Get("execution").Text()
		return execution != "client"
	}
	return true
}

// maxHostedTools bounds the hosted tools reported as faults.
const maxHostedTools = 100

// hostedTools returns a fault for each hosted tool of a list, and of the
// namespaces in it, which do not nest.
func hostedTools(path string, tools rawjson.Value) (faults []rpc.Fault) {
	check := func(path string, i int, tool rawjson.Value) {
		if isHosted(tool) && len(faults) < maxHostedTools {
			kind, _ := tool.Get("type").Text()
			faults = append(faults, rpc.Fault{
				Path:    fmt.Sprintf("%s/%d", path, i),
				Message: fmt.Sprintf("Responses Lite does not support hosted tools such as %q.", rpc.OneLine(kind)),
			})
		}
	}
	i := 0
	for tool := range tools.Elements() {
		check(path, i, tool)
		if isType(tool, "namespace") {
			j := 0
			for inner := range tool.Get("tools").Elements() {
				check(fmt.Sprintf("%s/%d/tools", path, i), j, inner)
				j++
			}
		}
		i++
	}
	return faults
}

// needsFullLane returns what of a request the lite lane has no place for.
func (r *ResponseRequest) needsFullLane() (faults []rpc.Fault) {
	add := func(path, message string) {
		faults = append(faults, rpc.Fault{Path: path, Message: message})
	}
	extra := r.ExtraBody.ExtraBody.Value
	for _, at := range []struct {
		path  string
		tools rawjson.Value
	}{{"/tools", r.Tools.Value}, {"/extra_body/tools", extra.Get("tools")}} {
		faults = append(faults, hostedTools(at.path, at.tools)...)
	}
	// What stands in extra_body goes out as it is.
	if tools := extra.Get("tools"); tools.Kind() == '[' && !isEmptyList(tools) {
		add("/extra_body/tools", "Responses Lite requires tools to be given as the parameter `tools`.")
	}
	if text, _ := extra.Get("instructions").Text(); text != "" {
		add("/extra_body/instructions", "Responses Lite requires instructions to be given as the parameter `instructions`.")
	}
	if r.ParallelToolCalls {
		add("/parallel_tool_calls", "Responses Lite does not support parallel tool calls.")
	}
	if extra.Get("parallel_tool_calls").Kind() == 't' {
		add("/extra_body/parallel_tool_calls", "Responses Lite does not support parallel tool calls.")
	}
	return faults
}

// chooseLane returns the lane of a request to a model: the requested one, or
// that of the model if the request fits it. The error lists the faults of a
// request that does not fit the requested lane.
func (s *Service) chooseLane(r *ResponseRequest, model string) (lane, *rpc.Error) {
	if r.Lite != nil && !*r.Lite {
		return fullLane, nil
	}
	known, listed := s.knownModel(model)
	faults := r.needsFullLane()
	_, own := r.ExtraBody.ExtraBody.Get("model").Text() // which goes as the SDK sends it
	if r.Lite == nil && (!known.lite || own || len(faults) > 0) {
		return fullLane, nil
	}
	if listed && !known.lite {
		faults = append(faults, rpc.Fault{Path: "/lite", Message: fmt.Sprintf("%s does not support Responses Lite.", rpc.OneLine(model))})
	}
	faults = append(faults, r.contextFaults()...)
	if len(faults) > 0 {
		return liteLane, invalidParams(faults)
	}
	return liteLane, nil
}

// contextFaults returns a fault if the context of reasoning is not that of the
// lite lane. An omitted one is added, except in extra_body.
func (r *ResponseRequest) contextFaults() []rpc.Fault {
	path, reasoning, required := "/reasoning/context", r.Reasoning.Value, false
	if own := r.ExtraBody.ExtraBody.Get("reasoning"); own.Kind() != 0 {
		path, reasoning, required = "/extra_body/reasoning/context", own, true
	}
	context := reasoning.Get("context")
	given := context.Kind() != 0 && context.Kind() != 'n'
	if text, _ := context.Text(); text == allTurns || !given && !required {
		return nil
	}
	return []rpc.Fault{{Path: path, Message: `Responses Lite only supports the context "all_turns"; "lite": false turns it off.`}}
}

// appendLead appends the items with the tools and the instructions on the lite
// lane.
func (p *preparedRequest) appendLead(items *rawjson.Array) {
	if !isEmptyList(p.tools) {
		items.AppendObject(func(o *rawjson.Object) {
			o.SetString("type", "additional_tools")
			o.SetString("role", "developer")
			o.Set("tools", inNamespaces(p.tools))
		})
	}
	if len(p.instructions.Inside()) > 0 {
		items.AppendObject(func(o *rawjson.Object) {
			o.SetString("type", "message")
			o.SetString("role", "developer")
			o.SetArray("content", func(parts *rawjson.Array) { appendText(parts, "input_text", p.instructions) })
		})
	}
}

// inNamespaces returns tools as the lite lane has them: functions and custom
// tools stand in a namespace, which is one of ours unless the caller gave it.
func inNamespaces(tools rawjson.Value) rawjson.Value {
	var loose, all []rawjson.Value
	for tool := range tools.Elements() {
		if isType(tool, "function") || isType(tool, "custom") {
			loose = append(loose, tool)
		} else {
			all = append(all, tool)
		}
	}
	if len(loose) > 0 {
		var space rawjson.Object
		space.SetString("type", "namespace")
		space.SetString("name", looseTools)
		space.SetString("description", "Tools of the client.")
		space.Set("tools", rawjson.List(loose...))
		all = slices.Insert(all, 0, space.Value())
	}
	return rawjson.List(all...)
}

// looseTools is the namespace of ours, in which tools stand that the caller gave
// outside of any. Neither the caller nor its history knows of it: it is put to
// calls on their way out and taken off on their way in.
const looseTools = "functions"

// wraps reports whether there are such tools, and no namespace of that name is the
// caller's own.
func (p *preparedRequest) wraps() bool {
	if p.lane != liteLane {
		return false
	}
	loose := false
	for tool := range p.tools.Elements() {
		if name, _ := tool.Get("name").Text(); isType(tool, "namespace") && name == looseTools {
			return false
		}
		loose = loose || isType(tool, "function") || isType(tool, "custom")
	}
	return loose
}

func isToolCall(item rawjson.Value) bool {
	return isType(item, "function_call") || isType(item, "custom_tool_call")
}

// sent returns the input with the namespace put to calls that have none.
func (p *preparedRequest) sent() rawjson.Value {
	if !p.wraps() || p.input.Kind() != '[' {
		return p.input
	}
	return p.input.Map(func(item rawjson.Value) rawjson.Value {
		if isToolCall(item) && item.Get("namespace").Kind() == 0 {
			return item.With("namespace", rawjson.String(looseTools))
		}
		return item
	})
}

// takeOffNamespace returns an item of a response, less the namespace if that is
// the host's own. Others it returns as they are.
func takeOffNamespace(item rawjson.Value) rawjson.Value {
	if name, _ := item.Get("namespace").Text(); isToolCall(item) && name == looseTools {
		return item.Without("namespace")
	}
	return item
}

// received returns the output of a response with the namespace taken off its
// calls.
func (p *preparedRequest) received(output rawjson.Value) rawjson.Value {
	if !p.wraps() || !bytes.Contains(output.Bytes(), []byte(`"namespace"`)) {
		return output
	}
	return output.Map(takeOffNamespace)
}

// appendOther appends an item that is not a message.
func (l lane) appendOther(items *rawjson.Array, item rawjson.Value) {
	if l == liteLane {
		if output := item.Get("output"); output.Kind() == '[' {
			item = item.With("output", output.Map(l.part))
		}
	}
	items.Append(item)
}

// part returns a part of a content. The lite lane has no detail of images.
func (l lane) part(part rawjson.Value) rawjson.Value {
	if l == liteLane && isType(part, "input_image") && part.Get("detail").Kind() != 0 {
		return part.Without("detail")
	}
	return part
}
