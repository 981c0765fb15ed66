package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// request is the body of POST /responses as far as the answer depends on it.
type request struct {
	Model             string          `json:"model"`
	Instructions      string          `json:"instructions"`
	Input             []inputItem     `json:"input"`
	Include           []string        `json:"include"`
	ParallelToolCalls *bool           `json:"parallel_tool_calls"`
	PromptCacheKey    *string         `json:"prompt_cache_key"`
	Reasoning         *reasoning      `json:"reasoning"`
	ServiceTier       *string         `json:"service_tier"`
	Store             *bool           `json:"store"`
	Stream            bool            `json:"stream"`
	Text              textOptions     `json:"text"`
	ToolChoice        json.RawMessage `json:"tool_choice"`
	Tools             json.RawMessage `json:"tools"`
	ClientMetadata    json.RawMessage `json:"client_metadata"`

	model    model
	items    json.RawMessage // the input as it was sent
	tools    []tool          // those of the items additional_tools and of namespaces among them
	topLevel int             // of the tools, those that are no part of the input
	choice   choice
}

type reasoning struct {
	Effort  json.RawMessage `json:"effort"` // a name or a number
	Summary *string         `json:"summary"`
	Context *string         `json:"context,omitempty"`
}

type textOptions struct {
	Format    json.RawMessage `json:"format"`
	Verbosity *string         `json:"verbosity"`

	kind   string
	schema json.RawMessage
}

type inputItem struct {
	Type    string          `json:"type"`
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
	CallID  string          `json:"call_id"`
	Output  json.RawMessage `json:"output"`
	Tools   json.RawMessage `json:"tools"`
}

type tool struct {
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	Parameters json.RawMessage `json:"parameters"`
	Tools      json.RawMessage `json:"tools"` // of a namespace

	namespace string
}

// choice is tool_choice in one form for all of its spellings.
type choice struct {
	none  bool
	named bool   // one tool, or a list of allowed ones, is named
	tools []tool // those named
}

// supported are the parameters the backend takes; any other is refused.
var supported = []string{
	"access_programs", "client_metadata", "include", "input", "instructions", "model", "parallel_tool_calls",
	"prompt_cache_key", "reasoning", "service_tier", "store", "stream", "text", "tool_choice", "tools",
}

func (c *call) request() (*request, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &members); err != nil || members == nil {
		return nil, refuse(http.StatusBadRequest, "Request body is not a JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(supported, name) {
			return nil, refuse(http.StatusBadRequest, "Unsupported parameter: %s", name)
		}
	}
	input := members["input"]
	if len(input) == 0 || input[0] != '[' {
		return nil, refuse(http.StatusBadRequest, "Input must be a list")
	}
	r := &request{items: input}
	if err := c.decode(r); err != nil {
		return nil, err
	}
	for _, raw := range []*json.RawMessage{&r.Tools, &r.ToolChoice, &r.Text.Format} {
		if string(*raw) == "null" {
			*raw = nil
		}
	}
	switch {
	case r.Model == "":
		return nil, refuse(http.StatusBadRequest, "Model is required")
	case !r.Stream:
		return nil, refuse(http.StatusBadRequest, "Stream must be set to true")
	case r.Store == nil || *r.Store:
		return nil, refuse(http.StatusBadRequest, "Store must be set to false")
	}
	var err error
	if r.model, err = c.admit(r.Model); err != nil {
		return nil, err
	}
	for _, check := range []func() error{r.checkInput, r.readTools, r.readFormat} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return r, c.hold(r)
}

// partTypes are the content parts a role may speak in. To give an assistant's earlier words as input_text is the
// mistake most often made with histories.
func partTypes(role string) []string {
	switch role {
	case "assistant":
		return []string{"output_text", "refusal"}
	case "user", "system", "developer":
		return []string{"input_text", "input_image", "input_file", "input_audio"}
	}
	return nil
}

func (r *request) checkInput() error {
	calls := map[string]bool{}
	for i, item := range r.Input {
		at := fmt.Sprintf("input[%d]", i)
		switch {
		case item.Type == "function_call" || item.Type == "custom_tool_call":
			calls[item.CallID] = true
		case strings.HasSuffix(item.Type, "_call_output"):
			// Nothing is stored: a call that the input does not repeat is not known.
			if !calls[item.CallID] && (item.Type == "function_call_output" || item.Type == "custom_tool_call_output") {
				kind := strings.ReplaceAll(strings.TrimSuffix(item.Type, "_output"), "_", " ")
				return invalid("input", "", "No tool call found for %s output with call_id %s.", kind, item.CallID)
			}
		case item.message():
			if err := checkContent(at, item); err != nil {
				return err
			}
		case item.Type == "":
			return missing(at + ".type")
		}
	}
	return nil
}

func (item inputItem) message() bool {
	return item.Type == "message" || item.Type == "" && item.Role != ""
}

func checkContent(at string, item inputItem) error {
	allowed := partTypes(item.Role)
	if allowed == nil {
		return invalid(at+".role", "invalid_value", "Invalid value: '%s'. Supported values are: 'assistant', 'system', 'developer', and 'user'.", item.Role)
	}
	if isString(item.Content) {
		return nil
	}
	var parts []struct{ Type string }
	if json.Unmarshal(item.Content, &parts) != nil {
		return invalid(at+".content", "invalid_type", "Invalid type for '%s.content': expected one of an array of objects or string.", at)
	}
	for j, part := range parts {
		if !slices.Contains(allowed, part.Type) {
			return invalid(fmt.Sprintf("%s.content[%d]", at, j), "invalid_value", "Invalid value: '%s'. Supported values are: '%s'.",
				part.Type, strings.Join(allowed, "', '"))
		}
	}
	return nil
}

