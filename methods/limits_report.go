package methods

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A limitsReport is a report of limits in a response. Values that are not reported
// are absent.
type limitsReport struct {
	limits                []limitReport
	credits, plan, active rawjson.Value
}

func (r *limitsReport) isEmpty() bool { return len(r.limits) == 0 && r.credits.Kind() == 0 }

// addTo returns the known limits updated by the report.
func (r *limitsReport) addTo(known rawjson.Value) rawjson.Value {
	for _, limit := range r.limits {
		known = limit.addTo(known)
	}
	if r.credits.Kind() == '{' {
		var o rawjson.Object
		o.SetAll(known.Get("credits"), "has_credits", "unlimited", "balance")
		o.SetAll(r.credits)
		known = known.With("credits", o.Value())
	}
	if r.plan.Kind() != 0 {
		known = known.With("plan_type", r.plan)
	}
	if r.active.Kind() != 0 {
		known = known.With("active_limit", r.active)
	}
	return known
}

// limitsOfHeader returns the report in the headers of a response. Those of the
// limit a_b start with x-a-b.
func limitsOfHeader(status int, header http.Header) (report limitsReport) {
	active := bounded(header.Get("X-Codex-Active-Limit"))
	report.active = stringOr(active, rawjson.Value{})
	for _, name := range slices.Sorted(maps.Keys(header)) {
		family, ok := strings.CutSuffix(strings.ToLower(name), primaryUsed)
		if !ok || !strings.HasPrefix(family, "x-") || len(family) > maxLimitText || len(report.limits) == maxLimits {
			continue
		}
		r := limitReport{
			id:      strings.ReplaceAll(family[len("x-"):], "-", "_"),
			allowed: true,
			name:    bounded(header.Get(family + "-limit-name")),
			windows: [2]limitWindow{windowOfHeader(header, family+"-primary"), windowOfHeader(header, family+"-secondary")},
		}
		if r.id == cmp.Or(active, mainLimit) {
			r.reached = stringOr(bounded(header.Get("X-Codex-Rate-Limit-Reached-Type")), rawjson.Value{})
			r.allowed = status != http.StatusTooManyRequests
		}
		if r.windows[0].reported || r.windows[1].reported {
			report.limits = append(report.limits, r)
		}
	}
	has, err := strconv.ParseBool(strings.ToLower(header.Get("X-Codex-Credits-Has-Credits")))
	unlimited, err2 := strconv.ParseBool(strings.ToLower(header.Get("X-Codex-Credits-Unlimited")))
	if err == nil && err2 == nil {
		var o rawjson.Object
		o.Set("has_credits", rawjson.Bool(has))
		o.Set("unlimited", rawjson.Bool(unlimited))
		o.Set("balance", stringOr(bounded(header.Get("X-Codex-Credits-Balance")), rawjson.Null()))
		report.credits = o.Value()
	}
	return report
}

// limitsOfEvent returns the report in an event codex.rate_limits.
func limitsOfEvent(event rawjson.Value) (report limitsReport) {
	member := func(name string) string { return bounded(textOf(event, name)) }
	windows := event.Get("rate_limits")
	r := limitReport{
		id: cmp.Or(member("metered_limit_name"), mainLimit), name: member("limit_name"), allowed: true,
		windows: [2]limitWindow{windowOfEvent(windows.Get("primary")), windowOfEvent(windows.Get("secondary"))},
	}
	if r.windows[0].reported || r.windows[1].reported {
		report.limits = []limitReport{r}
	}
	report.plan = stringOr(member("plan_type"), rawjson.Value{})
	if credits := event.Get("credits"); credits.Kind() == '{' && len(credits.Bytes()) <= maxLimitText {
		report.credits = credits
	}
	return report
}

const (
	// mainLimit is the limit of calls to models.
	mainLimit = "codex"
	// primaryUsed is the suffix of a header that each limit has.
	primaryUsed = "-primary-used-percent"
	// maxLimits and maxLimitText bound what is kept of a report.
	maxLimits    = 32
	maxLimitText = 128
)

// bounded returns a text, "" if it is too long.
func bounded(text string) string {
	if len(text) > maxLimitText {
		return ""
	}
	return text
}

