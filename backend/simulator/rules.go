package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
)

// lite reports whether the request is in the Responses Lite lane.
func (c *call) lite() bool {
	return c.Header.Get("x-openai-internal-codex-responses-lite") == "true"
}

// hosted reports whether the backend runs the tool.
func (t tool) hosted() bool { return !t.callable() && t.Type != "tool_search" }

const liteLane = "X-OpenAI-Internal-Codex-Responses-Lite"

func unsupported(param, message string) error {
	return invalid(param, "unsupported_value", "%s", message)
}

// rules are the backend's rules for a well-formed request to /responses. The
// messages about system messages and about the lane's model, tools, parallel
// calls and reasoning are the backend's own; of the others only the refusal is
// known.
var rules = []struct {
	broken func(*call, *request) bool
	fault  error
}{
	{func(_ *call, r *request) bool {
		return slices.ContainsFunc(r.Input, func(item inputItem) bool { return item.message() && item.Role == "system" })
	}, refuse(http.StatusBadRequest, "System messages are not allowed")},
	{func(_ *call, r *request) bool {
		var texts map[string]string
		return r.ClientMetadata != nil && json.Unmarshal(r.ClientMetadata, &texts) != nil
	}, invalid("client_metadata", "invalid_type", "Invalid type for 'client_metadata': expected an object of strings.")},

	{func(c *call, r *request) bool { return c.lite() && !r.model.Lite },
		unsupported("model", "This model is not supported when using "+liteLane+".")},
	{func(c *call, r *request) bool {
		return c.lite() && (r.ParallelToolCalls == nil || *r.ParallelToolCalls)
	},
		unsupported("parallel_tool_calls", liteLane+" requires `parallel_tool_calls` to be false.")},
	{func(c *call, r *request) bool {
		return c.lite() && (r.Reasoning == nil || r.Reasoning.Context == nil || *r.Reasoning.Context != "all_turns")
	}, unsupported("reasoning.context", liteLane+" requires reasoning.context to be all_turns.")},
	{func(c *call, r *request) bool { return c.lite() && slices.ContainsFunc(r.tools, tool.hosted) },
		unsupported("tools", liteLane+" only supports function tools, custom tools, and client-executed tool search.")},
	{func(c *call, r *request) bool { return c.lite() && r.topLevel > 0 },
		unsupported("tools", liteLane+" takes tools in an item of type additional_tools.")},
	{func(c *call, r *request) bool { return c.lite() && r.Instructions != "" },
		unsupported("instructions", liteLane+" takes instructions in a developer message.")},

	{func(_ *call, r *request) bool { return len(r.triggers()) > 1 },
		invalid("input", "invalid_value", "Only one "+trigger+" is allowed.")},
	{func(_ *call, r *request) bool { at := r.triggers(); return len(at) > 0 && at[0] != len(r.Input)-1 },
		invalid("input", "invalid_value", "The "+trigger+" must be the last input item.")},
	{func(c *call, r *request) bool { return len(r.triggers()) > 0 && !c.hasFeature(compactionFeature) },
		invalid("input", "invalid_value", "A "+trigger+" requires "+compactionFeature+" in x-codex-beta-features.")},
	{func(c *call, r *request) bool {
		return len(r.triggers()) > 0 && c.Header.Get(turnStateHeader) != "" && !c.midTurn()
	}, invalid(turnStateHeader, "invalid_value", "A compaction that is a turn of its own takes no "+turnStateHeader+".")},
}

// checkRules returns a fault if the request breaks a rule.
func (c *call) checkRules(r *request) error {
	if c.scenario.Lenient {
		return nil
	}
	for _, rule := range rules {
		if rule.broken(c, r) {
			return rule.fault
		}
	}
	return c.checkTurnState(r)
}
