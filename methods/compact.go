package methods

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponsesCompactParams are the parameters of responses.compact.
type ResponsesCompactParams struct {
	// The items to compact.
	Input rpc.Raw[InputItems] `json:"input,omitempty"`
	ModelRequest

	PreviousResponseID   Unsupported `json:"previous_response_id,omitzero"`
	PromptCacheOptions   Unsupported `json:"prompt_cache_options,omitzero"`
	PromptCacheRetention Unsupported `json:"prompt_cache_retention,omitzero"`
	Extras
	CallTimeout
}

// InputItems is a list of items.
type InputItems struct{}

// Union implements [vocabulary.Union].
func (InputItems) Union() []any { return []any{[]vocabulary.ResponseInputItem{}} }

// Examples returns examples.
func (InputItems) Examples() []any {
	return []any{[]any{map[string]any{"role": "user", "content": "A long story."}}}
}

// CompactedResponse is the result of compacting a long input.
type CompactedResponse struct {
	ID     string `json:"id" jsonschema:"example=resp_1"`
	Object string `json:"object" jsonschema:"enum=response.compacted"`
	// The items that replace the input. One of them is of the type compaction: it
	// is encrypted and readable only by the backend.
	Output []vocabulary.ResponseOutputItem `json:"output"`
	Usage  vocabulary.ResponseUsage        `json:"usage"`
}

func (s *Service) compactResponse(ctx context.Context, p *ResponsesCompactParams) (*rpc.Raw[CompactedResponse], error) {
	if input := p.ExtraBody.ExtraBody.Get("input"); input.Kind() != 0 && input.Kind() != '[' {
		return nil, invalidParam("/extra_body/input", "responses.compact() extra_body.input must be a list")
	}
	collected, err := s.collect(ctx, &responseCall{
		ResponseRequest: &ResponseRequest{Input: rpc.Raw[Input]{Value: p.Input.Value}, ModelRequest: p.ModelRequest},
		Extras:          p.Extras, CallTimeout: p.CallTimeout, compact: true,
	}, nil)
	if err != nil {
		if failed, ok := errors.AsType[*rpc.Error](err); ok && failed.Is(ResponseFailed) {
			failed.Message = "Remote compaction v2 failed: " + failed.Message
		}
		return nil, err
	}
	response := collected.response()
	output := collected.output()
	if isEmptyList(output) {
		output = response.Get("output")
	}
	return compacted(response, output)
}

// compacted returns the result for the response to a compaction. The output is
// that of the stream, since the response may omit items.
func compacted(response, output rawjson.Value) (*rpc.Raw[CompactedResponse], error) {
	if status := textOf(response, "status"); status != "completed" {
		reason := cmp.Or(textOf(response.Get("incomplete_details"), "reason"), "without a reason")
		return nil, unfit(response, "Remote compaction v2 ended as %s (%s)", rpc.OneLine(status), rpc.OneLine(reason))
	}
	compactions, items := 0, 0
	for item := range output.Elements() {
		items++
		if isType(item, "compaction") {
			compactions++
		}
	}
	if compactions != 1 {
		return nil, unfit(response, "Remote compaction v2 expected one compaction output item, received %d from %d output items", compactions, items)
	}
	var result rawjson.Object
	result.Set("id", response.Get("id"))
	result.SetString("object", "response.compacted")
	result.Set("output", output)
	result.Set("usage", response.Get("usage"))
	return rpc.RawOf[CompactedResponse](result.Value()), nil
}

const (
	betaFeaturesHeader = "X-Codex-Beta-Features"
	// compactionFeature is the beta feature that compactions require.
	compactionFeature = "remote_compaction_v2"
)

// compactInput makes the request a compaction of its input.
func (p *preparedRequest) compactInput(header http.Header) {
	if input := p.extra.Get("input"); input.Kind() != 0 && !endsWithTrigger(input) {
		items := slices.Collect(input.Elements())
		p.extra = p.extra.With("input", rawjson.List(append(items, compactionTrigger)...))
	}
	p.compact = !endsWithTrigger(p.input)
	session := header.Get("Session-Id")
	if !uuidPattern().MatchString(session) {
		session = uuidOf(session)
	}
	window := session + ":1"
	turn := newUUID()
	var metadata rawjson.Object
	metadata.SetString("installation_id", installationID())
	metadata.SetString("session_id", session)
	metadata.SetString("thread_id", session)
	metadata.SetString("turn_id", turn)
	metadata.SetString("window_id", window)
	metadata.SetString("request_kind", "compaction")
	metadata.Set("compaction", compactionMetadata)
	turnMetadata := string(metadata.Value().Bytes())

	var client rawjson.Object
	client.SetString("x-codex-installation-id", installationID())
	client.SetString("session_id", session)
	client.SetString("thread_id", session)
	client.SetString("turn_id", turn)
	client.SetString("x-codex-window-id", window)
	client.SetString("x-codex-turn-metadata", turnMetadata)
	p.clientMetadata = client.Value()

	header.Set(betaFeaturesHeader, withFeature(header.Get(betaFeaturesHeader), compactionFeature))
	for name, value := range map[string]string{"X-Codex-Window-Id": window, "X-Codex-Turn-Metadata": turnMetadata} {
		if header.Get(name) == "" {
			header.Set(name, value)
		}
	}
	header.Del(turnStateHeader)
}

// compactionMetadata is the metadata that the official client sends.
var compactionMetadata = rawjson.MustParse(`{"trigger":"manual","reason":"user_requested","implementation":"responses_compaction_v2","phase":"standalone_turn","strategy":"memento"}`)

// endsWithTrigger reports whether the last item of an input is a compaction
// trigger.
func endsWithTrigger(input rawjson.Value) (trigger bool) {
	for item := range input.Elements() {
		trigger = isType(item, "compaction_trigger")
	}
	return trigger
}

// withFeature adds a feature to a comma-separated list, unless the list has it.
func withFeature(list, feature string) string {
	var features []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			features = append(features, one)
		}
	}
	if !slices.Contains(features, feature) {
		features = append(features, feature)
	}
	return strings.Join(features, ",")
}

// installationID identifies this process where the official client sends the id of
// the installation. It is not stored, to avoid tracking.
var installationID = sync.OnceValue(newUUID)
