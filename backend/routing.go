package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"
)

const (
	residencyHeader = "X-Openai-Internal-Codex-Residency"
	overrideHeader  = "X-Openai-Account-Routing-Override"
	// noConstraint is the backend's value for no route.
	noConstraint = "NO_CONSTRAINT"
	// Time after which a route is requested again, and after a failed request.
	routeLife        = time.Hour
	missingRouteLife = time.Minute
	// Timeout of the request for a route.
	routeTime = 15 * time.Second
)

// A Route is the destination of a workspace's model requests. The zero Route is
// that of all other accounts.
type Route struct {
	Origin   string // replaces the origin of the ChatGPT base URL; "" for the same
	Override string // for the header X-OpenAI-Account-Routing-Override; "" for none
}

// Route returns the route of the signed-in account. Only workspaces with data
// residency have one: it is requested once. If the request fails, the zero
// Route is used.
func (c *Client) Route(ctx context.Context) (Route, error) {
	token, err := c.credentials.Token(ctx)
	if err != nil {
		return Route{}, credentialsError(ctx, err)
	}
	return c.route(ctx, token)
}

// routes are the routes of accounts, by account id.
type routes struct {
	mu     sync.Mutex
	known  map[string]*knownRoute
	warned string // the origin of the last warning
}

type knownRoute struct {
	done  chan struct{} // closed when the rest is set
	route Route
	until time.Time
}

// route returns the route of a token's account. Concurrent calls share one
// request for it. The error is that of ctx.
func (c *Client) route(ctx context.Context, token Token) (Route, error) {
	if token.Residency == "" {
		return Route{}, nil
	}
	c.routes.mu.Lock()
	known := c.routes.known[token.AccountID]
	if known == nil || known.expired() {
		known = &knownRoute{done: make(chan struct{})}
		if c.routes.known == nil {
			c.routes.known = make(map[string]*knownRoute)
		}
		c.routes.known[token.AccountID] = known
		// Other calls may wait for the route when this one has ended.
		go c.requestRoute(context.WithoutCancel(ctx), token.AccountID, known)
	}
	c.routes.mu.Unlock()
	select {
	case <-known.done:
		return known.route, nil
	case <-ctx.Done():
		return Route{}, ctx.Err()
	}
}

func (k *knownRoute) expired() bool {
	select {
	case <-k.done:
		return time.Now().After(k.until)
	default:
		return false
	}
}

func (c *Client) requestRoute(ctx context.Context, account string, known *knownRoute) {
	defer close(known.done)
	ctx, cancel := context.WithTimeout(ctx, routeTime)
	defer cancel()
	known.until = time.Now().Add(missingRouteLife)
	text, _, err := c.JSON(ctx, &Request{Base: ChatGPT, Path: []string{"wham", "accounts", "check"}})
	if err == nil {
		known.route, err = c.routeIn(text, account)
	}
	if err != nil {
		c.logger.Warn("sending model requests to the base URL: the address of the workspace cannot be used", "error", err)
		return
	}
	known.until = time.Now().Add(routeLife)
	c.routes.mu.Lock()
	defer c.routes.mu.Unlock()
	if origin := known.route.Origin; origin != "" && origin != c.routes.warned {
		c.routes.warned = origin
		c.logger.Warn("sending model requests to the address of the workspace", "origin", origin)
	}
}

// accountEntry is an account in a response of accounts/check.
type accountEntry struct {
	ID        string  `json:"id"`
	AccountID string  `json:"account_id"`
	Origin    *string `json:"workspace_backend_origin"`
	Override  *string `json:"account_routing_override"`
}

// routeIn returns the route of an account in a response, of the default account if
// the id is empty. The accounts are a list, or an object with their ids as names.
func (c *Client) routeIn(text []byte, account string) (Route, error) {
	var answer struct {
		Accounts json.RawMessage `json:"accounts"`
		Default  string          `json:"default_account_id"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return Route{}, errors.New("the response is malformed")
	}
	var list []accountEntry
	var byID map[string]struct {
		Account accountEntry `json:"account"`
	}
	if json.Unmarshal(answer.Accounts, &list) != nil {
		if json.Unmarshal(answer.Accounts, &byID) != nil {
			return Route{}, errors.New("the response is malformed")
		}
		for id, entry := range byID {
			entry.Account.ID = id
			list = append(list, entry.Account)
		}
	}
	account = cmp.Or(account, answer.Default)
	for _, entry := range list {
		if entry.ID == account || entry.AccountID == account {
			return c.routeOf(entry)
		}
	}
	return Route{}, errors.New("the response does not list the account")
}

func (c *Client) routeOf(entry accountEntry) (route Route, err error) {
	if entry.Override != nil && *entry.Override != "" && !strings.EqualFold(*entry.Override, noConstraint) {
		if !httpguts.ValidHeaderFieldValue(*entry.Override) || len(*entry.Override) > 64 {
			return Route{}, errors.New("the routing override is not a valid header value")
		}
		route.Override = *entry.Override
	}
	if entry.Origin == nil || *entry.Origin == "" || strings.EqualFold(*entry.Origin, noConstraint) {
		return route, nil
	}
	origin, err := c.checkOrigin(*entry.Origin)
	route.Origin = origin
	return route, err
}

// checkOrigin returns the origin of a workspace, or an error if the bearer must
// not be sent there.
func (c *Client) checkOrigin(origin string) (string, error) {
	named, err := ParseBaseURL("workspace's backend origin", origin)
	if err != nil {
		return "", err
	}
	u, _ := url.Parse(named) // both were parsed before
	base, _ := url.Parse(c.bases[ChatGPT])
	switch {
	case u.Path != "":
		return "", errors.New("the workspace's backend origin has a path")
	case loopback(u.Hostname()) != loopback(base.Hostname()):
		// A workspace must not select a server on this machine, and a backend on
		// this machine, such as the embedded one, none elsewhere.
		return "", errors.New("only one of the workspace's backend origin and the base URL is on this machine")
	case !loopback(base.Hostname()) && !isChatGPT(base.Hostname()):
		return "", errors.New("the workspace sets a backend origin, but the base URL is not the default one")
	}
	return named, nil
}

// addRoute directs a request to the route of the token's account. It does not
// override the caller's headers.
func (c *Client) addRoute(ctx context.Context, req *http.Request, base Base, token Token) error {
	if token.Residency == "" || base == OpenAI {
		return nil
	}
	setMissing(req.Header, residencyHeader, token.Residency)
	if base != Codex {
		return nil
	}
	route, err := c.route(ctx, token)
	if err != nil {
		return err
	}
	if route.Override != "" {
		setMissing(req.Header, overrideHeader, route.Override)
	}
	if route.Origin == "" {
		return nil
	}
	origin, _ := url.Parse(route.Origin) // checkOrigin has parsed it
	routed := *req.URL
	routed.Scheme, routed.Host = origin.Scheme, origin.Host
	req.URL = &routed
	return nil
}

func setMissing(header http.Header, name, value string) {
	if header.Get(name) == "" {
		header.Set(name, value)
	}
}
