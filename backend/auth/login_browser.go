package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const scope = "openid profile email offline_access api.connectors.read api.connectors.invoke"

var errCancelled = loginFailed("Login cancelled.")

func (s *Store) loginBrowser(ctx context.Context, o LoginOptions, report func(Event)) (Account, error) {
	listeners, err := listen(ctx, o.Ports)
	if err != nil {
		return Account{}, err
	}
	at := listeners[0].Addr().(*net.TCPAddr)
	redirect := fmt.Sprintf("http://localhost:%d/auth/callback", at.Port)
	state, verifier := random(32), random(64)
	address := s.issuer.authorizeURL(redirect, state, verifier, o.WorkspaceID)
	login, cancel := context.WithCancel(ctx)
	defer cancel()
	back := &callback{
		port: strconv.Itoa(at.Port), door: "/" + random(32), authorize: address, isAnother: isAnotherUsers,
		state: state, codes: make(chan visit), login: login, cancel: cancel,
	}
	defer back.serve(ctx, listeners)()

	deadline, _ := ctx.Deadline()
	report(AuthURL{URL: address, ExpiresAt: s.now().Add(time.Until(deadline))})
	if o.OpenBrowser {
		// Other users can see the arguments of programs, and could use the authorize URL to sign this program in to
		// another account. So the browser is started with a URL that redirects only once.
		door := "http://" + at.String() + back.door
		go func() {
			if err := s.openURL(door); err != nil {
				s.log.Warn("auth: no browser could be opened", "error", oneLine(err.Error(), door, back.door))
			}
		}()
	}
	select {
	case v := <-back.codes:
		if v.err != nil {
			close(v.done)
			return Account{}, v.err
		}
		account, err := s.exchange(ctx, v.code, verifier, redirect, o)
		v.done <- err
		return account, err
	case <-login.Done():
		return Account{}, cmp.Or[error](ctx.Err(), errCancelled)
	}
}

// authorizeURL returns the URL of the sign-in page. The order of the parameters, and %20 for a space, are those of the
// official CLI.
func (i *issuer) authorizeURL(redirect, state, verifier, workspace string) string {
	challenge := sha256.Sum256([]byte(verifier))
	parameters := [][2]string{
		{"response_type", "code"},
		{"client_id", clientID},
		{"redirect_uri", redirect},
		{"scope", scope},
		{"code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:])},
		{"code_challenge_method", "S256"},
		{"id_token_add_organizations", "true"},
		{"codex_cli_simplified_flow", "true"},
		{"state", state},
		{"originator", i.originator},
	}
	if workspace != "" {
		parameters = append(parameters, [2]string{"allowed_workspace_id", workspace})
	}
	var query []string
	for _, p := range parameters {
		query = append(query, p[0]+"="+strings.ReplaceAll(url.QueryEscape(p[1]), "+", "%20"))
	}
	return i.base + "/oauth/authorize?" + strings.Join(query, "&")
}

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
