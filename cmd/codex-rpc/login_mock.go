package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
)

// mockConsent has the embedded backend approve every sign-in without a click.
// Directives that are given stand later and win.
const mockConsent = "login=approve,device_polls=0;"

// A mockStore signs in to the embedded backend. Nobody sits there with a
// browser: where one would be opened, it visits the page itself. And since that
// backend sends a browser back to any port, those that the real one knows are
// left to real sign-ins.
type mockStore struct {
	*auth.Store
	backend string // its address
	log     *slog.Logger
}

func (m mockStore) Login(ctx context.Context, o auth.LoginOptions, report func(auth.Event)) (auth.Account, error) {
	visits := o.OpenBrowser
	o.OpenBrowser, o.Ports = false, []int{0}
	return m.Store.Login(ctx, o, func(event auth.Event) {
		report(event)
		if page, ok := event.(auth.AuthURL); ok && visits {
			go m.visit(ctx, page.URL) // it is answered when the sign-in is through
		}
	})
}

// visit plays the browser. It connects to the embedded backend and to the server
// that this sign-in waits at, which the page's address names.
func (m mockStore) visit(ctx context.Context, address string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return // the address is the store's own
	}
	places := []string{m.backend}
	for _, place := range []string{address, req.URL.Query().Get("redirect_uri")} {
		if u, err := url.Parse(place); err == nil && u.Port() != "" {
			places = append(places, "localhost:"+u.Port(), "127.0.0.1:"+u.Port())
		}
	}
	transport := backend.NewLocalTransport(places...)
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		err = inURL.Err // without the address, which may hold a code by now
	}
	if err != nil {
		m.log.Warn("the sign-in page could not be opened", "error", err)
		return
	}
	resp.Body.Close()
}
