package backend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyVariables name the proxy for https. The first that is set wins.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"}

// A Proxy is the proxy of https requests, except those to loopback and NO_PROXY. The
// zero Proxy means none.
type Proxy struct {
	Variable string // the environment variable that sets it
	URL      *url.URL
}

// LookupProxy returns the proxy set in the environment. The error for an
// invalid value names the variable but not the value, which may contain a
// password.
func LookupProxy() (Proxy, error) {
	for _, variable := range proxyVariables {
		value := os.Getenv(variable)
		if value == "" {
			continue
		}
		u, ok := parseProxy(value)
		if !ok {
			return Proxy{}, &Error{Kind: ErrConnection, Message: fmt.Sprintf(
				"%s is not a proxy URL: set it to http://HOST:PORT (or https, socks5, socks5h), or unset it", variable)}
		}
		return Proxy{variable, u}, nil
	}
	return Proxy{}, nil
}

var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

func parseProxy(text string) (*url.URL, bool) {
	short := !strings.Contains(text, "://")
	if short {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || !slices.Contains(proxySchemes, u.Scheme) || u.Hostname() == "" || short && u.Path != "" {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, false
		}
	}
	return u, true
}

// proxyFromEnvironment is like http.ProxyFromEnvironment, with ALL_PROXY if
// HTTPS_PROXY is not set. If the proxy is invalid, requests that should use it
// fail: they never bypass it.
func proxyFromEnvironment() func(*http.Request) (*url.URL, error) {
	config := httpproxy.FromEnvironment()
	named, fault := LookupProxy()
	switch {
	case fault != nil:
		config.HTTPSProxy = "http://unknown.invalid"
	case named.URL != nil:
		config.HTTPSProxy = named.URL.String()
	}
	proxy := config.ProxyFunc()
	return func(req *http.Request) (*url.URL, error) {
		u, err := proxy(req.URL)
		if err == nil && u != nil && fault != nil {
			return nil, fault
		}
		return u, err
	}
}

// ErrProxyRefused is wrapped by the error of a request that the proxy refused for
// good. It would refuse another one to the same host, too.
var ErrProxyRefused = errors.New("the proxy refused")

// proxyAnswer handles a proxy's response to CONNECT. A refusal, such as 407, is
// final: a retry would be refused as well, and some proxies lock an account
// after a few.
func proxyAnswer(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	status := answer.StatusCode
	if status == http.StatusOK {
		return nil
	}
	e := &Error{Kind: ErrConnection, Message: fmt.Sprintf("the proxy %s responded with %d %s", proxy.Host, status, http.StatusText(status))}
	if status >= 500 || status == http.StatusTooManyRequests {
		e.Retryable = true
		return e
	}
	e.cause = ErrProxyRefused
	named, _ := LookupProxy()
	if status == http.StatusProxyAuthRequired {
		e.Message += ": set a valid user name and password in " + named.Variable
	} else {
		e.Message += ": it does not allow this host; it is set by " + named.Variable
	}
	return e
}
