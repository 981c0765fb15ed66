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
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/localfile"
)

// A Player replays the backend's part of a recording. It is an http.Handler.
type Player struct {
	// Timed replays responses with the recorded timing, rather than
	// immediately.
	Timed bool

	chatGPT, openAI string // bases of the recording
	secrets         redactor

	mu        sync.Mutex
	exchanges []*replayable // by number
}

// A replayable is an exchange that can be replayed.
type replayable struct {
	number   int
	key      requestKey
	requests record
	answer   record   // its type is empty if there is none
	chunks   []record // and the messages sent between them
	end      record   // likewise
	done     bool     // whether it was replayed
}

// Open reads a recording from a file.
func Open(path string) (*Player, error) {
	file, err := localfile.Open(path)
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

// maxHeaderBytes bounds the first line of a recording.
const maxHeaderBytes = 64 << 10

var errNoHeader = errors.New("line 1 is not a header: the file is not a recording")

// Read reads a recording. An incomplete last line is ignored.
func Read(from io.Reader) (*Player, error) {
	p := new(Player)
	exchanges := make(map[int]*replayable)
	lines := bufio.NewReaderSize(from, maxHeaderBytes)
	switch start, err := lines.Peek(maxHeaderBytes); {
	case len(start) == 0 && err == io.EOF:
		return nil, errors.New("the file is empty")
	case err == nil && bytes.IndexByte(start, '\n') < 0:
		return nil, errNoHeader // the line may be endless, as that of /dev/zero
	}
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
			return nil, fmt.Errorf("line %d is not a record: %w", number, err)
		}
		switch {
		case number == 1 && (r.Type != typeHeader || r.Format == 0):
			return nil, errNoHeader
		case number == 1 && r.Format > format:
			return nil, fmt.Errorf("its format is %d, but only formats up to %d are supported: replay it with codex-rpc %s", r.Format, format, r.Version)
		case number == 1:
			p.chatGPT, p.openAI = r.ChatGPTBaseURL, r.OpenAIBaseURL
		case r.Type == typeRequest && !r.SignIn:
			exchanges[r.Exchange] = &replayable{number: r.Exchange, requests: r}
		default:
			exchanges[r.Exchange].add(r)
		}
	}
	for _, x := range exchanges {
		x.key = p.recordedKey(x.requests)
		p.exchanges = append(p.exchanges, x)
	}
	slices.SortFunc(p.exchanges, func(a, b *replayable) int { return a.number - b.number })
	return p, nil
}

// add adds a record of the exchange, which may be nil.
func (x *replayable) add(r record) {
	if x == nil {
		return
	}
	switch r.Type {
	case typeResponse:
		x.answer = r
	case typeChunk, typeSent:
		x.chunks = append(x.chunks, r)
	case typeEnd:
		x.end = r
	}
}

// ServeHTTP answers one request.
func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// On a reused connection net/http may resend a request that the recording
	// makes fail.
	w.Header().Set("Connection", "close")
	if asksForSocket(r) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUpgradeRequired)
		io.WriteString(w, noSockets)
		return
	}
	key, err := p.keyOf(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the client left
	}
	x, missing := p.find(key)
	if x == nil {
		refuse(w, missing)
		return
	}
	play := &playback{p, x, w, r, x.chunks, time.Now()}
	if x.answer.Status == http.StatusSwitchingProtocols {
		play.converse()
		return
	}
	if err := play.keepUploads(); err != nil {
		refuse(w, fmt.Sprintf("The response to %s cannot be replayed: %v.", key, err))
		return
	}
	play.run()
}

// refuse answers a request that cannot be replayed.
func refuse(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{
		"message": message, "type": "invalid_request_error", "code": "not_recorded",
	}})
}

// A playback is the replay of an exchange.
type playback struct {
	*Player
	*replayable
	w       http.ResponseWriter
	r       *http.Request
	chunks  []record // of the answer, possibly modified
	started time.Time
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
	ctx, cancel := context.WithDeadline(p.r.Context(), p.started.Add(time.Duration((r.At-p.requests.At)*float64(time.Second))))
	defer cancel()
	<-ctx.Done()
	if p.r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
}

