package recording

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Player plays the backend's part of a recording. It is an http.Handler.
type Player struct {
	// Timed has an answer and its pieces take as long as they took when they
	// were recorded. Else they come at once.
	Timed bool

	chatGPT, openAI string // bases of the recording
	secrets         redactor

	mu        sync.Mutex
	exchanges []*played // by number
}

// A played exchange is one that can be played.
type played struct {
	number   int
	asked    asked
	requests record
	answer   record // its type is empty where none came
	chunks   []record
	end      record // likewise
	done     bool   // it was played
}

// Open reads a recording from a file.
func Open(path string) (*Player, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	player, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return player, nil
}

// Read reads a recording. A last line that is not complete is passed over.
func Read(from io.Reader) (*Player, error) {
	p := new(Player)
	exchanges := make(map[int]*played)
	lines := bufio.NewReader(from)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && number > 1 {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line %d cannot be read: %w", number, err)
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("line %d is no record: %w", number, err)
		}
		switch {
		case number == 1 && (r.Type != typeHeader || r.Format == 0):
			return nil, errors.New("line 1 is no header: this is no recording")
		case number == 1 && r.Format > format:
			return nil, fmt.Errorf("its format is %d, the newest known is %d: play it with codex-rpc %s", r.Format, format, r.Version)
		case number == 1:
			p.chatGPT, p.openAI = r.ChatGPTBaseURL, r.OpenAIBaseURL
		case r.Type == typeRequest && !r.SignIn:
			exchanges[r.Exchange] = &played{number: r.Exchange, requests: r}
		default:
			exchanges[r.Exchange].take(r)
		}
	}
	for _, x := range exchanges {
		x.asked = p.askedOf(x.requests)
		p.exchanges = append(p.exchanges, x)
	}
	slices.SortFunc(p.exchanges, func(a, b *played) int { return a.number - b.number })
	return p, nil
}

// take adds a record to the exchange it belongs to, if that is to be played.
func (x *played) take(r record) {
	if x == nil {
		return
	}
	switch r.Type {
	case typeResponse:
		x.answer = r
	case typeChunk:
		x.chunks = append(x.chunks, r)
	case typeEnd:
		x.end = r
	}
}

// ServeHTTP answers one request.
func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A connection that is used again may have net/http repeat by itself what
	// a recording lets fail.
	w.Header().Set("Connection", "close")
	a, err := p.ask(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the client left
	}
	x, missing := p.find(a)
	if x == nil {
		refuse(w, missing)
		return
	}
	play := &playback{p, x, w, r, time.Now()}
	play.run()
}

// refuse answers a request that is not recorded.
func refuse(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{
		"message": message, "type": "invalid_request_error", "code": "not_recorded",
	}})
}

// A playback is one exchange while it is played.
type playback struct {
	*Player
	*played
	w     http.ResponseWriter
	r     *http.Request
	begun time.Time
}

func (p *playback) run() {
	if p.answer.Type != "" {
		p.wait(p.answer)
		p.head()
		p.body()
	}
	if p.end.Type != "" {
		p.wait(p.end)
	}
	switch {
	case p.end.Failure == failureBroken:
		panic(http.ErrAbortHandler)
	case p.end.Failure == failureSilent, p.end.Type == "", p.answer.Type == "":
		<-p.r.Context().Done()
	}
}

// wait waits until a record is due.
func (p *playback) wait(r record) {
	if !p.Timed {
		return
	}
	ctx, cancel := context.WithDeadline(p.r.Context(), p.begun.Add(time.Duration((r.At-p.requests.At)*float64(time.Second))))
	defer cancel()
	<-ctx.Done()
	if p.r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
}

// Headers that were about the connection, or a body before its redaction.
var framing = []string{"Connection", "Content-Encoding", "Content-Length", "Keep-Alive", "Transfer-Encoding"}

func (p *playback) head() {
	header := p.w.Header()
	for name, values := range p.answer.Header {
		if !slices.Contains(framing, name) {
			header[name] = values
		}
	}
	// A redirect within the backend stays within it.
	if to, err := url.Parse(header.Get("Location")); err == nil && to.IsAbs() {
		if from, err := url.Parse(p.requests.URL); err == nil && to.Scheme == from.Scheme && to.Host == from.Host {
			local := p.local(to)
			header.Set("Location", local.String())
		}
	}
	p.w.WriteHeader(p.answer.Status)
	p.flush()
}

func (p *playback) body() {
	chunks := p.chunks
	if !isEventStream(p.answer.Header) && slices.ContainsFunc(chunks, func(r record) bool { return strings.Contains(r.Text, "upload_url") }) {
		chunks = p.redirected()
	}
	for _, chunk := range chunks {
		p.wait(chunk)
		if _, err := p.w.Write(chunk.bytes()); err != nil {
			panic(http.ErrAbortHandler)
		}
		p.flush()
	}
}

var uploadURL = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"upload_url"\s*:\s*"(?:[^"\\]|\\.)*"`)
})

// redirected returns the body with the player as the place for an upload. A file
// must not leave for where a recording says.
func (p *playback) redirected() []record {
	var text []byte
	for _, chunk := range p.chunks {
		text = append(text, chunk.bytes()...)
	}
	text = uploadURL().ReplaceAllFunc(text, func(member []byte) []byte {
		var address string
		_, literal, _ := bytes.Cut(member, []byte(":"))
		_ = json.Unmarshal(literal, &address)
		u, err := url.Parse(address)
		if err != nil {
			u = new(url.URL)
		}
		literal, _ = json.Marshal(p.local(u).String())
		return append([]byte(`"upload_url":`), literal...)
	})
	whole := p.chunks[len(p.chunks)-1]
	whole.setBytes(text)
	return []record{whole}
}

// local returns where the player answers for an address of the recording.
func (p *playback) local(u *url.URL) *url.URL {
	path := p.path(u)
	return &url.URL{Scheme: "http", Host: p.r.Host, Path: path.Path, RawPath: path.RawPath, RawQuery: u.RawQuery}
}

func (p *playback) flush() {
	// A writer that cannot flush is no connection, and nobody waits on it.
	_ = http.NewResponseController(p.w).Flush()
}
