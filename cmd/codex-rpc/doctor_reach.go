package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/printable"
)

const (
	// The timeout for a server's response.
	reachTime = 4 * time.Second
	// Tokens are refreshed five minutes before they expire. A clock that is off
	// by more than that makes them expire too early or too late.
	clockTolerance = 30 * time.Second
	clockLimit     = 5 * time.Minute
)

// A reach is the result of a request to an endpoint.
type reach struct {
	check
	ahead time.Duration // by which the local clock is ahead, if dated
	dated bool          // whether the response had a Date header
}

// probeEndpoint sends a request without credentials. Any response shows that the server
// can be reached.
func probeEndpoint(ctx context.Context, transport *backend.Transport, p endpoint) reach {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	name := p.name
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, p.url, nil)
	if err != nil {
		return reach{check: check{name, failing, err.Error(), "Correct the URL."}}
	}
	start := time.Now()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return reach{check: unreached(name, p.shown(), err)}
	}
	resp.Body.Close()
	now := time.Now()
	r := reach{check: check{name, passed, fmt.Sprintf("%s answers after %d ms", p.shown(), now.Sub(start).Milliseconds()), ""}}
	if resp.StatusCode >= 500 {
		r.check = check{name, warning, fmt.Sprintf("%s answers with HTTP %d", p.shown(), resp.StatusCode), "Try again later; https://status.openai.com lists outages."}
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		// The Date has a resolution of one second and was set after start.
		switch late, early := start.Sub(date.Add(time.Second)), now.Sub(date); {
		case late > 0:
			r.ahead = late
		case early < 0:
			r.ahead = early
		}
		r.dated = true
	}
	return r
}

// unreached returns the reason why a server did not respond.
func unreached(name, address string, err error) check {
	if ours, ok := errors.AsType[*backend.Error](err); ok {
		return check{name, failing, ours.Message, "Correct the proxy or the certificate settings."}
	}
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		err = inURL.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no response within %v", reachTime)
	}
	action := "Check the network, the proxy settings and the URL."
	if untrusted, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		err = fmt.Errorf("its certificate is not trusted: %w", untrusted.Err)
		action = "If a proxy inspects TLS here, set CODEX_CA_CERTIFICATE to its CA certificate."
	}
	return check{name, failing, address + ": " + printable.Line(backend.Redact(err.Error())), action}
}

// checkClock compares the local clock with that of the first server that
// reported its time.
func checkClock(reached []reach) check {
	for _, r := range reached {
		if !r.dated {
			continue
		}
		off, direction := r.ahead, "ahead of"
		if off < 0 {
			off, direction = -off, "behind"
		}
		if off <= clockTolerance {
			return check{"clock", passed, "agrees with the servers", ""}
		}
		status := warning
		if off > clockLimit {
			status = failing
		}
		return check{"clock", status, fmt.Sprintf("%v %s that of %s", off.Round(time.Second), direction, r.Name),
			"Set the clock: the refresh of tokens depends on it."}
	}
	return check{"clock", warning, "no server reported its time", "Compare the clock with another one."}
}
