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

// checkRules returns a fault if the request breaks a rule of the backend for /responses. The messages about system messages
// and about the lane's model, tools, parallel calls and reasoning are the backend's own; of the others only the refusal is
// known.
func (c *call) checkRules(r *request) error {
	if c.scenario.Lenient {
		return nil
	}
	var texts map[string]string
	lite, triggers := c.lite(), r.triggers()
	switch {
	case slices.ContainsFunc(r.Input, func(item inputItem) bool { return item.message() && item.Role == "system" }):
		return refuse(http.StatusBadRequest, "System messages are not allowed")
	case r.ClientMetadata != nil && json.Unmarshal(r.ClientMetadata, &texts) != nil:
		return invalid("client_metadata", "invalid_type", "Invalid type for 'client_metadata': expected an object of strings.")

	case lite && !r.model.Lite:
		return unsupported("model", "This model is not supported when using "+liteLane+".")
	case lite && (r.ParallelToolCalls == nil || *r.ParallelToolCalls):
		return unsupported("parallel_tool_calls", liteLane+" requires `parallel_tool_calls` to be false.")
	case lite && (r.Reasoning == nil || r.Reasoning.Context == nil || *r.Reasoning.Context != "all_turns"):
		return unsupported("reasoning.context", liteLane+" requires reasoning.context to be all_turns.")
	case lite && slices.ContainsFunc(r.tools, tool.hosted):
		return unsupported("tools", liteLane+" only supports function tools, custom tools, and client-executed tool search.")
	case lite && r.topLevel > 0:
		return unsupported("tools", liteLane+" takes tools in an item of type additional_tools.")
	case lite && r.Instructions != "":
		return unsupported("instructions", liteLane+" takes instructions in a developer message.")

	case len(triggers) > 1:
		return invalid("input", "invalid_value", "Only one "+trigger+" is allowed.")
	case len(triggers) > 0 && triggers[0] != len(r.Input)-1:
		return invalid("input", "invalid_value", "The "+trigger+" must be the last input item.")
	case len(triggers) > 0 && !c.hasFeature(compactionFeature):
		return invalid("input", "invalid_value", "A "+trigger+" requires "+compactionFeature+" in x-codex-beta-features.")
	case len(triggers) > 0 && c.Header.Get(turnStateHeader) != "" && !c.midTurn():
		return invalid(turnStateHeader, "invalid_value", "A compaction that is a turn of its own takes no "+turnStateHeader+".")
	}
	return c.checkTurnState(r)
}
