package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestTokenIsNeverShown(t *testing.T) {
	token := Token{Access: "hush-access", APIKey: "hush-key", AccountID: "hush-account"}
	holder := struct {
		Token  Token
		hidden Credentials
	}{token, StaticCredentials(token)}
	var out bytes.Buffer
	for _, value := range []any{token, &token, holder, &holder, []Token{token}, map[string]Token{"k": token}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		if err := json.NewEncoder(&out).Encode(value); err != nil {
			t.Error(err)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "token", value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "token", value)
	}
	out.WriteString(token.String() + token.GoString() + fmt.Errorf("%v", token).Error())
	if same := token; same != token || (Token{}) == token {
		t.Error("tokens do not compare")
	}
	if strings.Contains(out.String(), "hush") || strings.Contains(out.String(), fmt.Sprintf("%x", "hush")) {
		t.Errorf("a token shows in:\n%s", &out)
	}
}

func TestTokens(t *testing.T) {
	var got http.Header
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		io.WriteString(w, "{}")
	})
	for _, test := range []struct {
		token                Token
		base                 Base
		bearer, account, fed string
	}{
		{Token{Access: "at"}, ChatGPT, "Bearer at", "", ""},
		{Token{Access: "at", AccountID: "ac", FedRAMP: true}, Codex, "Bearer at", "ac", "true"},
		{Token{Access: "at", AccountID: "ac", FedRAMP: true}, OpenAI, "Bearer at", "", ""},
		{Token{APIKey: "sk"}, OpenAI, "Bearer sk", "", ""},
		{Token{APIKey: "sk"}, ChatGPT, "", "", ""},
		{Token{}, OpenAI, "", "", ""},
		{Token{Access: "a\nb"}, ChatGPT, "", "", ""},
		{Token{Access: "a", AccountID: "b\r\nc: d"}, ChatGPT, "", "", ""},
	} {
		client.credentials = StaticCredentials(test.token)
		_, _, err := client.JSON(t.Context(), &Request{Base: test.base})
		if test.bearer == "" {
			failure(t, err, ErrNotAuthenticated)
			continue
		}
		if err != nil {
			t.Error(err)
		}
		if a, b, c := got.Get("Authorization"), got.Get("ChatGPT-Account-ID"), got.Get("X-OpenAI-Fedramp"); a != test.bearer || b != test.account || c != test.fed {
			t.Errorf("%d: sent %q %q %q, want %q %q %q", test.base, a, b, c, test.bearer, test.account, test.fed)
		}
	}
}

// renewable returns the token "old" until a refresh.
type renewable struct {
	mu        sync.Mutex
	token     Token
	next      Token
	err       error
	refreshes int
}

func (c *renewable) Token(context.Context) (Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token, nil
}

func (c *renewable) Refresh(_ context.Context, rejected Token) (Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refreshes++
	if rejected != c.token {
		return Token{}, fmt.Errorf("the rejected token is not the one that was returned")
	}
	if c.err == nil {
		c.token = c.next
	}
	return c.token, c.err
}

func TestUnauthorized(t *testing.T) {
	for _, test := range []struct {
		name    string
		accept  string // the token that the backend accepts
		next    Token
		err     error
		answer  int // the status with that token
		tries   int
		renewed int
		check   func(*testing.T, error)
	}{
		{"renewed", "new", Token{Access: "new"}, nil, 200, 2, 1, nil},
		{"renewed, and refused again", "none", Token{Access: "new"}, nil, 200, 2, 1, func(t *testing.T, err error) {
			if e := failure(t, err, ErrStatus); e.Status != 401 || e.Message != "bad token" {
				t.Errorf("%d %q", e.Status, e.Message)
			}
		}},
		{"nothing to renew", "none", Token{Access: "old"}, nil, 200, 1, 1, func(t *testing.T, err error) {
			if e := failure(t, err, ErrStatus); e.Status != 401 {
				t.Error(e.Status)
			}
		}},
		{"renewal refused", "none", Token{}, errors.New("sign in again"), 200, 1, 1, func(t *testing.T, err error) {
			if e := failure(t, err, ErrNotAuthenticated); e.Message != "sign in again" {
				t.Errorf("%q", e.Message)
			}
		}},
		{"renewal fails in its own way", "none", Token{}, &Error{Kind: ErrConnection, Message: "m", Retryable: true}, 200, 1, 1, func(t *testing.T, err error) {
			failure(t, err, ErrConnection)
		}},
		{"the repetition is beside the retries", "new", Token{Access: "new"}, nil, 503, 4, 1, func(t *testing.T, err error) {
			if e := failure(t, err, ErrStatus); e.Status != 503 {
				t.Error(e.Status)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			credentials := &renewable{token: Token{Access: "old"}, next: test.next, err: test.err}
			tries := 0
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				tries++
				if r.Header.Get("Authorization") != "Bearer "+test.accept {
					w.WriteHeader(401)
					io.WriteString(w, `{"error":{"message":"bad token"}}`)
					return
				}
				w.WriteHeader(test.answer)
				io.WriteString(w, "{}")
			})
			client.credentials = credentials
			_, _, err := client.JSON(t.Context(), &Request{})
			if test.check != nil {
				test.check(t, err)
			} else if err != nil {
				t.Error(err)
			}
			if tries != test.tries || credentials.refreshes != test.renewed {
				t.Errorf("%d tries, %d renewals, want %d and %d", tries, credentials.refreshes, test.tries, test.renewed)
			}
		})
	}
}

func TestStaticCredentials(t *testing.T) {
	tries := 0
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tries++
		w.WriteHeader(401)
	})
	_, err := client.Do(t.Context(), &Request{})
	if e := failure(t, err, ErrStatus); e.Status != 401 || tries != 1 {
		t.Errorf("%v after %d tries", err, tries)
	}
}

// absent are the credentials of a user who is not signed in.
type absent struct{ Credentials }

func (absent) Token(ctx context.Context) (Token, error) {
	return Token{}, errors.Join(ctx.Err(), errors.New("no auth.json:\nsign in"))
}

func TestNoCredentials(t *testing.T) {
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	client.credentials = absent{}
	_, err := client.Do(t.Context(), &Request{})
	if e := failure(t, err, ErrNotAuthenticated); e.Message != "no auth.json: sign in" {
		t.Error(e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Do(ctx, &Request{}); err != context.Canceled {
		t.Error(err)
	}
}
