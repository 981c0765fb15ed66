package simulator

import (
	"net/http"
	"slices"
	"strings"
)

type environment struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	IsPinned  bool   `json:"is_pinned"`
	TaskCount int    `json:"task_count"`
}

// environments is GET /wham/environments.
func (s *Server) environments(c *call) error { return c.reply(account().Environments) }

// environmentsWhere returns the matching environments.
func environmentsWhere(matches func(environment) bool) []environment {
	return slices.DeleteFunc(slices.Clone(account().Environments), func(e environment) bool { return !matches(e) })
}

func findEnvironment(id string) (environment, error) {
	found := environmentsWhere(func(e environment) bool { return e.ID == id })
	if len(found) == 0 {
		return environment{}, refuse(http.StatusNotFound, "Environment not found")
	}
	return found[0], nil
}

// environment is GET /wham/environments/{environment}/with-creator-and-machine.
func (s *Server) environment(c *call) error {
	e, err := findEnvironment(c.PathValue("environment"))
	if err != nil {
		return err
	}
	return c.reply(fill("environment", "id", e.ID, "label", e.Label, "pinned", e.IsPinned, "tasks", e.TaskCount))
}

// searchEnvironments is GET /wham/environments/search, by a part of the label.
func (s *Server) searchEnvironments(c *call) error {
	query := c.URL.Query().Get("query")
	found := environmentsWhere(func(e environment) bool { return strings.Contains(e.Label, query) })
	return c.reply(fill("page", "items", found, "cursor", nil))
}

// environmentsOfRepo returns those whose label is the repository's name.
func (s *Server) environmentsOfRepo(c *call) error {
	if c.PathValue("provider") != "github" {
		return refuse(http.StatusUnprocessableEntity, "provider must be github")
	}
	return c.reply(environmentsWhere(func(e environment) bool { return e.Label == c.PathValue("repo") }))
}
