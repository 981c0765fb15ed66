package recording

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/backend"
)

const blank = "[redacted]"

const (
	// A bearer shorter than this is made up, and blanking it would garble text.
	shortestSecret = 8
	// Nothing shorter looks like a credential.
	shortestPattern = 7
)

// secretMembers are JSON members whose strings are not written, at any depth
// below them. The names are in lower case, without "-" and "_".
var secretMembers = map[string]bool{
	"accesstoken":        true,
	"accountid":          true,
	"apikey":             true,
	"authorization":      true,
	"authorizationcode":  true,
	"chatgptaccountid":   true,
	"clientsecret":       true,
	"codeverifier":       true,
	"cookie":             true,
	"deviceauthid":       true,
	"extraheaders":       true, // what they are for, the caller alone knows
	"idtoken":            true,
	"openaiapikey":       true,
	"password":           true,
	"proxyauthorization": true,
	"refreshtoken":       true,
	"setcookie":          true,
	"usercode":           true,
	"xapikey":            true,
}

var wordSeparators = strings.NewReplacer("-", "", "_", "")

func secretMember(name string) bool {
	return secretMembers[wordSeparators.Replace(strings.ToLower(name))]
}

// secretHeaderWords are the words of a header's name that make its value one
// that is not written.
var secretHeaderWords = map[string]bool{
	"authorization": true,
	"cookie":        true,
	"credential":    true,
	"key":           true,
	"password":      true,
	"secret":        true,
	"signature":     true,
	"token":         true,
}

func secretHeader(name string) bool {
	return name == accountHeader || slices.ContainsFunc(strings.Split(strings.ToLower(name), "-"), func(word string) bool {
		return secretHeaderWords[word]
	})
}

const accountHeader = "Chatgpt-Account-Id"

// longQueryValue is a value in the query of a URL that is long enough for a
// signature; shorter ones are versions, dates, flags.
var longQueryValue = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`([?&][^=?&#\s"'<>]+=)[^&#\s"'<>]{16,}`)
})

// A redactor blanks secrets, those that it was told and those that it knows by
// their looks. What it has blanked it leaves as it is the next time.
type redactor struct {
	mu      sync.Mutex
	secrets []string // the longest first: one may begin with another
}

// hide has a secret blanked from now on.
func (r *redactor) hide(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(secret) < shortestSecret || slices.Contains(r.secrets, secret) {
		return
	}
	// A copy, since others may be reading.
	r.secrets = append(slices.Clone(r.secrets), secret)
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
}

func (r *redactor) known() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.secrets
}

// text redacts what is no JSON, or one string of it.
func (r *redactor) text(s string) string {
	if len(s) < shortestPattern {
		return s
	}
	s = backend.Redact(s, r.known()...)
	if strings.Contains(s, "://") {
		s = longQueryValue().ReplaceAllString(s, "${1}"+blank)
	}
	return s
}

// header returns a redacted copy.
func (r *redactor) header(header http.Header) http.Header {
	clean := make(http.Header, len(header))
	for name, values := range header {
		for _, value := range values {
			if value = r.text(value); secretHeader(name) {
				value = blank
			}
			clean[name] = append(clean[name], value)
		}
	}
	return clean
}

// bytes redacts JSON, server-sent events or any other text. It looks at the
// values of string literals, so that a secret is found however it is escaped,
// and leaves all bytes that are no secret as they are.
func (r *redactor) bytes(text []byte) []byte {
	var out []byte
	var in nesting
	for {
		open := bytes.IndexByte(text, '"')
		if open < 0 {
			return append(out, r.text(string(text))...)
		}
		in.pass(text[:open])
		out = append(out, r.text(string(text[:open]))...)
		length := literalLength(text[open:])
		if length == 0 { // a quote that is just that
			out = append(out, '"')
			text = text[open+1:]
			continue
		}
		literal := text[open : open+length]
		text = text[open+length:]
		out = append(out, r.literal(literal, &in, isName(text))...)
	}
}

// literal redacts one string literal.
func (r *redactor) literal(literal []byte, in *nesting, name bool) []byte {
	value := string(literal[1 : len(literal)-1])
	if strings.Contains(value, `\`) && json.Unmarshal(literal, &value) != nil {
		return []byte(r.text(string(literal)))
	}
	clean := r.text(value)
	if name {
		in.named = secretMember(value)
	} else if in.secret() && value != "" {
		clean = blank
	}
	if clean == value {
		return literal
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(clean) // a string always encodes
	return bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))
}

// literalLength returns the length of the string literal that text begins with,
// 0 if it does not end on its line.
func literalLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return 0
		}
	}
	return 0
}

// isName reports whether the literal before rest is the name of a member.
func isName(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// A nesting knows whether a value stands in a member that is secret.
type nesting struct {
	named bool // the member at hand is secret
	depth int
	below int // all values from this depth on are secret; 0: none
}

func (n *nesting) secret() bool { return n.named || n.below > 0 }

// pass takes what stands between two literals.
func (n *nesting) pass(between []byte) {
	for _, c := range between {
		switch c {
		case '{', '[':
			n.depth++
			if n.named && n.below == 0 {
				n.below = n.depth
			}
			n.named = false
		case '}', ']':
			if n.depth == n.below {
				n.below = 0
			}
			n.depth--
			n.named = false
		case ',':
			n.named = false
		}
	}
}
