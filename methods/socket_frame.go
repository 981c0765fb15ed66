package methods

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A createFrame is a request over a WebSocket: an event response.create with the
// members of the request body. If the request continues a response that was sent
// on the same connection, its input has only the new items.
type createFrame struct {
	whole   func() rawjson.Value // returns the body, which few frames need
	rest    rawjson.Value        // the body without its input
	input   splitText            // rarely joined
	same    fingerprint          // of the members that must not change
	named   bool                 // the caller itself sets previous_response_id
	known   int                  // number of leading items that are those of the previous input
	tail    rawjson.Value        // the other items
	history []fingerprint        // of each prefix of the input, from the known items to all
	hash    maphash.Hash         // of a prefix of the input's text
	hashed  int                  // length of that prefix
}

// changing are the members that may change within a conversation.
var changing = []string{"input", "previous_response_id", "client_metadata", "generate", "parallel_tool_calls", "tool_choice"}

func newCreateFrame(whole func() rawjson.Value, rest rawjson.Value, input splitText) *createFrame {
	f := &createFrame{whole: whole, input: input}
	f.hash.SetSeed(fingerprintSeed)
	f.setRest(rest)
	f.named = f.rest.Get("previous_response_id").Kind() != 0
	return f
}

func (f *createFrame) setRest(rest rawjson.Value) {
	f.rest = rest
	f.same, _ = fingerprintAt(rest.Without(changing...).Cursor())
}

// include copies the parameter include of the request that may be continued.
// Compactions do not have the parameter.
func (f *createFrame) include(from *continuation) {
	if from != nil && isEmptyList(f.rest.Get("include")) {
		f.setRest(f.rest.With("include", rawjson.MustParse(from.include)))
	}
}

// read computes the fingerprints of the input. It skips the items of the previous
// input if the input starts with the same bytes, which is usual, so that the cost
// of a call depends on its new items only.
func (f *createFrame) read(from *continuation) {
	if f.history != nil || !f.input.isList() {
		return
	}
	if from != nil && f.begins(from.input) {
		tail := bytes.Join(f.input.from(from.input.bytes), nil)
		tail[0] = '[' // in place of a comma
		if list, err := rawjson.Parse(tail); err == nil {
			f.known, f.tail, f.history = from.input.items, list, extend([]fingerprint{from.input.history}, list)
			return
		}
	}
	f.tail = f.whole().Get("input")
	f.history = extend([]fingerprint{0}, f.tail)
}

// A continuation is a response that the next request may continue.
type continuation struct {
	id      string
	same    fingerprint // of the request's members that must not change
	history fingerprint // of the items of the input and output
	items   int         // their number
	input   knownInput
	include string // the parameter of the request
}

// A knownInput identifies the text of an input.
type knownInput struct {
	bytes   int // of the list, without the closing bracket
	text    fingerprint
	history fingerprint // of the items
	items   int
}

// begins reports whether the text of the input starts with a known input and has
// more items.
func (f *createFrame) begins(k knownInput) bool {
	rest := f.input.from(k.bytes)
	return k.items > 0 && len(rest) > 0 && rest[0][0] == ',' && k.text == f.textTo(k.bytes)
}

// textTo returns the fingerprint of the first n bytes of the input. It continues
// from a shorter prefix that was hashed before.
func (f *createFrame) textTo(n int) fingerprint {
	if n < f.hashed {
		f.hash.Reset()
		f.hashed = 0
	}
	for _, part := range f.input.from(f.hashed) {
		part = part[:min(len(part), n-f.hashed)]
		f.hash.Write(part)
		f.hashed += len(part)
	}
	return fingerprint(f.hash.Sum64())
}

// A splitText is the text of a value in parts.
type splitText [][]byte

func (p splitText) isList() bool { return len(p) > 0 && p[0][0] == '[' }

// from returns the parts from a byte of the text on.
func (p splitText) from(n int) splitText {
	for i, part := range p {
		if n < len(part) {
			return append(splitText{part[n:]}, p[i+1:]...)
		}
		n -= len(part)
	}
	return nil
}

// listBytes returns the length of a list's text without the bracket at its end and
// blanks before that.
func (p splitText) listBytes() (n int) {
	for _, part := range p {
		n += len(part)
	}
	last := p[len(p)-1]
	return n - len(last) + len(bytes.TrimRight(last[:len(last)-1], " \t\r\n"))
}

