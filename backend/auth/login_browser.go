package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const scope = "openid profile email offline_access api.connectors.read api.connectors.invoke"

var errCancelled = loginFailed("Login cancelled.")

func (s *Store) loginBrowser(ctx context.Context, o LoginOptions, report func(Event)) (Account, error) {
	listener, err := listen(ctx, o.Ports)
	if err != nil {
		return Account{}, err
	}
	redirect := fmt.Sprintf("http://localhost:%d/auth/callback", listener.Addr().(*net.TCPAddr).Port)
	state, verifier := random(32), random(64)
	back := &callback{state: state, codes: make(chan visit), cancelled: make(chan struct{}), end: ctx.Done()}
	server := &http.Server{
		Handler:           back,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // the default one prints
	}
	server.SetKeepAlivesEnabled(false) // so that Shutdown waits for answers alone
	go server.Serve(listener)
	defer func() {
		// The browser gets its page before the port is given up. The connections it opened ahead of need would hold
		// Shutdown for seconds.
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
		defer cancel()
		if server.Shutdown(patience) != nil {
			server.Close()
		}
	}()

	address := s.issuer.authorizeURL(redirect, state, verifier, o.WorkspaceID)
	deadline, _ := ctx.Deadline()
	report(AuthURL{URL: address, ExpiresAt: s.now().Add(time.Until(deadline))})
	if o.OpenBrowser {
		go func() {
			if err := s.openURL(address); err != nil {
				s.log.Warn("auth: no browser could be opened", "error", oneLine(err.Error(), address, state))
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
	case <-back.cancelled:
		return Account{}, errCancelled
	case <-ctx.Done():
		return Account{}, ctx.Err()
	}
}

// authorizeURL keeps the order of the official CLI's parameters, and its %20 for a space.
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

// listen takes the first port to be had. A port in use may be held by a login that was abandoned, of this program or of
// the official CLI: that one is asked once to give up.
func listen(ctx context.Context, ports []int) (net.Listener, error) {
	var addresses []string
	for _, port := range ports {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		for try := range 10 {
			l, err := new(net.ListenConfig).Listen(ctx, "tcp4", address)
			if err == nil {
				return l, nil
			}
			if try == 0 {
				cancelHolder(ctx, address)
			} else if err := pause(ctx, 200*time.Millisecond); err != nil {
				return nil, err
			}
		}
		addresses = append(addresses, address)
	}
	return nil, &Error{
		Message: "Port " + strings.Join(addresses, " and ") + " is already in use.",
		Hint:    "End the program that holds it, or sign in with a device code.",
		cause:   ErrLoginFailed,
	}
}

func cancelHolder(ctx context.Context, address string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/cancel", nil)
	if err != nil {
		return
	}
	// Not the default transport: no proxy stands between this machine and itself.
	if res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req); err == nil {
		res.Body.Close()
	}
}

// visit is a browser's return with the right state. Whoever takes it sends or closes done, and the browser is told.
type visit struct {
	code string
	err  error
	done chan error
}

// callback is the web server that the browser comes back to.
type callback struct {
	state     string
	used      atomic.Bool
	codes     chan visit
	cancelled chan struct{} // closed by the first /cancel
	cancel    sync.Once
	end       <-chan struct{} // of the login itself
}

func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet:
		writePage(w, http.StatusMethodNotAllowed, "Not allowed", "This address takes GET alone.")
	case r.URL.Path == "/auth/callback":
		c.arrive(w, r.URL.Query())
	case r.URL.Path == "/cancel":
		writePage(w, http.StatusOK, "Login cancelled", "You can close this page.")
		c.cancel.Do(func() { close(c.cancelled) })
	default:
		writePage(w, http.StatusNotFound, "Not Found", "There is nothing here.")
	}
}

func (c *callback) arrive(w http.ResponseWriter, query url.Values) {
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(c.state)) != 1 {
		// Anybody can have sent this, so it does not end the login.
		writePage(w, http.StatusBadRequest, "State mismatch", "This answer does not belong to the sign-in that is under way.")
		return
	}
	if !c.used.CompareAndSwap(false, true) {
		writePage(w, http.StatusBadRequest, "Already used", "This answer has been used before.")
		return
	}
	v := visit{code: query.Get("code"), err: denial(query), done: make(chan error, 1)}
	err := v.err
	select {
	case c.codes <- v:
		if given := <-v.done; given != nil {
			err = given
		}
	case <-c.end:
		err = errCancelled
	case <-c.cancelled:
		err = errCancelled
	}
	switch {
	case err == nil:
		writePage(w, http.StatusOK, "Signed in", "You can close this page and return to your program.")
	case errors.Is(err, ErrNotSaved):
		writePage(w, http.StatusOK, "Signed in", err.Error())
	default:
		writePage(w, http.StatusBadRequest, "Sign-in failed", err.Error())
	}
}

// denial is the error that a callback reports, or nil.
func denial(query url.Values) error {
	code, description := query.Get("error"), query.Get("error_description")
	switch {
	case code == "access_denied" && strings.Contains(description, "missing_codex_entitlement"):
		return loginFailed("Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex.")
	case code != "" && description != "":
		return loginFailed("Sign-in failed: " + description)
	case code != "":
		return loginFailed("Sign-in failed: " + code)
	case query.Get("code") == "":
		return loginFailed("Sign-in failed: missing_authorization_code")
	}
	return nil
}
