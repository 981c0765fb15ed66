package backend

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Settings are the settings that can change while a client is in use. The zero
// Settings have no timeout and no retries.
type Settings struct {
	Timeout        time.Duration // the idle timeout; 0 for none
	RetryBaseDelay time.Duration // before the first retry; doubled for each further one
	MaxRetries     int           // attempts after the first
}

// DefaultSettings returns an idle timeout of two minutes, and two retries after 250
// and 500 milliseconds.
func DefaultSettings() Settings {
	return Settings{Timeout: 120 * time.Second, RetryBaseDelay: 250 * time.Millisecond, MaxRetries: 2}
}

// maxPause bounds the delay before a retry: an error with its RetryAfter is more
// useful than a call that seems to hang.
const maxPause = time.Minute

// pause returns the delay before the retry of an attempt, counted from 0, that
// failed with err, or false if there is no retry.
func (s Settings) pause(err error, attempt int) (time.Duration, bool) {
	var failure *Error
	if attempt >= s.MaxRetries || !errors.As(err, &failure) || !failure.Retryable {
		return 0, false
	}
	if after := failure.RetryAfter; after != nil {
		return *after, *after <= maxPause
	}
	delay := min(s.RetryBaseDelay, maxPause)
	for range attempt {
		delay = min(2*delay, maxPause)
	}
	return delay, true
}

// Pause waits before the retry of a request whose attempt, counted from 0,
// failed with err. It returns err if the request must not be retried, or the
// error of ctx when that ends. It is for callers of [Client.Dial], which does
// not retry.
func (c *Client) Pause(ctx context.Context, err error, attempt int) error {
	delay, again := c.Settings().pause(err, attempt)
	if !again {
		return err
	}
	return sleep(ctx, delay)
}

// sleep waits for d, or returns the context's error when it ends first.
func sleep(ctx context.Context, d time.Duration) error {
	wait, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-wait.Done()
	return ctx.Err()
}

// retryAfter returns the delay requested by a header: Retry-After-Ms or
// X-Ms-Retry-After-Ms in milliseconds, otherwise Retry-After in seconds or as a
// date. A date is compared with the header Date, so that the local clock does not
// matter, or with now if there is none.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if wait, ok := parseWait(header.Get(name), time.Millisecond); ok {
			return wait, true
		}
	}
	value := strings.TrimSpace(header.Get("Retry-After"))
	if wait, ok := parseWait(value, time.Second); ok {
		return wait, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(at.Sub(now), 0), true
}

// parseWait parses a number of units of time. A negative one is 0, and one that is
// too large for a Duration is the longest.
func parseWait(value string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if math.IsNaN(n) || err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return time.Duration(min(max(n, 0)*float64(unit), math.MaxInt64/2)), true
}

// bodyRetryAfter returns the delay requested by an object: in a member, or in
// the headers of an event of a stream.
func bodyRetryAfter(o map[string]any) *time.Duration {
	header := make(http.Header)
	headers, _ := o["headers"].(map[string]any)
	for name, value := range headers {
		if list, ok := value.([]any); ok && len(list) > 0 {
			value = list[0]
		}
		if text := scalar(value); text != "" && len(text) < 64 {
			header.Set(name, text)
		}
	}
	for _, m := range []struct{ name, header string }{
		{"retry_after", "Retry-After"}, {"retry_after_seconds", "Retry-After"}, {"retryAfter", "Retry-After"}, {"retry-after", "Retry-After"},
		{"retry_after_ms", "Retry-After-Ms"}, {"retry-after-ms", "Retry-After-Ms"},
	} {
		if text := scalar(o[m.name]); text != "" && header.Get(m.header) == "" && len(text) < 64 {
			header.Set(m.header, strings.TrimSuffix(text, "s"))
		}
	}
	if wait, ok := retryAfter(header, time.Now()); ok {
		return &wait
	}
	return nil
}

// messageWait matches the delay in the text of a message: 1.5s, 6m0s, 28 ms,
// 20 seconds.
var messageWait = pattern(`(?i)(?:try again in|retry after)\s+(?:((?:\d{1,6}(?:\.\d{1,6})?(?:ms|[hms]))+)|(\d{1,6}(?:\.\d{1,6})?)\s*(milliseconds?|seconds?|minutes?|hours?|ms|[hms])?)\b`)

func messageRetryAfter(message string) *time.Duration {
	found := messageWait().FindStringSubmatch(message)
	if found == nil {
		return nil
	}
	text := found[1]
	if text == "" {
		unit := cmp.Or(strings.ToLower(found[3]), "s")
		if unit != "ms" && !strings.HasPrefix(unit, "milli") {
			text = found[2] + unit[:1]
		} else {
			text = found[2] + "ms"
		}
	}
	wait, err := time.ParseDuration(strings.ToLower(text))
	if err != nil {
		return nil
	}
	return &wait
}
