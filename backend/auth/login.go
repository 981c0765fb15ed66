package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/cli/browser"
)

// LoginOptions are the options of a sign-in. The zero value is a browser sign-in whose URL the caller shows.
type LoginOptions struct {
	// DeviceCode selects a sign-in with a code to enter on any device, instead of a browser on this machine.
	DeviceCode bool
	// OpenBrowser opens the sign-in page in addition to reporting it. Failure to open it is not an error.
	OpenBrowser bool
	// RequestAPIKey also requests an OpenAI API key, which only some accounts can get. It has no effect with
	// DeviceCode.
	RequestAPIKey bool
	// UnlessSignedIn returns the account without a sign-in if there are usable credentials by the time that this login's
	// turn comes. A caller that found none needs it, since another login may have succeeded in the meantime. If it cannot be
	// known whether they are usable, as where their refresh fails transiently, that is the error.
	UnlessSignedIn bool
	// WorkspaceID, if set, is the only workspace (ChatGPT account id) that the user may choose.
	WorkspaceID string
	// Timeout limits the time to sign in. Default and maximum: 15 minutes.
	Timeout time.Duration
	// Ports are tried in order for the callback of the browser. Default: 1455 and 1457, the only ones registered with
	// the real issuer. 0 is any free port.
	Ports []int
}

const loginLimit = 15 * time.Minute

// Event is shown to the user to continue a sign-in: an AuthURL or a DeviceCode.
type Event interface{ event() }

// AuthURL is the page to open in a browser on this machine.
type AuthURL struct {
	URL       string
	ExpiresAt time.Time
}

// DeviceCode is a code to enter at VerificationURL, in any browser. A code that someone else sent must never be passed
// on.
type DeviceCode struct {
	UserCode        string
	VerificationURL string
	ExpiresAt       time.Time
}

func (AuthURL) event()    {}
func (DeviceCode) event() {}

// Login signs the user in and returns the account. It reports one event, from the calling goroutine, and then waits
// for the user, the time limit, or the end of ctx; report may be nil. Logins of one store wait for each other; one that
// waited while another succeeded returns that one's account and reports nothing.
//
// Errors: ErrLoginFailed, ErrUnavailable, ctx's own. With ErrNotSaved the account is good, and lasts as long as the
// store.
func (s *Store) Login(ctx context.Context, o LoginOptions, report func(Event)) (Account, error) {
	if report == nil {
		report = func(Event) {}
	}
	if o.Timeout <= 0 || o.Timeout > loginLimit {
		o.Timeout = loginLimit
	}
	if o.Ports == nil {
		o.Ports = []int{1455, 1457}
	}
	seen := s.logins.Load()
	select {
	case s.signing <- struct{}{}:
		defer func() { <-s.signing }()
	case <-ctx.Done():
		return Account{}, ctx.Err()
	}
	if o.UnlessSignedIn || s.logins.Load() != seen {
		switch token, err := s.Token(ctx); {
		case err == nil && (o.WorkspaceID == "" || o.WorkspaceID == token.AccountID):
			return s.Account(ctx)
		case err != nil && o.UnlessSignedIn && !errors.Is(err, ErrNotAuthenticated):
			return Account{}, err // the credentials may be good
		}
	}
	limit, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	flow := s.loginBrowser
	if o.DeviceCode {
		flow = s.loginDevice
	}
	account, err := flow(limit, o, report)
	if account == (Account{}) && limit.Err() != nil && ctx.Err() == nil {
		err = loginFailed(fmt.Sprintf("Login was not completed within %v.", o.Timeout))
	}
	return account, err
}

// exchange exchanges an authorization code for tokens and saves them.
func (s *Store) exchange(ctx context.Context, code, verifier, redirect string, o LoginOptions) (Account, error) {
	res, err := s.issuer.postForm(ctx, s.issuer.base+"/oauth/token", url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {redirect},
		"client_id":     {clientID},
		"code_verifier": {verifier},
	})
	if err != nil {
		return Account{}, err
	}
	if !res.ok() {
		_, detail := res.fault(code, verifier)
		return Account{}, loginFailed(fmt.Sprintf("Sign-in failed: token endpoint returned status %d: %s.", res.status, detail))
	}
	var got tokenAnswer
	_ = json.Unmarshal(res.body, &got) // members of other types stay empty
	account := parseClaims(got.ID).AccountID
	switch {
	case got.ID == "" || got.Access == "" || got.Refresh == "":
		return Account{}, loginFailed("Sign-in failed: the token endpoint did not return all of id_token, access_token and refresh_token.")
	case !isJWT(got.ID):
		return Account{}, loginFailed("Sign-in failed: the id token is not a JSON Web Token.") // the official CLI could not read it
	case o.WorkspaceID != "" && account != o.WorkspaceID:
		return Account{}, loginFailed("Login is restricted to workspace id(s) " + o.WorkspaceID + ".")
	}
	// The tokens are saved even if ctx ends.
	held, err := s.commit(context.WithoutCancel(ctx), func(old snapshot, err error) (document, error) {
		if err != nil {
			s.log.Warn("auth: replacing an unreadable auth.json", "error", err)
		}
		return old.doc.signedIn(got, s.now()), nil
	})
	if err != nil && !errors.Is(err, ErrNotSaved) {
		return Account{}, err
	}
	if o.RequestAPIKey {
		s.addAPIKey(ctx, got)
	}
	s.logins.Add(1)
	return held.account(s.now()), err
}

// addAPIKey requests an API key after the tokens are saved. Many accounts get none, which is not an error of the
// sign-in.
func (s *Store) addAPIKey(ctx context.Context, signedIn tokenAnswer) {
	key, err := s.obtainAPIKey(ctx, signedIn.ID)
	if err == nil {
		_, err = s.commit(ctx, func(held snapshot, err error) (document, error) {
			if err != nil || held.id != signedIn.ID {
				return nil, errors.New("replaced by another sign-in")
			}
			return held.doc.setText("OPENAI_API_KEY", key), nil
		})
	}
	if err != nil {
		s.log.Info("auth: no API key was issued for this sign-in", "error", err)
	}
}

func (s *Store) obtainAPIKey(ctx context.Context, idToken string) (string, error) {
	res, err := s.issuer.postForm(ctx, s.issuer.base+"/oauth/token", url.Values{
		"grant_type":         {"urn:ietf:params:oauth:grant-type:token-exchange"},
		"client_id":          {clientID},
		"requested_token":    {"openai-api-key"},
		"subject_token":      {idToken},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:id_token"},
	})
	if err != nil {
		return "", err
	}
	var got tokenAnswer
	switch _ = json.Unmarshal(res.body, &got); {
	case !res.ok():
		_, detail := res.fault(idToken)
		return "", fmt.Errorf("status %d: %s", res.status, detail)
	case got.Access == "":
		return "", errors.New("the response has no key")
	}
	return got.Access, nil
}

// silenceBrowser redirects the output of browsers, by default standard output, which is used by the protocol. With nil
// the child gets the null device, rather than a pipe that would break when this process ends.
var silenceBrowser = sync.OnceFunc(func() { browser.Stdout, browser.Stderr = nil, nil })

// openBrowser may block while the browser runs.
func openBrowser(url string) error {
	silenceBrowser()
	return browser.OpenURL(url)
}
