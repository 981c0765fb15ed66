package simulator

import (
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

// cloudTasks are five: the even ones archived, the last two in the second environment.
func cloudTasks() (list []task) {
	for i, title := range []string{"Fix the login page", "Write the changelog", "Speed up the tests", "Describe the protocol", "Review the docs"} {
		id := fmt.Sprintf("task_%d", i+1)
		t := newTask(id, title, environments()[i/3])
		t.CreatedAt, t.UpdatedAt, t.Archived = 1767268800+float64(i)*3600, 1767268860+float64(i)*3600, i%2 == 1
		list = append(list, t)
	}
	return list
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
		return required("new_task", "environment_id")
	case err != nil:
		return err
	case title == "":
		return required("input_items")
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
	page := struct {
		Items  []task  `json:"items"`
		Cursor *string `json:"cursor"`
	}{Items: list[start:end]}
	if end < len(list) {
		page.Cursor = new(fmt.Sprintf("after_%d", end))
	}
	return c.reply(page)
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

type turn struct {
	ID             string  `json:"id"`
	Type           string  `json:"type"`
	PreviousTurnID *string `json:"previous_turn_id"`
	TurnStatus     string  `json:"turn_status"`
	CreatedAt      float64 `json:"created_at"`
	Items          []any   `json:"items"` // input or output items, whose shapes differ
}

// turns of a task: what the user asked and what came of it.
func (t task) turns() (user, assistant turn) {
	text := map[string]string{"content_type": "text", "text": t.Title}
	user = turn{t.ID + "_turn_1", "user_turn", nil, "completed", t.CreatedAt,
		[]any{map[string]any{"type": "message", "role": "user", "content": []any{text}}}}
	diff := map[string]any{"type": "output_diff", "diff": "--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-old\n+new\n"}
	said := map[string]any{"type": "message", "role": "assistant", "content": []any{map[string]string{"content_type": "text", "text": "Done."}}}
	return user, turn{t.CurrentTurnID, "assistant_turn", &user.ID, "completed", t.UpdatedAt, []any{said, diff}}
}

func (s *Server) task(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	user, assistant := t.turns()
	return c.reply(struct {
		Task                 task  `json:"task"`
		CurrentUserTurn      turn  `json:"current_user_turn"`
		CurrentAssistantTurn turn  `json:"current_assistant_turn"`
		CurrentDiffTaskTurn  *turn `json:"current_diff_task_turn"`
	}{t, user, assistant, &assistant})
}

func (s *Server) turns(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	type node struct {
		ID       string   `json:"id"`
		Turn     turn     `json:"turn"`
		Parent   *string  `json:"parent"`
		Children []string `json:"children"`
	}
	user, assistant := t.turns()
	return c.reply(struct {
		TurnMapping   map[string]node `json:"turn_mapping"`
		CurrentTurnID string          `json:"current_turn_id"`
	}{map[string]node{
		user.ID:      {user.ID, user, nil, []string{assistant.ID}},
		assistant.ID: {assistant.ID, assistant, &user.ID, []string{}},
	}, t.CurrentTurnID})
}

// turn is GET /wham/tasks/{task}/turns/{turn} and what lies below it.
func (s *Server) turn(c *call) error {
	t, err := s.namedTask(c)
	if err != nil {
		return err
	}
	user, assistant := t.turns()
	named := user
	if c.PathValue("turn") == assistant.ID {
		named = assistant
	} else if c.PathValue("turn") != user.ID {
		return refuse(http.StatusNotFound, "Turn not found")
	}
	switch path.Base(c.Pattern) {
	case "sibling_turns":
		// Other attempts at the same turn; an assistant's has one.
		siblings := []turn{}
		if named.ID == assistant.ID {
			other := assistant
			other.ID += "_b"
			siblings = append(siblings, other)
		}
		return c.reply(map[string][]turn{"sibling_turns": siblings})
	case "logs":
		return c.reply(map[string][]string{"logs": {"Cloned the repository.", "Worked on: " + t.Title, "Done."}})
	case "pr":
		return c.reply(map[string]string{"url": "https://example.test/pull/" + named.ID})
	}
	return c.reply(map[string]turn{"turn": named})
}
