package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// pauseSlack is how much longer than expected a pause between two requests may
// be, because of scheduling on a busy machine.
const pauseSlack = 1500 * time.Millisecond

// Backend plays the backend of one case on loopback: it sends the replies in
// order and records the requests. All base URLs of the host and the signed
// upload URL have its origin. It answers a request beyond the last reply with
// status 400, which no host retries.
type Backend struct {
	*backendtest.Backend
	server *httptest.Server
	steps  []*Step // with {{origin}} replaced

	open sync.WaitGroup // requests, including sockets

	mu      sync.Mutex
	sockets []string // faults of sockets
}

// Serve starts a backend for the case; the caller closes it.
func Serve(c *Case) (*Backend, error) {
	b := new(Backend)
	b.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.open.Add(1)
		defer b.open.Done()
		b.ServeHTTP(w, r)
	}))
	play, err := c.fill(map[string]string{"origin": b.Origin()})
	if err != nil {
		b.server.Close()
		return nil, err
	}
	b.steps = play.steps()
	var script []backendtest.Step
	for _, step := range b.steps {
		for _, reply := range step.Backend {
			if reply.Frames == nil {
				script = append(script, reply.whole().Play)
			} else {
				script = append(script, b.socket(reply))
			}
		}
	}
	b.Backend = backendtest.New(backendtest.Once(script...))
	return b, nil
}

// Origin returns the scheme, host and port. The host's base URLs are
// Origin()+"/backend-api" and Origin()+"/v1".
func (b *Backend) Origin() string { return b.server.URL }

// Close stops the backend and closes its connections.
func (b *Backend) Close() {
	b.server.CloseClientConnections()
	b.server.Close()
}

// Requests returns the requests recorded so far, in order of arrival.
func (b *Backend) Requests() []Request {
	var requests []Request
	for _, r := range b.Backend.Requests() {
		requests = append(requests, record(r))
	}
	return requests
}

// Faults returns the differences between the recorded and the expected
// requests, the pauses between them, and the frames on sockets. It must be
// called after the host has exited, since it waits for all sockets to end.
func (b *Backend) Faults() []string {
	b.open.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var want []Request
	faults := slices.Clone(b.sockets)
	var arrivals []time.Time
	for _, r := range b.Backend.Requests() {
		arrivals = append(arrivals, r.Arrived)
	}
	for _, step := range b.steps {
		if first := len(want); first < len(arrivals) {
			faults = append(faults, pauseFaults(step.Expect.PausesS, arrivals[first:])...)
		}
		want = append(want, step.Expect.Requests...)
	}
	if len(arrivals) != len(want) {
		faults = append(faults, fmt.Sprintf("requests: want %d, got %d", len(want), len(arrivals)))
	}
	for i, got := range b.Requests() {
		where := fmt.Sprintf("requests[%d]", i)
		if i >= len(want) {
			faults = append(faults, fmt.Sprintf("%s: unexpected: %s %s", where, got.Method, got.Path))
			continue
		}
		faults = append(faults, diffRequest(where, want[i], got)...)
	}
	return faults
}

func pauseFaults(wantSeconds []float64, arrivals []time.Time) []string {
	var faults []string
	for i, seconds := range wantSeconds {
		if i+1 >= len(arrivals) {
			break // the number of requests is another fault
		}
		want := time.Duration(seconds * float64(time.Second))
		if got := arrivals[i+1].Sub(arrivals[i]); got < want || got >= want+pauseSlack {
			faults = append(faults, fmt.Sprintf("pauses_s[%d]: want %v to %v, got %v",
				i, want, want+pauseSlack, got.Round(time.Millisecond)))
		}
	}
	return faults
}

// whole returns the reply without the frames of a WebSocket.
func (r Reply) whole() backendtest.Reply {
	var reply backendtest.Reply
	switch {
	case r.JSON != nil:
		reply = backendtest.JSON(string(r.JSON))
	case r.Events != nil:
		var events []string
		for _, event := range r.Events {
			events = append(events, string(event))
		}
		reply = backendtest.Events(events...)
	case r.Text != nil:
		reply = backendtest.Reply{Header: "Content-Type: text/plain; charset=utf-8", Body: *r.Text}
	}
	reply.Status = r.Status
	for name, value := range r.Headers {
		reply = reply.With(name + ": " + value)
	}
	return reply
}

// record converts a request to the form of the expected ones. A request that
// cannot be read is recorded with the error as its text, which matches nothing.
func record(r backendtest.Request) Request {
	got := Request{Method: r.Method, Path: r.URL.EscapedPath(), Headers: map[string]json.RawMessage{}}
	unreadable := func(err error) Request {
		text := err.Error()
		return Request{Method: got.Method, Path: got.Path, Headers: map[string]json.RawMessage{}, Text: &text}
	}
	for name, values := range r.URL.Query() {
		if got.Query == nil {
			got.Query = map[string]string{}
		}
		got.Query[name] = strings.Join(values, ", ")
	}
	keep := func(name, value string) { got.Headers[strings.ToLower(name)] = mustMarshal(value) }
	for name, values := range r.Header {
		keep(name, strings.Join(values, ", "))
	}
	if r.ContentLength > 0 {
		keep("content-length", fmt.Sprint(r.ContentLength))
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil {
		keep("content-type", kind)
	}
	switch {
	case r.Err != nil:
		return unreadable(r.Err)
	case kind == "multipart/form-data":
		if got.Multipart, err = readParts(multipart.NewReader(strings.NewReader(r.Text), params["boundary"])); err != nil {
			return unreadable(err)
		}
	case r.Text == "":
	case kind == "application/json" && json.Valid([]byte(r.Text)):
		got.JSON = json.RawMessage(r.Text)
	case utf8.ValidString(r.Text):
		got.Text = &r.Text
	default:
		got.Base64 = []byte(r.Text)
	}
	return got
}

func readParts(form *multipart.Reader) ([]Part, error) {
	var parts []Part
	for {
		p, err := form.NextRawPart()
		if err == io.EOF {
			slices.SortStableFunc(parts, func(a, b Part) int { return strings.Compare(a.Name, b.Name) })
			return parts, nil
		}
		if err != nil {
			return parts, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return parts, err
		}
		part := Part{Name: p.FormName(), Filename: p.FileName(), ContentType: p.Header.Get("Content-Type")}
		if part.Filename != "" {
			part.Base64 = content
		} else {
			text := string(content)
			part.Text = &text
		}
		parts = append(parts, part)
	}
}