// addTools adds a list of tools, and in the place of a namespace those in it.
func (r *request) addTools(at string, raw json.RawMessage, namespace string) error {
	if raw == nil {
		return nil
	}
	var list []tool
	if json.Unmarshal(raw, &list) != nil {
		return invalid(at, "invalid_type", "Invalid type for '%s': expected an array of objects.", at)
	}
	for i, t := range list {
		at := fmt.Sprintf("%s[%d]", at, i)
		if t.Type == "" {
			return missing(at + ".type")
		}
		if t.Name == "" && (t.callable() || t.Type == "namespace") {
			return missing(at + ".name")
		}
		if t.Type == "namespace" {
			if namespace != "" {
				return invalid(at, "invalid_value", "A namespace holds no namespaces.")
			}
			if err := r.addTools(at+".tools", t.Tools, t.Name); err != nil {
				return err
			}
			continue
		}
		t.namespace = namespace
		r.tools = append(r.tools, t)
	}
	return nil
}

func (r *request) readTools() error {
	if err := r.addTools("tools", r.Tools, ""); err != nil {
		return err
	}
	r.topLevel = len(r.tools)
	for i, item := range r.Input {
		if item.Type != "additional_tools" {
			continue
		}
		if err := r.addTools(fmt.Sprintf("input[%d].tools", i), item.Tools, ""); err != nil {
			return err
		}
	}
	if isString(r.ToolChoice) {
		r.choice.none = string(r.ToolChoice) == `"none"`
		return nil
	}
	if r.ToolChoice == nil {
		return nil
	}
	var named struct {
		tool
		Tools []tool `json:"tools"`
	}
	if json.Unmarshal(r.ToolChoice, &named) != nil {
		return invalid("tool_choice", "invalid_type", "Invalid type for 'tool_choice': expected a string or an object.")
	}
	if named.Type != "allowed_tools" {
		named.Tools = []tool{named.tool}
	}
	r.choice.named = true
	for _, want := range named.Tools {
		i := slices.IndexFunc(r.tools, func(t tool) bool { return t.Type == want.Type && t.Name == want.Name })
		if i < 0 {
			return invalid("tool_choice", "invalid_value", "Tool choice '%s' not found in 'tools' parameter.", strings.TrimSpace(want.Type+" "+want.Name))
		}
		r.choice.tools = append(r.choice.tools, r.tools[i])
	}
	return nil
}

func (r *request) readFormat() error {
	if r.Text.Format == nil {
		return nil
	}
	var format struct {
		Type   string          `json:"type"`
		Name   string          `json:"name"`
		Schema json.RawMessage `json:"schema"`
	}
	if json.Unmarshal(r.Text.Format, &format) != nil {
		return invalid("text.format", "invalid_type", "Invalid type for 'text.format': expected an object.")
	}
	switch format.Type {
	case "text", "json_object":
	case "json_schema":
		if format.Name == "" {
			return missing("text.format.name")
		}
		if len(format.Schema) == 0 || format.Schema[0] != '{' {
			return missing("text.format.schema")
		}
	default:
		return invalid("text.format.type", "invalid_value", "Invalid value: '%s'. Supported values are: 'text', 'json_object', and 'json_schema'.", format.Type)
	}
	r.Text.kind, r.Text.schema = format.Type, format.Schema
	return nil
}

// called are the tools the model calls now: none after their output has come.
func (r *request) called() []tool {
	if r.choice.none || len(r.toolOutputs()) > 0 {
		return nil
	}
	offered := r.tools
	if r.choice.named {
		offered = r.choice.tools
	}
	functions := slices.DeleteFunc(slices.Clone(offered), func(t tool) bool { return !t.callable() })
	if len(functions) == 0 {
		// Of hosted tools the search is always used, a picture is made where one
		// is asked for, and others have no part here.
		pictured := r.choice.named || r.asksForPicture()
		used := slices.DeleteFunc(slices.Clone(offered), func(t tool) bool {
			return !strings.HasPrefix(t.Type, "web_search") && (t.Type != "image_generation" || !pictured)
		})
		return used[:min(1, len(used))]
	}
	if r.parallel() {
		return functions[:min(2, len(functions))]
	}
	return functions[:1]
}

// asksForPicture reports whether the user wants something drawn.
func (r *request) asksForPicture() bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(r.userText()), func(c rune) bool { return !unicode.IsLetter(c) }), func(word string) bool {
		switch word {
		case "draw", "paint", "sketch", "picture", "image":
			return true
		}
		return false
	})
}

func (r *request) parallel() bool { return r.ParallelToolCalls != nil && *r.ParallelToolCalls }

func (t tool) callable() bool { return t.Type == "function" || t.Type == "custom" }

// toolOutputs are the texts of the outputs the input ends with.
func (r *request) toolOutputs() []string {
	var texts []string
	for _, item := range slices.Backward(r.Input) {
		if !strings.HasSuffix(item.Type, "_call_output") {
			break
		}
		texts = append(texts, plainText(item.Output))
	}
	slices.Reverse(texts)
	return texts
}

// userText is what the user said last.
func (r *request) userText() string {
	for _, item := range slices.Backward(r.Input) {
		if item.message() && item.Role == "user" {
			return plainText(item.Content)
		}
	}
	return ""
}

// plainText joins the texts of a string or of a list of content parts.
func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []struct{ Text string }
	if json.Unmarshal(raw, &parts) != nil {
		return string(raw)
	}
	var texts []string
	for _, p := range parts {
		if p.Text != "" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n")
}

func isString(raw json.RawMessage) bool { return bytes.HasPrefix(raw, []byte{'"'}) }
