package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Directive is one key of the directive grammar, as help texts and the README print it.
type Directive struct {
	Name  string // the key
	Value string // what stands after "=", in capitals where it is a placeholder; empty for a key without a value
	Doc   string // one line
}

// Usage is the key as it is written, with a placeholder for its value.
func (d Directive) Usage() string {
	if d.Value == "" {
		return d.Name
	}
	return d.Name + "=" + d.Value
}

// Directives lists every key in the order in which it should be shown. The caller owns the slice.
func Directives() []Directive {
	list := make([]Directive, len(keys))
	for i, k := range keys {
		list[i] = k.Directive
	}
	return list
}

// scenario is what the directives of one request add up to.
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
	interrupt                string
	limits                   bool

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
	set func(*scenario, string) error
}

var keys = []key{
	{Directive{"status", "CODE", "answer with this HTTP status, 400 to 599, and an error body"},
		func(s *scenario, v string) error { return integer(&s.status, v, 400, 599) }},
	{Directive{"code", "NAME", "the error's code, which picks the usual status and body; with end, that event's code or reason"},
		func(s *scenario, v string) error { return text(&s.code, v) }},
	{Directive{"message", "TEXT", "the error's message"},
		func(s *scenario, v string) error { return text(&s.message, v) }},
	{Directive{"retry_after", "WHEN", "Retry-After of an error: seconds, an HTTP date, or `date` for two seconds ahead as a date"},
		func(s *scenario, v string) error { return retryAfter(&s.retryAfter, v) }},
	{Directive{"html", "", "answer 200 with a web page, like a proxy or a login wall"},
		func(s *scenario, v string) error { return flag(&s.html, v) }},
	{Directive{"delay", "DURATION", "delay before the response headers, in seconds or with a unit: 250ms"},
		func(s *scenario, v string) error { return duration(&s.delay, v) }},
	{Directive{"pace", "DURATION", "delay between events; by default all events are sent at once"},
		func(s *scenario, v string) error { return duration(&s.pace, v) }},
	{Directive{"reply", "TEXT", "answer with this text, regardless of the request's tools and format"},
		func(s *scenario, v string) error { s.reply = &v; return nil }},
	{Directive{"deltas", "N", "stream the text in exactly N deltas; filler text without reply"},
		func(s *scenario, v string) error { return integer(&s.deltas, v, 1, maxDeltas) }},
	{Directive{"size", "BYTES", "answer with filler text of this size, 4 KiB to a delta"},
		func(s *scenario, v string) error { return integer(&s.size, v, 1, maxSize) }},
	{Directive{"cut", "N", "drop the connection after N events; a response without a stream loses its body"},
		func(s *scenario, v string) error { return integer(&s.cut, v, 0, maxEvents) }},
	{Directive{"close", "N", "end the stream cleanly after N events, without a terminal event"},
		func(s *scenario, v string) error { return integer(&s.close, v, 0, maxEvents) }},
	{Directive{"stall", "N", "stop sending after N events and keep the connection open; a response without a stream never gets its body"},
		func(s *scenario, v string) error { return integer(&s.stall, v, 0, maxEvents) }},
	{Directive{"end", "KIND", "the terminal event: completed, failed, incomplete or error"},
		func(s *scenario, v string) error {
			return oneOf(&s.end, v, "completed", "failed", "incomplete", "error")
		}},
	{Directive{"limits", "", "send the usage limits in an event before response.created, as some servers do"},
		func(s *scenario, v string) error { return flag(&s.limits, v) }},
	{Directive{"binary", "N", "send a binary message after N events on a socket"},
		func(s *scenario, v string) error { return integer(&s.binary, v, 0, maxEvents) }},
	{Directive{"garbage", "N", "send a message that is not JSON after N events on a socket"},
		func(s *scenario, v string) error { return integer(&s.garbage, v, 0, maxEvents) }},
	{Directive{"untyped", "N", "send a message without a type after N events on a socket"},
		func(s *scenario, v string) error { return integer(&s.untyped, v, 0, maxEvents) }},
	{Directive{"close_code", "CODE", "the status code of close on a socket; default 1000"},
		func(s *scenario, v string) error { return integer(&s.closeCode, v, 1000, 4999) }},
	{Directive{"interrupt", "HOW", "answer an interrupt as accepted, failed, late (after the terminal event) or not at all (ignored)"},
		func(s *scenario, v string) error {
			return oneOf(&s.interrupt, v, "accepted", "failed", "late", "ignored")
		}},
	{Directive{"max_message", "BYTES", "close a socket with status 1009 on a longer message; default 16 MiB"},
		func(s *scenario, v string) error { return integer(&s.maxMessage, v, 1, maxBody) }},
	{Directive{"socket_limit", "N", "refuse further responses on a socket after N of them"},
		func(s *scenario, v string) error { return integer(&s.socketLimit, v, 1, maxEvents) }},
	{Directive{"socket_life", "DURATION", "refuse further responses on a socket older than this; default one hour"},
		func(s *scenario, v string) error { return duration(&s.socketLife, v) }},
	{Directive{"pong", "DURATION", "delay before answering a ping on a socket; more than 4 seconds: never answer"},
		func(s *scenario, v string) error { return duration(&s.pong, v) }},
	{Directive{"retired", "MODEL", "refuse this model and remove it from the list"},
		func(s *scenario, v string) error { return text(&s.retired, v) }},
	{Directive{"turn_state", "WHERE", "where the turn state is sent: header, event, both or none"},
		func(s *scenario, v string) error {
			return oneOf(&s.turnState, v, "header", "event", "both", "none")
		}},
	{Directive{"used", "PERCENT", "the used percentage of the account's limit, as reported by responses and usage; default 12"},
		func(s *scenario, v string) error { return integer(&s.used, v, 0, 100) }},
	{Directive{"residency", "REGION", "sign in to a workspace in this region, which has its own base URL and headers"},
		func(s *scenario, v string) error { return text(&s.residency, v) }},
	{Directive{"closed", "", "refuse file transcriptions and version 1 realtime calls, like the real backend"},
		func(s *scenario, v string) error { return flag(&s.closed, v) }},
	{Directive{"lenient", "", "accept any model, client version and role, and the old compaction route"},
		func(s *scenario, v string) error { return flag(&s.lenient, v) }},
	{Directive{"login", "DECISION", "approve or deny: answer /oauth/authorize immediately, without its page"},
		func(s *scenario, v string) error { return oneOf(&s.login, v, "approve", "deny") }},
	{Directive{"token_life", "SECONDS", "lifetime of issued access tokens; default 10 days"},
		func(s *scenario, v string) error { return duration(&s.tokenLife, v) }},
	{Directive{"device_polls", "N", "approve a device code after N polls; by default the page /codex/device approves it"},
		func(s *scenario, v string) error { return integer(&s.devicePolls, v, 0, maxEvents) }},
	{Directive{"path", "TEXT", "apply the set only to requests whose path contains this text"},
		func(s *scenario, v string) error { return text(&s.path, v) }},
	{Directive{"over", "WAY", "apply the set only to requests over http, to the upgrade to a socket, or to each response on a socket"},
		func(s *scenario, v string) error { return oneOf(&s.over, v, overHTTP, overUpgrade, overSocket) }},
	{Directive{"skip", "N", "skip the set's first N requests, counted as for times"},
		func(s *scenario, v string) error { return integer(&s.skip, v, 1, maxEvents) }},
	{Directive{"times", "N", "apply the set to its first N requests only, counted for each distinct text of a set"},
		func(s *scenario, v string) error { return integer(&s.times, v, 1, maxEvents) }},
	{Directive{"tag", "TEXT", "no effect; distinguishes otherwise equal sets, for times"},
		func(s *scenario, v string) error { return text(&s.tag, v) }},
}

