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

// request is the part of the body of POST /responses that the answer depends on.
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
	items    json.RawMessage // the input as sent
	tools    []tool          // with those of namespaces and of additional_tools items
	topLevel int             // number of tools that are not from the input
	offered  []tool          // those that tool_choice allows
	named    bool            // whether tool_choice names tools
}

type reasoning struct {
	Effort  json.RawMessage `json:"effort"` // a name or a number
	Summary *string         `json:"summary"`
	Context *string         `json:"context,omitempty"`
}

type textOptions struct {
	Format    json.RawMessage `json:"format"`
	Verbosity *string         `json:"verbosity"`

	format format
}

type format struct {
	Type, Name string
	Schema     json.RawMessage
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

// supported are the parameters that the backend accepts.
var supported = []string{
	"access_programs", "client_metadata", "include", "input", "instructions", "model", "parallel_tool_calls",
	"prompt_cache_key", "reasoning", "service_tier", "store", "stream", "text", "tool_choice", "tools",
}

// request parses and checks the body of POST /responses.
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
	return r, c.checkRules(r)
}

// partTypes are the content parts allowed in a role's messages. An assistant's earlier answer sent as input_text is a
// common mistake.
var (
	partTypes  = map[string][]string{"assistant": {"output_text", "refusal"}, "user": inputParts, "system": inputParts, "developer": inputParts}
	inputParts = []string{"input_text", "input_image", "input_file", "input_audio"}
)

func (r *request) checkInput() error {
	calls := map[string]bool{}
	for i, item := range r.Input {
		at := fmt.Sprintf("input[%d]", i)
		switch {
		case item.Type == "function_call" || item.Type == "custom_tool_call":
			calls[item.CallID] = true
		case strings.HasSuffix(item.Type, "_call_output"):
			// The backend stores nothing: the call must be part of the input.
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
	allowed := partTypes[item.Role]
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

// addTools adds a list of tools. A namespace is replaced by its tools.
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
				return invalid(at, "invalid_value", "A namespace must not contain namespaces.")
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
	if r.ToolChoice == nil || isString(r.ToolChoice) {
		if string(r.ToolChoice) != `"none"` {
			r.offered = r.tools
		}
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
	r.named = true
	for _, want := range named.Tools {
		i := slices.IndexFunc(r.tools, func(t tool) bool { return t.Type == want.Type && t.Name == want.Name })
		if i < 0 {
			return invalid("tool_choice", "invalid_value", "Tool choice '%s' not found in 'tools' parameter.", strings.TrimSpace(want.Type+" "+want.Name))
		}
		r.offered = append(r.offered, r.tools[i])
	}
	return nil
}

func (r *request) readFormat() error {
	if r.Text.Format == nil {
		return nil
	}
	format := &r.Text.format
	if json.Unmarshal(r.Text.Format, format) != nil {
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
	return nil
}

// called returns the tools that the answer calls: none if the input ends with their outputs.
func (r *request) called() []tool {
	if len(r.toolOutputs()) > 0 {
		return nil
	}
	limit, used := 1, slices.DeleteFunc(slices.Clone(r.offered), func(t tool) bool { return !t.callable() })
	if len(used) > 0 && r.parallel() {
		limit = 2
	}
	if len(used) == 0 {
		// Of the hosted tools only web search and image generation are simulated, the latter on request.
		pictured := r.named || r.asksForPicture()
		used = slices.DeleteFunc(slices.Clone(r.offered), func(t tool) bool {
			return !strings.HasPrefix(t.Type, "web_search") && (t.Type != "image_generation" || !pictured)
		})
	}
	return used[:min(limit, len(used))]
}

// asksForPicture reports whether the user asks for an image.
func (r *request) asksForPicture() bool {
	words := strings.FieldsFunc(strings.ToLower(r.userText()), func(c rune) bool { return !unicode.IsLetter(c) })
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"draw", "paint", "sketch", "picture", "image"}, word)
	})
}

func (r *request) parallel() bool { return r.ParallelToolCalls != nil && *r.ParallelToolCalls }

func (t tool) callable() bool { return t.Type == "function" || t.Type == "custom" }

// toolOutputs returns the texts of the tool outputs at the end of the input.
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

// userText returns the text of the user's last message.
func (r *request) userText() string {
	for _, item := range slices.Backward(r.Input) {
		if item.message() && item.Role == "user" {
			return plainText(item.Content)
		}
	}
	return ""
}

// plainText returns a string, or the joined texts of a list of content parts.
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
