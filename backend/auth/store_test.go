package auth

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"github.com/codex-rpc/codex-rpc/backend"
)

func TestChangesByOtherPrograms(t *testing.T) {
	ctx := context.Background()
	s, path := openFile(t, newFakeIssuer(t, ""), "")
	want := func(access string) {
		t.Helper()
		got, err := s.Token(ctx)
		if got.Access != access || (err == nil) != (access != "") || err != nil && !errors.Is(err, ErrNotAuthenticated) {
			t.Errorf("access %q, %v; want %q", got.Access, err, access)
		}
	}
	want("")
	tick := time.Now()
	write := func(access string, at time.Time) {
		t.Helper()
		writeFile(t, path, authJSON(access, "r", "acct-1"))
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("one", tick)
	want("one")
	write("two", tick) // the same size, in the same tick of the clock
	want("two")
	old := time.Now().Add(-time.Hour)
	write("two", old)
	want("two") // the stamp is settled from now on
	if !s.stamp.same(s.keeper.stamp()) {
		t.Error("an old file is read each time")
	}
	writeFile(t, path, authJSON("six", "r", "acct-1"))
	want("six")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want("")
}

func TestStamp(t *testing.T) {
	old, now := stamp{time.Now().Add(-time.Hour), 7}, stamp{time.Now(), 7}
	for _, c := range []struct {
		name string
		a, b stamp
		same bool
	}{
		{"old", old.settled(), old, true},
		{"young", now.settled(), now, false},
		{"from the future", stamp{time.Now().Add(time.Hour), 7}.settled(), stamp{time.Now().Add(time.Hour), 7}, false},
		{"other size", old.settled(), stamp{old.modified, 8}, false},
		{"other time", old.settled(), now, false},
		{"nothing", stamp{}.settled(), stamp{}, false},
	} {
		if c.a.same(c.b) != c.same {
			t.Errorf("%s: %v", c.name, !c.same)
		}
	}
}

// script is a keeper whose text changes at each read.
type script struct {
	memory
	texts []string
	reads int
}

func (s *script) read() ([]byte, error) {
	text := s.texts[min(s.reads, len(s.texts)-1)]
	s.reads++
	return []byte(text), nil
}

func TestHalfWrittenFile(t *testing.T) {
	whole := authJSON("whole-secret", "r-secret", "acct-1")
	for _, c := range []struct {
		name  string
		texts []string
		ok    bool
	}{
		{"truncated, then half, then whole", []string{"", whole[:len(whole)/2], whole}, true},
		{"half for good", []string{whole[:len(whole)/2]}, false},
		{"garbage", []string{"not json"}, false},
		{"tokens no object", []string{`{"tokens":"secret"}`}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := openMemory(t, newFakeIssuer(t, ""), "")
			s.keeper = &script{texts: c.texts}
			start := time.Now()
			token, err := s.Token(t.Context())
			if (token.Access == "whole-secret") != c.ok || (err == nil) != c.ok {
				t.Errorf("%s: %v", c.name, err)
			}
			if !c.ok && (!errors.Is(err, ErrNotAuthenticated) || !strings.Contains(err.Error(), "is malformed")) {
				t.Errorf("%s: %v", c.name, err)
			}
			noSecret(t, err)
			if took := time.Since(start); took > time.Second {
				t.Errorf("%s: took %v", c.name, took)
			}
			if _, err := s.Account(t.Context()); (err == nil) != c.ok {
				t.Errorf("%s: account: %v", c.name, err)
			}
		})
	}
}

