package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// requestKey is the part of a request that must match for an exchange to be replayed.
type requestKey struct {
	method, path, query string
	body                any   // the value of complete JSON, otherwise nil
	size                int64 // of the body
}

func (k requestKey) String() string { return k.method + " " + k.path }

// matches reports whether two requests match.
func (k requestKey) matches(other requestKey) bool {
	if k.method != other.method || k.path != other.path || k.query != other.query {
		return false
	}
	if k.body == nil || other.body == nil {
		return k.size == other.size
	}
	return reflect.DeepEqual(k.body, other.body)
}

// recordedKey returns the key of a recorded request.
func (p *Player) recordedKey(r record) requestKey {
	u, err := url.Parse(p.secrets.address(r.URL)) // redacted again, since another version may have recorded it
	if err != nil {
		u = new(url.URL)
	}
	k := requestKey{method: r.Method, path: p.path(u).EscapedPath(), query: u.Query().Encode(), size: r.Size}
	if !r.Truncated {
		k.body = p.decode(r.bytes())
	}
	return k
}

// keyOf reads a request and returns its key.
func (p *Player) keyOf(r *http.Request) (requestKey, error) {
	var body bytes.Buffer
	size, err := io.Copy(&body, io.LimitReader(r.Body, bodyLimit))
	if err != nil {
		return requestKey{}, err
	}
	rest, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return requestKey{}, err
	}
	// Redacted as in a recording.
	u, err := url.Parse(p.secrets.address("http://player" + r.URL.RequestURI()))
	if err != nil {
		return requestKey{}, err
	}
	k := requestKey{method: r.Method, path: u.EscapedPath(), query: u.Query().Encode(), size: size + rest}
	if rest == 0 {
		k.body = p.decode(body.Bytes())
	}
	return k, nil
}

// decode returns the value of a JSON text, redacted as in a recording, or nil if
// it is not JSON. Numbers keep their digits.
func (p *Player) decode(text []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(p.secrets.bytes(text)))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil
	}
	return value
}

// path returns the path at which the player serves a recorded URL.
func (p *Player) path(u *url.URL) *url.URL {
	for _, base := range [][2]string{{p.chatGPT, "/backend-api"}, {p.openAI, "/v1"}} {
		from, err := url.Parse(base[0])
		if err != nil || from.Host != u.Host || from.Scheme != u.Scheme {
			continue
		}
		rest, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimSuffix(from.EscapedPath(), "/"))
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		if path, err := url.Parse(base[1] + rest); err == nil {
			return path
		}
	}
	return &url.URL{Path: u.Path, RawPath: u.RawPath}
}

// find returns the exchange to replay, or a message why there is none.
func (p *Player) find(key requestKey) (*replayable, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	nearest, why := (*replayable)(nil), ""
	for _, x := range p.exchanges {
		switch {
		case x.key.matches(key) && !x.done && x.answer.Truncated:
			return nil, fmt.Sprintf("The recording has no body for the response to %s (exchange %d): it was compressed.", key, x.number)
		case x.key.matches(key) && !x.done:
			x.done = true
			return x, ""
		case x.key.matches(key):
			nearest, why = x, "which is identical but was already replayed"
		case x.key.path != key.path || x.key.method != key.method || nearest != nil:
		case x.key.query != key.query:
			nearest, why = x, fmt.Sprintf("whose query is %q, not %q", x.key.query, key.query)
		default:
			nearest, why = x, "whose body "+x.key.difference(key)
		}
	}
	if nearest == nil {
		return nil, fmt.Sprintf("The recording has no %s. It has %s.", key, p.contents())
	}
	return nil, fmt.Sprintf("The recording has no such %s. The nearest is exchange %d, %s.", key, nearest.number, why)
}

// contents lists the requests of the recording.
func (p *Player) contents() string {
	counts := make(map[string]int)
	for _, x := range p.exchanges {
		counts[x.key.String()]++
	}
	if len(counts) == 0 {
		return "no exchange at all"
	}
	names := slices.Sorted(maps.Keys(counts))
	for i, name := range names {
		names[i] = name + " (" + strconv.Itoa(counts[name]) + ")"
	}
	const most = 8
	if len(names) > most {
		names = append(names[:most], "and others")
	}
	return strings.Join(names, ", ")
}

// difference describes how the body differs from that of another request.
func (k requestKey) difference(other requestKey) string {
	if k.body == nil || other.body == nil {
		return fmt.Sprintf("has %d bytes, not %d", k.size, other.size)
	}
	return difference("", k.body, other.body)
}

// difference describes the first difference of two JSON values, at a JSON
// Pointer.
func difference(at string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(a)) {
			at := at + "/" + pointerToken(name)
			if value, ok := b[name]; !ok {
				return "has " + at
			} else if !reflect.DeepEqual(a[name], value) {
				return difference(at, a[name], value)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(b)) {
			if _, ok := a[name]; !ok {
				return "has no " + at + "/" + pointerToken(name)
			}
		}
	case []any:
		b, ok := b.([]any)
		if !ok {
			break
		}
		for i := range min(len(a), len(b)) {
			if !reflect.DeepEqual(a[i], b[i]) {
				return difference(at+"/"+strconv.Itoa(i), a[i], b[i])
			}
		}
		return fmt.Sprintf("has %d elements at %q, not %d", len(a), at, len(b))
	}
	return fmt.Sprintf("has %s at %q, not %s", excerpt(a), at, excerpt(b))
}

func pointerToken(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// excerpt returns the beginning of a value's JSON.
func excerpt(v any) string {
	text, _ := json.Marshal(v) // decoded from JSON
	return printable.Excerpt(string(text), 60)
}
