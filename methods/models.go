package methods

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// modelsMaxAge is how long a list of models is cached.
const modelsMaxAge = 5 * time.Minute

// ModelsListParams are the parameters of models.list.
type ModelsListParams struct {
	// Bypass the cache, which is valid for five minutes.
	ForceRefresh bool `json:"force_refresh,omitempty"`
	NoBody
	Extras
	CallTimeout
}

// ModelsRetrieveParams are the parameters of models.retrieve.
type ModelsRetrieveParams struct {
	// The id of the model.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-5.5" sdk:"positional"`
	NoBody
	Extras
	CallTimeout
}

// NoBody refuses the parameter extra_body for requests without a body.
type NoBody struct {
	ExtraBody UnsupportedBody `json:"extra_body,omitzero"`
}

// UnsupportedBody is the type of a body that must have no members.
type UnsupportedBody struct{}

// JSONSchemaText is the schema of an UnsupportedBody.
func (UnsupportedBody) JSONSchemaText() string {
	return `{"const": {}, "description": "Not supported: the request has no body.",
		"x-unsupported": "The Codex model catalog does not support a GET request body."}`
}

// ModelList is the list of models, in order of priority.
type ModelList struct {
	Object string  `json:"object" jsonschema:"enum=list"`
	Data   []Model `json:"data"`
	// The ETag of the list.
	ETag string `json:"etag" jsonschema:"nullable"`
}

// Model is a model available to the account.
type Model struct {
	ID          string `json:"id" jsonschema:"example=gpt-5.5"`
	Created     int    `json:"created"`
	Object      string `json:"object" jsonschema:"enum=model"`
	OwnedBy     string `json:"owned_by"`
	DisplayName string `json:"display_name"`
	Description string `json:"description"`
	// In tokens.
	ContextWindow              int      `json:"context_window" jsonschema:"nullable"`
	SupportedInAPI             bool     `json:"supported_in_api"`
	Priority                   float64  `json:"priority"`
	SupportsReasoningSummaries bool     `json:"supports_reasoning_summaries"`
	SupportVerbosity           bool     `json:"support_verbosity"`
	DefaultVerbosity           string   `json:"default_verbosity" jsonschema:"nullable"`
	DefaultReasoningLevel      string   `json:"default_reasoning_level" jsonschema:"nullable"`
	SupportedReasoningLevels   []Object `json:"supported_reasoning_levels"`
	AutoCompactTokenLimit      int      `json:"auto_compact_token_limit" jsonschema:"nullable"`
	PreferWebsockets           bool     `json:"prefer_websockets"`
	InputModalities            []string `json:"input_modalities"`
	AvailableInPlans           []string `json:"available_in_plans"`
	BaseInstructions           string   `json:"base_instructions"`
	// Whether to show the model in a list: "list" or "hide".
	Visibility string `json:"visibility" jsonschema:"nullable"`
	// The minimum version of the official client, as set with --client-version.
	MinimalClientVersion string `json:"minimal_client_version" jsonschema:"nullable"`
	// Whether the model uses Responses Lite.
	UseResponsesLite bool `json:"use_responses_lite"`
	// The additional service tiers, each with an id.
	ServiceTiers         []Object `json:"service_tiers"`
	DefaultServiceTier   string   `json:"default_service_tier" jsonschema:"nullable"`
	AdditionalSpeedTiers []string `json:"additional_speed_tiers"`
	// Such as "none" or "auto".
	DefaultReasoningSummary string `json:"default_reasoning_summary" jsonschema:"nullable"`
	// In tokens.
	MaxContextWindow              int     `json:"max_context_window" jsonschema:"nullable"`
	EffectiveContextWindowPercent float64 `json:"effective_context_window_percent" jsonschema:"nullable"`
	// Models with the same hash can read each other's compactions.
	CompHash                       string   `json:"comp_hash" jsonschema:"nullable"`
	SupportsSearchTool             bool     `json:"supports_search_tool"`
	WebSearchToolType              string   `json:"web_search_tool_type" jsonschema:"nullable"`
	ToolMode                       string   `json:"tool_mode" jsonschema:"nullable"`
	ShellType                      string   `json:"shell_type" jsonschema:"nullable"`
	ApplyPatchToolType             string   `json:"apply_patch_tool_type" jsonschema:"nullable"`
	ExperimentalSupportedTools     []string `json:"experimental_supported_tools"`
	TruncationPolicy               Object   `json:"truncation_policy" jsonschema:"nullable"`
	SupportsReasoningEffortUpdates bool     `json:"supports_reasoning_effort_updates"`
	MultiAgentVersion              string   `json:"multi_agent_version" jsonschema:"nullable"`
	// The model as returned by the backend, with all members.
	Raw Object `json:"raw"`
}

// modelMembers returns the members of a Model that the backend sends, with their
// defaults: null for those that are nullable, otherwise the zero value.
var modelMembers = sync.OnceValue(func() rawjson.Value {
	var o rawjson.Object
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Model]()) {
		value := rawjson.Null()
		switch {
		case strings.Contains(field.Tag.Get("jsonschema"), "nullable"):
		case field.Type.Kind() == reflect.Slice:
			value = rawjson.List()
		default:
			value = rawjson.MustMarshal(reflect.Zero(field.Type).Interface())
		}
		o.Set(field.Tag.Get("json"), value)
	}
	return o.Value().Without("id", "created", "object", "owned_by", "display_name", "raw")
})

