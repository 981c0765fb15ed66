package auth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

const (
	// DefaultIssuer is the sign-in service of ChatGPT accounts.
	DefaultIssuer = "https://auth.openai.com"

	clientID       = "app_EMoamEEZ73f0CkXaXp7hrann"
	requestLimit   = 30 * time.Second
	maxAnswerBytes = 1 << 20
)

// issuer is a client of the sign-in service.
type issuer struct {
	base       string // no slash at its end
	refreshURL string
	revokeURL  string
	client     *http.Client
	originator string
	userAgent  string
}

// An Endpoint is a URL that tokens are sent to.
type Endpoint struct{ Name, URL string }

// Overrides returns the endpoints of the issuer that are overridden by the environment: refresh, revoke, or both.
func (s *Store) Overrides() (list []Endpoint) {
	for _, e := range []struct{ name, url, usual string }{
		{"refresh", s.issuer.refreshURL, s.issuer.base + refreshPath},
		{"revoke", s.issuer.revokeURL, s.issuer.base + revokePath},
	} {
		if e.url != e.usual {
			list = append(list, Endpoint{e.name, e.url})
		}
	}
	return list
}

const refreshPath, revokePath = "/oauth/token", "/oauth/revoke"

// newIssuer returns an issuer with this base URL, and if requested, with the official CLI's two overrides from the
// environment.
func newIssuer(base string, client *http.Client, environment bool) (*issuer, error) {
	base, err := backend.ParseBaseURL("issuer", base)
	if err != nil {
		return nil, err
	}
	i := &issuer{base: base}
	i.refreshURL, i.revokeURL = i.base+refreshPath, i.base+revokePath
	if environment {
		const refreshName, revokeName = "CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"
		if override := os.Getenv(refreshName); override != "" {
			u, err := backend.ParseURL(refreshName, override)
			if err != nil {
				return nil, err
			}
			i.refreshURL = override
			i.revokeURL = u.Scheme + "://" + u.Host + revokePath
		}
		if override := os.Getenv(revokeName); override != "" {
			if _, err := backend.ParseURL(revokeName, override); err != nil {
				return nil, err
			}
			i.revokeURL = override
		}
	}
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	// A 307 would send the refresh token to another URL.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	i.client = &own
	return i, nil
}

func (i *issuer) postJSON(ctx context.Context, address string, body any) (answer, error) {
	text, _ := json.Marshal(body) // of strings
	return i.post(ctx, address, "application/json", text)
}

func (i *issuer) postForm(ctx context.Context, address string, form url.Values) (answer, error) {
	return i.post(ctx, address, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// post returns ErrUnavailable if there is no complete response within requestLimit, and ctx's error if ctx ends first.
func (i *issuer) post(ctx context.Context, address, contentType string, body []byte) (answer, error) {
	limit, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(limit, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("originator", i.originator)
	req.Header.Set("User-Agent", i.userAgent)
	res, err := i.client.Do(req)
	if err == nil {
		defer res.Body.Close()
		var text []byte
		if text, err = io.ReadAll(io.LimitReader(res.Body, maxAnswerBytes)); err == nil {
			return answer{res.StatusCode, text, retryAfter(res.Header)}, nil
		}
	}
	switch {
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case limit.Err() != nil:
		return answer{}, unavailable(fmt.Sprintf("The sign-in service did not answer within %v.", requestLimit))
	}
	if inURL, ok := errors.AsType[*url.Error](err); ok {
		err = inURL.Err
	}
	return answer{}, unavailable("The sign-in service cannot be reached: " + err.Error() + ".")
}

// answer is a response of any status.
type answer struct {
	status int
	body   []byte
	wait   time.Duration // the requested delay; 0 for none
}

// retryAfter parses the header Retry-After, a number of seconds or a date.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < loginLimit.Seconds() {
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(time.Until(at), loginLimit))
	}
	return 0
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// fault parses the two shapes of an error body: {"error":{"code","message"}} and {"error":"code","error_description"}.
// It returns the code in lower case. The detail falls back to the code and then to the body.
func (a answer) fault(secrets ...string) (code, detail string) {
	var body struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		Code        string          `json:"code"`
	}
	_ = json.Unmarshal(a.body, &body) // members of other types stay empty
	var nested struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body.Error, &code) != nil {
		_ = json.Unmarshal(body.Error, &nested)
	}
	code = cmp.Or(code, nested.Code, body.Code)
	detail = "unknown error"
	for _, text := range []string{body.Description, nested.Message, code, string(a.body)} {
		if text = oneLine(text, secrets...); text != "" {
			detail = text
			break
		}
	}
	return strings.ToLower(code), detail
}
