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
	// The sign-in flow: a browser on this machine, or a code to enter on any
	// device.
	Method string `json:"method,omitempty" jsonschema:"enum=browser,enum=device_code,default=browser"`
	// Start a sign-in if there are no usable credentials. If false, fail instead.
	Interactive *bool `json:"interactive,omitempty" jsonschema:"default=true"`
	// Sign in even if there are usable credentials.
	Force bool `json:"force,omitempty"`
	// Open the sign-in page in a browser, in addition to reporting its URL.
	OpenBrowser *bool `json:"open_browser,omitempty" jsonschema:"default=true"`
	// Also request an OpenAI API key, which realtime_websocket_headers requires
	// and only some accounts can get. Not available with a device code.
	RequestAPIKey *bool `json:"request_api_key,omitempty" jsonschema:"default=true"`
	// The workspace (ChatGPT account id) to sign in to. Others are refused.
	WorkspaceID string `json:"workspace_id,omitempty"`
	// No effect: the URL or code is always reported.
	Stream bool `json:"stream,omitempty"`
	// Seconds to wait for the user to sign in, at most 900.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,default=900"`
	// No effect when no request is sent.
	IncludeHeaders bool `json:"include_headers,omitempty"`
}

// AuthURL is the event with the URL of the sign-in page, for a browser on this
// machine.
type AuthURL struct {
	Type string `json:"type" jsonschema:"enum=auth.url"`
	URL  string `json:"url"`
	// Unix time in seconds.
	ExpiresAt int64 `json:"expires_at"`
}

// AuthDeviceCode is the event with the code to enter and the page to enter it on.
// Show it only to the user: entering a code that someone else requested signs
// them in as the user.
type AuthDeviceCode struct {
	Type            string `json:"type" jsonschema:"enum=auth.device_code"`
	UserCode        string `json:"user_code"`
	VerificationURL string `json:"verification_url"`
	// Unix time in seconds.
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
			return s.accountInfo(ctx, nil)
		case !interactive || !errors.Is(err, auth.ErrNotAuthenticated):
			return nil, errorOf(err)
		}
	}
	account, err := s.store.Login(ctx, auth.LoginOptions{
		DeviceCode:     p.Method == "device_code",
		OpenBrowser:    p.OpenBrowser == nil || *p.OpenBrowser,
		RequestAPIKey:  p.RequestAPIKey == nil || *p.RequestAPIKey,
		UnlessSignedIn: !p.Force,
		WorkspaceID:    p.WorkspaceID,
		Timeout:        seconds(p.Timeout),
	}, func(e auth.Event) {
		// Emit only fails if the call has ended, in which case the context of
		// Login is done.
		switch e := e.(type) {
		case auth.AuthURL:
			_ = events.Emit(AuthURL{"auth.url", e.URL, e.ExpiresAt.Unix()})
		case auth.DeviceCode:
			_ = events.Emit(AuthDeviceCode{"auth.device_code", e.UserCode, e.VerificationURL, e.ExpiresAt.Unix()})
		}
	})
	if errors.Is(err, auth.ErrNotSaved) {
		s.log.Warn("the sign-in could not be saved and ends with this process", "error", err)
		err = nil
	}
	if err != nil {
		return nil, errorOf(err)
	}
	return AccountOf(account), nil
}

// signedIn returns nil if there are usable credentials, for the workspace if one
// is given. It refreshes expired ones.
func (s *Service) signedIn(ctx context.Context, workspace string) error {
	token, err := s.store.Token(ctx)
	if err == nil && workspace != "" && token.AccountID != workspace {
		return &backend.Error{Kind: backend.ErrNotAuthenticated, Message: fmt.Sprintf(
			"not authenticated: signed in to the workspace %s, not to %s; run `codex-rpc login --workspace %[2]s`",
			rpc.OneLine(token.AccountID), rpc.OneLine(workspace))}
	}
	return err
}