func TestNotAuthenticated(t *testing.T) {
	past := time.Now().Add(-time.Minute)
	for _, c := range []struct{ name, text, want string }{
		{"no file", "", "keyring"},
		{"API key alone", `{"auth_mode":"apikey","OPENAI_API_KEY":"key-secret"}`, "only an API key"},
		{"nothing in it", `{}`, "no ChatGPT sign-in"},
		{"expired for good", authJSON(accessToken(past, "secret"), "", "acct-1"), "no refresh token"},
		{"malformed", `{"tokens":`, "truncated"},
	} {
		issuer := newFakeIssuer(t, "")
		s, _ := openFile(t, issuer, c.text)
		_, err := s.Token(context.Background())
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrNotAuthenticated) || e.Hint != "Run `codex-rpc login`." {
			t.Errorf("%s: %v", c.name, err)
		}
		if !strings.HasPrefix(err.Error(), "Not authenticated. Call authenticate() first. ") ||
			!strings.Contains(err.Error(), c.want) || !strings.HasSuffix(err.Error(), e.Hint) {
			t.Errorf("%s: %v", c.name, err)
		}
		noSecret(t, err)
		_, err = s.Refresh(context.Background(), backend.Token{Access: "another"})
		if !errors.Is(err, ErrNotAuthenticated) || len(issuer.requests) != 0 {
			t.Errorf("%s: refresh: %v, %d requests", c.name, err, len(issuer.requests))
		}
	}
}

func TestOpaqueTokensServe(t *testing.T) {
	s, _ := openFile(t, newFakeIssuer(t, ""), `{"openai_api_key":"key","tokens":{"access_token":"access-token","account_id":"acct-1"}}`)
	got, err := s.Token(context.Background())
	if want := (backend.Token{Access: "access-token", AccountID: "acct-1", APIKey: "key"}); err != nil || got != want {
		t.Errorf("%+v, %v", got.Access, err)
	}
}

// Changes of the file by other programs do not sign the user out, and a refresh keeps them.
func TestFilesOfOtherPrograms(t *testing.T) {
	whole := func(account, lastRefresh string) string {
		return fmt.Sprintf(`{"mine":[1.0],"tokens":{"access_token":%q,"refresh_token":"refresh-secret","account_id":%s,"theirs":1e3},"last_refresh":%s}`,
			expired(), account, lastRefresh)
	}
	usual := whole(`"acct-1"`, `"2026-03-01T12:00:00Z"`)
	wide := func(order binary.AppendByteOrder) string {
		text := order.AppendUint16(nil, 0xfeff)
		for _, unit := range utf16.Encode([]rune(usual)) {
			text = order.AppendUint16(text, unit)
		}
		return string(text)
	}
	for _, c := range []struct{ name, text, account string }{
		{"byte order mark", "\ufeff" + usual, "acct-1"},
		{"UTF-16, little endian", wide(binary.LittleEndian), "acct-1"},
		{"UTF-16, big endian", wide(binary.BigEndian), "acct-1"},
		{"last_refresh is a number", whole(`"acct-1"`, "1767323045"), "acct-1"},
		{"last_refresh is an object", whole(`"acct-1"`, `{"secs":1}`), "acct-1"},
		{"no account id", whole("null", "null"), ""},
		{"account id is a number", whole("17", "null"), ""},
	} {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.override = func(_ string, w http.ResponseWriter) bool { // the issuer's answer has no id token
			fmt.Fprint(w, `{"access_token":"fresh-secret"}`)
			return true
		}
		s, path := openFile(t, issuer, c.text)
		token, err := s.Token(t.Context())
		if err != nil || token.Access != "fresh-secret" || token.AccountID != c.account {
			t.Errorf("%s: account %q, %v", c.name, token.AccountID, err)
		}
		if account, err := s.Account(t.Context()); err != nil || !account.Authenticated {
			t.Errorf("%s: %+v, %v", c.name, account, err)
		}
		text := readFile(t, path)
		if !strings.HasPrefix(text, `{"mine":[1.0],`) || !strings.Contains(text, `"theirs":1e3`) || !strings.Contains(text, "fresh-secret") {
			t.Errorf("%s: written:\n%q", c.name, text)
		}
	}
}

func TestFedRAMP(t *testing.T) {
	id := jwt(map[string]any{"https://api.openai.com/auth": map[string]any{"chatgpt_account_id": "gov", "chatgpt_account_is_fedramp": true}}, "x")
	s := openMemory(t, newFakeIssuer(t, ""), fmt.Sprintf(`{"tokens":{"access_token":"a","id_token":%q}}`, id))
	if got, err := s.Token(context.Background()); err != nil || !got.FedRAMP || got.AccountID != "gov" {
		t.Errorf("%v, %v", got.FedRAMP, err)
	}
}

