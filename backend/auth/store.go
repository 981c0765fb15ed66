package auth

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Options are the options of a store. The zero value is the user's own sign-in
// at the real issuer.
type Options struct {
	// Home is the directory of auth.json. Default: that of [Home].
	Home string
	// Issuer is the base URL of the sign-in service, https or loopback. Default: DefaultIssuer.
	Issuer string
	// HTTPClient sends the requests to the issuer. Redirects are never followed.
	HTTPClient *http.Client
	// Logger receives transient failures. Default: nothing is logged.
	Logger *slog.Logger
	// Learn is called with new tokens and keys, so that they can be redacted. Default: none.
	Learn func(secrets ...string)
	// Now is the clock for expiry. Default: time.Now.
	Now func() time.Time
	// Originator is the client name sent to the issuer. Default: codex-rpc.
	Originator string
	// UserAgent is the User-Agent header of requests to the issuer. Default:
	// codex-rpc.
	UserAgent string
}

// Store holds the credentials of a sign-in. It is safe for concurrent use.
type Store struct {
	keeper  keeper
	issuer  *issuer
	log     *slog.Logger
	learn   func(secrets ...string)
	now     func() time.Time
	openURL func(string) error

	// Locks within this process. The first two are held together with the keeper's lock of the same name.
	refreshing chan struct{}
	committing chan struct{}
	signing    chan struct{}

	logins atomic.Int64 // completed sign-ins

	mu        sync.Mutex
	stamp     stamp
	onDisk    []byte // the last text read or written; nil if there was none
	held      snapshot
	loaded    bool
	restUntil time.Time // no early refresh before this, after a transient failure
	saveAfter time.Time // no write before this, after a failed one
	flight    *flight
}

// snapshot is one version of auth.json. It differs from the file if that could not be written.
type snapshot struct {
	credentials
	doc      document // nil when there is no auth.json
	rejected error    // the rejection of its refresh token, or nil
}

// Open returns the store of the auth.json in a Codex home. It reads nothing yet; there may be no credentials. The
// environment variables CODEX_REFRESH_TOKEN_URL_OVERRIDE and CODEX_REVOKE_TOKEN_URL_OVERRIDE replace two endpoints of
// the issuer, as they do in the official CLI.
func Open(o Options) (*Store, error) {
	home, err := Home(o.Home)
	if err != nil {
		return nil, err
	}
	s, err := newStore(o, &file{path: filepath.Join(home, fileName)}, true)
	if err == nil {
		openedHomes.Store(home, nil)
	}
	return s, err
}

// OpenMemory returns a store in memory with the text of an auth.json, or without credentials if it is nil. It uses
// neither disk nor environment, nor Options.Home.
func OpenMemory(authJSON []byte, o Options) (*Store, error) {
	return newStore(o, &memory{text: bytes.Clone(authJSON)}, false)
}

func newStore(o Options, k keeper, environment bool) (*Store, error) {
	if o.Learn == nil {
		o.Learn = func(...string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	i, err := newIssuer(cmp.Or(o.Issuer, DefaultIssuer), o.HTTPClient, environment)
	if err != nil {
		return nil, err
	}
	i.originator, i.userAgent = cmp.Or(o.Originator, "codex-rpc"), cmp.Or(o.UserAgent, "codex-rpc")
	return &Store{
		keeper:  k,
		issuer:  i,
		log:     cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
		learn:   o.Learn,
		now:     o.Now,
		openURL: openBrowser,

		refreshing: make(chan struct{}, 1),
		committing: make(chan struct{}, 1),
		signing:    make(chan struct{}, 1),
	}, nil
}

// load returns the current credentials, reading the file only if it may have changed. It rereads a malformed file, which
// the official CLI may be writing in place.
func (s *Store) load(ctx context.Context) (snapshot, error) {
	for tries := 6; ; tries-- {
		held, err := s.reload()
		if err == nil || tries == 0 || !errors.Is(err, errBroken) {
			return held, err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return snapshot{}, err
		}
	}
}

var errBroken = errors.New("auth.json is malformed")

func (s *Store) reload() (snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stamp := s.keeper.stamp() // before reading: a change in between has another one
	if s.loaded && s.stamp.same(stamp) {
		return s.held, nil
	}
	text, err := s.keeper.read()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = nil
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE): // a new sign-in would not help
		return snapshot{}, unavailable("The credentials cannot be read: " + err.Error() + ".")
	case err != nil:
		return snapshot{}, signedOut("The credentials cannot be read: " + err.Error() + ".")
	}
	if s.loaded && bytes.Equal(text, s.onDisk) && (text == nil) == (s.onDisk == nil) {
		s.stamp = stamp.settled()
		return s.held, nil
	}
	held := snapshot{doc: text}
	if text != nil {
		if held.credentials, err = parseCredentials(text); err != nil {
			broken := signedOut(s.keeper.place() + " is malformed: " + err.Error() + ".")
			broken.cause = errors.Join(ErrNotAuthenticated, errBroken)
			return snapshot{}, broken
		}
	}
	s.stamp, s.onDisk, s.held, s.loaded, s.restUntil = stamp.settled(), text, held, true, time.Time{}
	s.learn(held.access, held.refresh, held.id, held.apiKey)
	return held, nil
}

