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

// mockConsent makes the embedded backend approve every sign-in without a click.
// Directives of the user follow it and take precedence.
const mockConsent = "login=approve,device_polls=0;"

// A mockStore signs in to the embedded backend. Instead of opening a browser it
// requests the page itself. Since the embedded backend redirects to any port,
// the ports registered with the real one are left to real sign-ins.
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
			go m.visit(ctx, page.URL) // it returns once the sign-in is complete
		}
	})
}

// visit acts as the browser. It connects only to the embedded backend and to
// the server of this sign-in, which the URL names.
func (m mockStore) visit(ctx context.Context, address string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return // the address is the store's own
	}
	endpoints := []string{m.backend}
	for _, endpoint := range []string{address, req.URL.Query().Get("redirect_uri")} {
		if u, err := url.Parse(endpoint); err == nil && u.Port() != "" {
			endpoints = append(endpoints, "localhost:"+u.Port(), "127.0.0.1:"+u.Port())
		}
	}
	transport := backend.NewLocalTransport(endpoints...)
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		err = inURL.Err // without the URL, which may contain a code after redirects
	}
	if err != nil {
		m.log.Warn("the sign-in page could not be opened", "error", err)
		return
	}
	resp.Body.Close()
}