// stringOr returns a text as JSON, or another value if it is "".
func stringOr(text string, other rawjson.Value) rawjson.Value {
	if text == "" {
		return other
	}
	return rawjson.String(text)
}

// A limitReport is the report of one limit.
type limitReport struct {
	id, name string
	windows  [2]limitWindow
	allowed  bool          // the call was allowed
	reached  rawjson.Value // the kind of limit that was reached, if any
}

func (r *limitReport) isReached() bool {
	return !r.allowed || r.reached.Kind() != 0 || r.windows[0].used >= 100 || r.windows[1].used >= 100
}

// addTo returns the known limits updated by the report.
func (r *limitReport) addTo(known rawjson.Value) rawjson.Value {
	if r.id == mainLimit {
		known = known.With("rate_limit", r.addToLimit(known.Get("rate_limit")))
		return known.With("rate_limit_reached_type", valueOr(r.reached, rawjson.Null()))
	}
	var list []rawjson.Value
	found := false
	for one := range known.Get("additional_rate_limits").Elements() {
		if id, _ := one.Get("metered_feature").Text(); id == r.id {
			found = true
			one = one.With("rate_limit", r.addToLimit(one.Get("rate_limit")))
		}
		list = append(list, one)
	}
	if !found && len(list) < maxLimits {
		var one rawjson.Object
		one.SetString("limit_name", cmp.Or(r.name, r.id))
		one.SetString("metered_feature", r.id)
		one.Set("rate_limit", r.addToLimit(rawjson.Value{}))
		list = append(list, one.Value())
	}
	return known.With("additional_rate_limits", rawjson.List(list...))
}

func (r *limitReport) addToLimit(limit rawjson.Value) rawjson.Value {
	limit = limit.With("allowed", rawjson.Bool(r.allowed)).With("limit_reached", rawjson.Bool(r.isReached()))
	for i, name := range limitWindows {
		if w := r.windows[i]; w.reported {
			limit = limit.With(name, w.value())
		}
	}
	return limit
}

var limitWindows = [2]string{"primary_window", "secondary_window"}

// A limitWindow is the report of a time window of a limit.
type limitWindow struct {
	reported         bool
	used             float64 // in percent
	minutes, resetAt int64   // 0 if unknown
}

func windowOfHeader(header http.Header, prefix string) limitWindow {
	used, err := strconv.ParseFloat(header.Get(prefix+"-used-percent"), 64)
	minutes, _ := strconv.ParseInt(header.Get(prefix+"-window-minutes"), 10, 64)
	resetAt, _ := strconv.ParseInt(header.Get(prefix+"-reset-at"), 10, 64)
	return limitWindowOf(used, minutes, resetAt, err == nil)
}

func windowOfEvent(window rawjson.Value) limitWindow {
	used, err := strconv.ParseFloat(string(window.Get("used_percent").Bytes()), 64)
	minutes, _ := whole(window.Get("window_minutes"))
	resetAt, _ := whole(window.Get("reset_at"))
	return limitWindowOf(used, int64(minutes), int64(resetAt), err == nil)
}

// limitWindowOf returns a window. An unused window without a length and a reset
// time does not exist.
func limitWindowOf(used float64, minutes, resetAt int64, ok bool) limitWindow {
	const year9999 = 253402300799
	minutes, resetAt = min(max(0, minutes), year9999/60), min(max(0, resetAt), year9999)
	if !ok || math.IsNaN(used) || math.IsInf(used, 0) || used == 0 && minutes == 0 && resetAt == 0 {
		return limitWindow{}
	}
	return limitWindow{true, used, minutes, resetAt}
}

func (w limitWindow) value() rawjson.Value {
	var o rawjson.Object
	o.Set("used_percent", rawjson.MustMarshal(w.used)) // it is finite
	if w.minutes > 0 {
		o.Set("limit_window_seconds", rawjson.Int(w.minutes*60))
	}
	if w.resetAt > 0 {
		o.Set("reset_at", rawjson.Int(w.resetAt))
	}
	return o.Value()
}

// whole returns the value of a whole number.
func whole(v rawjson.Value) (int, bool) {
	if v.Kind() != '0' {
		return 0, false
	}
	return v.Decimal().Int()
}
