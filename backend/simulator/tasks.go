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

func newTask(id, title string, env environment) task {
	return task{
		ID: id, Title: title, EnvironmentID: env.ID, CurrentTurnID: id + "_turn_2",
		TaskStatus: status{"ready", env.Label}, PullRequests: []any{}, DenormalizedURL: "https://example.test/tasks/" + id,
	}
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
	s.mu.Lock()
	i := slices.IndexFunc(s.tasks, func(t task) bool { return t.ID == c.PathValue("task") })
	if i >= 0 {
		change(&s.tasks[i])
	}
	s.mu.Unlock()
	if i < 0 {
		return errNoTask
	}
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
	list := slices.DeleteFunc(s.allTasks(), func(t task) bool {
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

func (s *Server) allTasks() []task {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tasks)
}

var errNoTask = refuse(http.StatusNotFound, "Task not found")

// withTask returns a handler for the task in the path.
func (s *Server) withTask(h func(*call, task) error) handler {
	return func(c *call) error {
		for _, t := range s.allTasks() {
			if t.ID == c.PathValue("task") {
				return h(c, t)
			}
		}
		return errNoTask
	}
}

// A task has a user's turn and an assistant's, which is the current one.
func (t *task) userTurnID() string { return t.ID + "_turn_1" }

func (t *task) userTurn() json.RawMessage {
	return fill("user turn", "id", t.userTurnID(), "created", t.CreatedAt, "title", t.Title)
}

func (t *task) assistantTurn(id string) json.RawMessage {
	return fill("assistant turn", "id", id, "previous", t.userTurnID(), "created", t.UpdatedAt)
}

func showTask(c *call, t task) error {
	return c.reply(fill("task", "task", t, "user", t.userTurn(), "assistant", t.assistantTurn(t.CurrentTurnID)))
}

func listTurns(c *call, t task) error {
	return c.reply(fill("turns", "user_id", t.userTurnID(), "user", t.userTurn(),
		"assistant_id", t.CurrentTurnID, "assistant", t.assistantTurn(t.CurrentTurnID)))
}

// showTurn is GET /wham/tasks/{task}/turns/{turn} and the routes below it.
func showTurn(c *call, t task) error {
	var turn json.RawMessage
	siblings := []json.RawMessage{}
	switch c.PathValue("turn") {
	case t.userTurnID():
		turn = t.userTurn()
	case t.CurrentTurnID:
		// Siblings are other attempts at a turn.
		turn, siblings = t.assistantTurn(t.CurrentTurnID), append(siblings, t.assistantTurn(t.CurrentTurnID+"_b"))
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
	return c.reply(fill("turn", "turn", turn))
}
