package simulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// model is an entry of the catalog.
type model struct {
	Slug           string `json:"slug"`
	MinimalVersion string `json:"minimal_client_version"`
	Lite           bool   `json:"use_responses_lite"`

	text json.RawMessage // the entry in the model list
}

// catalogData is the catalog of the official client 0.171.0, without its
// instructions. The minimal_client_version of the 5.6 family, of Daybreak Blue
// and of GPT-6 is the backend's own. That of 6.1 and 6.2 is the release from
// which 6.1 was listed, Daybreak Red has that of its sibling, and gpt-5.5 and
// codex-auto-review have that of the first release known to reach gpt-5.5.
var catalogData = load[struct {
	Levels  []map[string]string // of reasoning effort
	Common  map[string]any
	Models  []map[string]any
	Retired []map[string]any
}]("catalog.json")

// catalog returns the served and the retired models.
var catalog = sync.OnceValues(func() (served, retired []model) {
	data := catalogData()
	list := func(entries []map[string]any) (models []model) {
		for _, own := range entries {
			entry := maps.Clone(data.Common)
			maps.Copy(entry, own)
			highest := slices.IndexFunc(data.Levels, func(level map[string]string) bool { return level["effort"] == own["highest_effort"] })
			entry["supported_reasoning_levels"] = data.Levels[:highest+1]
			delete(entry, "highest_effort")
			m := model{text: encode(entry)}
			if err := json.Unmarshal(m.text, &m); err != nil {
				panic("simulator: catalog.json: " + err.Error())
			}
			models = append(models, m)
		}
		return models
	}
	return list(data.Models), list(data.Retired)
})

// served returns the models of the catalog that no directive has retired.
func (s *scenario) served() []model {
	served, _ := catalog()
	return slices.DeleteFunc(slices.Clone(served), func(m model) bool { return m.Slug == s.Retired })
}

// listed returns the model list of a client version. That of version 0.0.0 is
// complete. A lenient backend lists all models, even retired ones, to any version.
func (s *scenario) listed(version string) []model {
	if s.Lenient {
		_, retired := catalog()
		return slices.Concat(retired, s.served())
	}
	return slices.DeleteFunc(s.served(), func(m model) bool { return version != "0.0.0" && older(version, m.MinimalVersion) })
}

// etag returns the ETag of a model list.
func etag(models []model) string {
	slugs := ""
	for _, m := range models {
		slugs += m.Slug + "\n"
	}
	return `W/"mock-` + hash(slugs) + `"`
}

// older reports whether a version such as 0.171.0 or 0.171.0-alpha.2 is lower
// than another, by its numbers. An invalid version is lower than any.
func older(version, than string) bool {
	a, ok := numbers(version)
	b, _ := numbers(than)
	return !ok || slices.Compare(a, b) < 0
}

func numbers(version string) (list []int, ok bool) {
	version, _, _ = strings.Cut(version, "-")
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}

// models is GET /codex/models.
func (s *Server) models(c *call) error {
	version := c.URL.Query().Get("client_version")
	if version == "" {
		return required(http.StatusBadRequest, "query", "client_version")
	}
	models := c.scenario.listed(version)
	tag := etag(models)
	c.w.Header().Set("ETag", tag)
	if c.Header.Get("If-None-Match") == tag {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	texts := make([]json.RawMessage, len(models))
	for i, m := range models {
		texts[i] = m.text
	}
	return c.reply(map[string][]json.RawMessage{"models": texts})
}

// firstParty are prefixes of the official client's originators. Its user agent
// starts with its originator.
var firstParty = []string{"codex_cli_rs", "codex_exec", "codex_vscode", "codex-tui", "Codex "}

// impersonates reports whether the originator is the official client's and the
// user agent is not.
func (c *call) impersonates() bool {
	name := c.Header.Get("originator")
	return slices.ContainsFunc(firstParty, func(official string) bool { return strings.HasPrefix(name, official) }) &&
		!strings.HasPrefix(c.UserAgent(), name+"/")
}

// defaultModel is the model behind a name with directives, in either lane.
const defaultModel = "gpt-5.5"

// admit returns the model that a request names, or a fault if the client may not
// use it.
//
// The messages are the backend's, which has been observed to use each of them if
// the client's version or name was wrong. Here the first is for a retired or
// unknown model, the second for a missing version or originator or, with a model
// of the Lite lane, an official originator with another program's user agent, and
// the third for an old version.
func (c *call) admit(slug string) (model, error) {
	name, directives := slug, IsDirected(slug)
	if directives {
		name = defaultModel
	}
	served := c.scenario.served()
	i := slices.IndexFunc(served, func(m model) bool { return m.Slug == name })
	if i < 0 {
		if c.scenario.Lenient {
			return model{Slug: slug}, nil
		}
		return model{}, refuse(http.StatusBadRequest, "The '%s' model is not supported when using Codex with a ChatGPT account.", slug)
	}
	m := served[i]
	version, why := c.Header.Get("version"), ""
	switch {
	case c.scenario.Lenient:
	case version == "":
		why = "the header version is missing"
	case c.Header.Get("originator") == "":
		why = "the header originator is missing"
	case m.Lite && c.impersonates():
		why = "the header originator names another program than the user agent"
	case older(version, m.MinimalVersion):
		return model{}, refuse(http.StatusBadRequest,
			"The '%s' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again.", slug)
	}
	if why != "" {
		// The backend gives no reason, but the developer of a client needs one.
		c.w.Header().Set("x-mock-reason", why)
		return model{}, refuse(http.StatusNotFound, "Model not found %s", slug)
	}
	if directives {
		m.Lite = c.lite()
	}
	return m, nil
}
