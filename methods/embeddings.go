package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// EmbeddingsCreateParams are the parameters of embeddings.create.
type EmbeddingsCreateParams struct {
	// The texts to embed.
	Input rpc.Raw[EmbeddingInput] `json:"input"`
	// The model.
	Model string `json:"model" jsonschema:"minLength=1,example=text-embedding-3-small"`
	// The number of dimensions. Defaults to the model's.
	Dimensions *int `json:"dimensions,omitempty" jsonschema:"minimum=1,example=256"`
	// "float", or "base64" (little-endian 32-bit floats).
	EncodingFormat rpc.Raw[string] `json:"encoding_format,omitempty" jsonschema:"example=float"`
	// An identifier of the end user.
	User rpc.Raw[string] `json:"user,omitempty"`
	ExtraBody
	Extras
	CallTimeout
}

// EmbeddingInput is a text, a list of texts, a list of tokens, or a list of token
// lists.
type EmbeddingInput struct{}

// JSONSchemaText is the schema of an EmbeddingInput.
func (EmbeddingInput) JSONSchemaText() string {
	return `{
		"type": ["string", "array"],
		"items": {"type": ["string", "integer", "array"], "items": {"type": "integer"}},
		"examples": ["Embed this sentence.", ["One.", "Two."]]
	}`
}

// Embeddings holds the embeddings of the inputs, in order.
type Embeddings struct {
	Object string         `json:"object" jsonschema:"enum=list"`
	Data   []Embedding    `json:"data"`
	Model  string         `json:"model" jsonschema:"example=text-embedding-3-small"`
	Usage  EmbeddingUsage `json:"usage"`
}

// EmbeddingUsage is the token usage of the inputs.
type EmbeddingUsage struct {
	PromptTokens int `json:"prompt_tokens"`
	TotalTokens  int `json:"total_tokens"`
}

// Embedding is the embedding of one input.
type Embedding struct {
	Object string `json:"object" jsonschema:"enum=embedding"`
	// The index of the input, from 0.
	Index     int    `json:"index"`
	Embedding Vector `json:"embedding"`
}

// Vector is a list of numbers, or the same in base64.
type Vector struct{}

// JSONSchemaText is the schema of a Vector.
func (Vector) JSONSchemaText() string {
	return `{"type": ["array", "string"], "items": {"type": "number"}}`
}

func (s *Service) createEmbeddings(ctx context.Context, p *EmbeddingsCreateParams) (*rpc.Raw[Embeddings], error) {
	var body rawjson.Object
	body.Set("input", p.Input.Value)
	body.SetString("model", p.Model)
	body.Set("dimensions", optional(p.Dimensions, rawjson.Int[int]))
	body.Set("encoding_format", p.EncodingFormat.Value)
	body.Set("user", p.User.Value)
	list, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.OpenAI, Path: []string{"embeddings"}, Body: backend.JSONBody(p.addTo(body).Bytes()),
		Header: p.header(), Query: p.query(), Timeout: p.duration(),
	})
	if err != nil {
		return nil, err
	}
	list = completeEach(list, "data", embeddingDefaults)
	list = list.With("usage", complete(list.Get("usage"), embeddingUsageDefaults))
	return rpc.RawOf[Embeddings](complete(list, embeddingsDefaults)), nil
}

// The members that the backend may omit.
var (
	embeddingsDefaults     = rawjson.MustParse(`{"object": "list"}`)
	embeddingDefaults      = rawjson.MustParse(`{"object": "embedding"}`)
	embeddingUsageDefaults = rawjson.MustParse(`{"prompt_tokens": 0, "total_tokens": 0}`)
)
