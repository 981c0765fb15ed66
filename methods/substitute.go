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

// Models are retired every few months, which must not break programs that do not
// name one. If the backend refuses [DefaultModel], the first suitable model of the
// account's list is its substitute until the end of the session. A model that a
// call or a flag names is never substituted.

// substitutes are the substitutes for the default model.
type substitutes struct {
	choosing chan struct{} // a semaphore, held while choosing one
	chosen   sync.Map      // model names by substituteKey
}

func newSubstitutes() *substitutes { return &substitutes{choosing: make(chan struct{}, 1)} }

// of returns the substitute for a key, "" if none was chosen.
func (s *substitutes) of(key substituteKey) string {
	chosen, _ := s.chosen.Load(key)
	model, _ := chosen.(string)
	return model
}

// any returns one of the substitutes, "" if there is none.
func (s *substitutes) any() (model string) {
	s.chosen.Range(func(_, chosen any) bool {
		model = chosen.(string)
		return false
	})
	return model
}

// A substituteKey identifies the requests that a substitute is suitable for.
type substituteKey struct {
	account string
	lanes   lanes
}

// lanes are the lanes that a request can use.
type lanes struct{ full, lite bool }

func (r *ResponseRequest) lanes() lanes {
	return lanes{
		full: r.Lite == nil || !*r.Lite,
		lite: (r.Lite == nil || *r.Lite) && len(r.needsFullLane()) == 0,
	}
}

// fits reports whether a model supports one of the lanes.
func (l lanes) fits(m fetchedModel) bool {
	return m.lite && l.lite || (!m.lite || takesFullLane(m.id)) && l.full
}

// substitute returns the substitute for the default model for a request, "" if
// there is none. If refused is true, the backend has just refused the default
// model, and a substitute is chosen unless there is one.
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
	if chosen := s.substitutes.of(key); chosen != "" { // by a concurrent call
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
		s.substitutes.chosen.Store(key, m.id)
		return m.id, nil
	}
	return "", nil
}

// DefaultModel returns the model of calls that do not name one: that of the
// session, a substitute, or the default model.
func (s *Service) DefaultModel() string {
	return cmp.Or(s.Defaults().Model, s.substitutes.any(), DefaultModel)
}

// refusesModel reports whether an error means that the backend refuses the model.
func refusesModel(err error) bool {
	failure, ok := errors.AsType[*backend.Error](err)
	return ok && failure.ModelRefused
}

// modelError converts the error of a request to a model. If the backend refuses
// the model, it adds the client versions sent and required.
func (s *Service) modelError(err error, model string) error {
	converted := errorOf(err)
	e, ok := converted.(*rpc.Error)
	if !ok || !refusesModel(err) {
		return converted
	}
	version := s.client.ClientVersion()
	e = e.With("client_version", version)
	known, _ := s.knownModel(model)
	if known.minimal == "" {
		return e
	}
	e = e.With("minimal_client_version", known.minimal)
	if olderVersion(version, known.minimal) {
		e.Message += fmt.Sprintf(" (%s requires client version %s; %s is sent.)", rpc.OneLine(model), rpc.OneLine(known.minimal), version)
	}
	return e
}

// olderVersion reports whether version a comes before b. Parts that are missing
// or not numbers count as 0.
func olderVersion(a, b string) bool {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		if m != n {
			return m < n
		}
	}
	return false
}
