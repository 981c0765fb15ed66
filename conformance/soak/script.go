package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// An ending is what the backend does in the end with one call.
type ending string

const (
	completed  ending = "completed"
	incomplete ending = "incomplete"
	failed     ending = "failed"     // by an event response.failed
	errored    ending = "error"      // by an event error
	closed     ending = "closed"     // a regular end, but of the connection only
	cut        ending = "cut"        // the connection ends within the answer
	reset      ending = "reset"      // likewise, and what is on its way may be lost
	stalled    ending = "stalled"    // nothing more comes
	refused    ending = "refused"    // an HTTP status, at first or always
	page       ending = "page"       // a web page in place of the answer
	unanswered ending = "unanswered" // the connection is closed where the answer is due
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

// A script is what the backend does with one call. The client knows it, too, and
// so what each event and the answer must be: both ends make them from the
// script.
type script struct {
	call   int
	seed   uint64
	plain  bool // of embeddings.create, not of responses.create
	stream bool // the client wants the events

	ending  ending
	deltas  int           // of the text, when it is whole
	sent    int           // events before an ending that breaks the stream off
	delay   time.Duration // before the head of the answer
	pace    time.Duration // between events; 0: in one burst
	full    bool          // the last event repeats the whole output
	lingers bool          // the connection stays open after the last event
	status  int           // of a refusal
	tries   int           // that are refused

	turn // of a conversation over a WebSocket
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

// total is the number of events of a whole stream.
func (s *script) total() int { return s.deltas + 2 }

// A big event is rare, and one that fills every buffer on the way rarer still.
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

// words hold what readers of lines, of UTF-8 and of JSON trip over.
var words = []string{"word ", "a", "Ünïcode ", "\u2028", "\u2029", "😀", "\"", "\\", "\n", "\t", "\x7f", "<&>", "data: ", "日本"}

// text is what the first deltas make.
func (s *script) text(deltas int) string {
	var text strings.Builder
	for i := range deltas {
		text.WriteString(s.delta(i))
	}
	return text.String()
}

// id is the id of the response.
func (s *script) id() string { return fmt.Sprintf("resp_%d", s.call) }

// complaint is the message of an event that reports a failure.
func (s *script) complaint() string { return fmt.Sprintf("call %d cannot be served", s.call) }

// event returns the JSON of one event of the stream.
func (s *script) event(seq int) []byte {
	switch {
	case seq == 0:
		return fmt.Appendf(nil, `{"type":"response.created","response":{"id":%q,"object":"response","status":"in_progress","output":[]}}`, s.id())
	case seq <= s.deltas:
		// The number is none that a float could hold.
		return fmt.Appendf(nil, `{"type":"response.output_text.delta","n":%d,"delta":%s}`, int64(1)<<53+1+int64(seq), quote(s.delta(seq-1)))
	}
	switch s.ending {
	case failed:
		return fmt.Appendf(nil, `{"type":"response.failed","response":{"id":%q,"error":{"code":"server_error","message":%q}}}`, s.id(), s.complaint())
	case errored:
		return fmt.Appendf(nil, `{"type":"error","error":{"code":"server_error","message":%q}}`, s.complaint())
	}
	output := []byte("[]")
	if s.full {
		output = fmt.Appendf(nil, `[{"type":"message","role":"assistant","content":[{"type":"output_text","text":%s}]}]`, quote(s.text(s.deltas)))
	}
	status := s.finalStatus()
	return fmt.Appendf(nil, `{"type":"response.%s","response":{"id":%q,"object":"response","status":%q,"output":%s}}`, status, s.id(), status, output)
}

// finalStatus is the status of the response that a whole stream ends in.
func (s *script) finalStatus() ending {
	if s.ending == incomplete {
		return incomplete
	}
	return completed
}

// embedding is the whole answer of a plain call.
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

// request is the line that asks for it. The number of the call is in the input,
// by which the backend finds the script.
func (s *script) request(id string) string {
	if s.plain {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"embeddings.create","params":{"model":"m","input":"call %d."}}`, id, s.call)
	}
	var timeout string
	if s.ending == stalled {
		timeout = fmt.Sprintf(`,"timeout":%g`, silence.Seconds())
	}
	input := fmt.Sprintf(`"call %d."`, s.call)
	if s.key != "" {
		input = fmt.Sprintf(`%s,"transport":"websocket","prompt_cache_key":%q`, s.input, s.key)
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"responses.create","params":{"input":%s,"stream":%t%s}}`, id, input, s.stream, timeout)
}

// quote returns a JSON string in which nothing is escaped that need not be.
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