// readOnly makes every write of the store fail, even as root, like a read-only home.
func readOnly(s *Store, err *error) {
	s.keeper.(*file).fault = func(string) error { return *err }
}

func TestReadOnlyHome(t *testing.T) {
	ctx := context.Background()
	issuer := newFakeIssuer(t, "refresh-secret")
	text := authJSON(accessToken(time.Now().Add(-time.Minute), "old-secret"), "refresh-secret", "acct-1")
	s, path := openFile(t, issuer, text)
	var fault error = &os.PathError{Op: "open", Path: path, Err: syscall.EROFS}
	readOnly(s, &fault)
	first, err := s.Token(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Token(ctx); err != nil || again != first || issuer.count("refresh") != 1 {
		t.Errorf("not kept in memory: %v, %d refreshes", err, issuer.count("refresh"))
	}
	second, err := s.Refresh(ctx, first)
	if err != nil || second == first || issuer.count("refresh") != 2 {
		t.Errorf("the refresh token in memory was not used: %v", err)
	}
	if readFile(t, path) != text {
		t.Error("the file changed")
	}
	if err := s.Flush(ctx); !errors.Is(err, ErrNotSaved) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("flush: %v", err)
	} else {
		noSecret(t, err)
	}
	fault = nil // mounted writable again
	if err := s.Flush(ctx); err != nil || !strings.Contains(readFile(t, path), "refresh-secret-2") {
		t.Errorf("flush: %v", err)
	}
	fault = syscall.EROFS
	if err := s.Flush(ctx); err != nil {
		t.Errorf("flush with nothing to write: %v", err)
	}
	if _, err := s.Refresh(ctx, second); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, authJSON("by another program", "r", "acct-2"))
	if got, err := s.Token(ctx); err != nil || got.Access != "by another program" {
		t.Errorf("the other program's file is not used: %v", err)
	}
	if err := s.Flush(ctx); err != nil || !strings.Contains(readFile(t, path), "by another program") {
		t.Errorf("flush wrote over another program's file: %v", err)
	}
}

func TestFlushWaitsForTheRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.before = func(context.Context, string) { time.Sleep(10 * time.Second) }
		s := openMemory(t, issuer, authJSON(accessToken(time.Now(), "old-secret"), "refresh-secret", "acct-1"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("token: %v", err)
		}
		if err := s.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("flush: %v", err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Errorf("flush: %v", err)
		}
		text, _ := s.keeper.read()
		if !strings.Contains(string(text), "refresh-secret-1") {
			t.Error("the answer was not written")
		}
	})
}

func TestMemoryStoreCopiesItsText(t *testing.T) {
	text := []byte(authJSON("a", "r", "acct-1"))
	s, err := OpenMemory(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	clear(text)
	if _, err := s.Token(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestOpenReadsNothing(t *testing.T) {
	if _, err := Open(Options{Home: filepath.Join(t.TempDir(), "absent")}); err != nil {
		t.Error(err)
	}
}

// unreadable is a keeper whose text cannot be read.
type unreadable struct {
	*memory
	err error
}

func (u *unreadable) read() ([]byte, error) {
	if u.err != nil {
		return nil, u.err
	}
	return u.memory.read()
}

// Running out of file descriptors does not sign the user out.
func TestNoDescriptors(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		keeper := &unreadable{&memory{text: []byte(`{"tokens":{"access_token":"a","account_id":"acct-1"}}`)}, &fs.PathError{Op: "open", Path: "auth.json", Err: errno}}
		s, err := newStore(Options{}, keeper, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), errno.Error()) {
			t.Errorf("%v: Token = %v", errno, err)
		}
		keeper.err = nil
		if token, err := s.Token(t.Context()); err != nil || token.Access != "a" {
			t.Errorf("afterwards: %v, %v", token, err)
		}
	}
}