// after returns the continuation of a complete response to the request, given the
// items of its output. It is nil after a compaction, whose output replaces the
// history.
func (f *createFrame) after(id string, output rawjson.Value) *continuation {
	if id == "" || f.named || !f.input.isList() {
		return nil
	}
	f.read(nil)
	if endsWithTrigger(f.tail) {
		return nil
	}
	n := f.input.listBytes()
	input := knownInput{bytes: n, text: f.textTo(n), history: f.history[len(f.history)-1], items: f.known + len(f.history) - 1}
	history := extend([]fingerprint{input.history}, output)
	return &continuation{id: id, same: f.same, history: history[len(history)-1], items: input.items + len(history) - 1, input: input, include: string(f.rest.Get("include").Bytes())}
}

// continues reports whether the request continues a response: its input starts
// with the items of the input and output of that, and its other members are the
// same.
func (f *createFrame) continues(from *continuation) bool {
	if from == nil || f.named || f.same != from.same {
		return false
	}
	f.read(from)
	at := from.items - f.known
	return at >= 0 && len(f.history) > at+1 && f.history[at] == from.history
}

// text returns the text of the frame, with metadata added to the client metadata.
// If from is not nil, the request must continue it.
func (f *createFrame) text(from *continuation, metadata rawjson.Value) []byte {
	var o rawjson.Object
	o.SetString("type", "response.create")
	if from == nil {
		o.SetAll(f.whole(), "type", "client_metadata")
	} else {
		o.SetAll(f.rest, "type", "client_metadata")
		o.SetString("previous_response_id", from.id)
		o.SetArray("input", func(items *rawjson.Array) {
			n := f.known
			for item := range f.tail.Elements() {
				if n++; n > from.items {
					items.Append(item)
				}
			}
		})
	}
	if metadata = f.rest.Get("client_metadata").Merge(metadata); len(metadata.Bytes()) > len("{}") {
		o.Set("client_metadata", metadata)
	}
	return o.Value().Bytes()
}

// A fingerprint is a hash of a JSON value that is independent of its notation:
// the order of members, white space and escapes. Members that are null or an empty
// list are ignored, since some programs omit them. The order of members with the
// same name counts, as does that of members after the first comparedNames, so that
// finding equal names takes linear time. Fingerprints are only valid in this
// process.
type fingerprint uint64

var fingerprintSeed = maphash.MakeSeed()

// comparedNames is the number of members of an object whose names are compared.
const comparedNames = 24

// extend appends the fingerprint of the history up to each item of a list.
func extend(history []fingerprint, items rawjson.Value) []fingerprint {
	last := history[len(history)-1]
	for at, more := items.Cursor().Enter(); more; at, more = at.Next() {
		var item fingerprint
		item, at = fingerprintAt(at)
		last = combine('+', last, item)
		history = append(history, last)
	}
	return history
}

// combine returns the fingerprint of a pair.
func combine(kind byte, a, b fingerprint) fingerprint {
	var text [17]byte
	text[0] = kind
	binary.LittleEndian.PutUint64(text[1:], uint64(a))
	binary.LittleEndian.PutUint64(text[9:], uint64(b))
	return bytesFingerprint(text[:])
}

func textFingerprint(text rawjson.Value) fingerprint {
	return bytesFingerprint(text.Decoded()) | 1 // odd, unlike those of numbers, and not 0, that of null
}

func bytesFingerprint(b []byte) fingerprint { return fingerprint(maphash.Bytes(fingerprintSeed, b)) }

// fingerprintAt returns the fingerprint of the value at a cursor, and the cursor
// after it.
func fingerprintAt(at rawjson.Cursor) (fingerprint, rawjson.Cursor) {
	switch kind := at.Kind(); kind {
	case '{':
		var all fingerprint
		var names [comparedNames]fingerprint
		inner, more := at.Enter()
		for n := 0; more; inner, more = inner.Next() {
			var value fingerprint
			key, behind := inner.Key()
			name := textFingerprint(key)
			value, inner = fingerprintAt(behind)
			switch {
			case n == len(names) || slices.Contains(names[:n], name):
				all = combine(',', all, combine(':', name, value))
				continue
			case value != 0:
				all += combine(':', name, value)
			}
			names[n] = name
			n++
		}
		return combine(kind, all, 0), inner
	case '[': // 0 if it is empty
		var all fingerprint
		inner, more := at.Enter()
		for ; more; inner, more = inner.Next() {
			var element fingerprint
			element, inner = fingerprintAt(inner)
			all = combine(kind, all, element)
		}
		return all, inner
	case '"':
		return textFingerprint(at.Value()), at.Skip()
	case 'n':
		return 0, at.Skip()
	}
	return bytesFingerprint(at.Value().Bytes()) &^ 1, at.Skip()
}
