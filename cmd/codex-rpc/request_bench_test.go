//go:build linux

package main

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRequest compares a large request, which the host parses, validates
// and forwards, with a program that posts the line unchanged, and one that
// first checks it with encoding/json. The time is the mean of sequential
// requests.
func BenchmarkRequest(b *testing.B) {
	for _, text := range []struct {
		name, line string
		megabytes  int
	}{
		{"prose", "The words of a text that has hardly an escape in it, as prose has.", 1},
		{"code", `A line of the text, with a \"word\" in it.\n`, 1},
		{"code", `A line of the text, with a \"word\" in it.\n`, 20},
	} {
		b.Run(fmt.Sprintf("size=%dMiB/text=%s", text.megabytes, text.name), func(b *testing.B) {
			up := newUpstream(b, "http", serveBody(burst, eventBody(1)))
			line := strings.Repeat(text.line, text.megabytes<<20/len(text.line))
			request := `{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"model":"m","input":"` + line + `"}}` + "\n"
			again := max(4, 20/text.megabytes)
			f := figures{}
			for b.Loop() {
				_, posting := play(b, up.direct(b, "copy"), request, copied, again)
				_, checking := play(b, up.direct(b, "check"), request, copied, again)
				_, hosting := play(b, up.host(b), request, answered, again)
				f.add("time/post", ratio(hosting.wall, posting.wall))
				f.add("time/check", ratio(hosting.wall, checking.wall))
				f.add("cpu/check", ratio(hosting.cpu, checking.cpu))
				f.add("ms", hosting.wall.Seconds()*1e3/float64(again))
				f.add("MB/s", float64(again*len(request))/1e6/hosting.wall.Seconds())
			}
			f.report(b)
		})
	}
}

// BenchmarkCollect compares a call without a stream with a Go program that
// decodes each event with encoding/json.
func BenchmarkCollect(b *testing.B) {
	for _, events := range []int{100_000, 2_000} {
		b.Run(fmt.Sprintf("events=%d", events), func(b *testing.B) {
			again := min(20, 100_000/events)
			up := newUpstream(b, "http", serveBody(burst, eventBody(events-1)))
			request := strings.Replace(create(1, "m"), `,"stream":true`, "", 1) + "\n"
			f := figures{}
			for b.Loop() {
				_, decoding := play(b, up.direct(b, "collect"), request, "\n", again)
				_, hosting := play(b, up.host(b), request, "\n", again)
				f.add("cpu/decode", ratio(hosting.cpu, decoding.cpu))
				f.add("time/decode", ratio(hosting.wall, decoding.wall))
				f.add("events/s", float64(again*events)/hosting.wall.Seconds())
			}
			f.report(b)
		})
	}
}
