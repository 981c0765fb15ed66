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

// OnNotice sets the function that is called with the name and the parameters of
// each notification. It must not be called after the first call.
func (s *Service) OnNotice(f func(name string, params rawjson.Value)) {
	s.limits.notify = func(state rawjson.Value) { f(limitsChanged, s.redact(state)) }
}

// limits are the limits of one user as reported by responses of the backend, in
// the form of the result of codex.usage.
type limits struct {
	notify func(state rawjson.Value) // nil for none

	mu       sync.Mutex
	of       identity
	known    rawjson.Value // absent before the first report
	notified rawjson.Value // the limits in the last notification
	seen     time.Time     // of the last report
}

// An identity is a user of an account. A workspace is an account with many users,
// each with their own limits.
type identity struct{ account, user string }

func identityOf(token backend.Token) identity { return identity{token.AccountID, token.UserID} }

// state returns the limits of a user. If there was no report, seen_at is null.
func (l *limits) state(of identity) rawjson.Value {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != of || l.known.Kind() == 0 {
		return rawjson.Value{}.With("seen_at", rawjson.Null())
	}
	return l.current()
}

// current returns the known limits. The caller holds mu.
func (l *limits) current() rawjson.Value {
	now := time.Now()
	state := countdown(l.known, now)
	if more := state.Get("additional_rate_limits"); more.Kind() == '[' {
		state = state.With("additional_rate_limits", more.Map(func(one rawjson.Value) rawjson.Value { return countdown(one, now) }))
	}
	return state.With("seen_at", rawjson.Int(l.seen.Unix()))
}

// countdown sets the seconds until the windows of the rate_limit of an object are
// reset.
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

// add adds a report to the limits of a user.
func (l *limits) add(of identity, report limitsReport) {
	if !report.isEmpty() {
		l.update(of, report.addTo)
	}
}

func (l *limits) update(of identity, change func(known rawjson.Value) rawjson.Value) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != of {
		l.of, l.known, l.notified = of, rawjson.Value{}, rawjson.Value{}
	}
	l.known, l.seen = change(l.known).Clone(), time.Now()
	if l.notify == nil || sameLimits(l.notified.Any(), l.known.Any()) {
		return
	}
	l.notified = l.known
	l.notify(l.current())
}

// forget drops the limits when they are out of date.
func (l *limits) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of, l.known, l.notified = identity{}, rawjson.Value{}, rawjson.Value{}
}

// maxUsageBytes bounds the results of codex.usage that are kept.
const maxUsageBytes = 64 << 10

// setUsage replaces the limits of a user by a result of codex.usage.
func (l *limits) setUsage(of identity, usage rawjson.Value) {
	if usage.Kind() == '{' && len(usage.Bytes()) <= maxUsageBytes {
		l.update(of, func(rawjson.Value) rawjson.Value { return usage })
	}
}

// resetTolerance is the difference in seconds up to which two reset times count as
// the same. The backend computes them relative to the time of each response.
const resetTolerance = 60

// sameLimits reports whether two states are the same except for the passage of
// time.
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