// A modelPage is a fetched list of models.
type modelPage struct {
	models []fetchedModel
	etag   string
}

type fetchedModel struct {
	catalogModel
	id       string
	priority float64
	hidden   bool
	model    rawjson.Value // a Model
}

// A modelCache caches the last page. The zero modelCache is empty.
type modelCache struct {
	mu      sync.Mutex
	account string    // whose page it is
	fetched time.Time // zero if the page is known to be outdated
	page    *modelPage
}

// last returns the page of any account, nil if there is none.
func (c *modelCache) last() *modelPage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.page
}

// of returns the page of an account, nil if there is none, and whether it is
// recent.
func (c *modelCache) of(account string) (page *modelPage, recent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.account != account {
		return nil, false
	}
	return c.page, c.page != nil && time.Since(c.fetched) <= modelsMaxAge
}

func (c *modelCache) keep(account string, page *modelPage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.account, c.page, c.fetched = account, page, time.Now()
}

// checkETag marks the page as outdated if the headers of another response have a
// different ETag of the list.
func (c *modelCache) checkETag(header http.Header) {
	etag := header.Get("X-Models-Etag")
	c.mu.Lock()
	defer c.mu.Unlock()
	if etag != "" && c.page != nil && etag != c.page.etag {
		c.fetched = time.Time{}
	}
}

func (s *Service) listModels(ctx context.Context, p *ModelsListParams) (*rpc.Raw[ModelList], error) {
	page, err := s.modelPage(ctx, p.ForceRefresh, p.Extras, p.CallTimeout)
	if err != nil {
		return nil, err
	}
	var list rawjson.Object
	list.SetString("object", "list")
	list.SetArray("data", func(data *rawjson.Array) {
		for _, m := range page.models {
			data.Append(m.model)
		}
	})
	list.Set("etag", stringOr(page.etag, rawjson.Null()))
	return rpc.RawOf[ModelList](list.Value()), nil
}

func (s *Service) retrieveModel(ctx context.Context, p *ModelsRetrieveParams) (*rpc.Raw[Model], error) {
	page, err := s.modelPage(ctx, false, p.Extras, p.CallTimeout)
	if err != nil {
		return nil, err
	}
	for _, m := range page.models {
		if m.id == p.Model {
			return rpc.RawOf[Model](m.model), nil
		}
	}
	return nil, ModelNotFound.Errorf("Model not found: %s", p.Model)
}

// modelPage returns the list of models. Lists for extra headers or query
// parameters are not cached.
func (s *Service) modelPage(ctx context.Context, refresh bool, extras Extras, timeout CallTimeout) (*modelPage, error) {
	token, err := s.store.Token(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	plain := len(extras.ExtraHeaders) == 0 && len(extras.ExtraQuery) == 0
	cached, recent := s.models.of(accountOf(token))
	if !refresh && plain && recent {
		return cached, nil
	}
	query := url.Values{"client_version": {s.client.ClientVersion()}}
	maps.Copy(query, extras.query())
	request := &backend.Request{
		Base: backend.Codex, Path: []string{"models"}, Query: query, Header: extras.header(), Timeout: timeout.duration(),
	}
	if plain && cached != nil && cached.etag != "" {
		request.Header.Set("If-None-Match", cached.etag)
	}
	text, header, err := s.client.JSON(ctx, request)
	if failure, ok := errors.AsType[*backend.Error](err); ok && cached != nil && failure.Status == http.StatusNotModified {
		s.models.keep(accountOf(token), cached)
		return cached, nil
	}
	if err != nil {
		return nil, errorOf(err)
	}
	v, err := rawjson.Parse(text)
	if err != nil {
		return nil, err
	}
	models := v.Get("models")
	// As in the SDK, an object without the member is an empty list.
	if models.Kind() != '[' && (v.Kind() != '{' || models.Kind() != 0) {
		return nil, unexpected("it has no list of models")
	}
	page := &modelPage{etag: header.Get("ETag")}
	for m := range models.Elements() {
		if m.Kind() == '{' {
			page.models = append(page.models, modelOf(m))
		}
	}
	slices.SortStableFunc(page.models, func(a, b fetchedModel) int { return cmp.Compare(a.priority, b.priority) })
	if plain && models.Kind() == '[' {
		s.models.keep(accountOf(token), page)
	}
	return page, nil
}

func modelOf(m rawjson.Value) fetchedModel {
	id := textOf(m, "slug")
	priority, _ := strconv.ParseFloat(string(m.Get("priority").Bytes()), 64)
	var model rawjson.Object
	model.SetString("id", id)
	model.Set("created", rawjson.Int(0))
	model.SetString("object", "model")
	model.SetString("owned_by", "openai")
	model.Set("display_name", valueOr(m.Get("display_name"), rawjson.String(id)))
	for name, value := range modelMembers().Members() {
		model.Set(name, valueOr(m.Get(name), value))
	}
	model.Set("raw", m)
	return fetchedModel{
		catalogModel: catalogModel{
			lite: m.Get("use_responses_lite").Kind() == 't', socket: m.Get("prefer_websockets").Kind() == 't',
			minimal: textOf(m, "minimal_client_version"),
		},
		id: id, priority: priority, hidden: cmp.Or(textOf(m, "visibility"), "list") != "list", model: model.Value(),
	}
}
