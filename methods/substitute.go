package methods

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// Models are retired every few months, and a program that names none should not
// break with them. Where the backend refuses [DefaultModel], the first model of
// the account's list that fits takes its place until the end of the session.
// What a call or a flag names is never replaced.

// substitutes are the models that take the place of the default one.
type substitutes struct {
	choosing chan struct{} // holds what whoever chooses puts there
	mu       sync.Mutex
	chosen   map[substituteKey]string
}

// of returns the substitute for a key, "" if none was chosen.
func (s *substitutes) of(key substituteKey) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chosen[key]
}

func (s *substitutes) choose(key substituteKey, model string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen[key] = model
}

// any returns one of the substitutes, "" if there is none.
func (s *substitutes) any() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, chosen := range s.chosen {
		return chosen
	}
	return ""
}

// A substituteKey is what a substitute was chosen for.
type substituteKey struct {
	account string
	lanes   lanes
}

// lanes says which lanes a request can take.
type lanes struct{ full, lite bool }

func newSubstitutes() *substitutes {
	return &substitutes{choosing: make(chan struct{}, 1), chosen: make(map[substituteKey]string)}
}

// lanes returns the lanes that a request can take.
func (r *ResponseRequest) lanes() lanes {
	return lanes{
		full: r.Lite == nil || !*r.Lite,
		lite: (r.Lite == nil || *r.Lite) && len(r.needsFullLane()) == 0,
	}
}

// fits reports whether a model answers on one of the lanes.
func (l lanes) fits(m fetchedModel) bool {
	return m.lite && l.lite || (!m.lite || takesFullLane(m.id)) && l.full
}

// substitute returns the model that takes the place of the default one for a
// request, "" for none. If refused is true the backend has just refused the
// default, and one is chosen unless that was done before.
func (s *Service) substitute(ctx context.Context, r *ResponseRequest, refused bool) (string, error) {
	token, err := s.store.Token(ctx)
	if err != nil {
		return "", err
	}
	key := substituteKey{accountOf(token), r.lanes()}
	if chosen := s.substitutes.of(key); chosen != "" || !refused {
		return chosen, nil
	}
	select {
	case s.substitutes.choosing <- struct{}{}:
		defer func() { <-s.substitutes.choosing }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if chosen := s.substitutes.of(key); chosen != "" { // by a call that was refused at the same time
		return chosen, nil
	}
	page, err := s.modelPage(ctx, true, Extras{}, CallTimeout{})
	if err != nil {
		return "", err
	}
	for _, m := range page.models { // by priority
		if m.hidden || m.id == "" || m.id == DefaultModel || !key.lanes.fits(m) {
			continue
		}
		s.log.Warn("the backend refuses the default model for this account; using another one",
			"model", DefaultModel, "substitute", m.id)
		s.substitutes.choose(key, m.id)
		return m.id, nil
	}
	return "", nil
}

// DefaultModel returns the model of calls that name none: the session's, or what
// took the place of the default one.
func (s *Service) DefaultModel() string {
	if model := s.Defaults().Model; model != "" {
		return model
	}
	return cmp.Or(s.substitutes.any(), DefaultModel)
}

// refusesModel reports whether a failure is about the requested model.
func refusesModel(err error) bool {
	var failure *backend.Error
	return errors.As(err, &failure) && failure.ModelRefused
}

// modelError returns the error of a failed request to a model. If the backend
// refuses the model, the error explains it.
func (s *Service) modelError(err error, model string) error {
	answer := errorOf(err)
	e, ok := answer.(*rpc.Error)
	if !ok || !refusesModel(err) {
		return answer
	}
	claimed := s.client.ClientVersion()
	e = e.With("client_version", claimed)
	known, _ := s.knownModel(model)
	if known.minimal == "" {
		return e
	}
	e = e.With("minimal_client_version", known.minimal)
	if olderVersion(claimed, known.minimal) {
		e.Message += fmt.Sprintf(" (%s requires client version %s; %s is sent.)", rpc.OneLine(model), rpc.OneLine(known.minimal), claimed)
	}
	return e
}

// olderVersion reports whether version a comes before b. Parts that are missing
// or not numbers count as 0.
func olderVersion(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	part := func(parts []string, i int) int {
		if i >= len(parts) {
			return 0
		}
		n, _ := strconv.Atoi(parts[i])
		return n
	}
	for i := range max(len(x), len(y)) {
		if m, n := part(x, i), part(y, i); m != n {
			return m < n
		}
	}
	return false
}
