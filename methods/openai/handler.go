package openai

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// eventBatchBytes is the number of bytes of events per write. Those of net/http
// have 2 KB.
const eventBatchBytes = 32 << 10

// ServeHTTP answers a request whose path may begin with /v1.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply := &httpReply{w: w, flusher: http.NewResponseController(w)}
	path := r.URL.EscapedPath()
	if below, ok := strings.CutPrefix(path, "/v1/"); ok {
		path = "/" + below
	}
	body, err := a.turns.begin(w, r)
	if err != nil && r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the client left, or has closed its side, and must not read an empty 200
	}
	request := &Request{Method: r.Method, Path: path, Query: r.URL.Query(), Header: r.Header, Body: body, Preferences: a.options.Preferences}
	if err != nil {
		x := &exchange{Request: request, reply: reply, ctx: r.Context(), header: http.Header{}}
		err = x.fail(err)
	} else {
		defer a.turns.end()
		err = a.Serve(r.Context(), request, reply)
	}
	if err == nil {
		return
	}
	if broken, ok := errors.AsType[*Broken](err); ok && !reply.begun {
		status := http.StatusBadGateway
		if broken.Timeout() {
			status = http.StatusGatewayTimeout
		}
		x := &exchange{reply: reply, header: http.Header{"X-Should-Retry": {"false"}}}
		x.send(status, refusal(status, "", broken.Cause.Type, "%s", broken.Cause.Message).body())
		return
	}
	panic(http.ErrAbortHandler) // the client must see that the response is incomplete
}

// An httpReply writes the answer to a ResponseWriter.
type httpReply struct {
	w       http.ResponseWriter
	flusher *http.ResponseController
	begun   bool
	events  []byte // to write
}

func (r *httpReply) Begin(status int, header http.Header) error {
	r.begun = true
	for name, values := range header {
		r.w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	r.w.WriteHeader(status)
	return nil
}

func (r *httpReply) Body(v rawjson.Value) error {
	_, err := r.w.Write(v.Bytes())
	return err
}

func (r *httpReply) Text(text string) error {
	_, err := io.WriteString(r.w, text)
	return err
}

func (r *httpReply) Event(name string, data rawjson.Value) error {
	b := r.events
	if name != "" && !strings.ContainsAny(name, "\r\n") {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	b = data.AppendTo(append(b, "data: "...)) // without line breaks
	r.events = append(b, "\n\n"...)
	if len(r.events) < eventBatchBytes {
		return nil
	}
	return r.write()
}

// write writes the queued events.
func (r *httpReply) write() error {
	if len(r.events) == 0 {
		return nil
	}
	_, err := r.w.Write(r.events)
	r.events = r.events[:0]
	return err
}

// Flush does nothing before Begin: it would send the headers.
func (r *httpReply) Flush() error {
	if !r.begun {
		return nil
	}
	if err := r.write(); err != nil {
		return err
	}
	return r.flusher.Flush()
}

func (r *httpReply) End(done bool) error {
	if done {
		r.events = append(r.events, "data: [DONE]\n\n"...)
	}
	return r.write()
}
