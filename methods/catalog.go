package methods

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A catalogModel describes a model.
type catalogModel struct {
	lite    bool   // uses the lite lane
	socket  bool   // the backend prefers WebSockets
	minimal string // minimal client version, "" if unknown
}

// catalog is the list of models that the official client of the release
// [backend.DefaultClientVersion] embeds. It is used until the account's list has
// been fetched. The versions are those of the live list in September 2026.
var catalog = map[string]catalogModel{
	"gpt-6.2-sol":              {lite: true},
	"gpt-6.2-astra":            {lite: true},
	"gpt-6.1-sol":              {lite: true},
	"gpt-6.1-terra":            {lite: true},
	"gpt-6-sol":                {lite: true, minimal: "0.155.0"},
	"gpt-6-astra":              {lite: true, minimal: "0.153.0"},
	"gpt-6-luna":               {lite: true, minimal: "0.155.0"},
	"gpt-5.6-sol":              {lite: true, minimal: "0.144.0"},
	"gpt-5.6-terra":            {lite: true, minimal: "0.144.0"},
	"gpt-5.6-luna":             {lite: true, minimal: "0.144.0"},
	"gpt-daybreak-blue-latest": {lite: true, minimal: "0.144.0"},
	"gpt-daybreak-red-latest":  {lite: true},
	"gpt-5.5":                  {},
	"codex-auto-review":        {lite: true},
}

// KnownModels returns the names of the models of the embedded catalog, sorted.
func KnownModels() []string { return slices.Sorted(maps.Keys(catalog)) }

// takesFullLane reports whether a model of the lite lane also supports the full
// lane.
func takesFullLane(model string) bool { return strings.HasPrefix(model, "gpt-5.") }

// knownModel returns the description of a model in the account's list, if that
// has been fetched, or else in the catalog. It reports whether there is one.
func (s *Service) knownModel(model string) (catalogModel, bool) {
	if page := s.models.last(); page != nil {
		for _, m := range page.models {
			if m.id == model {
				known := m.catalogModel
				known.minimal = cmp.Or(known.minimal, catalog[model].minimal)
				return known, true
			}
		}
	}
	known, ok := catalog[model]
	return known, ok
}
