package simulator

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options configures a Server. With the zero value every valid request succeeds without delay.
type Options struct {
	// Scenario has directives for every request; the X-Mock header and the model's name override it key by key.
	Scenario string
	// Backend, if not nil, answers every request except sign-in, whatever its bearer. Directives then apply to sign-in
	// alone.
	Backend http.Handler
	// Logger logs each request at info, without query, headers or bodies, and its outcome at debug. Nil disables it.
	Logger *slog.Logger
}

// Server is the simulated backend, an http.Handler. It keeps its state (sign-ins, uploads, counters) in memory.
type Server struct {
	mux      *http.ServeMux
	logger   *slog.Logger
	scenario []set

	mu       sync.Mutex
	stats    Stats
	applied  map[string]int // number of requests of a set with times or skip, by its text
	files    map[string]*upload
	codes    map[string]authorization
	refresh  map[string]*grant
	devices  map[string]*device
	tasks    []task
	credits  []credit
	revoked  map[string]bool
	prefixes map[[sha256.Size]byte]bool // of cached prompts

	deviceCodes int // issued so far
}

// Stats counts the requests to a Server and their effects.
type Stats struct {
	Requests    map[string]int // by route, as "POST /backend-api/codex/responses"; "/" counts unknown paths
	Refreshes   int            // exchanged refresh tokens
	Reuses      int            // refresh tokens refused because they had been exchanged before
	Revocations int            // revoked tokens
	OpenStreams int            // event streams in progress; a client that disconnects ends its stream
	Returns     int            // requests with the affinity cookie
	Sockets     int            // open sockets
	Created     int            // requests for a response on sockets
	Continued   int            // those of them with previous_response_id
}

// New returns a Server. It fails only if Options.Scenario is not valid.
func New(o Options) (*Server, error) {
	sets, err := parse(o.Scenario)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	s := &Server{
		mux:      http.NewServeMux(),
		logger:   cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
		scenario: sets,
		stats:    Stats{Requests: map[string]int{}},
		applied:  map[string]int{},
		files:    map[string]*upload{},
		codes:    map[string]authorization{},
		refresh:  map[string]*grant{},
		devices:  map[string]*device{},
		tasks:    slices.Clone(account().Tasks),
		credits:  slices.Clone(account().Credits),
		revoked:  map[string]bool{},
		prefixes: map[[sha256.Size]byte]bool{},
	}
	s.routes(o.Backend)
	return s, nil
}

func (s *Server) routes(backend http.Handler) {
	for pattern, h := range map[string]handler{
		"GET /oauth/authorize":                   s.locked(s.authorize),
		"POST /oauth/token":                      s.withParameters(s.token),
		"POST /oauth/revoke":                     s.withParameters(s.revoke),
		"POST /api/accounts/deviceauth/usercode": s.withParameters(s.deviceCode),
		"POST /api/accounts/deviceauth/token":    s.withParameters(s.deviceToken),
		"GET /codex/device":                      s.devicePage,
		"POST /codex/device":                     s.withParameters(s.approveDevice),
	} {
		s.mux.Handle(pattern, s.handle(h, false))
	}
	if backend != nil {
		s.mux.Handle("/", backend)
		return
	}
	for pattern, h := range map[string]handler{
		"POST /backend-api/codex/responses":                                         s.respond,
		upgradeRoute:                                                                s.connect,
		"POST /backend-api/codex/responses/compact":                                 s.compact,
		"POST /backend-api/codex/memories/trace_summarize":                          s.summarize,
		"GET /backend-api/codex/models":                                             s.models,
		"POST /backend-api/codex/images/generations":                                s.images,
		"POST /backend-api/codex/images/edits":                                      s.images,
		"POST /backend-api/codex/alpha/search":                                      s.search,
		"POST /backend-api/codex/realtime/calls":                                    s.realtime,
		"GET /backend-api/wham/accounts/check":                                      s.accountsCheck,
		"GET /backend-api/wham/usage":                                               s.usage,
		"GET /backend-api/wham/rate-limit-reset-credits":                            s.locked(s.resetCredits),
		"GET /backend-api/wham/rate-limit-reset-credits/history":                    s.locked(s.creditsHistory),
		"POST /backend-api/wham/rate-limit-reset-credits/consume":                   s.consumeCredit,
		"POST /backend-api/wham/tasks":                                              s.createTask,
		"GET /backend-api/wham/tasks/list":                                          s.locked(s.listTasks),
		"POST /backend-api/wham/tasks/{task}/{change}":                              s.locked(s.changeTask),
		"GET /backend-api/wham/environments":                                        s.environments,
		"GET /backend-api/wham/environments/search":                                 s.searchEnvironments,
		"GET /backend-api/wham/environments/{environment}/with-creator-and-machine": s.environment,
		"GET /backend-api/wham/environments/by-repo/{provider}/{owner}/{repo}":      s.environmentsOfRepo,
		"POST /backend-api/files":                                                   s.createFile,
		"POST /backend-api/files/{file}/uploaded":                                   s.locked(s.finalizeFile),
		"POST /v1/embeddings":                                                       s.embeddings,
		transcriptionRoute:                                                          s.connectTranscription,
		transcribeRoute:                                                             s.transcribe,
		"POST /v1/audio/transcriptions":                                             s.transcribe,
	} {
		s.mux.Handle(pattern, s.handle(h, true))
	}
	for pattern := range answers() {
		if strings.Contains(pattern, " /backend-api/wham/tasks/{task}") {
			s.mux.Handle(pattern, s.handle(s.locked(s.showTask), true))
		} else if strings.Contains(pattern, " /") {
			s.mux.Handle(pattern, s.handle(func(c *call) error { return c.reply(fill(pattern)) }, true))
		}
	}
	s.mux.Handle("PUT /upload/{file}", s.handle(s.putFile, false))
	s.mux.Handle("/", s.handle(func(c *call) error {
		return refuse(http.StatusNotFound, "Not Found: %s %s", c.Method, c.URL.Path)
	}, false))
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.logger.Enabled(r.Context(), slog.LevelInfo) {
		log := &loggedAnswer{ResponseWriter: w, started: time.Now()}
		defer log.write(s.logger, r)
		w = log
	}
	s.mux.ServeHTTP(w, r)
}

