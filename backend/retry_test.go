package backend

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(1994, time.November, 6, 8, 49, 7, 0, time.UTC)
	for _, test := range []struct {
		value, date string
		want        time.Duration
		ok          bool
	}{
		{"", "", 0, false},
		{"soon", "", 0, false},
		{"NaN", "", 0, false},
		{"0", "", 0, true},
		{"7", "", 7 * time.Second, true},
		{" 1.5 ", "", 1500 * time.Millisecond, true},
		{"-3", "", 0, true},
		{"Sun, 06 Nov 1994 08:49:37 GMT", "", 30 * time.Second, true},
		{"Sunday, 06-Nov-94 08:49:37 GMT", "", 30 * time.Second, true},
		{"Sun Nov  6 08:49:37 1994", "", 30 * time.Second, true},
		{"Sun, 06 Nov 1994 08:49:06 GMT", "", 0, true}, // in the past
		{"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:27 GMT", 10 * time.Second, true},
		{"Sun, 06 Nov 1994 08:49:37 GMT", "no date", 30 * time.Second, true},
		{"Sun, 32 Nov 1994 08:49:37 GMT", "", 0, false},
	} {
		header := http.Header{}
		header.Set("Retry-After", test.value)
		header.Set("Date", test.date)
		if got, ok := retryAfter(header, now); got != test.want || ok != test.ok {
			t.Errorf("%q at %q: %v %v, want %v %v", test.value, test.date, got, ok, test.want, test.ok)
		}
	}
	for _, huge := range []string{"1e300", "inf", "99999999999999999999"} {
		if got, ok := retryAfter(http.Header{"Retry-After": {huge}}, now); !ok || got < 1e6*time.Hour {
			t.Errorf("%s: %v %v", huge, got, ok)
		}
	}
}

func TestMessageRetryAfter(t *testing.T) {
	for message, want := range map[string]time.Duration{
		"Rate limit reached. Please try again in 1.5s. Visit": 1500 * time.Millisecond,
		"try again in 20 seconds":                             20 * time.Second,
		"TRY AGAIN IN 28ms":                                   28 * time.Millisecond,
		"Please retry after 10 seconds.":                      10 * time.Second,
		"try again in 2 minutes":                              2 * time.Minute,
		"try again in 6m0s":                                   6 * time.Minute,
		"try again in 1h2m":                                   62 * time.Minute,
		"try again in 28 milliseconds":                        28 * time.Millisecond,
		"try again later":                                     -1,
		"try again in 99999999999999999999s":                  -1,
	} {
		got := time.Duration(-1)
		if wait := messageRetryAfter(message); wait != nil {
			got = *wait
		}
		if got != want {
			t.Errorf("%s: %v, want %v", message, got, want)
		}
	}
}

func TestPause(t *testing.T) {
	wait := func(d time.Duration) error { return &Error{Retryable: true, RetryAfter: &d} }
	again := &Error{Retryable: true}
	s := Settings{RetryBaseDelay: time.Second, MaxRetries: 100}
	for _, test := range []struct {
		err     error
		attempt int
		want    time.Duration
		ok      bool
	}{
		{again, 0, time.Second, true},
		{again, 1, 2 * time.Second, true},
		{again, 5, 32 * time.Second, true},
		{again, 6, time.Minute, true},
		{again, 99, time.Minute, true},
		{again, 100, 0, false},
		{wait(0), 3, 0, true},
		{wait(time.Minute), 0, time.Minute, true},
		{wait(time.Minute + 1), 0, time.Minute + 1, false},
		{&Error{}, 0, 0, false},
		{context.Canceled, 0, 0, false},
	} {
		if got, ok := s.pause(test.err, test.attempt); got != test.want || ok != test.ok {
			t.Errorf("%v, try %d: %v %v, want %v %v", test.err, test.attempt, got, ok, test.want, test.ok)
		}
	}
	if want := (Settings{2 * time.Minute, 250 * time.Millisecond, 2}); DefaultSettings() != want {
		t.Errorf("defaults are %+v", DefaultSettings())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sleep(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a pause of zero hides the cancellation: %v", err)
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("1.5", "")
	f.Add("Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994")
	f.Fuzz(func(t *testing.T, value, date string) {
		got, ok := retryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, time.Now())
		if got < 0 || !ok && got != 0 {
			t.Errorf("%v %v", got, ok)
		}
	})
}

// The caller's own attempts count towards the limit.
func TestAttempts(t *testing.T) {
	tries := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		tries++
		http.Error(w, "{}", http.StatusServiceUnavailable)
	})
	for attempts, want := range []int{3, 2, 1, 1} {
		tries = 0
		_, err := client.Do(t.Context(), &Request{Attempts: attempts})
		if e := failure(t, err, ErrStatus); tries != want {
			t.Errorf("%d tries after %d others: %v", tries, attempts, e)
		}
		if err := client.Pause(t.Context(), err, attempts); (err == nil) != (attempts < 2) {
			t.Error(attempts, err)
		}
	}
}
