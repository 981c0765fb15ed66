package simulator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// call is one request and its answer.
type call struct {
	*http.Request
	w        http.ResponseWriter
	started  time.Time
	scenario scenario
	over     string            // the transport
	stop     chan struct{}     // closed when the client interrupts the response, nil over HTTP
	answer   func()            // writes the answer, nil if the handler has written it
	body     []byte            // nil for an upload, which is streamed
	content  []byte            // the body without client_metadata, which differ from call to call
	digest   [sha256.Size]byte // of method, path and content
}

// The transports of a request.
const (
	overHTTP    = "http"
	overUpgrade = "upgrade" // the handshake of a socket
	overSocket  = "socket"
)

const metadata = "client_metadata"

// identify computes the digest, from which identifiers derive.
func (c *call) identify(method string) {
	c.content = c.body
	if bytes.Contains(c.body, []byte(`"`+metadata+`"`)) {
		c.content = join(slices.DeleteFunc(members(c.body), func(m member) bool { return m.name == metadata }))
	}
	c.digest = sha256.Sum256(slices.Concat([]byte(method+" "+c.URL.Path+"\n"), c.content))
	c.w.Header().Set("x-request-id", c.id("req", 0))
}

const modelPrefix = "mock:"

// IsDirected reports whether a model's name contains directives.
func IsDirected(model string) bool { return strings.HasPrefix(model, modelPrefix) }

// mockModel returns the model's name if it contains directives, otherwise "".
func (c *call) mockModel() string {
	if !bytes.Contains(c.body, []byte(modelPrefix)) {
		return ""
	}
	var named struct {
		Model   string
		Session struct{ Model string }
	}
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind == "multipart/form-data" {
		c.Body = io.NopCloser(bytes.NewReader(c.body))
		named.Model = c.FormValue("model")
	} else if json.Unmarshal(c.body, &named) != nil {
		return "" // the endpoint reports the invalid body
	}
	for _, model := range []string{named.Model, named.Session.Model} {
		if IsDirected(model) {
			return model
		}
	}
	return ""
}

// id derives the n-th identifier of a kind from the request.
func (c *call) id(kind string, n int) string {
	return kind + "_" + hash(fmt.Sprintf("%x %s %d", c.digest, kind, n))
}

// hash returns 24 hexadecimal digits of a text's digest.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// sleep waits for d and reports whether the context is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// reply sets a JSON answer.
func (c *call) reply(body any) error {
	c.write(http.StatusOK, "application/json", encode(body))
	return nil
}

// write sets the answer, which is written after the handler has returned.
func (c *call) write(status int, contentType string, body []byte) {
	c.answer = func() { c.send(status, contentType, body) }
}

// send writes an answer. The directives cut and stall withhold its body.
func (c *call) send(status int, contentType string, body []byte) {
	c.w.Header().Set("Content-Type", contentType)
	c.w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	c.w.WriteHeader(status)
	if c.scenario.Cut >= 0 {
		flush(c.w)
		panic(http.ErrAbortHandler)
	}
	if c.scenario.Stall >= 0 {
		flush(c.w)
		<-c.Context().Done()
		return
	}
	c.w.Write(body)
}

func flush(w http.ResponseWriter) {
	// A writer that cannot flush is not a network connection.
	_ = http.NewResponseController(w).Flush()
}

// decode decodes the body of a JSON request.
func (c *call) decode(into any) error {
	if err := json.Unmarshal(c.body, into); err != nil {
		if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
			return invalid(wrong.Field, "invalid_type", "Invalid type for '%s': got %s.", wrong.Field, wrong.Value)
		}
		return refuse(http.StatusBadRequest, "Request body is not valid JSON")
	}
	return nil
}
