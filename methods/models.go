package methods

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// clientVersion is the version of the official client whose list of models the
// backend is asked for; it leaves out models that an older one does not know.
const clientVersion = "0.130.0"

// modelsKept is how long a list of models is good for.
const modelsKept = 5 * time.Minute

// ModelsListParams are the parameters of models.list.
type ModelsListParams struct {
	// Ask the backend also if its answer of the last five minutes is known.
	ForceRefresh bool `json:"force_refresh,omitempty"`
	Extras
	CallTimeout
}

// ModelsRetrieveParams are the parameters of models.retrieve.
type ModelsRetrieveParams struct {
	// The model's id.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-5.4"`
	Extras
	CallTimeout
}

// A ModelList is the page of all models, by their priority.
type ModelList struct {
	Object string  `json:"object" jsonschema:"enum=list"`
	Data   []Model `json:"data"`
	// The backend's ETag of the list.
	ETag string `json:"etag" jsonschema:"nullable"`
}

// A Model is one model that the account may use.
type Model struct {
	ID          string `json:"id" jsonschema:"example=gpt-5.4"`
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
	// The model as the backend describes it, with what is not named here.
	Raw Object `json:"raw"`
}

// modelMembers are the members of a Model that are the backend's, and what they
// are if it leaves them out.
var modelMembers = []struct{ name, absent string }{
	{"description", `""`},
	{"context_window", `null`},
	{"supported_in_api", `false`},
	{"priority", `0`},
	{"supports_reasoning_summaries", `false`},
	{"support_verbosity", `false`},
	{"default_verbosity", `null`},
	{"default_reasoning_level", `null`},
	{"supported_reasoning_levels", `[]`},
	{"auto_compact_token_limit", `null`},
	{"prefer_websockets", `false`},
	{"input_modalities", `[]`},
	{"available_in_plans", `[]`},
	{"base_instructions", `""`},
}

// A modelPage is a list of models as it was fetched.
type modelPage struct {
	models []fetchedModel
	etag   string
}

type fetchedModel struct {
	id       string
	priority float64
	text     []byte // of a Model
}

// A modelCache keeps the last page for the account that it was fetched for.
type modelCache struct {
	mu      sync.Mutex
	account string
	fetched time.Time
	page    *modelPage
}

func (s *Service) listModels(ctx context.Context, p *ModelsListParams) (*rpc.Raw[ModelList], error) {
	page, err := s.modelPage(ctx, p.ForceRefresh, p.Extras, p.CallTimeout)
	if err != nil {
		return nil, err
	}
	var list object
	list.set("object", `"list"`)
	list.name("data")
	list.text = append(list.text, '[')
	for i, m := range page.models {
		if i > 0 {
			list.text = append(list.text, ',')
		}
		list.text = append(list.text, m.text...)
	}
	list.text = append(list.text, ']')
	if page.etag == "" {
		list.set("etag", "null")
	} else {
		list.setString("etag", page.etag)
	}
	return rpc.RawOf[ModelList](list.end())
}

func (s *Service) retrieveModel(ctx context.Context, p *ModelsRetrieveParams) (*rpc.Raw[Model], error) {
	page, err := s.modelPage(ctx, false, p.Extras, p.CallTimeout)
	if err != nil {
		return nil, err
	}
	for _, m := range page.models {
		if m.id == p.Model {
			return rpc.RawOf[Model](m.text)
		}
	}
	return nil, rpc.Errorf(CodeModelNotFound, "model_not_found", "Model not found: %s", p.Model)
}

// modelPage returns the list of models, the one that is kept if it will do.
func (s *Service) modelPage(ctx context.Context, refresh bool, extras Extras, timeout CallTimeout) (*modelPage, error) {
	token, err := s.credentials.Token(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	s.models.mu.Lock()
	page, account, age := s.models.page, s.models.account, time.Since(s.models.fetched)
	s.models.mu.Unlock()
	plain := len(extras.ExtraHeaders) == 0 && len(extras.ExtraQuery) == 0
	if !refresh && plain && page != nil && account == token.AccountID && age <= modelsKept {
		return page, nil
	}
	query := url.Values{"client_version": {clientVersion}}
	maps.Copy(query, extras.query())
	text, header, err := s.client.JSON(ctx, &backend.Request{
		Base: backend.Codex, Path: []string{"models"}, Query: query, Header: extras.header(), Timeout: timeout.duration(),
	})
	if err != nil {
		return nil, errorOf(err)
	}
	v, err := rawjson.Parse(text)
	if err != nil {
		return nil, err
	}
	models := v.Get("models")
	// An object without the member is a list of none, as in the SDK.
	if models.Kind() != '[' && (v.Kind() != '{' || models.Kind() != 0) {
		return nil, unexpected("it holds no list of models")
	}
	page = &modelPage{etag: header.Get("ETag")}
	for m := range models.Elements() {
		page.models = append(page.models, modelOf(m))
	}
	slices.SortStableFunc(page.models, func(a, b fetchedModel) int { return cmp.Compare(a.priority, b.priority) })
	if plain && models.Kind() == '[' {
		s.models.mu.Lock()
		s.models.page, s.models.account, s.models.fetched = page, token.AccountID, time.Now()
		s.models.mu.Unlock()
	}
	return page, nil
}

func modelOf(m rawjson.Value) fetchedModel {
	id, _ := m.Get("slug").Text()
	priority, _ := strconv.ParseFloat(string(m.Get("priority").Bytes()), 64)
	var model object
	model.setString("id", id)
	model.set("created", `0`)
	model.set("object", `"model"`)
	model.set("owned_by", `"openai"`)
	if name := m.Get("display_name"); name.Kind() != 0 {
		model.setValue("display_name", name)
	} else {
		model.setString("display_name", id)
	}
	for _, member := range modelMembers {
		if v := m.Get(member.name); v.Kind() != 0 {
			model.setValue(member.name, v)
		} else {
			model.set(member.name, member.absent)
		}
	}
	model.setValue("raw", m)
	return fetchedModel{id, priority, model.end()}
}
