package methods

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TasksListParams are the parameters of codex.tasks.list.
type TasksListParams struct {
	// The maximum number of results.
	Limit *int `json:"limit,omitempty" jsonschema:"example=10"`
	// The cursor of the previous page.
	Cursor *string `json:"cursor,omitempty"`
	// Return only tasks that match a filter, such as "current" or "archived".
	TaskFilter *string `json:"task_filter,omitempty" jsonschema:"example=current"`
	// Return only tasks of this environment.
	EnvironmentID *string `json:"environment_id,omitempty" jsonschema:"example=env_1"`
	CallTimeout
}

// TaskList is a page of tasks, as returned by the backend.
type TaskList struct {
	Items []Object `json:"items"`
	// The cursor of the next page, null on the last page.
	Cursor string `json:"cursor,omitempty" jsonschema:"nullable"`
}

func (s *Service) listTasks(ctx context.Context, p *TasksListParams) (*rpc.Raw[TaskList], error) {
	request := p.chatGPT("wham", "tasks", "list")
	request.Query = pageQuery(p.Cursor, p.Limit)
	for name, value := range map[string]*string{"task_filter": p.TaskFilter, "environment_id": p.EnvironmentID} {
		if value != nil {
			request.Query.Set(name, *value)
		}
	}
	return get[TaskList](ctx, s, request)
}

// pageQuery returns the query for a page of a list.
func pageQuery(cursor *string, limit *int) url.Values {
	query := make(url.Values)
	if cursor != nil {
		query.Set("cursor", *cursor)
	}
	if limit != nil {
		query.Set("limit", strconv.Itoa(*limit))
	}
	return query
}

// TaskParams are the parameters of methods for a cloud task.
type TaskParams struct {
	// The id of the task.
	TaskID string `json:"task_id" jsonschema:"minLength=1,example=task_1" sdk:"positional"`
	CallTimeout
}

// Task is a cloud task with its last turns, as returned by the backend.
type Task struct {
	Task                 Object `json:"task"`
	CurrentUserTurn      Object `json:"current_user_turn,omitzero" jsonschema:"nullable"`
	CurrentAssistantTurn Object `json:"current_assistant_turn,omitzero" jsonschema:"nullable"`
	CurrentDiffTaskTurn  Object `json:"current_diff_task_turn,omitzero" jsonschema:"nullable"`
}

// task returns a request to a path below that of the task.
func (p *TaskParams) task(path ...string) *backend.Request {
	return p.chatGPT(append([]string{"wham", "tasks", p.TaskID}, path...)...)
}

// TurnList holds the turns of a task, as returned by the backend.
type TurnList struct {
	// The turns by id, each with its parent and children.
	TurnMapping   map[string]Object `json:"turn_mapping"`
	CurrentTurnID string            `json:"current_turn_id" jsonschema:"nullable"`
}

// SiblingTurns holds the other attempts at a turn, as returned by the backend.
type SiblingTurns struct {
	SiblingTurns []Object `json:"sibling_turns"`
}

// Environment is an environment that cloud tasks run in, as returned by the backend.
type Environment struct {
	ID        string `json:"id" jsonschema:"example=env_1"`
	Label     string `json:"label,omitempty" jsonschema:"nullable"`
	IsPinned  bool   `json:"is_pinned,omitempty" jsonschema:"nullable"`
	TaskCount int    `json:"task_count,omitempty" jsonschema:"nullable"`
}

// TasksCreateParams are the parameters of codex.tasks.create.
type TasksCreateParams struct {
	// The request body as sent to the backend, instead of the parameters below.
	Body rpc.Raw[Object] `json:"body,omitempty" sdk:"positional"`
	// The environment to run the task in.
	EnvironmentID string `json:"environment_id,omitempty" jsonschema:"minLength=1,example=env_1"`
	// The prompt: a text, or items in the backend's format.
	Input rpc.Raw[TaskInput] `json:"input,omitempty"`
	// The branch to start from.
	Branch *string `json:"branch,omitempty" jsonschema:"example=main"`
	// The number of parallel attempts.
	BestOfN *int `json:"best_of_n,omitempty" jsonschema:"example=2"`
	// A diff to apply before the task starts.
	Patch *string `json:"patch,omitempty"`
	// Answer a question in the environment, without changes.
	RunEnvironmentInQAMode bool `json:"run_environment_in_qa_mode,omitempty"`
	CallTimeout
}

// TaskInput is a text, or a list of items.
type TaskInput struct{}

// JSONSchemaText is the schema of a TaskInput.
func (TaskInput) JSONSchemaText() string {
	return `{"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "object"}}], "examples": ["Fix the tests."]}`
}

// CreatedTask is the created task, as returned by the backend.
type CreatedTask struct {
	ID   string `json:"id,omitempty"`
	Task Object `json:"task,omitzero"`
}

func (s *Service) createTask(ctx context.Context, p *TasksCreateParams) (*rpc.Raw[CreatedTask], error) {
	body := p.Body.Value
	switch {
	case body.Kind() != 0:
	case p.EnvironmentID == "":
		return nil, invalidParam("/environment_id", "Missing required parameter: `environment_id`.")
	case p.Input.Kind() == 0:
		return nil, invalidParam("/input", "Missing required parameter: `input`.")
	default:
		body = p.task()
	}
	return get[CreatedTask](ctx, s, post(p.chatGPT("wham", "tasks"), body))
}

