package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// RequirementsParams are the parameters of codex.config.requirements.
type RequirementsParams struct {
	CallTimeout
}

func (s *Service) requirements(ctx context.Context, p *RequirementsParams) (*rpc.Raw[Object], error) {
	return get[Object](ctx, s, p.chatGPT("wham", "config", "requirements"))
}

// UserSystemMessagesParams are the parameters of
// codex.user_system_messages.retrieve.
type UserSystemMessagesParams struct {
	CallTimeout
}

// UserSystemMessages holds the user's custom instructions for ChatGPT, as returned
// by the backend.
type UserSystemMessages struct {
	Object            string `json:"object,omitempty" jsonschema:"example=user_system_message_detail"`
	Enabled           bool   `json:"enabled,omitempty"`
	AboutUserMessage  string `json:"about_user_message,omitempty" jsonschema:"nullable"`
	AboutModelMessage string `json:"about_model_message,omitempty" jsonschema:"nullable"`
}

func (s *Service) userSystemMessages(ctx context.Context, p *UserSystemMessagesParams) (*rpc.Raw[UserSystemMessages], error) {
	return get[UserSystemMessages](ctx, s, p.chatGPT("user_system_messages"))
}
