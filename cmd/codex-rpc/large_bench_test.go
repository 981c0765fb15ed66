//go:build linux

package main

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkLargeEvent compares a response.completed with a long text with
// copying it, and with one of half the size: a ratio of two is linear. The host
// writes the text three times, once in the event and twice in the result.
func BenchmarkLargeEvent(b *testing.B) {
	const again = 3
	request := create(1, "m") + "\n"
	for _, megabytes := range []int{2, 32} {
		b.Run(fmt.Sprintf("size=%dMB", megabytes), func(b *testing.B) {
			whole := newUpstream(b, "http", serveBody(burst, largeEvent(megabytes<<20)))
			half := newUpstream(b, "http", serveBody(burst, largeEvent(megabytes<<19)))
			f := figures{}
			for b.Loop() {
				_, copying := play(b, whole.direct(b, "copy"), request, copied, again)
				_, relaying := play(b, whole.host(b), request, answered, again)
				_, halved := play(b, half.host(b), request, answered, again)
				f.add("cpu/copy", ratio(relaying.cpu, copying.cpu))
				f.add("cpu/half", ratio(relaying.cpu, halved.cpu))
				f.add("wall/half", ratio(relaying.wall, halved.wall))
				f.add("ms", relaying.wall.Seconds()*1e3/again)
			}
			f.report(b)
		})
	}
}

// largeEvent returns a stream with only the event that completes it.
func largeEvent(size int) []byte {
	text := bytes.Repeat([]byte(`A line of the text, with a \"word\" in it.\n`), size/43)
	return fmt.Appendf(nil, "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"%s\"}]}]%s", text, copied)
}
