package openai

import (
	"net/http"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// chooseModel sets the model that the account has for the one that a body names.
// The header of the answer says which.
func (a *API) chooseModel(x *exchange, body rawjson.Value, e edits) error {
	named := stringOf(body, "model")
	model := named
	if alias := x.Aliases[named]; alias != "" {
		model = alias
	}
	if model != "" && !a.has(x, model) {
		if x.RefuseUnknownModels {
			return refusal(http.StatusNotFound, "model", "model_not_found", "The model `%s` does not exist or you do not have access to it.", model)
		}
		model = ""
	}
	if model == "" {
		x.header.Set(modelHeader, a.options.DefaultModel())
		if named != "" {
			a.once("model "+named, "the account does not have a model; using the default one", "model", named, "default", a.options.DefaultModel())
		}
		e["model"] = rawjson.Value{}
		return nil
	}
	x.header.Set(modelHeader, model)
	e["model"] = rawjson.String(model)
	return nil
}

// has reports whether the account has a model. If the list is unavailable, the
// backend decides.
func (a *API) has(x *exchange, model string) bool {
	if model == a.options.DefaultModel() || a.options.Takes != nil && a.options.Takes(model) {
		return true
	}
	list, err := a.options.Call(x.ctx, "models.list", x.limited(rawjson.Value{}), nil)
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
	list, err := a.call(x, "models.list", rawjson.Value{}, nil)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, list)
}

func (a *API) retrieveModel(x *exchange, id string) error {
	var params rawjson.Object
	params.SetString("model", id)
	model, err := a.call(x, "models.retrieve", params.Value(), nil)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, model)
}
