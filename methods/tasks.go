package methods

import (
	"context"
	"net/url"
	"strconv"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// TasksListParams are the parameters of codex.tasks.list.
type TasksListParams struct {
	// How many to list at most.
	Limit *int `json:"limit,omitempty" jsonschema:"example=10"`
	// The cursor of the page before.
	Cursor *string `json:"cursor,omitempty"`
	// Which tasks to list, such as "current" or "archived".
	TaskFilter *string `json:"task_filter,omitempty" jsonschema:"example=current"`
	// List those of one environment alone.
	EnvironmentID *string `json:"environment_id,omitempty" jsonschema:"example=env_1"`
	CallTimeout
}

// A TaskList is a page of tasks, as the backend tells it.
type TaskList struct {
	Items []Object `json:"items"`
	// Where the next page begins, null on the last one.
	Cursor string `json:"cursor,omitempty" jsonschema:"nullable"`
}

func (s *Service) listTasks(ctx context.Context, p *TasksListParams) (*rpc.Raw[TaskList], error) {
	query := make(url.Values)
	if p.Limit != nil {
		query.Set("limit", strconv.Itoa(*p.Limit))
	}
	for name, value := range map[string]*string{
		"cursor": p.Cursor, "task_filter": p.TaskFilter, "environment_id": p.EnvironmentID,
	} {
		if value != nil {
			query.Set(name, *value)
		}
	}
	return get[TaskList](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "tasks", "list"}, Query: query, Timeout: p.duration(),
	})
}

// TaskParams are the parameters of codex.tasks.retrieve and
// codex.tasks.turns.list.
type TaskParams struct {
	// The task's id.
	TaskID string `json:"task_id" jsonschema:"minLength=1,example=task_1"`
	CallTimeout
}

// A Task is a cloud task and its last turns, as the backend tells it.
type Task struct {
	Task                 Object `json:"task"`
	CurrentUserTurn      Object `json:"current_user_turn,omitzero" jsonschema:"nullable"`
	CurrentAssistantTurn Object `json:"current_assistant_turn,omitzero" jsonschema:"nullable"`
	CurrentDiffTaskTurn  Object `json:"current_diff_task_turn,omitzero" jsonschema:"nullable"`
}

func (s *Service) retrieveTask(ctx context.Context, p *TaskParams) (*rpc.Raw[Task], error) {
	return get[Task](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "tasks", p.TaskID}, Timeout: p.duration(),
	})
}

// A TurnList are the turns of a task, as the backend tells them.
type TurnList struct {
	// Each turn by its id, with its parent and children.
	TurnMapping   map[string]Object `json:"turn_mapping"`
	CurrentTurnID string            `json:"current_turn_id" jsonschema:"nullable"`
}

func (s *Service) listTurns(ctx context.Context, p *TaskParams) (*rpc.Raw[TurnList], error) {
	return get[TurnList](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "tasks", p.TaskID, "turns"}, Timeout: p.duration(),
	})
}

// SiblingTurnsParams are the parameters of codex.tasks.turns.sibling_turns.
type SiblingTurnsParams struct {
	// The task's id.
	TaskID string `json:"task_id" jsonschema:"minLength=1,example=task_1"`
	// The turn's id.
	TurnID string `json:"turn_id" jsonschema:"minLength=1,example=turn_1"`
	CallTimeout
}

// SiblingTurns are other attempts at a turn, as the backend tells them.
type SiblingTurns struct {
	SiblingTurns []Object `json:"sibling_turns"`
}

func (s *Service) siblingTurns(ctx context.Context, p *SiblingTurnsParams) (*rpc.Raw[SiblingTurns], error) {
	return get[SiblingTurns](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "tasks", p.TaskID, "turns", p.TurnID, "sibling_turns"}, Timeout: p.duration(),
	})
}

// EnvironmentsListParams are the parameters of codex.environments.list.
type EnvironmentsListParams struct {
	CallTimeout
}

// An Environment is where cloud tasks run, as the backend tells it.
type Environment struct {
	ID        string `json:"id" jsonschema:"example=env_1"`
	Label     string `json:"label,omitempty" jsonschema:"nullable"`
	IsPinned  bool   `json:"is_pinned,omitempty" jsonschema:"nullable"`
	TaskCount int    `json:"task_count,omitempty" jsonschema:"nullable"`
}

func (s *Service) listEnvironments(ctx context.Context, p *EnvironmentsListParams) (*rpc.Raw[[]Environment], error) {
	return get[[]Environment](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "environments"}, Timeout: p.duration(),
	})
}
