package backend

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// AnswerHeaders holds the headers of the last response that are meant for
// clients: none of the connection, of cookies or with secrets. It is safe for
// concurrent use.
type AnswerHeaders struct {
	last atomic.Pointer[map[string]string]
}

type answerHeadersKey struct{}

// WithAnswerHeaders returns a context whose requests store their response
// headers in the returned AnswerHeaders.
func WithAnswerHeaders(ctx context.Context) (context.Context, *AnswerHeaders) {
	h := new(AnswerHeaders)
	return context.WithValue(ctx, answerHeadersKey{}, h), h
}

// Last returns the headers of the last response of any status, with names in
// lower case.
func (h *AnswerHeaders) Last() map[string]string {
	if last := h.last.Load(); last != nil {
		return *last
	}
	return map[string]string{}
}

// The headers that are reported to clients, by name and by prefix.
var (
	reported         = map[string]bool{"x-request-id": true, "openai-model": true, "openai-processing-ms": true}
	reportedPrefixes = []string{"retry-after", "x-codex-", "x-ratelimit-"}
)

// noteHeaders stores the reported headers of a response, if the context collects
// them.
func noteHeaders(ctx context.Context, header http.Header, secrets *Secrets) {
	if h, _ := ctx.Value(answerHeadersKey{}).(*AnswerHeaders); h != nil {
		h.last.Store(new(secrets.reported(header)))
	}
}

// NoteHeaders adds headers received in another way, such as in a message of a
// Socket, to those of the last response, if the context collects them.
func (c *Client) NoteHeaders(ctx context.Context, header http.Header) {
	if h, _ := ctx.Value(answerHeadersKey{}).(*AnswerHeaders); h != nil {
		all := maps.Clone(h.Last())
		maps.Copy(all, c.secrets.reported(header))
		h.last.Store(&all)
	}
}

// reported returns the reported headers, redacted.
func (s *Secrets) reported(header http.Header) map[string]string {
	kept := make(map[string]string)
	for name, values := range header {
		if name = strings.ToLower(name); isReported(name) {
			kept[name] = printable.Excerpt(s.Redact(strings.Join(values, ", ")), messageBytes)
		}
	}
	return kept
}

func isReported(name string) bool {
	return reported[name] || slices.ContainsFunc(reportedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