// withheld are the headers that describe the connection or the body before its
// redaction, and those that redirect a client. Location is rewritten.
var withheld = map[string]bool{
	"Alt-Svc":           true,
	"Connection":        true,
	"Content-Encoding":  true,
	"Content-Length":    true,
	"Keep-Alive":        true,
	"Location":          true,
	"Refresh":           true,
	"Transfer-Encoding": true,
}

func (p *playback) head() {
	header := p.w.Header()
	for name, values := range p.answer.Header {
		name = http.CanonicalHeaderKey(name)
		if name == "Location" && len(values) > 0 {
			header.Set(name, p.destination(values[0]))
		} else if !withheld[name] {
			header[name] = append(header[name], values...)
		}
	}
	p.w.WriteHeader(p.answer.Status)
	p.flush()
}

// destination returns the Location of a replayed redirect. A redirect within the
// backend stays within the player. One to another host leads to a host below
// .invalid, which never resolves.
func (p *playback) destination(location string) string {
	to, err := url.Parse(location)
	if err != nil {
		return "http://unreadable.invalid/"
	}
	if to.Scheme == "" && to.Host == "" {
		return to.String()
	}
	from, err := url.Parse(p.requests.URL)
	if err == nil && from.Scheme == to.Scheme && from.Host == to.Host && to.User == nil {
		return p.local(to).String()
	}
	elsewhere := url.URL{Scheme: "https", Host: to.Hostname() + ".invalid", Path: to.Path, RawQuery: to.RawQuery}
	return elsewhere.String()
}

func (p *playback) body() {
	for _, chunk := range p.chunks {
		p.wait(chunk)
		if _, err := p.w.Write(chunk.bytes()); err != nil {
			panic(http.ErrAbortHandler)
		}
		p.flush()
	}
}

// keepUploads replaces every upload URL in the answer with one of the player, since
// a recording must not decide where files are sent. The answer becomes one chunk.
// Names of members are decoded as by a client, regardless of escapes, chunks and
// the content type.
func (p *playback) keepUploads() error {
	var text []byte
	for _, chunk := range p.chunks {
		text = append(text, chunk.bytes()...)
	}
	if bytes.IndexByte(text, 0) >= 0 { // UTF-16 or UTF-32, which some clients decode
		return errors.New("the recorded response is not UTF-8")
	}
	local := replaceMember(text, "upload_url", func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			u = new(url.URL)
		}
		return p.local(u).String()
	})
	if bytes.Equal(local, text) {
		return nil
	}
	whole := record{Type: typeChunk, At: p.chunks[len(p.chunks)-1].At}
	whole.setBytes(local)
	p.chunks = []record{whole}
	return nil
}

// replaceMember replaces all string values of members of this name, in any case.
func replaceMember(text []byte, name string, replace func(string) string) []byte {
	var out []byte
	named := false
	for {
		open := bytes.IndexByte(text, '"')
		if open < 0 {
			return append(out, text...)
		}
		named = named && strings.Trim(string(text[:open]), ": \t\r\n") == ""
		length := literalLength(text[open:])
		if length == 0 {
			length = lineLength(text[open:])
		}
		literal := text[open : open+length]
		out = append(out, text[:open]...)
		text = text[open+length:]
		var value string
		isString := json.Unmarshal(literal, &value) == nil
		if named && isString && !isName(text) {
			literal, _ = json.Marshal(replace(value)) // a string always encodes
		}
		out = append(out, literal...)
		named = isString && isName(text) && strings.EqualFold(value, name)
	}
}

// local returns the player's URL for a recorded URL.
func (p *playback) local(u *url.URL) *url.URL {
	path := p.path(u)
	return &url.URL{Scheme: "http", Host: p.r.Host, Path: path.Path, RawPath: path.RawPath, RawQuery: u.RawQuery}
}

func (p *playback) flush() {
	// A writer that cannot flush is not a network connection.
	_ = http.NewResponseController(p.w).Flush()
}
