package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// An ending is how the backend ends a call.
type ending string

const (
	completed  ending = "completed"
	incomplete ending = "incomplete"
	failed     ending = "failed"     // with an event response.failed
	errored    ending = "error"      // with an event error
	closed     ending = "closed"     // the body ends regularly, but without a last event
	cut        ending = "cut"        // the connection ends within the body
	reset      ending = "reset"      // likewise, and data in transit may be lost
	stalled    ending = "stalled"    // the stream stays open without further events
	refused    ending = "refused"    // an HTTP status, for the first attempts or all
	page       ending = "page"       // a web page instead of the response
	unanswered ending = "unanswered" // the connection is closed instead of a response
)

type weight struct {
	ending ending
	parts  int
}

var (
	streamEndings = []weight{
		{completed, 50}, {incomplete, 4}, {failed, 4}, {errored, 3}, {closed, 5}, {cut, 6},
		{reset, 5}, {stalled, 6}, {refused, 10}, {page, 3}, {unanswered, 4},
	}
	plainEndings = []weight{{completed, 60}, {cut, 10}, {refused, 15}, {page, 5}, {unanswered, 10}}
)

func pick(rng *rand.Rand, weights []weight) ending {
	var total int
	for _, w := range weights {
		total += w.parts
	}
	n := rng.IntN(total)
	for _, w := range weights {
		if n -= w.parts; n < 0 {
			return w.ending
		}
	}
	panic("unreachable")
}

// A script determines how the backend answers one call. Since the client knows
// it as well, it can compute each event and the answer that must arrive.
type script struct {
	call   int
	seed   uint64
	plain  bool // embeddings.create instead of responses.create
	stream bool // the value of the parameter stream

	ending  ending
	deltas  int           // number of deltas of the whole text
	sent    int           // number of events before the stream breaks off
	delay   time.Duration // before the response head
	pace    time.Duration // mean pause between events; 0: one burst
	full    bool          // the last event repeats the whole output
	lingers bool          // the connection stays open after the last event
	status  int           // of a refused attempt
	tries   int           // number of refused attempts

	turn // set for calls over a WebSocket
}

var (
	paces    = []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond}
	statuses = []int{400, 403, 429, 500, 502, 503, 529}
)

func newScript(rng *rand.Rand, call int, plain bool) script {
	s := script{
		call: call, seed: rng.Uint64(), plain: plain, stream: rng.IntN(4) > 0,
		deltas: 1 + rng.IntN(30), pace: paces[rng.IntN(len(paces))],
		full: rng.IntN(2) == 0, lingers: rng.IntN(20) == 0,
		status: statuses[rng.IntN(len(statuses))], tries: 1 + rng.IntN(maxRetries+1),
	}
	if plain {
		s.stream, s.ending = false, pick(rng, plainEndings)
	} else {
		s.ending = pick(rng, streamEndings)
	}
	if s.pace == 0 && rng.IntN(4) == 0 {
		s.deltas *= 20
	}
	s.sent = rng.IntN(s.deltas + 2)
	if rng.IntN(4) == 0 {
		s.delay = time.Duration(rng.IntN(300)) * time.Millisecond
	}
	return s
}

// total returns the number of events of a whole stream.
func (s *script) total() int { return s.deltas + 2 }

// delta returns the text of delta i. A few are large, and very few are large
// enough to fill every buffer between the backend and the client.
func (s *script) delta(i int) string {
	rng := rand.New(rand.NewPCG(s.seed, uint64(i)))
	pieces := 1 + rng.IntN(8)
	switch rng.IntN(2000) {
	case 0:
		pieces = 60_000
	case 1, 2, 3, 4, 5, 6, 7, 8, 9:
		pieces = 3_000
	}
	var text strings.Builder
	for range pieces {
		text.WriteString(words[rng.IntN(len(words))])
	}
	return text.String()
}

// words hold characters that splitters of lines and decoders of UTF-8 and JSON
// get wrong.
var words = []string{"word ", "a", "Ünïcode ", "\u2028", "\u2029", "😀", "\"", "\\", "\n", "\t", "\x7f", "<&>", "data: ", "日本"}

// text returns the first deltas joined.
func (s *script) text(deltas int) string {
	var text strings.Builder
	for i := range deltas {
		text.WriteString(s.delta(i))
	}
	return text.String()
}

// id returns the id of the response.
func (s *script) id() string { return fmt.Sprintf("resp_%d", s.call) }