// commit replaces the credentials with those that edit returns for the current ones. It holds the commit lock from
// reading to writing. If reading fails, edit receives the error; an error of edit cancels the commit. If the lock or the
// file is unavailable, the new credentials are used nevertheless, until another program changes the file.
func (s *Store) commit(ctx context.Context, edit func(held snapshot, err error) (document, error)) (snapshot, error) {
	release, failure := acquire(ctx, s.committing, s.keeper.lockCommit)
	if failure == nil {
		defer release()
	}
	doc, err := edit(s.load(ctx))
	if err != nil {
		return snapshot{}, err
	}
	c, err := parseCredentials(doc)
	if err != nil {
		return snapshot{}, err
	}
	if failure == nil {
		failure = s.keeper.write(doc)
	}
	s.learn(c.access, c.refresh, c.id, c.apiKey)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.loaded, s.restUntil = snapshot{credentials: c, doc: doc}, true, time.Time{}
	if failure != nil {
		s.saveAfter = s.now().Add(restTime)
		return s.held, notSaved(failure)
	}
	s.onDisk, s.stamp = doc, stamp{} // unknown: the next load reads the file
	return s.held, nil
}

// acquire acquires a lock within this process, the slot, and then the lock among processes.
func acquire(ctx context.Context, slot chan struct{}, lock func(context.Context) (func(), error)) (release func(), err error) {
	select {
	case slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	unlock, err := lock(ctx)
	if err != nil {
		<-slot
		return nil, err
	}
	return func() { unlock(); <-slot }, nil
}

// Flush waits for a running refresh, and retries writing credentials that could not be written. A program must call it
// before it exits: if a refreshed token is not written, the sign-in is lost.
func (s *Store) Flush(ctx context.Context) error {
	s.mu.Lock()
	f := s.flight
	s.mu.Unlock()
	if f != nil {
		select {
		case <-f.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if !s.unsaved() {
		return nil
	}
	_, err := s.commit(ctx, func(held snapshot, err error) (document, error) {
		if err == nil && !s.unsaved() { // a sign-in has replaced them
			err = errSaved
		}
		return held.doc, err
	})
	if errors.Is(err, errSaved) {
		return nil
	}
	return err
}

var errSaved = errors.New("nothing is left to save")

func (s *Store) unsaved() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loaded && !bytes.Equal(s.held.doc, s.onDisk)
}

// saveAgain retries, in the background, to write credentials that could not be written: the file has a used refresh
// token, which another program might try.
func (s *Store) saveAgain(now time.Time) {
	if !s.unsaved() {
		return
	}
	s.mu.Lock()
	due := !now.Before(s.saveAfter)
	if due {
		s.saveAfter = now.Add(restTime)
	}
	s.mu.Unlock()
	if due {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), commitLockLimit)
			defer cancel()
			if err := s.Flush(ctx); err != nil {
				s.log.Warn("auth: refreshed tokens still cannot be written", "error", err)
			}
		}()
	}
}

func pause(ctx context.Context, d time.Duration) error {
	wait, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-wait.Done()
	return ctx.Err()
}
