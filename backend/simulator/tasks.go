package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// task is an entry of the list of cloud tasks.
type task struct {
	ID              string  `json:"id"`
	Title           string  `json:"title"`
	CreatedAt       float64 `json:"created_at"`
	UpdatedAt       float64 `json:"updated_at"`
	Archived        bool    `json:"archived"`
	HasUnreadTurn   bool    `json:"has_unread_turn"`
	EnvironmentID   string  `json:"environment_id"`
	CurrentTurnID   string  `json:"current_turn_id"`
	TaskStatus      status  `json:"task_status_display"`
	PullRequests    []any   `json:"pull_requests"` // always empty
	DenormalizedURL string  `json:"url"`
}

type status struct {
	State           string `json:"state"`
	EnvironmentName string `json:"environment_label"`
}

// createTask is POST /wham/tasks. The task is completed immediately.
func (s *Server) createTask(c *call) error {
	var r struct {
		New struct {
			EnvironmentID string `json:"environment_id"`
		} `json:"new_task"`
		Items []struct {
			Type, Role string
			Content    []struct {
				ContentType string `json:"content_type"`
				Text        string
			}
		} `json:"input_items"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	env, err := findEnvironment(r.New.EnvironmentID)
	title := ""
	for _, item := range r.Items {
		if item.Type == "message" && len(item.Content) > 0 && item.Content[0].ContentType == "text" {
			title = item.Content[0].Text
			break
		}
	}
	switch {
	case r.New.EnvironmentID == "":
		return required(http.StatusUnprocessableEntity, "body", "new_task", "environment_id")
	case err != nil:
		return err
	case title == "":
		return required(http.StatusUnprocessableEntity, "body", "input_items")
	}
	id, now := c.id("task", 0), float64(time.Now().Unix())
	t := task{
		ID: id, Title: title, CreatedAt: now, UpdatedAt: now, HasUnreadTurn: true, EnvironmentID: env.ID, CurrentTurnID: id + "_turn_2",
		TaskStatus: status{"ready", env.Label}, PullRequests: []any{}, DenormalizedURL: "https://example.test/tasks/" + id,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tasks = append(s.tasks, t)
	return c.reply(map[string]task{"task": t})
}

// changeTask is POST /wham/tasks/{task}/{change}.
func (s *Server) changeTask(c *call) error {
	change, ok := map[string]func(*task){
		"archive":   func(t *task) { t.Archived = true },
		"recover":   func(t *task) { t.Archived = false },
		"cancel":    func(t *task) { t.TaskStatus.State = "cancelled" },
		"mark_read": func(t *task) { t.HasUnreadTurn = false },
	}[c.PathValue("change")]
	if !ok {
		return refuse(http.StatusNotFound, "Not Found")
	}
	t, err := s.task(c)
	if err != nil {
		return err
	}
	change(t)
	return c.reply(map[string]bool{"ok": true})
}

// listTasks is GET /wham/tasks/list. The cursor is opaque to clients, and null on the last page.
func (s *Server) listTasks(c *call) error {
	q := c.URL.Query()
	limit, start := 20, 0
	var err error
	if v := q.Get("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > 100 {
			return refuse(http.StatusUnprocessableEntity, "limit must be a whole number from 1 to 100")
		}
	}
	if v := q.Get("cursor"); v != "" {
		number, ours := strings.CutPrefix(v, "after_")
		if start, err = strconv.Atoi(number); !ours || err != nil || start < 0 {
			return refuse(http.StatusBadRequest, "Invalid cursor")
		}
	}
	archived, filtered := map[string]bool{"current": false, "active": false, "archived": true}[q.Get("task_filter")]
	if filter := q.Get("task_filter"); !filtered && filter != "" && filter != "all" {
		return refuse(http.StatusUnprocessableEntity, "task_filter must be one of all, current, active, archived")
	}
	env := q.Get("environment_id")
	list := slices.DeleteFunc(slices.Clone(s.tasks), func(t task) bool {
		return filtered && t.Archived != archived || env != "" && t.EnvironmentID != env
	})

	start = min(start, len(list))
	end := min(start+limit, len(list))
	var cursor any
	if end < len(list) {
		cursor = fmt.Sprintf("after_%d", end)
	}
	return c.reply(fill("page", "items", list[start:end], "cursor", cursor))
}

// task returns the task that the path names.
func (s *Server) task(c *call) (*task, error) {
	i := slices.IndexFunc(s.tasks, func(t task) bool { return t.ID == c.PathValue("task") })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "Task not found")
	}
	return &s.tasks[i], nil
}

// showTask is GET /wham/tasks/{task} and the routes below it, whose shapes take what they need. A task has a user's turn
// and an assistant's, which is the current one. Siblings are other attempts at a turn.
func (s *Server) showTask(c *call) error {
	t, err := s.task(c)
	if err != nil {
		return err
	}
	userID, assistantID := t.ID+"_turn_1", t.CurrentTurnID
	assistants := func(id string) json.RawMessage {
		return fill("assistant turn", "id", id, "previous", userID, "created", t.UpdatedAt)
	}
	user, assistant := fill("user turn", "id", userID, "created", t.CreatedAt, "title", t.Title), assistants(assistantID)
	turn, siblings := assistant, []json.RawMessage{assistants(assistantID + "_b")}
	switch c.PathValue("turn") {
	case "", assistantID:
	case userID:
		turn, siblings = user, []json.RawMessage{}
	default:
		return refuse(http.StatusNotFound, "Turn not found")
	}
	return c.reply(fill(c.Pattern, "task", t, "user", user, "user_id", userID, "assistant", assistant, "assistant_id", assistantID,
		"turn", turn, "siblings", siblings, "work", "Worked on: "+t.Title, "url", "https://example.test/pull/"+c.PathValue("turn")))
}

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
