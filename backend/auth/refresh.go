package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// restTime is the time between refresh attempts while the issuer fails and the old token is still valid.
const restTime = 30 * time.Second

// Token returns credentials for a call to the ChatGPT backend, refreshed if they are expiring: 5 minutes before the
// token's exp, or without exp when it is 8 days old. If a refresh has a transient failure, or the lock is unavailable,
// a token that has not expired stays in use. Errors: ErrNotAuthenticated, ErrNotLocked, ErrUnavailable, and ctx's own.
func (s *Store) Token(ctx context.Context) (backend.Token, error) {
	held, err := s.load(ctx)
	if err != nil {
		return backend.Token{}, err
	}
	now := s.now()
	if err := s.usable(held, now); err != nil {
		return backend.Token{}, err
	}
	s.saveAgain(now)
	if !held.due(now) || !held.expired(now) && s.isResting(now) {
		return held.token(), nil
	}
	fresh, err := s.renewed(ctx, held.access, expiring)
	switch {
	case err == nil:
		return fresh.token(), nil
	case (errors.Is(err, ErrUnavailable) || errors.Is(err, ErrNotLocked)) && !held.expired(now):
		s.log.Warn("auth: the access token could not be refreshed ahead of time", "error", err)
		s.mu.Lock()
		s.restUntil = now.Add(restTime)
		s.mu.Unlock()
		return held.token(), nil
	}
	return backend.Token{}, err
}

func (s *Store) isResting(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.restUntil)
}

// Refresh returns credentials other than the given ones, which the backend rejected with 401: those of auth.json if
// another program has changed it, otherwise refreshed ones. It returns the errors of Token.
func (s *Store) Refresh(ctx context.Context, rejected backend.Token) (backend.Token, error) {
	fresh, err := s.renewed(ctx, rejected.Access, unauthorized)
	if err != nil {
		return backend.Token{}, err
	}
	return fresh.token(), nil
}

// usable returns an error if the credentials cannot be used for a call.
func (s *Store) usable(held snapshot, now time.Time) error {
	switch {
	case held.doc == nil:
		return signedOut("There is no " + s.keeper.place() + " (the official CLI may keep its credentials in the system's keyring).")
	case held.access == "" && held.apiKey != "":
		return signedOut(s.keeper.place() + " has only an API key, which the ChatGPT backend does not accept.")
	case held.access == "":
		return signedOut(s.keeper.place() + " has no ChatGPT sign-in.")
	case held.expired(now) && held.refresh == "":
		return signedOut("The access token has expired, and there is no refresh token.")
	case held.due(now):
		return held.rejected
	}
	return nil
}

// flight is a running refresh, which any number of callers wait for.
type flight struct {
	done chan struct{}
	got  snapshot
	err  error
}

// renewed joins the running refresh, or starts one. It continues when a caller gives up: the response to a used refresh
// token must be written in any case.
func (s *Store) renewed(ctx context.Context, rejected string, why reason) (snapshot, error) {
	for {
		s.mu.Lock()
		f, joined := s.flight, s.flight != nil
		if !joined {
			f = &flight{done: make(chan struct{})}
			s.flight = f
			go func() {
				f.got, f.err = s.renew(rejected, why)
				s.mu.Lock()
				s.flight = nil
				s.mu.Unlock()
				close(f.done)
			}()
		}
		s.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return snapshot{}, ctx.Err()
		}
		if joined && f.err == nil && f.got.access == rejected {
			continue // it was for an older token, and its result is the rejected token
		}
		return f.got, f.err
	}
}

func (s *Store) renew(rejected string, why reason) (snapshot, error) {
	ctx, cancel := context.WithTimeout(context.Background(), refreshLockLimit+2*requestLimit+commitLockLimit)
	defer cancel()
	release, err := acquire(ctx, s.refreshing, s.keeper.lockRefresh)
	if errors.Is(err, ErrNotLocked) {
		return snapshot{}, err
	}
	if err != nil {
		return snapshot{}, unavailable("The access token could not be refreshed: " + err.Error() + ".")
	}
	defer release()
	for tries := 2; ; tries-- {
		held, err := s.load(ctx)
		if err != nil {
			return snapshot{}, err
		}
		now := s.now()
		if err := s.usable(held, now); err != nil {
			return snapshot{}, err
		}
		switch {
		case held.access != rejected && !held.due(now): // another program has refreshed it
			return held, nil
		case held.rejected != nil:
			return snapshot{}, held.rejected
		case held.refresh == "": // the rejection is final
			return held, nil
		}
		got, err := s.redeem(ctx, held, why)
		if err == nil {
			return s.commitRefresh(ctx, held, got)
		}
		if !errors.Is(err, ErrNotAuthenticated) {
			return snapshot{}, err
		}
		if tries == 1 || !s.overtaken(ctx, held) {
			s.markRejected(held, err)
			return snapshot{}, err
		}
	}
}