// task returns the request body for the parameters.
func (p *TasksCreateParams) task() rawjson.Value {
	var body rawjson.Object
	body.SetObject("new_task", func(task *rawjson.Object) {
		task.SetString("environment_id", p.EnvironmentID)
		task.Set("branch", optional(p.Branch, rawjson.String))
		task.Set("run_environment_in_qa_mode", rawjson.Bool(p.RunEnvironmentInQAMode))
	})
	body.SetArray("input_items", func(items *rawjson.Array) {
		items.Append(slices.Collect(p.Input.Elements())...)
		if p.Input.Kind() == '"' {
			items.AppendObject(func(message *rawjson.Object) {
				message.SetString("type", "message")
				message.SetString("role", "user")
				message.SetArray("content", func(parts *rawjson.Array) {
					parts.AppendObject(func(text *rawjson.Object) {
						text.SetString("content_type", "text")
						text.Set("text", p.Input.Value)
					})
				})
			})
		}
		if p.Patch != nil {
			items.AppendObject(func(patch *rawjson.Object) {
				patch.SetString("type", "pre_apply_patch")
				patch.SetObject("output_diff", func(diff *rawjson.Object) { diff.SetString("diff", *p.Patch) })
			})
		}
	})
	if p.BestOfN != nil && *p.BestOfN > 1 {
		body.SetObject("metadata", func(metadata *rawjson.Object) { metadata.Set("best_of_n", rawjson.Int(*p.BestOfN)) })
	}
	return body.Value()
}

// taskAction returns the implementation of a method that posts to a task, without
// a body.
func (s *Service) taskAction(action string) func(context.Context, *TaskParams) (*rpc.Raw[Object], error) {
	return func(ctx context.Context, p *TaskParams) (*rpc.Raw[Object], error) {
		request := p.task(action)
		request.Method = http.MethodPost
		return get[Object](ctx, s, request)
	}
}

// TurnParams are the parameters of methods for a turn of a cloud task.
type TurnParams struct {
	// The id of the task.
	TaskID string `json:"task_id" jsonschema:"minLength=1,example=task_1" sdk:"positional"`
	// The id of the turn.
	TurnID string `json:"turn_id" jsonschema:"minLength=1,example=turn_1" sdk:"positional"`
	CallTimeout
}

// turn returns a request to a path below that of the turn.
func (p *TurnParams) turn(path ...string) *backend.Request {
	return p.chatGPT(append([]string{"wham", "tasks", p.TaskID, "turns", p.TurnID}, path...)...)
}

// PullRequestParams are the parameters of codex.tasks.turns.pull_request.
type PullRequestParams struct {
	TurnParams
	// The request body as sent to the backend.
	Body rpc.Raw[PullRequest] `json:"body,omitempty" sdk:"positional"`
}

// PullRequest is the request body of a pull request.
type PullRequest struct{}

// JSONSchemaText is the schema of a PullRequest.
func (PullRequest) JSONSchemaText() string {
	return `{"type": "object", "examples": [{"title": "Fix the tests"}]}`
}

func (s *Service) createPullRequest(ctx context.Context, p *PullRequestParams) (*rpc.Raw[Object], error) {
	return get[Object](ctx, s, post(p.turn("pr"), valueOr(p.Body.Value, emptyObject)))
}

// EnvironmentParams are the parameters of codex.environments.retrieve.
type EnvironmentParams struct {
	// The id of the environment.
	EnvironmentID string `json:"environment_id" jsonschema:"minLength=1,example=env_1" sdk:"positional"`
	CallTimeout
}

func (s *Service) retrieveEnvironment(ctx context.Context, p *EnvironmentParams) (*rpc.Raw[Object], error) {
	return get[Object](ctx, s, p.chatGPT("wham", "environments", p.EnvironmentID, "with-creator-and-machine"))
}

// EnvironmentsSearchParams are the parameters of codex.environments.search.
type EnvironmentsSearchParams struct {
	// The text to search for in the names.
	Query *string `json:"query,omitempty" jsonschema:"example=web" sdk:"positional"`
	// The cursor of the previous page.
	Cursor *string `json:"cursor,omitempty"`
	// The maximum number of results. Defaults to 20.
	Limit *int `json:"limit,omitempty" jsonschema:"example=20"`
	CallTimeout
}

// EnvironmentPage is a page of environments, as returned by the backend.
type EnvironmentPage struct {
	Items  []Object `json:"items"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"nullable"`
}

func (s *Service) searchEnvironments(ctx context.Context, p *EnvironmentsSearchParams) (*rpc.Raw[EnvironmentPage], error) {
	request := p.chatGPT("wham", "environments", "search")
	request.Query = pageQuery(p.Cursor, cmp.Or(p.Limit, new(20)))
	if text := deref(p.Query); text != "" {
		request.Query.Set("query", text)
	}
	return get[EnvironmentPage](ctx, s, request)
}

// EnvironmentsByRepoParams are the parameters of codex.environments.by_repo.
type EnvironmentsByRepoParams struct {
	// The provider of the repository, such as "github".
	Provider string `json:"provider" jsonschema:"minLength=1,example=github" sdk:"positional"`
	// The owner of the repository.
	Owner string `json:"owner" jsonschema:"minLength=1,example=octocat" sdk:"positional"`
	// The name of the repository.
	Repo string `json:"repo" jsonschema:"minLength=1,example=hello-world" sdk:"positional"`
	CallTimeout
}

func (s *Service) environmentsByRepo(ctx context.Context, p *EnvironmentsByRepoParams) (*rpc.Raw[[]Environment], error) {
	return get[[]Environment](ctx, s, p.chatGPT("wham", "environments", "by-repo", p.Provider, p.Owner, p.Repo))
}
