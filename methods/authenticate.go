package methods

import (
	"context"
	"errors"
	"fmt"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// AuthenticateParams are the parameters of authenticate.
type AuthenticateParams struct {
	// How to sign in: in a browser on this machine, or with a code that is
	// entered on any device.
	Method string `json:"method,omitempty" jsonschema:"enum=browser,enum=device_code,default=browser"`
	// Start a sign-in if there are no usable credentials; else fail.
	Interactive *bool `json:"interactive,omitempty" jsonschema:"default=true"`
	// Sign in although there are usable credentials.
	Force bool `json:"force,omitempty"`
	// Open the page to sign in at, beside reporting it.
	OpenBrowser *bool `json:"open_browser,omitempty" jsonschema:"default=true"`
	// Ask for an OpenAI API key, too, which realtime_websocket_headers needs
	// and some accounts get. A sign-in with a code brings none.
	RequestAPIKey *bool `json:"request_api_key,omitempty" jsonschema:"default=true"`
	// The one workspace (ChatGPT account id) to be signed in to.
	WorkspaceID string `json:"workspace_id,omitempty"`
	// Of no effect: what the user has to see is reported in any case.
	Stream bool `json:"stream,omitempty"`
	// How many seconds the user has to sign in, 900 at most.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,default=900"`
	// Of no effect, as where nothing is asked of the backend.
	IncludeHeaders bool `json:"include_headers,omitempty"`
}

// AuthURL is the event that tells the page to sign in at, in a browser on this
// machine.
type AuthURL struct {
	Type string `json:"type" jsonschema:"enum=auth.url"`
	URL  string `json:"url"`
	// In Unix seconds.
	ExpiresAt int64 `json:"expires_at"`
}

// AuthDeviceCode is the event that tells the code to enter, and where. It is for
// the user alone: whoever gets others to enter a code signs in as them.
type AuthDeviceCode struct {
	Type            string `json:"type" jsonschema:"enum=auth.device_code"`
	UserCode        string `json:"user_code"`
	VerificationURL string `json:"verification_url"`
	// In Unix seconds.
	ExpiresAt int64 `json:"expires_at"`
}

func (s *Service) authenticate(ctx context.Context, p *AuthenticateParams, events *rpc.Events) (*Account, error) {
	interactive := p.Interactive == nil || *p.Interactive
	if p.Force && !interactive {
		return nil, invalidParam("/force", "Cannot pass force=true with interactive=false.")
	}
	if !p.Force {
		switch err := s.signedIn(ctx, p.WorkspaceID); {
		case err == nil:
			return s.account(ctx)
		case !interactive || !errors.Is(err, auth.ErrNotAuthenticated):
			return nil, errorOf(err)
		}
	}
	account, err := s.store.Login(ctx, auth.LoginOptions{
		DeviceCode:    p.Method == "device_code",
		OpenBrowser:   p.OpenBrowser == nil || *p.OpenBrowser,
		RequestAPIKey: p.RequestAPIKey == nil || *p.RequestAPIKey,
		WorkspaceID:   p.WorkspaceID,
		Timeout:       seconds(p.Timeout),
	}, func(e auth.Event) {
		// An event fails to go out only if the call is over, which Login sees
		// by its context.
		switch e := e.(type) {
		case auth.AuthURL:
			_ = events.Emit(AuthURL{"auth.url", e.URL, e.ExpiresAt.Unix()})
		case auth.DeviceCode:
			_ = events.Emit(AuthDeviceCode{"auth.device_code", e.UserCode, e.VerificationURL, e.ExpiresAt.Unix()})
		}
	})
	if errors.Is(err, auth.ErrNotSaved) {
		s.log.Warn("the sign-in lasts as long as this process", "error", err)
		err = nil
	}
	if err != nil {
		return nil, errorOf(err)
	}
	return AccountOf(account), nil
}

// signedIn returns nil if a call could be made now, in the workspace if one is
// given. Credentials that have expired it renews.
func (s *Service) signedIn(ctx context.Context, workspace string) error {
	token, err := s.store.Token(ctx)
	if err == nil && workspace != "" && token.AccountID != workspace {
		return &backend.Error{Kind: backend.ErrNotAuthenticated, Message: fmt.Sprintf(
			"not authenticated: signed in to the workspace %s, not to %s; run `codex-rpc login --workspace %[2]s`",
			rpc.OneLine(token.AccountID), rpc.OneLine(workspace))}
	}
	return err
}
