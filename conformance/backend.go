package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// pauseSlack is how much longer than expected a pause between two requests may be: scheduling, and a busy machine.
const pauseSlack = 1500 * time.Millisecond

// Backend plays the backend of one case on loopback: it gives the replies in order and keeps what it was sent. Every
// base URL of the host, and the signed upload URL, lie at its one origin. A request beyond the last reply is answered
// 400, which no host tries again.
type Backend struct {
	origin string
	steps  []*Step // {{origin}} filled in
	script []Reply // of all steps
	server *http.Server

	open sync.WaitGroup // requests, sockets among them

	mu       sync.Mutex
	requests []Request
	arrivals []time.Time
	sockets  []string // what was wrong with them
}

// Serve starts a backend for the case; the caller closes it.
func Serve(c *Case) (*Backend, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &Backend{origin: "http://" + listener.Addr().String()}
	play, err := c.fill(map[string]string{"origin": b.origin})
	if err != nil {
		listener.Close()
		return nil, err
	}
	b.steps = play.steps()
	for _, step := range b.steps {
		b.script = append(b.script, step.Backend...)
	}
	b.server = &http.Server{Handler: http.HandlerFunc(b.reply), ReadHeaderTimeout: 10 * time.Second}
	go b.server.Serve(listener) // returns when closed
	return b, nil
}

// Origin is the scheme, host and port, without a slash at the end. The host's base URLs are Origin()+"/backend-api" and
// Origin()+"/v1".
func (b *Backend) Origin() string { return b.origin }

// Close ends the backend and cuts its connections.
func (b *Backend) Close() error { return b.server.Close() }

// Requests are those recorded so far, in the order they came.
func (b *Backend) Requests() []Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

// Faults says where the recorded requests, the pauses between them and the frames on sockets depart from the expected. To
// be asked when all calls are over, and the host has left: it waits for the ends of the sockets.
func (b *Backend) Faults() []string {
	b.open.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var want []Request
	faults := slices.Clone(b.sockets)
	for _, step := range b.steps {
		if first := len(want); first < len(b.arrivals) {
			faults = append(faults, pauseFaults(step.Expect.PausesS, b.arrivals[first:])...)
		}
		want = append(want, step.Expect.Requests...)
	}
	if len(b.requests) != len(want) {
		faults = append(faults, fmt.Sprintf("requests: want %d, got %d", len(want), len(b.requests)))
	}
	for i, got := range b.requests {
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
			break // the number of requests is a fault of its own
		}
		want := time.Duration(seconds * float64(time.Second))
		if got := arrivals[i+1].Sub(arrivals[i]); got < want || got >= want+pauseSlack {
			faults = append(faults, fmt.Sprintf("pauses_s[%d]: want %v to %v, got %v",
				i, want, want+pauseSlack, got.Round(time.Millisecond)))
		}
	}
	return faults
}

func (b *Backend) reply(w http.ResponseWriter, r *http.Request) {
	arrival := time.Now()
	got, err := record(r)
	if err != nil {
		// What cannot be read is a fault all the same: it takes its place, and matches nothing.
		text := err.Error()
		got = Request{Method: r.Method, Path: r.URL.EscapedPath(), Headers: map[string]json.RawMessage{}, Text: &text}
	}
	b.mu.Lock()
	n := len(b.requests)
	b.requests = append(b.requests, got)
	b.arrivals = append(b.arrivals, arrival)
	b.open.Add(1)
	b.mu.Unlock()
	defer b.open.Done()
	if n >= len(b.script) {
		http.Error(w, fmt.Sprintf("the case has no reply for request %d", n+1), http.StatusBadRequest)
		return
	}
	if b.script[n].Frames != nil {
		b.socket(w, r, n)
		return
	}
	b.script[n].write(w)
}

// write sends the reply. An error means that the host hung up, which shows in what the host answers.
func (r Reply) write(w http.ResponseWriter) {
	header := w.Header()
	var body string
	switch {
	case r.JSON != nil:
		header.Set("Content-Type", "application/json")
		body = string(r.JSON)
	case r.Events != nil:
		header.Set("Content-Type", "text/event-stream")
		var stream strings.Builder
		for _, event := range r.Events {
			fmt.Fprintf(&stream, "data: %s\n\n", event)
		}
		body = stream.String()
	case r.Text != nil:
		header.Set("Content-Type", "text/plain; charset=utf-8")
		body = *r.Text
	}
	for name, value := range r.Headers {
		header.Set(name, value)
	}
	w.WriteHeader(r.Status)
	io.WriteString(w, body)
}

// record keeps a request in the form of the expected ones.
func record(r *http.Request) (Request, error) {
	got := Request{Method: r.Method, Path: r.URL.EscapedPath(), Headers: map[string]json.RawMessage{}}
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
	if kind == "multipart/form-data" {
		got.Multipart, err = readParts(multipart.NewReader(r.Body, params["boundary"]))
		return got, err
	}
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return got, err
	case len(body) == 0:
	case kind == "application/json" && json.Valid(body):
		got.JSON = body
	case utf8.Valid(body):
		text := string(body)
		got.Text = &text
	default:
		got.Base64 = body
	}
	return got, nil
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