// Stats returns a copy of the counters.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.stats
	copied.Requests = maps.Clone(s.stats.Requests)
	return copied
}

type handler func(*call) error

// maxBody is well above the limit of a client's frame, so that the client's own limit applies first.
const maxBody = 256 << 20

// handle returns the handler of a route: it counts the request, prepares the call and writes a fault as the answer.
func (s *Server) handle(h handler, bearer bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.stats.Requests[r.Pattern]++
		s.mu.Unlock()
		c := &call{Request: r, w: w, started: time.Now(), scenario: normal(), over: overHTTP}
		if r.Pattern == upgradeRoute {
			c.over = overUpgrade
		}
		err := s.prepare(c, bearer)
		if err == nil {
			err = h(c)
		}
		s.logger.Debug("simulated", "route", r.Pattern, "fault", err)
		if f := (*fault)(nil); errors.As(err, &f) {
			c.write(f.status, "application/json", encode(f.body))
		}
		if c.answer != nil {
			c.answer()
		}
	})
}

// locked holds the lock of the server's state while a handler runs, but not while its answer is written. A handler that
// decodes a body, which may be large, takes the lock itself after that.
func (s *Server) locked(h handler) handler {
	return func(c *call) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return h(c)
	}
}

// prepare checks the headers, reads the body and applies the directives.
func (s *Server) prepare(c *call, bearer bool) error {
	if bearer {
		if err := s.checkBearer(c.Header.Get("Authorization")); err != nil {
			return err
		}
	}
	s.setCookies(c)
	if coding := c.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return refuse(http.StatusUnsupportedMediaType, "Content-Encoding %s is not supported", coding)
	}
	if c.Method != http.MethodPut {
		body, err := io.ReadAll(http.MaxBytesReader(c.w, c.Body, maxBody))
		if err != nil {
			return refuse(http.StatusRequestEntityTooLarge, "Request body could not be read or is over %d bytes", maxBody)
		}
		c.body = body
	}
	c.identify(c.Method)
	if err := s.steer(c); err != nil {
		return err
	}
	if bearer {
		if err := c.checkResidency(); err != nil {
			return err
		}
	}
	if c.scenario.HTML {
		c.write(http.StatusOK, "text/html; charset=utf-8", []byte("<!DOCTYPE html><title>Just a moment...</title><p>Checking your browser.</p>\n"))
		return errAnswered
	}
	return nil
}

// steer collects the request's directives and applies those that precede an answer.
func (s *Server) steer(c *call) error {
	if err := s.direct(c); err != nil {
		return err
	}
	if !sleep(c.Context(), c.scenario.Delay) {
		return c.Context().Err()
	}
	if c.scenario.httpError() {
		return c.directedFault()
	}
	return nil
}

// setCookies sets the cookies that a client of chatgpt.com should keep while it runs: Cloudflare's, and the affinity
// cookie, which routes its requests to the node with its cached prompts.
func (s *Server) setCookies(c *call) {
	if !strings.HasPrefix(c.URL.Path, "/backend-api/") {
		return
	}
	for _, name := range []string{"__cf_bm", affinityCookie} {
		if _, err := c.Cookie(name); err != nil {
			http.SetCookie(c.w, &http.Cookie{Name: name, Value: "mock-" + hash(name), Path: "/", MaxAge: 1800, HttpOnly: true})
		} else if name == affinityCookie {
			s.count(&s.stats.Returns, 1)
		}
	}
}

const affinityCookie = "__oailb"

// errAnswered means that the answer has been written already.
var errAnswered = errors.New("answered by directive")

// direct collects the request's directives; later ones override earlier ones.
func (s *Server) direct(c *call) error {
	sets := s.scenario
	for _, text := range []string{c.Header.Get("X-Mock"), strings.TrimPrefix(c.mockModel(), modelPrefix)} {
		more, err := parse(text)
		if err != nil {
			return invalid("", "invalid_directive", "%s", err)
		}
		sets = append(sets[:len(sets):len(sets)], more...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range sets {
		one := &sets[i]
		own := &one.own
		if !strings.Contains(c.URL.Path, own.Path) || own.Over != "" && own.Over != c.over {
			continue
		}
		if own.Skip > 0 || own.Times > 0 {
			before := s.applied[one.text]
			s.applied[one.text] = min(before+1, maxEvents)
			if before < own.Skip || own.Times > 0 && before >= own.Skip+own.Times {
				continue
			}
		}
		one.apply(&c.scenario)
	}
	return nil
}