// reason is why a token is refreshed, with the values of the official CLI.
type reason string

const (
	expiring     reason = "proactive_expiry"
	unauthorized reason = "unauthorized_recovery"
)

// redeem exchanges the refresh token.
func (s *Store) redeem(ctx context.Context, held snapshot, why reason) (tokenAnswer, error) {
	secrets := []string{held.refresh, held.access, held.id}
	res, err := s.issuer.postJSON(ctx, s.issuer.refreshURL, map[string]string{
		"client_id": clientID, "grant_type": "refresh_token", "refresh_reason": string(why), "refresh_token": held.refresh,
	})
	if err != nil {
		if ctx.Err() != nil {
			err = unavailable("The access token could not be refreshed in time.")
		}
		return tokenAnswer{}, err
	}
	if !res.ok() {
		return tokenAnswer{}, refusal(res, secrets)
	}
	var got tokenAnswer
	_ = json.Unmarshal(res.body, &got) // members of other types stay empty
	if got == (tokenAnswer{}) {
		return tokenAnswer{}, unavailable("Failed to refresh token: the response has no token.")
	}
	return got, nil
}

// refusal distinguishes failures that require a new sign-in from transient
// ones.
func refusal(res answer, secrets []string) error {
	code, detail := res.fault(secrets...)
	var why string
	switch code {
	case "refresh_token_expired":
		why = " because your refresh token has expired"
	case "refresh_token_reused":
		why = " because your refresh token was already used"
	case "refresh_token_invalidated":
		why = " because your refresh token was revoked"
	case "invalid_grant":
		why = " because your refresh token is no longer valid"
	default:
		if res.status != http.StatusUnauthorized {
			return unavailable(fmt.Sprintf("Failed to refresh token: %d: %s.", res.status, detail))
		}
	}
	return signedOut("Your access token could not be refreshed" + why + ".")
}

// overtaken reports whether another program, which may be too old to lock, has used the rejected refresh token. It waits
// a little for that program to write the new one.
func (s *Store) overtaken(ctx context.Context, sent snapshot) bool {
	for range 5 {
		held, err := s.load(ctx)
		if err == nil && held.refresh != sent.refresh {
			return true
		}
		if pause(ctx, 100*time.Millisecond) != nil {
			return false
		}
	}
	return false
}

// markRejected marks the refresh token as rejected, so that it is not sent again until the file changes.
func (s *Store) markRejected(sent snapshot, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held.refresh == sent.refresh {
		s.held.rejected = err
	}
}

// commitRefresh saves refreshed tokens and returns the result. Sign-ins and sign-outs do not hold the refresh lock, and
// older versions of the official CLI hold no lock, so the file may have changed since the refresh token was read: such a
// change takes precedence. A file that has become malformed is replaced, since the new tokens are the only valid ones.
func (s *Store) commitRefresh(ctx context.Context, sent snapshot, got tokenAnswer) (snapshot, error) {
	now := s.now()
	var other snapshot
	held, err := s.commit(ctx, func(held snapshot, err error) (document, error) {
		switch {
		case err != nil:
			held = sent
		case held.refresh != sent.refresh:
			other = held
			return nil, errOvertaken
		}
		return held.doc.patched(got, now), nil
	})
	switch {
	case errors.Is(err, errOvertaken):
		return other, s.usable(other, now)
	case errors.Is(err, ErrNotSaved):
		s.log.Error("auth: refreshed tokens could not be written", "error", err)
	case err != nil:
		return snapshot{}, err
	}
	if got.Access == "" {
		return snapshot{}, unavailable("Failed to refresh token: the response has no access token.")
	}
	return held, nil
}

var errOvertaken = errors.New("another program changed the credentials")
