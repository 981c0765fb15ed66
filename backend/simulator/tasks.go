package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// task is a cloud task as the list shows it.
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

func newTask(id, title string, env environment) task {
	return task{
		ID: id, Title: title, EnvironmentID: env.ID, CurrentTurnID: id + "_turn_2",
		TaskStatus: status{"ready", env.Label}, PullRequests: []any{}, DenormalizedURL: "https://example.test/tasks/" + id,
	}
}

// createTask is POST /wham/tasks. The task is done at once.
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
	t := newTask(c.id("task", 0), title, env)
	t.CreatedAt = float64(time.Now().Unix())
	t.UpdatedAt, t.HasUnreadTurn = t.CreatedAt, true
	s.mu.Lock()
	s.tasks = append(s.tasks, t)
	s.mu.Unlock()
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
	if _, err := s.namedTask(c); err != nil {
		return err
	}
	s.mu.Lock()
	for i := range s.tasks {
		if s.tasks[i].ID == c.PathValue("task") {
			change(&s.tasks[i])
		}
	}
	s.mu.Unlock()
	return c.reply(map[string]bool{"ok": true})
}

// listTasks pages: the cursor is opaque to clients and null on the last page.
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
	keep := func(task) bool { return true }
	switch filter := q.Get("task_filter"); filter {
	case "", "all":
	case "current", "active":
		keep = func(t task) bool { return !t.Archived }
	case "archived":
		keep = func(t task) bool { return t.Archived }
	default:
		return refuse(http.StatusUnprocessableEntity, "task_filter must be one of all, current, active, archived")
	}
	env := q.Get("environment_id")
	list := slices.DeleteFunc(s.allTasks(), func(t task) bool { return !keep(t) || env != "" && t.EnvironmentID != env })

	start = min(start, len(list))
	end := min(start+limit, len(list))
	var cursor any
	if end < len(list) {
		cursor = fmt.Sprintf("after_%d", end)
	}
	return c.reply(fill("page", "items", list[start:end], "cursor", cursor))
}

func (s *Server) allTasks() []task {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tasks)
}

func (s *Server) namedTask(c *call) (task, error) {
	list := s.allTasks()
	i := slices.IndexFunc(list, func(t task) bool { return t.ID == c.PathValue("task") })
	if i < 0 {
		return task{}, refuse(http.StatusNotFound, "Task not found")
	}
	return list[i], nil
}

// turns are the user's, and the assistant's, which is the current one.
func (t *task) turns() (id string, user, assistant json.RawMessage) {
	id = t.ID + "_turn_1"
	return id, fill("user turn", "id", id, "created", t.CreatedAt, "title", t.Title), t.answered(t.CurrentTurnID)
}

// answered is the assistant's turn under this identifier.
func (t *task) answered(id string) json.RawMessage {
	return fill("assistant turn", "id", id, "previous", t.ID+"_turn_1", "created", t.UpdatedAt)
}

func (s *Server) task(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	_, user, assistant := t.turns()
	return c.reply(fill("task", "task", t, "user", user, "assistant", assistant))
}

func (s *Server) turns(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	id, user, assistant := t.turns()
	return c.reply(fill("turns", "user_id", id, "user", user, "assistant_id", t.CurrentTurnID, "assistant", assistant))
}

// turn is GET /wham/tasks/{task}/turns/{turn} and what lies below it.
func (s *Server) turn(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	id, named, assistant := t.turns()
	siblings := []json.RawMessage{}
	switch c.PathValue("turn") {
	case id:
	case t.CurrentTurnID:
		// Other attempts at the same turn; an assistant's has one.
		named, siblings = assistant, append(siblings, t.answered(t.CurrentTurnID+"_b"))
	default:
		return refuse(http.StatusNotFound, "Turn not found")
	}
	switch path.Base(c.Pattern) {
	case "sibling_turns":
		return c.reply(fill("siblings", "siblings", siblings))
	case "logs":
		return c.reply(fill("logs", "work", "Worked on: "+t.Title))
	case "pr":
		return c.reply(map[string]string{"url": "https://example.test/pull/" + c.PathValue("turn")})
	}
	return c.reply(fill("turn", "turn", named))
}
