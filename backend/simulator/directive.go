package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Directive is one key of the directive grammar, as help texts and the README print it.
type Directive struct {
	Name  string // the key
	Value string // what follows "=", in capitals if it is a placeholder; empty for a key without a value
	Doc   string // one line
}

// Usage returns the key as it is written, with a placeholder for its value.
func (d Directive) Usage() string {
	if d.Value == "" {
		return d.Name
	}
	return d.Name + "=" + d.Value
}

// Directives returns every key in the order in which to show them. The caller owns the slice.
func Directives() (list []Directive) {
	for i := range scenarioType.NumField() {
		tag := scenarioType.Field(i).Tag
		name, value, _ := strings.Cut(tag.Get("usage"), "=")
		list = append(list, Directive{name, value, tag.Get("doc")})
	}
	return list
}

var directives = sync.OnceValue(Directives)

// scenario is the result of the directives of one request. Each field is the value of a directive. Its tag has the usage
// and the description, the range of a number (up to maxEvents without a bound), and the choices. A number of events or
// polls is -1 for never.
type scenario struct {
	Status      int           `usage:"status=CODE" range:"400,599" doc:"answer with this HTTP status, 400 to 599, and an error body"`
	Code        string        `usage:"code=NAME" doc:"the error's code, which picks the usual status and body; with end, that event's code or reason"`
	Message     string        `usage:"message=TEXT" doc:"the error's message"`
	RetryAfter  string        `usage:"retry_after=WHEN" doc:"Retry-After of an error: seconds, an HTTP date, or \x60date\x60 for two seconds ahead as a date"`
	HTML        bool          `usage:"html" doc:"answer 200 with a web page, like a proxy or a login wall"`
	Delay       time.Duration `usage:"delay=DURATION" doc:"delay before the response headers, in seconds or with a unit: 250ms"`
	Pace        time.Duration `usage:"pace=DURATION" doc:"delay between events; by default all events are sent at once"`
	Reply       *string       `usage:"reply=TEXT" doc:"answer with this text, regardless of the request's tools and format"`
	Deltas      int           `usage:"deltas=N" range:"1,10000000" doc:"stream the text in exactly N deltas; filler text without reply"`
	Size        int           `usage:"size=BYTES" range:"1,268435456" doc:"answer with filler text of this size, 4 KiB to a delta"`
	Cut         int           `usage:"cut=N" range:"0" doc:"drop the connection after N events; a response without a stream loses its body"`
	Close       int           `usage:"close=N" range:"0" doc:"end the stream cleanly after N events, without a terminal event"`
	Stall       int           `usage:"stall=N" range:"0" doc:"stop sending after N events and keep the connection open; a response without a stream never gets its body"`
	End         string        `usage:"end=KIND" of:"completed, failed, incomplete, error" doc:"the terminal event: completed, failed, incomplete or error"`
	Limits      bool          `usage:"limits" doc:"send the usage limits in an event before response.created, as some servers do"`
	Binary      int           `usage:"binary=N" range:"0" doc:"send a binary message after N events on a socket"`
	Garbage     int           `usage:"garbage=N" range:"0" doc:"send a message that is not JSON after N events on a socket"`
	Untyped     int           `usage:"untyped=N" range:"0" doc:"send a message without a type after N events on a socket"`
	CloseCode   int           `usage:"close_code=CODE" range:"1000,4999" doc:"the status code of close on a socket; default 1000"`
	Interrupt   string        `usage:"interrupt=HOW" of:"accepted, failed, late, ignored" doc:"answer an interrupt as accepted, failed, late (after the terminal event) or not at all (ignored)"`
	MaxMessage  int           `usage:"max_message=BYTES" range:"1,268435456" doc:"close a socket with status 1009 on a longer message; default 16 MiB"`
	SocketLimit int           `usage:"socket_limit=N" range:"1" doc:"refuse further responses on a socket after N of them"`
	SocketLife  time.Duration `usage:"socket_life=DURATION" doc:"refuse further responses on a socket older than this; default one hour"`
	Pong        time.Duration `usage:"pong=DURATION" doc:"delay before answering a ping on a socket; more than 4 seconds: never answer"`
	Compression string        `usage:"compression=HOW" of:"none, all, takeover" doc:"decline compression on a socket (none), compress every event (all), or do so with context takeover (takeover); default: events over 1 KiB"`
	Retired     string        `usage:"retired=MODEL" doc:"refuse this model and remove it from the list"`
	TurnState   string        `usage:"turn_state=WHERE" of:"header, event, both, none" doc:"where the turn state is sent: header, event, both or none"`
	Used        int           `usage:"used=PERCENT" range:"0,100" doc:"the used percentage of the account's limit, as reported by responses and usage; default 12"`
	Residency   string        `usage:"residency=REGION" doc:"sign in to a workspace in this region, which has its own base URL and headers"`
	Closed      bool          `usage:"closed" doc:"refuse file transcriptions and version 1 realtime calls, like the real backend"`
	Lenient     bool          `usage:"lenient" doc:"accept any model, client version and role, and the old compaction route"`
	Login       string        `usage:"login=DECISION" of:"approve, deny" doc:"approve or deny: answer /oauth/authorize immediately, without its page"`
	TokenLife   time.Duration `usage:"token_life=SECONDS" doc:"lifetime of issued access tokens; default 10 days"`
	DevicePolls int           `usage:"device_polls=N" range:"0" doc:"approve a device code after N polls; by default the page /codex/device approves it"`

	// These hold for their set alone.
	Path  string `usage:"path=TEXT" doc:"apply the set only to requests whose path contains this text"`
	Over  string `usage:"over=WAY" of:"http, upgrade, socket" doc:"apply the set only to requests over http, to the upgrade to a socket, or to each response on a socket"`
	Skip  int    `usage:"skip=N" range:"1" doc:"skip the set's first N requests, counted as for times"`
	Times int    `usage:"times=N" range:"1" doc:"apply the set to its first N requests only, counted for each distinct text of a set"`
	Tag   string `usage:"tag=TEXT" doc:"no effect; distinguishes otherwise equal sets, for times"`
}

