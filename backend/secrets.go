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

// maxSecrets is how many secrets of each kind are kept, the last ones.
const maxSecrets = 64

// Add adds secrets.
func (s *Secrets) Add(values ...string) { s.add(&s.credentials, values) }

func (s *Secrets) addSignatures(values ...string) { s.add(&s.signatures, values) }

func (s *Secrets) add(list *[]string, values []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range values {
		if len(value) < shortestSecret {
			continue
		}
		if last := len(*list) - 1; last >= 0 && (*list)[last] == value {
			continue // the usual case
		}
		kept := slices.DeleteFunc(slices.Clone(*list), func(known string) bool { return known == value })
		if len(kept) == maxSecrets {
			kept = kept[1:]
		}
		*list = append(kept, value)
		s.made = nil
	}
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
