package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
func Directives() []Directive {
	var list []Directive
	for _, k := range new(scenario).keys() {
		list = append(list, k.Directive)
	}
	return list
}

// scenario is the result of the directives of one request.
type scenario struct {
	status     int
	code       string
	message    string
	retryAfter string // header value, or "date"
	html       bool

	delay, pace time.Duration

	reply        *string
	deltas, size int

	cut, close, stall int // -1: never
	end               string

	login       string
	tokenLife   time.Duration
	devicePolls int // -1: until the form approves

	retired   string // a model
	turnState string // "": in the header, and in the event where there is a session
	lenient   bool
	closed    bool
	used      int // percent of the limit of model calls
	residency string

	binary, garbage, untyped int // -1: never
	closeCode                int
	maxMessage               int
	socketLimit              int // 0: none
	socketLife               time.Duration
	pong                     time.Duration
	compression              string // "": of large messages
	interrupt                string
	limits                   bool

	// These hold for their set alone.
	path, tag, over string
	times           int // 0: always
	skip            int
}

const (
	maxDeltas = 10_000_000
	maxSize   = 256 << 20
	maxEvents = 1 << 30
)

func normal() scenario {
	return scenario{
		cut: -1, close: -1, stall: -1, binary: -1, garbage: -1, untyped: -1,
		devicePolls: -1, used: 12, tokenLife: 10 * 24 * time.Hour,
		closeCode: 1000, maxMessage: 16 << 20, socketLife: time.Hour, interrupt: "accepted",
	}
}

type key struct {
	Directive
	set func(value string) error
}

// keys returns all directives. They set the fields of s.
func (s *scenario) keys() []key {
	return []key{
		{Directive{"status", "CODE", "answer with this HTTP status, 400 to 599, and an error body"}, integer(&s.status, 400, 599)},
		{Directive{"code", "NAME", "the error's code, which picks the usual status and body; with end, that event's code or reason"}, text(&s.code)},
		{Directive{"message", "TEXT", "the error's message"}, text(&s.message)},
		{Directive{"retry_after", "WHEN", "Retry-After of an error: seconds, an HTTP date, or `date` for two seconds ahead as a date"}, retryAfter(&s.retryAfter)},
		{Directive{"html", "", "answer 200 with a web page, like a proxy or a login wall"}, flag(&s.html)},
		{Directive{"delay", "DURATION", "delay before the response headers, in seconds or with a unit: 250ms"}, duration(&s.delay)},
		{Directive{"pace", "DURATION", "delay between events; by default all events are sent at once"}, duration(&s.pace)},
		{Directive{"reply", "TEXT", "answer with this text, regardless of the request's tools and format"}, func(v string) error { s.reply = &v; return nil }},
		{Directive{"deltas", "N", "stream the text in exactly N deltas; filler text without reply"}, integer(&s.deltas, 1, maxDeltas)},
		{Directive{"size", "BYTES", "answer with filler text of this size, 4 KiB to a delta"}, integer(&s.size, 1, maxSize)},
		{Directive{"cut", "N", "drop the connection after N events; a response without a stream loses its body"}, integer(&s.cut, 0, maxEvents)},
		{Directive{"close", "N", "end the stream cleanly after N events, without a terminal event"}, integer(&s.close, 0, maxEvents)},
		{Directive{"stall", "N", "stop sending after N events and keep the connection open; a response without a stream never gets its body"}, integer(&s.stall, 0, maxEvents)},
		{Directive{"end", "KIND", "the terminal event: completed, failed, incomplete or error"}, oneOf(&s.end, "completed", "failed", "incomplete", "error")},
		{Directive{"limits", "", "send the usage limits in an event before response.created, as some servers do"}, flag(&s.limits)},
		{Directive{"binary", "N", "send a binary message after N events on a socket"}, integer(&s.binary, 0, maxEvents)},
		{Directive{"garbage", "N", "send a message that is not JSON after N events on a socket"}, integer(&s.garbage, 0, maxEvents)},
		{Directive{"untyped", "N", "send a message without a type after N events on a socket"}, integer(&s.untyped, 0, maxEvents)},
		{Directive{"close_code", "CODE", "the status code of close on a socket; default 1000"}, integer(&s.closeCode, 1000, 4999)},
		{Directive{"interrupt", "HOW", "answer an interrupt as accepted, failed, late (after the terminal event) or not at all (ignored)"}, oneOf(&s.interrupt, "accepted", "failed", "late", "ignored")},
		{Directive{"max_message", "BYTES", "close a socket with status 1009 on a longer message; default 16 MiB"}, integer(&s.maxMessage, 1, maxBody)},
		{Directive{"socket_limit", "N", "refuse further responses on a socket after N of them"}, integer(&s.socketLimit, 1, maxEvents)},
		{Directive{"socket_life", "DURATION", "refuse further responses on a socket older than this; default one hour"}, duration(&s.socketLife)},
		{Directive{"pong", "DURATION", "delay before answering a ping on a socket; more than 4 seconds: never answer"}, duration(&s.pong)},
		{Directive{"compression", "HOW", "decline compression on a socket (none), compress every event (all), or do so with context takeover (takeover); default: events over 1 KiB"}, oneOf(&s.compression, "none", "all", "takeover")},
		{Directive{"retired", "MODEL", "refuse this model and remove it from the list"}, text(&s.retired)},
		{Directive{"turn_state", "WHERE", "where the turn state is sent: header, event, both or none"}, oneOf(&s.turnState, "header", "event", "both", "none")},
		{Directive{"used", "PERCENT", "the used percentage of the account's limit, as reported by responses and usage; default 12"}, integer(&s.used, 0, 100)},
		{Directive{"residency", "REGION", "sign in to a workspace in this region, which has its own base URL and headers"}, text(&s.residency)},
		{Directive{"closed", "", "refuse file transcriptions and version 1 realtime calls, like the real backend"}, flag(&s.closed)},
		{Directive{"lenient", "", "accept any model, client version and role, and the old compaction route"}, flag(&s.lenient)},
		{Directive{"login", "DECISION", "approve or deny: answer /oauth/authorize immediately, without its page"}, oneOf(&s.login, "approve", "deny")},
		{Directive{"token_life", "SECONDS", "lifetime of issued access tokens; default 10 days"}, duration(&s.tokenLife)},
		{Directive{"device_polls", "N", "approve a device code after N polls; by default the page /codex/device approves it"}, integer(&s.devicePolls, 0, maxEvents)},
		{Directive{"path", "TEXT", "apply the set only to requests whose path contains this text"}, text(&s.path)},
		{Directive{"over", "WAY", "apply the set only to requests over http, to the upgrade to a socket, or to each response on a socket"}, oneOf(&s.over, overHTTP, overUpgrade, overSocket)},
		{Directive{"skip", "N", "skip the set's first N requests, counted as for times"}, integer(&s.skip, 1, maxEvents)},
		{Directive{"times", "N", "apply the set to its first N requests only, counted for each distinct text of a set"}, integer(&s.times, 1, maxEvents)},
		{Directive{"tag", "TEXT", "no effect; distinguishes otherwise equal sets, for times"}, text(&s.tag)},
	}
}