const maxEvents = 1 << 30

var scenarioType = reflect.TypeFor[scenario]()

// normal returns the scenario without directives.
func normal() scenario {
	return scenario{
		Cut: -1, Close: -1, Stall: -1, Binary: -1, Garbage: -1, Untyped: -1,
		DevicePolls: -1, Used: 12, TokenLife: 10 * 24 * time.Hour,
		CloseCode: 1000, MaxMessage: 16 << 20, SocketLife: time.Hour, Interrupt: "accepted",
	}
}

// set sets a field to the text of a directive's value.
func (s *scenario) set(field int, value string) (err error) {
	tag := scenarioType.Field(field).Tag
	switch to := reflect.ValueOf(s).Elem().Field(field).Addr().Interface().(type) {
	case *int:
		low, high := 0, maxEvents
		_, _ = fmt.Sscanf(tag.Get("range"), "%d,%d", &low, &high) // the second one is optional
		n, err := strconv.Atoi(value)
		if err != nil || n < low || n > high {
			return fmt.Errorf("want a whole number from %d to %d, not %q", low, high, value)
		}
		*to = n
	case *bool:
		if value != "" {
			return errors.New("takes no value")
		}
		*to = true
	case **string:
		*to = &value
	case *string:
		choices := strings.Split(tag.Get("of"), ", ")
		switch {
		case value == "":
			return errors.New("requires a value")
		case choices[0] != "" && !slices.Contains(choices, value):
			return fmt.Errorf("want one of %s, not %q", tag.Get("of"), value)
		case to == &s.RetryAfter && !isRetryAfter(value):
			return fmt.Errorf("want seconds, an HTTP date or `date`, not %q", value)
		}
		*to = value
	case *time.Duration:
		*to, err = duration(value)
	}
	return err
}

// set is one parsed "key=value,key=value". It keeps the settings, not their result, since a later set overrides an
// earlier one key by key.
type set struct {
	text     string
	settings []setting
	own      scenario // for path, over, times and skip
}

type setting struct {
	field int // index of the field
	value string
}

// parse reads sets separated by ";". Values are percent-encoded, so that they may hold the separators.
func parse(text string) ([]set, error) {
	var sets []set
	known := directives()
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		one := set{text: part}
		for field := range strings.SplitSeq(part, ",") {
			name, raw, _ := strings.Cut(strings.TrimSpace(field), "=")
			i := slices.IndexFunc(known, func(d Directive) bool { return d.Name == name })
			if i < 0 {
				return nil, fmt.Errorf("unknown directive %q; known are %s", name, names(known))
			}
			value, err := url.PathUnescape(raw)
			if err != nil || !utf8.ValidString(value) {
				err = errors.New("the value is not percent-encoded UTF-8")
			} else {
				err = one.own.set(i, value)
			}
			if err != nil {
				return nil, fmt.Errorf("directive %q: %w; known are %s", name, err, names(known))
			}
			one.settings = append(one.settings, setting{i, value})
		}
		sets = append(sets, one)
	}
	return sets, nil
}

func names(known []Directive) string {
	list := make([]string, len(known))
	for i, d := range known {
		list[i] = d.Name
	}
	return strings.Join(list, ", ")
}

func (s *set) apply(to *scenario) {
	for _, st := range s.settings {
		_ = to.set(st.field, st.value) // parse has accepted the value
	}
}

// httpError reports whether an error answer replaces the endpoint's. A code given with a terminal event belongs to that
// event.
func (s *scenario) httpError() bool {
	return s.Status != 0 || s.Code != "" && (s.End == "" || s.End == "completed")
}

// duration parses seconds, or a duration with a unit.
func duration(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if seconds, e := strconv.ParseFloat(v, 64); e == nil {
		// A longer Duration overflows; NaN fails the comparison too.
		if !(seconds < 1e9) {
			return 0, fmt.Errorf("%q is too long", v)
		}
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("want seconds, or a duration such as 250ms, not %q", v)
	}
	return d, nil
}

// isRetryAfter reports whether a value is one of retry_after.
func isRetryAfter(v string) bool {
	_, err := http.ParseTime(v)
	seconds, numberErr := strconv.ParseFloat(v, 64)
	return v == "date" || err == nil || numberErr == nil && seconds >= 0
}