// failureMessage returns the message of an event that reports a failure.
func (s *script) failureMessage() string { return fmt.Sprintf("call %d cannot be served", s.call) }

// event returns the JSON of one event of the stream.
func (s *script) event(seq int) []byte {
	switch {
	case seq == 0:
		return fmt.Appendf(nil, `{"type":"response.created","response":{"id":%q,"object":"response","status":"in_progress","output":[]}}`, s.id())
	case seq <= s.deltas:
		// A float64 cannot represent the number.
		return fmt.Appendf(nil, `{"type":"response.output_text.delta","n":%d,"delta":%s}`, int64(1)<<53+1+int64(seq), quote(s.delta(seq-1)))
	}
	switch s.ending {
	case failed:
		return fmt.Appendf(nil, `{"type":"response.failed","response":{"id":%q,"error":{"code":"server_error","message":%q}}}`, s.id(), s.failureMessage())
	case errored:
		return fmt.Appendf(nil, `{"type":"error","error":{"code":"server_error","message":%q}}`, s.failureMessage())
	}
	output := []byte("[]")
	if s.full {
		output = fmt.Appendf(nil, `[{"type":"message","role":"assistant","content":[{"type":"output_text","text":%s}]}]`, quote(s.text(s.deltas)))
	}
	status := s.finalStatus()
	return fmt.Appendf(nil, `{"type":"response.%s","response":{"id":%q,"object":"response","status":%q,"output":%s}}`, status, s.id(), status, output)
}

// finalStatus returns the status of the response at the end of a whole stream.
func (s *script) finalStatus() ending {
	if s.ending == incomplete {
		return incomplete
	}
	return completed
}

// outcome returns the outcome of the call and the number of attempts, of which
// some endings allow any.
func (s *script) outcome(attempts int) (kind string, tries int) {
	switch {
	case s.ending == page:
		return "-32010 connection_error", 1
	case s.ending == unanswered:
		return "-32010 connection_error", 1 + maxRetries
	case s.ending == refused && s.status < 429:
		return fmt.Sprint(s.status, " api_error"), 1
	case s.ending == refused && s.tries > maxRetries:
		return fmt.Sprint(s.status, " api_error"), 1 + maxRetries
	case s.ending == refused:
		return "result", 1 + s.tries
	case s.ending == failed, s.ending == errored:
		return "-32013 response_failed", 1
	case s.ending == stalled && s.key != "":
		// An idle timeout before the first event of a socket is retried, and on
		// a busy machine the first event may come too late.
		return "-32011 timeout", max(1, min(attempts, 1+maxRetries))
	case s.ending == stalled:
		return "-32011 timeout", 1
	case s.plain && s.ending == cut:
		return "-32010 connection_error", 1
	case s.ending == closed, s.ending == cut:
		return "-32012 stream_interrupted", 1
	case s.ending == reset:
		return "-32012 stream_interrupted", attempts
	}
	return "result", attempts
}

// embedding returns the whole response body of a plain call.
func (s *script) embedding() []byte {
	rng := rand.New(rand.NewPCG(s.seed, 0))
	vector := make([]float64, 1+rng.IntN(200))
	for i := range vector {
		vector[i] = rng.Float64()
	}
	text, err := json.Marshal(vector)
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, `{"object":"list","model":"m","data":[{"object":"embedding","index":%d,"embedding":%s}],"usage":{"prompt_tokens":1,"total_tokens":1}}`, s.call, text)
}

// request returns the request line of the call. The input contains the call's
// number, by which the backend finds the script.
func (s *script) request(id string) string {
	if s.plain {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"embeddings.create","params":{"model":"m","input":"call %d."}}`, id, s.call)
	}
	var timeout string
	if s.ending == stalled {
		timeout = fmt.Sprintf(`,"timeout":%g`, idleTimeout.Seconds())
	}
	input := fmt.Sprintf(`"call %d."`, s.call)
	if s.key != "" {
		input = fmt.Sprintf(`%s,"transport":"websocket","prompt_cache_key":%q`, s.input, s.key)
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"responses.create","params":{"input":%s,"stream":%t%s}}`, id, input, s.stream, timeout)
}

// quote returns text as a JSON string with no more escapes than JSON requires.
func quote(text string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		panic(err)
	}
	quoted := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	quoted = bytes.ReplaceAll(quoted, []byte(`\u2028`), []byte("\u2028"))
	return bytes.ReplaceAll(quoted, []byte(`\u2029`), []byte("\u2029"))
}
