package backend

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// join returns base with the segments and the query added.
func join(base string, path []string, query url.Values) (*url.URL, error) {
	for _, segment := range path {
		if segment == "" || segment == "." || segment == ".." {
			return nil, &Error{Kind: ErrRequest, Message: fmt.Sprintf("%q cannot be used in a path: give an id", segment)}
		}
		base += "/" + url.PathEscape(segment)
	}
	target, _ := url.Parse(base) // the base was parsed before, and escaped segments are valid
	target.RawQuery = query.Encode()
	return target, nil
}

// ParseBaseURL validates a URL that tokens are sent to, and returns it without
// a slash at its end. It must be https, or http on a loopback address: tokens
// do not travel in clear. The name, such as "ChatGPT base URL", is for the
// error.
func ParseBaseURL(name, raw string) (string, error) {
	u, err := ParseURL(name, raw)
	if err != nil {
		return "", err
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", fmt.Errorf("the %s must consist of a scheme, a host and a path only", name)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// ParseURL is like ParseBaseURL for a complete URL, which may have a query. The
// error does not quote the query.
func ParseURL(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("the %s is not a URL", name)
	}
	switch {
	case u.User != nil:
		return nil, fmt.Errorf("the %s must consist of a scheme, a host and a path only", name)
	case !safe(u):
		shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, Opaque: u.Opaque}
		return nil, fmt.Errorf("the %s %q must be https, or http on a loopback address: tokens do not travel in clear", name, shown.String())
	}
	return u, nil
}

// safe reports whether the connection cannot be read in transit.
func safe(u *url.URL) bool {
	switch u.Scheme {
	case "https":
		return u.Hostname() != ""
	case "http":
		return loopback(u.Hostname())
	}
	return false
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// origin returns the scheme, host and port of a URL.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
