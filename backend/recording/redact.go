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
	// Shorter bearers are not real, and redacting them would garble text.
	shortestSecret = 8
	// Shorter strings do not match the patterns of credentials.
	shortestPattern = 7
)

// secretMembers are JSON members whose strings are redacted, at any depth. The
// names are in lower case, without "-" and "_".
var secretMembers = map[string]bool{
	"accesstoken":        true,
	"accountid":          true,
	"apikey":             true,
	"authorization":      true,
	"authorizationcode":  true,
	"authtoken":          true,
	"bearertoken":        true,
	"chatgptaccountid":   true,
	"clientsecret":       true,
	"codeverifier":       true,
	"cookie":             true,
	"deviceauthid":       true,
	"extraheaders":       true, // of unknown purpose
	"extraquery":         true, // likewise
	"headers":            true, // of MCP servers
	"idtoken":            true,
	"openaiapikey":       true,
	"password":           true,
	"privatekey":         true,
	"proxyauthorization": true,
	"refreshtoken":       true,
	"secret":             true,
	"sessiontoken":       true,
	"setcookie":          true,
	"usercode":           true,
	"xapikey":            true,
}

var wordSeparators = strings.NewReplacer("-", "", "_", "")

func secretMember(name string) bool {
	return secretMembers[wordSeparators.Replace(strings.ToLower(name))]
}

// secretHeaderWords are words of header names whose values are redacted.
var secretHeaderWords = map[string]bool{
	"apikey":        true,
	"auth":          true,
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

// plainRequestHeaders are the request headers whose values are recorded. All
// others may be the caller's own, of unknown purpose.
var plainRequestHeaders = map[string]bool{
	"Accept":                                 true,
	"Accept-Encoding":                        true,
	"Content-Encoding":                       true,
	"Content-Length":                         true,
	"Content-Type":                           true,
	"If-None-Match":                          true,
	"Openai-Beta":                            true,
	"Originator":                             true,
	"Session-Id":                             true,
	"User-Agent":                             true,
	"Version":                                true,
	"X-Client-Request-Id":                    true,
	"X-Codex-Beta-Features":                  true,
	"X-Codex-Turn-Metadata":                  true,
	"X-Codex-Window-Id":                      true,
	"X-Ms-Blob-Type":                         true,
	"X-Openai-Fedramp":                       true,
	"X-Openai-Internal-Codex-Responses-Lite": true,
}

// plainQueryValues are the query parameters whose values are recorded.
var plainQueryValues = map[string]bool{
	"client_version": true,
	"cursor":         true,
	"environment_id": true,
	"limit":          true,
	"task_filter":    true,
}

// urlSecrets matches secrets of a URL within a text: a user and a password, and in
// the query, values that are named like credentials, or that are long enough for a
// signature. Shorter ones are versions, dates or flags.
var urlSecrets = sync.OnceValue(func() *regexp.Regexp {
	const value = `[^&#\s"'<>]`
	return regexp.MustCompile(`(?i)(://)[^/?#\s"'<>\\]+@` +
		`|([?&](?:[\w.~-]*(?:token|secret|password|passwd|signature|credential|apikey)|(?:[\w.~-]*[-_.])?(?:auth|code|key|pass|pwd|sig))=)` + value + `+` +
		`|([?&][^=?&#\s"'<>]+=)` + value + `{16,}`)
})

// redactURL redacts the URLs in a text.
func redactURL(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	return urlSecrets().ReplaceAllStringFunc(s, func(found string) string {
		if strings.HasPrefix(found, "://") {
			return "://" + blank + "@"
		}
		return found[:strings.IndexByte(found, '=')+1] + blank
	})
}

// A redactor redacts known secrets, and whatever looks like one. Redacting a text
// again does not change it.
type redactor struct{ known backend.Secrets }

// hide adds a known secret.
func (r *redactor) hide(secret string) {
	if len(secret) >= shortestSecret {
		r.known.Add(secret)
	}
}

// text redacts text that is not JSON, or one string of it.
func (r *redactor) text(s string) string {
	if len(s) < shortestPattern {
		return s
	}
	return redactURL(r.known.Redact(s))
}

// address redacts the URL of a request.
func (r *redactor) address(address string) string {
	address = r.text(address)
	path, query, ok := strings.Cut(address, "?")
	if !ok {
		return address
	}
	parameters := strings.Split(query, "&")
	for i, parameter := range parameters {
		if name, value, _ := strings.Cut(parameter, "="); value != "" && !plainQueryValues[name] {
			parameters[i] = name + "=" + blank
		}
	}
	return path + "?" + strings.Join(parameters, "&")
}

// requestHeader returns a redacted copy of the header of a request.
func (r *redactor) requestHeader(header http.Header) http.Header {
	clean := r.header(header)
	for name, values := range clean {
		if !plainRequestHeaders[name] {
			for i := range values {
				values[i] = blank
			}
		}
	}
	return clean
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

// bytes redacts JSON, server-sent events or any other text. It decodes string
// literals, so that it finds a secret however it is escaped, and does not change
// any other bytes.
func (r *redactor) bytes(text []byte) []byte {
	var out []byte
	var in nesting
	for {
		open := bytes.IndexByte(text, '"')
		if open < 0 {
			return append(out, r.text(string(in.pass(text)))...)
		}
		out = append(out, r.text(string(in.pass(text[:open])))...)
		length := literalLength(text[open:])
		if length == 0 { // an odd quote, or a text that was cut off
			rest := lineLength(text[open:])
			if in.secret() {
				out = append(out, `"`+blank...)
				in.named = false
			} else {
				out = append(out, r.text(string(text[open:open+rest]))...)
			}
			text = text[open+rest:]
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
		in.named, in.plain = secretMember(value), in.below == in.depth && plainRequestHeaders[http.CanonicalHeaderKey(value)]
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

// literalLength returns the length of the string literal at the start of text, 0
// if it does not end on its line. The caller must then skip the line: trying again
// at each quote would be quadratic.
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

// lineLength returns the length of the first line of text, without its end.
func lineLength(text []byte) int {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return end
	}
	return len(text)
}

// isName reports whether the literal before rest is the name of a member.
func isName(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}
