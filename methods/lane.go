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
	// the input, tools are called one at a time, and there are no hosted tools.
	liteLane lane = true
)

// liteHeader marks a request of the lite lane.
const liteHeader = "X-Openai-Internal-Codex-Responses-Lite"

// allTurns is the only reasoning context that the lite lane supports.
const allTurns = "all_turns"

// isHosted reports whether a tool is run by the backend.
func isHosted(tool rawjson.Value) bool {
	switch typeOf(tool) {
	case "function", "custom", "namespace":
		return false
	case "tool_search":
		return !tool.Get("execution").Is("client")
	}
	return true
}

// maxHostedTools bounds the hosted tools reported as faults.
const maxHostedTools = 100

// hostedTools returns a fault for each hosted tool in a list and its namespaces,
// which do not nest.
func hostedTools(path string, tools rawjson.Value) (faults []rpc.Fault) {
	check := func(path string, i int, tool rawjson.Value) {
		if isHosted(tool) && len(faults) < maxHostedTools {
			faults = append(faults, rpc.Fault{
				Path:    fmt.Sprintf("%s/%d", path, i),
				Message: fmt.Sprintf("Responses Lite does not support hosted tools such as %q.", rpc.OneLine(typeOf(tool))),
			})
		}
	}
	for i, tool := range slices.Collect(tools.Elements()) {
		check(path, i, tool)
		if isType(tool, "namespace") {
			for j, inner := range slices.Collect(tool.Get("tools").Elements()) {
				check(fmt.Sprintf("%s/%d/tools", path, i), j, inner)
			}
		}
	}
	return faults
}

// needsFullLane returns a fault for each parameter that the lite lane does not
// support.
func (r *ResponseRequest) needsFullLane() []rpc.Fault {
	extra := r.ExtraBody.ExtraBody.Value
	tools := extra.Get("tools")
	faults := append(hostedTools("/tools", r.Tools.Value), hostedTools("/extra_body/tools", tools)...)
	add := func(path, message string) {
		faults = append(faults, rpc.Fault{Path: path, Message: message})
	}
	// The members of extra_body are not converted.
	if tools.Kind() == '[' && !isEmptyList(tools) {
		add("/extra_body/tools", "Responses Lite requires tools to be given as the parameter `tools`.")
	}
	if textOf(extra, "instructions") != "" {
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
	_, extra := r.ExtraBody.ExtraBody.Get("model").Text() // the SDK does not adapt the request to it
	if r.Lite == nil && (!known.lite || extra || len(faults) > 0) {
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

// contextFaults returns a fault if the lite lane does not support the reasoning
// context. It may be omitted, except in extra_body, to which none is added.
func (r *ResponseRequest) contextFaults() []rpc.Fault {
	path, reasoning, required := "/reasoning/context", r.Reasoning.Value, false
	if extra := r.ExtraBody.ExtraBody.Get("reasoning"); extra.Kind() != 0 {
		path, reasoning, required = "/extra_body/reasoning/context", extra, true
	}
	context := reasoning.Get("context")
	omitted := context.Kind() == 0 || context.Kind() == 'n'
	if context.Is(allTurns) || omitted && !required {
		return nil
	}
	return []rpc.Fault{{Path: path, Message: `Responses Lite only supports the context "all_turns"; "lite": false turns it off.`}}
}

// appendLead appends the items that hold the tools and the instructions on the
// lite lane.
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

// inNamespaces returns the tools in the form of the lite lane: all functions and
// custom tools are in namespaces. Those outside any are moved to looseTools.
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
		var namespace rawjson.Object
		namespace.SetString("type", "namespace")
		namespace.SetString("name", looseTools)
		namespace.SetString("description", "Tools of the client.")
		namespace.Set("tools", rawjson.List(loose...))
		all = slices.Insert(all, 0, namespace.Value())
	}
	return rawjson.List(all...)
}

// looseTools is the namespace for tools that the caller gave outside any. The
// caller does not see it: it is added to the calls in a request, and removed from
// those in a response.
const looseTools = "functions"

// wraps reports whether looseTools is in use: there are such tools, and the caller
// has no namespace of that name.
func (p *preparedRequest) wraps() bool {
	if p.lane != liteLane {
		return false
	}
	loose := false
	for tool := range p.tools.Elements() {
		if isType(tool, "namespace") && tool.Get("name").Is(looseTools) {
			return false
		}
		loose = loose || isType(tool, "function") || isType(tool, "custom")
	}
	return loose
}

func isToolCall(item rawjson.Value) bool {
	return isType(item, "function_call") || isType(item, "custom_tool_call")
}

// withoutLooseTools returns an item without the namespace looseTools.
func withoutLooseTools(item rawjson.Value) rawjson.Value {
	if isToolCall(item) && item.Get("namespace").Is(looseTools) {
		return item.Without("namespace")
	}
	return item
}

// received returns the output of a response with looseTools removed from its
// calls.
func (p *preparedRequest) received(output rawjson.Value) rawjson.Value {
	if !p.wraps() || !bytes.Contains(output.Bytes(), []byte(`"namespace"`)) {
		return output
	}
	return output.Map(withoutLooseTools)
}

// appendOther appends an item that is not a message.
func (f itemForm) appendOther(items *rawjson.Array, item rawjson.Value) {
	if f.wraps && isToolCall(item) && item.Get("namespace").Kind() == 0 {
		item = item.With("namespace", rawjson.String(looseTools))
	}
	if f.lane == liteLane {
		if output := item.Get("output"); output.Kind() == '[' {
			item = item.With("output", output.Map(f.part))
		}
	}
	items.Append(item)
}

// part returns a content part in the form of the lane. On the lite lane images
// have no detail.
func (l lane) part(part rawjson.Value) rawjson.Value {
	if l == liteLane && isType(part, "input_image") && part.Get("detail").Kind() != 0 {
		return part.Without("detail")
	}
	return part
}
