package auth

import (
	"context"
	"fmt"
	"time"
)

const revokeLimit = 10 * time.Second

// Logout tries to revoke the sign-in at the issuer, within 10 seconds, and removes auth.json in any case, even if ctx
// has ended. It reports whether the sign-in was revoked. It is not an error if there was no sign-in, but it is if the
// file could not be removed.
func (s *Store) Logout(ctx context.Context) (revoked bool, err error) {
	// Wait for a running refresh, since its token must be revoked.
	release, err := acquire(ctx, s.refreshing, s.keeper.lockRefresh)
	if err != nil {
		s.log.Warn("auth: signing out without the refresh lock", "error", err)
	} else {
		defer release()
	}
	held, err := s.load(context.WithoutCancel(ctx))
	if err != nil {
		s.log.Warn("auth: the credentials were removed without being revoked", "error", err)
	} else if err := s.revoke(ctx, held); err != nil {
		s.log.Warn("auth: the sign-in could not be revoked", "error", err)
	} else {
		revoked = held.access != "" || held.refresh != ""
	}
	// Without the lock another program may be rereading and writing, but tokens left on disk would be worse.
	release, err = acquire(context.WithoutCancel(ctx), s.committing, s.keeper.lockCommit)
	if err != nil {
		s.log.Warn("auth: removing auth.json without its lock", "error", err)
	} else {
		defer release()
	}
	err = s.keeper.remove()
	s.mu.Lock()
	s.loaded, s.held, s.onDisk = false, snapshot{}, nil // including unsaved credentials
	s.mu.Unlock()
	if err != nil {
		return revoked, &Error{
			Message: oneLine("The credentials are still on disk: " + err.Error() + "."),
			Hint:    "Delete the file.",
			cause:   err,
		}
	}
	return revoked, nil
}

// revoke revokes the sign-in by its refresh token, or without one only the access token.
func (s *Store) revoke(ctx context.Context, held snapshot) error {
	body := struct {
		Token    string `json:"token"`
		Kind     string `json:"token_type_hint"`
		ClientID string `json:"client_id,omitempty"`
	}{held.refresh, "refresh_token", clientID}
	if held.refresh == "" {
		body.Token, body.Kind, body.ClientID = held.access, "access_token", ""
	}
	if body.Token == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, revokeLimit)
	defer cancel()
	res, err := s.issuer.postJSON(ctx, s.issuer.revokeURL, body)
	if err != nil {
		return err
	}
	if !res.ok() {
		_, detail := res.fault(held.refresh, held.access)
		return unavailable(fmt.Sprintf("failed to revoke %s: %d: %s.", body.Kind, res.status, detail))
	}
	return nil
}