// set is one parsed "key=value,key=value". It keeps the settings, not their result, since a later set overrides an
// earlier one key by key.
type set struct {
	text     string
	settings []setting
	own      scenario // for path, over, times and skip
}

type setting struct {
	key   int // index in scenario.keys
	value string
}

// parse reads sets separated by ";". Values are percent-encoded, so that they may hold the separators.
func parse(directives string) ([]set, error) {
	var sets []set
	for part := range strings.SplitSeq(directives, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		one := set{text: part}
		keys := one.own.keys()
		for field := range strings.SplitSeq(part, ",") {
			name, raw, _ := strings.Cut(strings.TrimSpace(field), "=")
			i := slices.IndexFunc(keys, func(k key) bool { return k.Name == name })
			if i < 0 {
				return nil, fmt.Errorf("unknown directive %q; known are %s", name, names(keys))
			}
			value, err := url.PathUnescape(raw)
			if err != nil || !utf8.ValidString(value) {
				err = errors.New("the value is not percent-encoded UTF-8")
			} else {
				err = keys[i].set(value)
			}
			if err != nil {
				return nil, fmt.Errorf("directive %q: %w; known are %s", name, err, names(keys))
			}
			one.settings = append(one.settings, setting{i, value})
		}
		sets = append(sets, one)
	}
	return sets, nil
}

func names(keys []key) string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.Name
	}
	return strings.Join(list, ", ")
}

func (s *set) apply(to *scenario) {
	keys := to.keys()
	for _, st := range s.settings {
		_ = keys[st.key].set(st.value) // parse has accepted the value
	}
}

// httpError reports whether an error answer replaces the endpoint's. A code given with a terminal event belongs to that
// event.
func (s *scenario) httpError() bool {
	return s.status != 0 || s.code != "" && (s.end == "" || s.end == "completed")
}

func integer(to *int, low, high int) func(string) error {
	return func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return fmt.Errorf("want a whole number from %d to %d, not %q", low, high, v)
		}
		*to = n
		return nil
	}
}

func flag(to *bool) func(string) error {
	return func(v string) error {
		if v != "" {
			return errors.New("takes no value")
		}
		*to = true
		return nil
	}
}

func text(to *string) func(string) error {
	return func(v string) error {
		if v == "" {
			return errors.New("requires a value")
		}
		*to = v
		return nil
	}
}

func oneOf(to *string, choices ...string) func(string) error {
	return func(v string) error {
		if !slices.Contains(choices, v) {
			return fmt.Errorf("want one of %s, not %q", strings.Join(choices, ", "), v)
		}
		*to = v
		return nil
	}
}

func duration(to *time.Duration) func(string) error {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if seconds, e := strconv.ParseFloat(v, 64); e == nil {
			// A longer Duration overflows; NaN fails the comparison too.
			if !(seconds < 1e9) {
				return fmt.Errorf("%q is too long", v)
			}
			d, err = time.Duration(seconds*float64(time.Second)), nil
		}
		if err != nil || d < 0 {
			return fmt.Errorf("want seconds, or a duration such as 250ms, not %q", v)
		}
		*to = d
		return nil
	}
}

func retryAfter(to *string) func(string) error {
	return func(v string) error {
		_, dateErr := http.ParseTime(v)
		seconds, numberErr := strconv.ParseFloat(v, 64)
		if v != "date" && dateErr != nil && (numberErr != nil || !(seconds >= 0)) {
			return fmt.Errorf("want seconds, an HTTP date or `date`, not %q", v)
		}
		*to = v
		return nil
	}
}
