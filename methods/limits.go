package methods

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// limitsChanged is the notification of a change of the account's limits.
const limitsChanged = "limits.changed"

// Notices returns the declarations of the notifications that clients can
// subscribe to.
func Notices() []rpc.Notice {
	return []rpc.Notice{
		rpc.NewNotice[Usage](limitsChanged, "The account's limits, as reported by backend responses, have changed. "+
			"The parameters are the result of codex.usage with cached. It is sent before the response of the call that reported the change."),
	}
}

// OnNotice has f called with the name and the parameters of each notice. It is
// set before the first call.
func (s *Service) OnNotice(f func(name string, params rawjson.Value)) {
	s.limits.notify = func(state rawjson.Value) { f(limitsChanged, s.shown(state)) }
}

// limits are what the answers of the backend said of the limits of one account.
// They are shaped as the answer of codex.usage is.
type limits struct {
	notify func(state rawjson.Value) // nil for none

	mu    sync.Mutex
	of    identity
	known rawjson.Value // absent until an answer said something
	told  rawjson.Value // the limits last sent to the client
	seen  time.Time     // when an answer last said something
}

// An identity is the user of an account. Limits are a user's, and an account, if
// it is a workspace, has many.
type identity struct{ account, user string }

func identityOf(token backend.Token) identity { return identity{token.AccountID, token.UserID} }

// state returns what is known of the limits of an account: the object has
// seen_at, and that is null, if nothing is.
func (l *limits) state(of identity) rawjson.Value {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != of {
		return rawjson.Value{}.With("seen_at", rawjson.Null())
	}
	return l.stateNow()
}

// stateNow returns what is known. The caller holds mu.
func (l *limits) stateNow() rawjson.Value {
	if l.known.Kind() == 0 {
		return rawjson.Value{}.With("seen_at", rawjson.Null())
	}
	now := time.Now()
	state := countdown(l.known, now)
	if more := state.Get("additional_rate_limits"); more.Kind() == '[' {
		state = state.With("additional_rate_limits", more.Map(func(one rawjson.Value) rawjson.Value { return countdown(one, now) }))
	}
	return state.With("seen_at", rawjson.Int(l.seen.Unix()))
}

// countdown returns an object whose rate_limit tells the seconds that are left
// until its windows end.
func countdown(v rawjson.Value, now time.Time) rawjson.Value {
	limit := v.Get("rate_limit")
	for _, name := range limitWindows {
		window := limit.Get(name)
		if end, ok := whole(window.Get("reset_at")); ok {
			left := max(0, int64(end)-now.Unix())
			limit = limit.With(name, window.With("reset_after_seconds", rawjson.Int(left)))
		}
	}
	if limit.Kind() == 0 {
		return v
	}
	return v.With("rate_limit", limit)
}

// hear takes what an answer said of the limits of an account.
func (l *limits) hear(of identity, report limitsReport) {
	if report.says() {
		l.learn(of, report.addTo)
	}
}

// learn changes what is known of the limits of an account.
func (l *limits) learn(of identity, change func(known rawjson.Value) rawjson.Value) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != of {
		l.of, l.known, l.told = of, rawjson.Value{}, rawjson.Value{}
	}
	l.known, l.seen = change(l.known).Clone(), time.Now()
	if l.notify == nil || sameLimits(l.told.Any(), l.known.Any()) {
		return
	}
	l.told = l.known
	l.notify(l.stateNow())
}

// forget drops what is known: it no longer holds.
func (l *limits) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of, l.known, l.told = identity{}, rawjson.Value{}, rawjson.Value{}
}

// maxUsageBytes bounds an answer of codex.usage that is remembered.
const maxUsageBytes = 64 << 10

// hearUsage takes an answer of codex.usage, which says all there is to say.
func (l *limits) hearUsage(of identity, usage rawjson.Value) {
	if usage.Kind() == '{' && len(usage.Bytes()) <= maxUsageBytes {
		l.learn(of, func(rawjson.Value) rawjson.Value { return usage })
	}
}

// resetTolerance is by how many seconds the end of a window may differ from one
// answer to the next and still be the same: the backend counts it from the time
// of the answer.
const resetTolerance = 60

// sameLimits reports whether two states say the same.
func sameLimits(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, x := range a {
			y, ok := b[name]
			switch {
			case !ok:
				return false
			case name == "reset_after_seconds":
			case name == "reset_at" && nearly(x, y):
			case !sameLimits(x, y):
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameLimits)
	}
	return a == b
}

func nearly(a, b any) bool {
	x, ok := a.(json.Number)
	y, ok2 := b.(json.Number)
	if !ok || !ok2 {
		return false
	}
	at, err := x.Float64()
	other, err2 := y.Float64()
	return err == nil && err2 == nil && math.Abs(at-other) < resetTolerance
}
