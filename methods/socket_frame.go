package methods

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A createFrame is a request for a response as it goes over a socket: the body of
// the request over HTTP in an event response.create. Where the conversation goes
// on from a response that the backend has on that connection, the input is what
// is new alone.
type createFrame struct {
	whole   func() rawjson.Value // returns the body, which few frames need
	rest    rawjson.Value        // the body without its input
	input   rawjson.Value
	same    fingerprint   // of the members that must not change
	named   bool          // the caller itself says what the request goes on from
	known   int           // the input's first items, which are those of a request before
	tail    rawjson.Value // the items behind them
	history []fingerprint // of the input's first items, from those that are known to all
	hash    maphash.Hash  // of the input's text, so far
	hashed  int           // so many bytes of it
}

// changing are the members that may differ between requests that go on from each
// other: those that the backend does not count among what a conversation is.
var changing = []string{"input", "previous_response_id", "client_metadata", "generate", "parallel_tool_calls", "tool_choice"}

func newCreateFrame(whole func() rawjson.Value, rest, input rawjson.Value) *createFrame {
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

// include has a request that names nothing to include name what the response did
// that it may continue. A compaction has no parameter for that.
func (f *createFrame) include(from *continuation) {
	if from != nil && isEmptyList(f.rest.Get("include")) {
		f.setRest(f.rest.With("include", rawjson.MustParse(from.include)))
	}
}

// read finds the history of the input. Mostly it begins, to the byte, with that of
// the request before: what is known of that need not be found again, which makes a
// call cost what is new in it.
func (f *createFrame) read(from *continuation) {
	if f.history != nil || f.input.Kind() != '[' {
		return
	}
	text := f.input.Bytes()
	if from != nil && f.begins(from.input) {
		tail, err := rawjson.Parse(append([]byte{'['}, text[from.input.bytes+1:]...))
		if err == nil {
			f.known, f.tail, f.history = from.input.items, tail, extend([]fingerprint{from.input.history}, tail)
			return
		}
	}
	f.tail, f.history = f.input, extend([]fingerprint{0}, f.input)
}

// A continuation is a response that the next request may go on from.
type continuation struct {
	id      string
	same    fingerprint
	history fingerprint // of the response's input and output
	items   int         // so many they are
	input   knownInput
	include string // the parameter of the request
}

// A knownInput is what is known of an input as it was written.
type knownInput struct {
	bytes   int // of the list, without the bracket at its end
	text    fingerprint
	history fingerprint
	items   int
}

// begins reports whether the input begins with known items, and has more.
func (f *createFrame) begins(k knownInput) bool {
	list := f.input.Bytes()
	return k.items > 0 && len(list) > k.bytes && list[k.bytes] == ',' && k.text == f.textTo(k.bytes)
}

// textTo returns the fingerprint of the first bytes of the input. A second one that
// goes further does not read those again.
func (f *createFrame) textTo(n int) fingerprint {
	if n < f.hashed {
		f.hash.Reset()
		f.hashed = 0
	}
	f.hash.Write(f.input.Bytes()[f.hashed:n])
	f.hashed = n
	return fingerprint(f.hash.Sum64())
}

// after returns what the next request may go on from when a response to this one
// is complete, given the items of its output: nothing if that is a compaction,
// whose output takes the place of the history.
func (f *createFrame) after(id string, output rawjson.Value) *continuation {
	if id == "" || f.named || f.input.Kind() != '[' {
		return nil
	}
	f.read(nil)
	if endsWithTrigger(f.tail) {
		return nil
	}
	text := bytes.TrimRight(f.input.Bytes()[:len(f.input.Bytes())-1], " \t\r\n")
	input := knownInput{bytes: len(text), text: f.textTo(len(text)), history: f.history[len(f.history)-1], items: f.known + len(f.history) - 1}
	history := extend([]fingerprint{input.history}, output)
	return &continuation{id: id, same: f.same, history: history[len(history)-1], items: input.items + len(history) - 1, input: input, include: string(f.rest.Get("include").Bytes())}
}

// continues reports whether the request goes on from a response: its input begins
// with that one's input and output, item by item, and all else is the same.
func (f *createFrame) continues(from *continuation) bool {
	if from == nil || f.named || f.same != from.same {
		return false
	}
	f.read(from)
	at := from.items - f.known
	return at >= 0 && len(f.history) > at+1 && f.history[at] == from.history
}

// text returns the frame, with client metadata, the members of an object, put to
// that of the request. If from is not nil, the request must continue it.
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

// A fingerprint stands for JSON values that say the same, however they are
// written: the order of members, blanks and escapes do not count, nor members
// that are null or an empty list, which some programs add and others leave out.
// The order of members of one name does count, as does that of members behind
// the first comparedNames, so that looking for such names stays linear.
// Lists of items have fingerprints in the order of the items. It is of use in
// this process alone.
type fingerprint uint64

var fingerprintSeed = maphash.MakeSeed()

// comparedNames is how many members of an object are compared by name.
const comparedNames = 24

// extend appends the fingerprints of a history with each further item of a list.
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

// combine returns the fingerprint of something that consists of two others.
func combine(kind byte, a, b fingerprint) fingerprint {
	var text [17]byte
	text[0] = kind
	binary.LittleEndian.PutUint64(text[1:], uint64(a))
	binary.LittleEndian.PutUint64(text[9:], uint64(b))
	return bytesFingerprint(text[:])
}

func textFingerprint(text rawjson.Value) fingerprint {
	plain, ok := text.Plain()
	if !ok {
		decoded, _ := text.Text()
		plain = []byte(decoded)
	}
	return bytesFingerprint(plain) | 1 // odd, as no number is, and not 0, which is for nothing
}

func bytesFingerprint(b []byte) fingerprint { return fingerprint(maphash.Bytes(fingerprintSeed, b)) }

// fingerprintAt returns the fingerprint of the value at a place, and the place
// behind it.
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
