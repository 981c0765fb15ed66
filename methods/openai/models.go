package openai

import (
	"cmp"
	"net/http"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// chooseModel replaces the model of a body by one that the account has. A header
// of the answer names it.
func (a *API) chooseModel(x *exchange, body rawjson.Value, e edits) error {
	named := stringOf(body, "model")
	model := cmp.Or(x.Aliases[named], named)
	e["model"] = rawjson.String(model)
	if model == "" || !a.has(x, model) {
		if model != "" && x.RefuseUnknownModels {
			return refusal(http.StatusNotFound, "model", "model_not_found", "The model `%s` does not exist or you do not have access to it.", model)
		}
		e["model"], model = rawjson.Value{}, a.options.DefaultModel()
		if named != "" {
			a.warnOnce("model "+named, "the account does not have a model; using the default one", "model", named, "default", model)
		}
	}
	x.header.Set(modelHeader, model)
	return nil
}

// has reports whether the account has a model. If the list is unavailable, the
// backend decides.
func (a *API) has(x *exchange, model string) bool {
	if model == a.options.DefaultModel() || a.options.Accepts != nil && a.options.Accepts(model) {
		return true
	}
	list, err := a.options.Call(x.ctx, "models.list", x.withTimeout(rawjson.Value{}), nil)
	if err != nil {
		return true
	}
	for m := range list.Get("data").Elements() {
		if stringOf(m, "id") == model {
			return true
		}
	}
	return false
}

func (a *API) listModels(x *exchange, _ string) error {
	return a.relay(x, "models.list", rawjson.Value{})
}

func (a *API) retrieveModel(x *exchange, id string) error {
	return a.relay(x, "models.retrieve", rawjson.Value{}.With("model", rawjson.String(id)))
}
