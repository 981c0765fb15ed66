package methods

import (
	"maps"
	"slices"
	"strings"
)

// A catalogModel is what is known of a model before the account's list came.
type catalogModel struct {
	lite   bool // it is made for the lite lane
	socket bool // the backend prefers requests over a socket
	// minimal is the client version that the backend asks for, "" if not known.
	minimal string
}

// catalog is what the list of [backend.DefaultClientVersion] says, as the
// official client of that release embeds it. The versions were read off the
// live list in September 2026.
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

// takesFullLane reports whether a model that is made for the lite lane is known
// to answer on the full one as well.
func takesFullLane(model string) bool { return strings.HasPrefix(model, "gpt-5.") }

// offersSocket reports whether the account's list says that requests to a model
// should go over a socket.
func (s *Service) offersSocket(model string) bool {
	known, _ := s.knownModel(model)
	return known.socket
}

// knownModel returns what is known of a model: what the account's list says, if
// it came, else the catalog. It reports whether there was anything.
func (s *Service) knownModel(model string) (catalogModel, bool) {
	if page := s.models.last(); page != nil {
		for _, m := range page.models {
			if m.id == model {
				known := m.catalogModel
				if known.minimal == "" {
					known.minimal = catalog[model].minimal
				}
				return known, true
			}
		}
	}
	known, ok := catalog[model]
	return known, ok
}
