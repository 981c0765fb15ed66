package backend

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
)

const blank = "[redacted]"

// Shorter strings are not treated as secrets, since redacting them would garble
// text.
const shortestSecret = 4

// credentialPattern matches what looks like a credential. The first group, which
// is kept, is the word Bearer.
var credentialPattern = pattern(`(?i:\b(bearer\s+)[\w.~+/=*-]{8,})` +
	`|\bsk-[\w.*-]{4,}` +
	`|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*`)

// pattern returns a function that compiles a regular expression on first use, not
// at the start of the program.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// Redact returns s with each of the secrets, and whatever else looks like a bearer token, an API key or a JWT, replaced
// by "[redacted]". A secret is found even if it is escaped as in URLs, JSON, programming languages or HTML, also
// repeatedly, split by white space or control characters, or truncated by the end of the text. Unescaped fragments of
// long secrets are found as well.
func Redact(s string, secrets ...string) string { return NewRedactor(secrets...).Text(s) }

// suspicious reports whether credentialPattern may match. It takes a thirtieth of
// the time of the pattern itself.
func suspicious(s string) bool {
	if strings.Contains(s, "sk-") || strings.Contains(s, "eyJ") {
		return true
	}
	const bearer = "bearer"
	for {
		i := strings.IndexAny(s, "bB")
		if i < 0 || len(s)-i < len(bearer) {
			return false
		}
		if strings.EqualFold(s[i:i+len(bearer)], bearer) {
			return true
		}
		s = s[i+1:]
	}
}

// JSON is like Text for all strings of a valid JSON text, including names; all
// other bytes are unchanged. It operates on the values of strings: a token is
// found however it is escaped, and the result is valid JSON.
func (r *Redactor) JSON(text []byte) []byte {
	var out []byte
	kept := 0 // text[:kept] is in out
	for i := 0; ; {
		open := bytes.IndexByte(text[i:], '"')
		if open < 0 {
			break
		}
		from := i + open
		i = from + 1
		escaped := false
		for text[i] != '"' {
			if text[i] == '\\' {
				escaped = true
				i++
			}
			i++
		}
		i++
		if i-from-2 < shortestSecret {
			continue
		}
		value := string(text[from+1 : i-1])
		if escaped && json.Unmarshal(text[from:i], &value) != nil {
			continue
		}
		if clean := r.Text(value); clean != value {
			literal, _ := json.Marshal(clean)
			out = append(append(out, text[kept:from]...), literal...)
			kept = i
		}
	}
	if kept == 0 {
		return text
	}
	return append(out, text[kept:]...)
}
