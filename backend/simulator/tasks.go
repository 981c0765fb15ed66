package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
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

type environment struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	IsPinned  bool   `json:"is_pinned"`
	TaskCount int    `json:"task_count"`
}

func cloudEnvironments() []environment {
	return []environment{{"env_1", "default", true, 3}, {"env_2", "docs", false, 2}}
}

// cloudTasks are five: the even ones archived, the last two in the second environment.
func cloudTasks() []task {
	var list []task
	for i, title := range []string{"Fix the login page", "Write the changelog", "Speed up the tests", "Describe the protocol", "Review the docs"} {
		id := fmt.Sprintf("task_%d", i+1)
		env := cloudEnvironments()[i/3]
		list = append(list, task{
			ID: id, Title: title,
			CreatedAt: 1767268800 + float64(i)*3600, UpdatedAt: 1767268860 + float64(i)*3600,
			Archived:        i%2 == 1,
			EnvironmentID:   env.ID,
			CurrentTurnID:   id + "_turn_2",
			TaskStatus:      status{"ready", env.Label},
			PullRequests:    []any{},
			DenormalizedURL: "https://example.test/tasks/" + id,
		})
	}
	return list
}

func (s *Server) environments(c *call) error { return c.reply(cloudEnvironments()) }

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
	list := slices.DeleteFunc(cloudTasks(), func(t task) bool { return !keep(t) || env != "" && t.EnvironmentID != env })

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

func (c *call) namedTask() (task, error) {
	list := cloudTasks()
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
	t, err := c.namedTask()
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
	t, err := c.namedTask()
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

// siblingTurns are other attempts at the same turn; an assistant's has one.
func (s *Server) siblingTurns(c *call) error {
	t, err := c.namedTask()
	if err != nil {
		return err
	}
	user, assistant := t.turns()
	siblings := []turn{}
	switch c.PathValue("turn") {
	case user.ID:
	case assistant.ID:
		other := assistant
		other.ID += "_b"
		siblings = append(siblings, other)
	default:
		return refuse(http.StatusNotFound, "Turn not found")
	}
	return c.reply(map[string][]turn{"sibling_turns": siblings})
}