// set is one parsed "key=value,key=value". Its settings are kept, and not the scenario they give, since they are laid
// over what other sets gave.
type set struct {
	text     string
	path     string
	over     string
	times    int
	skip     int
	settings []setting
}

type setting struct {
	key   *key
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
		scratch := normal()
		for field := range strings.SplitSeq(part, ",") {
			name, raw, _ := strings.Cut(strings.TrimSpace(field), "=")
			value, err := url.PathUnescape(raw)
			if err != nil || !utf8.ValidString(value) {
				return nil, fmt.Errorf("directive %q: the value is not percent-encoded UTF-8; known are %s", name, names())
			}
			key := find(name)
			if key == nil {
				return nil, fmt.Errorf("unknown directive %q; known are %s", name, names())
			}
			if err := key.set(&scratch, value); err != nil {
				return nil, fmt.Errorf("directive %q: %w; known are %s", name, err, names())
			}
			one.settings = append(one.settings, setting{key, value})
		}
		one.path, one.over, one.times, one.skip = scratch.path, scratch.over, scratch.times, scratch.skip
		sets = append(sets, one)
	}
	return sets, nil
}

// due reports whether a set applies to the next of its requests, after so many.
func (s *set) due(before int) bool {
	return before >= s.skip && (s.times == 0 || before < s.skip+s.times)
}

// bounded reports whether the set's requests are counted.
func (s *set) bounded() bool { return s.skip > 0 || s.times > 0 }

func (s *set) apply(to *scenario) {
	for _, st := range s.settings {
		// parse has seen this value pass.
		_ = st.key.set(to, st.value)
	}
}

// httpError tells whether an error answer takes the place of the endpoint's. A code given with a terminal event belongs
// to that event.
func (s *scenario) httpError() bool {
	return s.status != 0 || s.code != "" && (s.end == "" || s.end == "completed")
}

func find(name string) *key {
	for i := range keys {
		if keys[i].Name == name {
			return &keys[i]
		}
	}
	return nil
}

func names() string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.Name
	}
	return strings.Join(list, ", ")
}

func integer(to *int, v string, low, high int) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		return fmt.Errorf("want a whole number from %d to %d, not %q", low, high, v)
	}
	*to = n
	return nil
}

func flag(to *bool, v string) error {
	if v != "" {
		return errors.New("takes no value")
	}
	*to = true
	return nil
}

func text(to *string, v string) error {
	if v == "" {
		return errors.New("requires a value")
	}
	*to = v
	return nil
}

func oneOf(to *string, v string, choices ...string) error {
	for _, c := range choices {
		if v == c {
			*to = v
			return nil
		}
	}
	return fmt.Errorf("want one of %s, not %q", strings.Join(choices, ", "), v)
}

func duration(to *time.Duration, v string) error {
	d, err := time.ParseDuration(v)
	if seconds, e := strconv.ParseFloat(v, 64); e == nil {
		// Beyond this a Duration overflows; NaN fails the comparison too.
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

func retryAfter(to *string, v string) error {
	_, dateErr := http.ParseTime(v)
	seconds, numberErr := strconv.ParseFloat(v, 64)
	if v != "date" && dateErr != nil && (numberErr != nil || !(seconds >= 0)) {
		return fmt.Errorf("want seconds, an HTTP date or `date`, not %q", v)
	}
	*to = v
	return nil
}
