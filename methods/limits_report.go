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

// A limitsReport is what one answer says of the limits. A member that it does
// not say is absent.
type limitsReport struct {
	limits                []limitReport
	credits, plan, active rawjson.Value
}

// says reports whether there is anything in the report.
func (r *limitsReport) says() bool { return len(r.limits) > 0 || r.credits.Kind() != 0 }

// addTo returns what is known with what is reported.
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

// limitsOfHeader returns what the header of an answer says. The limit a_b has
// fields that begin with x-a-b.
func limitsOfHeader(status int, header http.Header) (report limitsReport) {
	active := text(header.Get("X-Codex-Active-Limit"))
	if active != "" {
		report.active = rawjson.String(active)
	}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		family, ok := strings.CutSuffix(strings.ToLower(name), primaryUsed)
		if !ok || !strings.HasPrefix(family, "x-") || len(family) > maxLimitText || len(report.limits) == maxLimits {
			continue
		}
		r := limitReport{
			id:      strings.ReplaceAll(family[len("x-"):], "-", "_"),
			name:    text(header.Get(family + "-limit-name")),
			windows: [2]limitWindow{windowOfHeader(header, family+"-primary"), windowOfHeader(header, family+"-secondary")},
		}
		isActive := r.id == active || active == "" && r.id == mainLimit
		if reached := text(header.Get("X-Codex-Rate-Limit-Reached-Type")); reached != "" && isActive {
			r.reached = rawjson.String(reached)
		}
		r.allowed = status != http.StatusTooManyRequests || !isActive
		if r.windows[0].said || r.windows[1].said {
			report.limits = append(report.limits, r)
		}
	}
	has, err := strconv.ParseBool(strings.ToLower(header.Get("X-Codex-Credits-Has-Credits")))
	unlimited, err2 := strconv.ParseBool(strings.ToLower(header.Get("X-Codex-Credits-Unlimited")))
	if err == nil && err2 == nil {
		var o rawjson.Object
		o.Set("has_credits", rawjson.Bool(has))
		o.Set("unlimited", rawjson.Bool(unlimited))
		balance := rawjson.Null()
		if told := text(header.Get("X-Codex-Credits-Balance")); told != "" {
			balance = rawjson.String(told)
		}
		o.Set("balance", balance)
		report.credits = o.Value()
	}
	return report
}

// limitsOfEvent returns what an event codex.rate_limits says.
func limitsOfEvent(event rawjson.Value) (report limitsReport) {
	member := func(name string) string {
		told, _ := event.Get(name).Text()
		return text(told)
	}
	windows := event.Get("rate_limits")
	r := limitReport{
		id: mainLimit, name: member("limit_name"), allowed: true,
		windows: [2]limitWindow{windowOfEvent(windows.Get("primary")), windowOfEvent(windows.Get("secondary"))},
	}
	if id := member("metered_limit_name"); id != "" {
		r.id = id
	}
	if r.windows[0].said || r.windows[1].said {
		report.limits = []limitReport{r}
	}
	if plan := member("plan_type"); plan != "" {
		report.plan = rawjson.String(plan)
	}
	if credits := event.Get("credits"); credits.Kind() == '{' && len(credits.Bytes()) <= maxLimitText {
		report.credits = credits
	}
	return report
}

const (
	// mainLimit is the limit of calls to models.
	mainLimit = "codex"
	// primaryUsed is how the name of a field ends that each limit has.
	primaryUsed = "-primary-used-percent"
	// An answer that has more limits, or longer texts, is not taken at its word.
	maxLimits    = 32
	maxLimitText = 128
)

// text returns a text of a response, "" if it is too long.
func text(told string) string {
	if len(told) > maxLimitText {
		return ""
	}
	return told
}

// A limitReport is what one answer says of one limit.
type limitReport struct {
	id, name string
	windows  [2]limitWindow
	allowed  bool          // the call was
	reached  rawjson.Value // what kind of limit is reached, if one is
}

func (r *limitReport) isReached() bool {
	return !r.allowed || r.reached.Kind() != 0 || r.windows[0].used >= 100 || r.windows[1].used >= 100
}

// addTo returns what is known with the report.
func (r *limitReport) addTo(known rawjson.Value) rawjson.Value {
	if r.id == mainLimit {
		reached := r.reached
		if reached.Kind() == 0 {
			reached = rawjson.Null()
		}
		return known.With("rate_limit", r.addToLimit(known.Get("rate_limit"))).With("rate_limit_reached_type", reached)
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
		if w := r.windows[i]; w.said {
			limit = limit.With(name, w.value())
		}
	}
	return limit
}

var limitWindows = [2]string{"primary_window", "secondary_window"}

// A limitWindow is what an answer says of a span of time of a limit.
type limitWindow struct {
	said             bool
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

// limitWindowOf returns a window. An unused window without length and end does
// not exist.
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
	used, _ := rawjson.Marshal(w.used) // it is finite
	o.Set("used_percent", used)
	if w.minutes > 0 {
		o.Set("limit_window_seconds", rawjson.Int(w.minutes*60))
	}
	if w.resetAt > 0 {
		o.Set("reset_at", rawjson.Int(w.resetAt))
	}
	return o.Value()
}

// whole returns a whole number.
func whole(v rawjson.Value) (int, bool) {
	if v.Kind() != '0' {
		return 0, false
	}
	return v.Decimal().Int()
}
