package simulator

import (
	"encoding/json"
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

func environments() (list []environment) {
	if err := json.Unmarshal(fixed()["GET /backend-api/wham/environments"], &list); err != nil {
		panic("simulator: account.json: " + err.Error())
	}
	return list
}

func findEnvironment(id string) (environment, error) {
	list := environments()
	i := slices.IndexFunc(list, func(e environment) bool { return e.ID == id })
	if i < 0 {
		return environment{}, refuse(http.StatusNotFound, "Environment not found")
	}
	return list[i], nil
}

// environment is GET /wham/environments/{environment}/with-creator-and-machine.
func (s *Server) environment(c *call) error {
	e, err := findEnvironment(c.PathValue("environment"))
	if err != nil {
		return err
	}
	return c.reply(struct {
		environment
		Creator map[string]string `json:"creator"`
		Machine map[string]string `json:"machine"`
	}{e, map[string]string{"id": userID, "email": email}, map[string]string{"id": "machine_1", "size": "small"}})
}

// searchEnvironments looks for a part of the label.
func (s *Server) searchEnvironments(c *call) error {
	query := c.URL.Query().Get("query")
	found := slices.DeleteFunc(environments(), func(e environment) bool { return !strings.Contains(e.Label, query) })
	return c.reply(struct {
		Items  []environment `json:"items"`
		Cursor *string       `json:"cursor"`
	}{Items: found})
}

// environmentsOfRepo are those with the repository's name for a label.
func (s *Server) environmentsOfRepo(c *call) error {
	if c.PathValue("provider") != "github" {
		return refuse(http.StatusUnprocessableEntity, "provider must be github")
	}
	return c.reply(slices.DeleteFunc(environments(), func(e environment) bool { return e.Label != c.PathValue("repo") }))
}
