package backend

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
)

// Secrets are the credentials used in a session, including those from before a
// refresh. A client adds the tokens of its requests; other secrets can be added.
// Errors and log lines are redacted with them, in case a backend echoes them.
//
// The zero Secrets is ready to use, and safe for concurrent use.
type Secrets struct {
	mu          sync.Mutex
	credentials []string
	signatures  []string  // of the URLs of uploads
	made        *Redactor // of all of them, nil after a change
}

// Of each kind the last secrets are kept, up to this many bytes. Those that are in
// use come last, so a token is dropped hundreds of refreshes after its own, when it
// has long expired. Signatures, which change with each upload, expire within hours.
const (
	credentialBytes = 1 << 20
	signatureBytes  = 64 << 10
)

// Add adds secrets.
func (s *Secrets) Add(values ...string) { s.add(&s.credentials, credentialBytes, values) }

func (s *Secrets) addSignatures(values ...string) { s.add(&s.signatures, signatureBytes, values) }

func (s *Secrets) add(list *[]string, limit int, values []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range values {
		if len(value) < shortestSecret {
			continue
		}
		if i := slices.Index(*list, value); i >= 0 { // the usual case
			*list = append(slices.Delete(*list, i, i+1), value)
			continue
		}
		*list = append(*list, value)
		s.made = nil
		for len(*list) > 1 && length(*list) > limit {
			*list = (*list)[1:]
		}
	}
}

func length(values []string) (n int) {
	for _, value := range values {
		n += len(value)
	}
	return n
}

func (s *Secrets) redactor() *Redactor {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made = NewRedactor(slices.Concat(s.credentials, s.signatures)...)
	}
	return s.made
}

// Redact is like [Redact], with these secrets.
func (s *Secrets) Redact(text string) string { return s.redactor().Text(text) }

// RedactJSON is like [Redactor.JSON], with these secrets.
func (s *Secrets) RedactJSON(text []byte) []byte { return s.redactor().JSON(text) }

// RedactAttr redacts a log attribute. It is a ReplaceAttr of [slog.HandlerOptions].
func (s *Secrets) RedactAttr(_ []string, a slog.Attr) slog.Attr {
	var text string
	switch a.Value.Kind() {
	case slog.KindString:
		text = a.Value.String()
	case slog.KindAny:
		if b, ok := a.Value.Any().([]byte); ok {
			text = string(b)
		} else {
			text = fmt.Sprint(a.Value.Any())
		}
	default:
		return a
	}
	if clean := s.Redact(text); clean != text {
		a.Value = slog.StringValue(clean)
	}
	return a
}
