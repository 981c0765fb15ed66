package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// visit is a callback request with the right state. Its receiver sends the result to done, or closes it, for the page in
// the browser.
type visit struct {
	code string
	err  error
	done chan error
}

// callback is the web server for the redirect at the end of the sign-in, and for its start in a browser.
type callback struct {
	port      string
	door      string // the path that redirects once to authorize
	authorize string
	isAnother func(remote, local net.Addr) bool // whether the connection is another user's
	opened    atomic.Bool

	state  string
	used   atomic.Bool
	codes  chan visit
	login  context.Context // ends with the login
	cancel func()          // ends it
}

// serve serves requests until stop is called.
func (c *callback) serve(ctx context.Context, listeners []net.Listener) (stop func()) {
	server := &http.Server{
		Handler:           c,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // the default is standard error
	}
	server.SetKeepAlivesEnabled(false) // so that Shutdown only waits for responses
	for _, l := range listeners {
		go server.Serve(l)
	}
	return func() {
		// The browser should receive its page before the server closes. Its idle connections would delay Shutdown for
		// seconds.
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
		defer cancel()
		if server.Shutdown(patience) != nil {
			server.Close()
		}
	}
}

func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !c.named(r):
		// DNS rebinding: a foreign name that resolves to this machine.
		writePage(w, http.StatusMisdirectedRequest, "Not here", "This server only accepts requests for localhost.")
	case r.Method != http.MethodGet:
		writePage(w, http.StatusMethodNotAllowed, "Not allowed", "This address only accepts GET requests.")
	case r.URL.Path == "/auth/callback":
		if !isNavigation(r) {
			writePage(w, http.StatusForbidden, "Not allowed", "This address must be opened in a browser.")
			return
		}
		c.arrive(w, r.URL.Query())
	case r.URL.Path == "/cancel":
		if isForeign(r) || c.isAnother(connectionOf(r)) {
			writePage(w, http.StatusForbidden, "Not allowed", "Another page or user cannot cancel this sign-in.")
			return
		}
		writePage(w, http.StatusOK, "Login cancelled", "You can close this page.")
		c.cancel()
	case subtle.ConstantTimeCompare([]byte(r.URL.Path), []byte(c.door)) == 1:
		c.start(w, r)
	default:
		writePage(w, http.StatusNotFound, "Not Found", "This page does not exist.")
	}
}

// start redirects the browser to the issuer, once.
func (c *callback) start(w http.ResponseWriter, r *http.Request) {
	switch {
	case isForeign(r):
		writePage(w, http.StatusForbidden, "Not allowed", "Another page cannot start this sign-in.")
	case c.isAnother(connectionOf(r)):
		writePage(w, http.StatusForbidden, "Not allowed", "This sign-in was started by another user of this machine.")
	case !c.opened.CompareAndSwap(false, true):
		writePage(w, http.StatusGone, "Already opened", "This page can be opened only once. If it was not you who opened it, cancel the sign-in and start again.")
	default:
		h := w.Header()
		h.Set("Location", c.authorize)
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		w.WriteHeader(http.StatusFound)
	}
}

func connectionOf(r *http.Request) (remote, local net.Addr) {
	local, _ = r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		remote = net.TCPAddrFromAddrPort(at)
	}
	return remote, local
}

// named reports whether a request was made to a loopback name and our port.
func (c *callback) named(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	return err == nil && port == c.port && (strings.EqualFold(host, "localhost") || slices.Contains(loopbacks, host))
}

// isForeign reports whether a foreign web page made a request. Other programs, and browsers whose user typed the
// address, send no origin; older browsers send Origin and Referer.
func isForeign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "none", "same-origin":
		return false
	case "":
		return r.Header.Get("Origin") != "" || r.Header.Get("Referer") != ""
	}
	return true
}

// isNavigation reports whether a request is a navigation, as opposed to loading a resource of a page. Its origin does not
// matter, since the issuer redirects here.
func isNavigation(r *http.Request) bool {
	mode, dest := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return (mode == "" || mode == "navigate") && (dest == "" || dest == "document")
}

func (c *callback) arrive(w http.ResponseWriter, query url.Values) {
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(c.state)) != 1 {
		// Not necessarily from the issuer, so it does not end the login.
		writePage(w, http.StatusBadRequest, "State mismatch", "This response does not belong to the sign-in in progress.")
		return
	}
	if !c.used.CompareAndSwap(false, true) {
		writePage(w, http.StatusBadRequest, "Already used", "This response has already been used.")
		return
	}
	v := visit{code: query.Get("code"), err: denial(query), done: make(chan error, 1)}
	err := v.err
	select {
	case c.codes <- v:
		if given := <-v.done; given != nil {
			err = given
		}
	case <-c.login.Done():
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

// denial returns the error that a callback reports, or nil.
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
