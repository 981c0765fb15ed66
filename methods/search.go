package methods

import (
	"context"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// WebSearchParams are the parameters of codex.web_search.search.
type WebSearchParams struct {
	// A UUID that identifies the search session. Later searches of the session
	// can open the results of earlier ones.
	ID string `json:"id" jsonschema:"minLength=1,pattern=\\S,example=0199a1b2-0000-7000-8000-000000000001"`
	// The model that the search is for.
	Model string `json:"model" jsonschema:"minLength=1,pattern=\\S,example=gpt-5.5"`
	// The commands to run, such as search_query, open, click, find or weather.
	Commands rpc.Raw[WebSearchCommands] `json:"commands,omitempty"`
	// The context of the search: a text, or the items of the conversation.
	Input rpc.Raw[WebSearchInput] `json:"input,omitempty"`
	// Reasoning options.
	Reasoning rpc.Raw[vocabulary.Reasoning] `json:"reasoning,omitempty"`
	// Settings of the search, such as the allowed callers and access to pages outside the index.
	Settings rpc.Raw[Object] `json:"settings,omitempty"`
	// The maximum number of output tokens.
	MaxOutputTokens *int `json:"max_output_tokens,omitempty" jsonschema:"example=10000"`
	// The originator of this request, instead of the host's.
	Originator *string `json:"originator,omitempty" jsonschema:"minLength=1,pattern=\\S"`
	// The header x-codex-turn-metadata, as a JSON string.
	TurnMetadata *string `json:"turn_metadata,omitempty" jsonschema:"minLength=1,pattern=\\S"`
	Extras
	CallTimeout
}

// WebSearchInput is the context of a search.
type WebSearchInput struct{}

// Union implements [vocabulary.Union].
func (WebSearchInput) Union() []any { return []any{"", []vocabulary.ResponseInputItem{}} }

// WebSearchCommands holds the commands of a search.
type WebSearchCommands struct{}

// JSONSchemaText is the schema of WebSearchCommands.
func (WebSearchCommands) JSONSchemaText() string {
	return `{"type": "object", "examples": [{"search_query": [{"q": "weather in Rome"}], "response_length": "short"}]}`
}

// WebSearchResult is the result of a web search.
type WebSearchResult struct {
	// The text for the model.
	Output string `json:"output"`
	// The same text, encrypted for the backend.
	EncryptedOutput string   `json:"encrypted_output,omitempty" jsonschema:"nullable"`
	Results         []Object `json:"results,omitempty" jsonschema:"nullable"`
}

func (s *Service) webSearch(ctx context.Context, p *WebSearchParams) (*rpc.Raw[WebSearchResult], error) {
	if p.MaxOutputTokens != nil && *p.MaxOutputTokens < 1 {
		return nil, invalidParam("/max_output_tokens", "Expected `max_output_tokens` to be a positive integer.")
	}
	var body rawjson.Object
	body.SetString("id", p.ID)
	body.SetString("model", p.Model)
	body.Set("reasoning", p.Reasoning.Value)
	body.Set("input", p.Input.Value)
	body.Set("commands", p.Commands.Value)
	body.Set("settings", p.Settings.Value)
	body.Set("max_output_tokens", optional(p.MaxOutputTokens, rawjson.Int[int]))
	header := p.header()
	if p.Originator != nil {
		header.Set("originator", *p.Originator)
	}
	if p.TurnMetadata != nil {
		header.Set("X-Codex-Turn-Metadata", *p.TurnMetadata)
	}
	answer, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"alpha", "search"},
		Body: backend.JSONBody(body.Value().Bytes()), Header: header, Query: p.query(), Timeout: p.duration(),
	})
	if err != nil {
		return nil, err
	}
	for _, member := range []struct{ name, kinds, fault string }{
		{"output", `"`, "Codex Web Search response is missing text output."},
		{"encrypted_output", "\x00n\"", "Codex Web Search returned invalid encrypted output."},
		{"results", "\x00n[", "Codex Web Search returned invalid structured results."},
	} {
		if strings.IndexByte(member.kinds, answer.Get(member.name).Kind()) < 0 {
			return nil, unfit(answer, "%s", member.fault)
		}
	}
	return rpc.RawOf[WebSearchResult](answer), nil
}
