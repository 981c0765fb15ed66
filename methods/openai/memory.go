package openai

import (
	"bytes"
	"container/list"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// maxRemembered bounds the responses that are remembered, in number and in
	// bytes.
	maxRemembered      = 1000
	maxRememberedBytes = 64 << 20
	// The memory of an entry, an item of its input and a text in addition to the text,
	// with their places in the maps.
	entryBytes = 1 << 10
	itemBytes  = 192
	textBytes  = 96
)

// A memory keeps the last responses that were made, with what they answer: each
// has its own input and the response before it. A response that is no longer
// remembered itself stays as the history of those that follow it. The zero
// memory is empty.
type memory struct {
	mu     sync.Mutex
	byID   map[string]*list.Element // of entries
	byItem map[string]*entry        // by the id of an item of input or output
	recent list.List                // the entry that was used last is in front
	bytes  int
	texts  map[uint64]*sharedText // of items of input
	seed   maphash.Seed
}

// A sharedText is the text of an item that any number of entries have in their
// input. Programs that keep their history themselves send all of it each time,
// so that a conversation would else be kept once for each of its turns.
type sharedText struct {
	rawjson.Value
	hash uint64
	uses int
}

// An entry is a response that was made.
type entry struct {
	id       string
	previous *entry      // nil for none
	input    []inputItem // beside the history
	response rawjson.Value
	deleted  bool
	uses     int // by the memory itself, the entries after it, and requests for one
	bytes    int // of its own
	whole    int // bytes with the history, if no text were shared
}

// previousID returns the id of the response before, "" for none.
func (e *entry) previousID() string {
	if e.previous == nil {
		return ""
	}
	return e.previous.id
}

// An inputItem is an item of the input, with the id that it goes by here: the
// backend would not know one that was made for it.
type inputItem struct {
	rawjson.Value
	id     string
	shared *sharedText // nil if the text is this entry's alone
}

func (e *entry) output() rawjson.Value { return e.response.Get("output") }

// ids are those of the items of input and output.
func (e *entry) ids(yield func(string) bool) {
	for _, item := range e.input {
		if !yield(item.id) {
			return
		}
	}
	for item := range e.output().Elements() {
		if id := stringOf(item, "id"); id != "" && !yield(id) {
			return
		}
	}
}

// keep remembers a response, and forgets those that were used least recently
// until there is room. The texts of the input are copied.
func (m *memory) keep(e *entry) {
	e.bytes = entryBytes + len(e.response.Bytes()) + len(e.input)*itemBytes
	e.whole = e.bytes
	for _, item := range e.input {
		e.whole += len(item.Bytes())
	}
	if e.previous != nil {
		e.whole += e.previous.whole
	}
	if e.id == "" || e.whole > maxRememberedBytes {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID == nil {
		m.byID, m.byItem = make(map[string]*list.Element), make(map[string]*entry)
		m.texts, m.seed = make(map[uint64]*sharedText), maphash.MakeSeed()
	}
	if known := m.byID[e.id]; known != nil {
		m.remove(known)
	}
	m.bytes += e.bytes
	for i := range e.input {
		m.share(e, &e.input[i])
	}
	e.uses = 1
	if e.previous != nil {
		e.previous.uses++
	}
	m.byID[e.id] = m.recent.PushFront(e)
	for m.recent.Len() > maxRemembered || m.bytes > maxRememberedBytes && m.recent.Len() > 1 {
		m.remove(m.recent.Back())
	}
	for id := range e.ids {
		m.byItem[id] = e
	}
}

// release takes back a use of an entry. One without uses is forgotten, and is no
// longer a use of its history.
func (m *memory) release(e *entry) {
	for ; e != nil; e = e.previous {
		if e.uses--; e.uses > 0 {
			return
		}
		m.bytes -= e.bytes
		for _, item := range e.input {
			if item.shared == nil {
				continue
			}
			if item.shared.uses--; item.shared.uses == 0 {
				delete(m.texts, item.shared.hash)
				m.bytes -= textBytes + len(item.Bytes())
			}
		}
	}
}

// share gives an item the text of an equal one that is kept already, or a copy
// of its own.
func (m *memory) share(e *entry, item *inputItem) {
	text := item.Bytes()
	hash := maphash.Bytes(m.seed, text)
	shared := m.texts[hash]
	switch {
	case shared == nil:
		shared = &sharedText{Value: item.Value.Clone(), hash: hash}
		m.texts[hash] = shared
		m.bytes += textBytes + len(text)
	case !bytes.Equal(shared.Bytes(), text):
		item.Value = item.Value.Clone()
		e.bytes += len(text)
		m.bytes += len(text)
		return
	}
	shared.uses++
	item.Value, item.shared = shared.Value, shared
}

// remove forgets an entry, which stays as the history of those after it.
func (m *memory) remove(at *list.Element) {
	e := m.recent.Remove(at).(*entry)
	delete(m.byID, e.id)
	for id := range e.ids {
		if m.byItem[id] == e {
			delete(m.byItem, id)
		}
	}
	m.release(e)
}

// find returns a response, nil if it is not remembered.
func (m *memory) find(id string) *entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.use(id)
}

func (m *memory) use(id string) *entry {
	at := m.byID[id]
	if at == nil {
		return nil
	}
	m.recent.MoveToFront(at)
	return at.Value.(*entry)
}

// forget deletes a response, and with it the history of those after it. It
// reports whether it was there.
func (m *memory) forget(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.byID[id]
	if at != nil {
		at.Value.(*entry).deleted = true
		m.remove(at)
	}
	return at != nil
}

// history returns a response with all items up to and with its output, for a
// request for one after it. Whoever gets it gives it back to [memory.done]. It is
// nil if it or a response before it is missing, whose id is returned.
func (m *memory) history(id string) (last *entry, items []rawjson.Value, missing string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last = m.use(id); last == nil {
		return nil, nil, id
	}
	var chain []*entry
	for e := last; e != nil; e = e.previous {
		if e.deleted {
			return nil, nil, e.id
		}
		chain = append(chain, e)
	}
	for _, e := range slices.Backward(chain) {
		if at := m.byID[e.id]; at != nil && at.Value == e {
			m.recent.MoveToFront(at)
		}
		for _, item := range e.input {
			items = append(items, item.Value)
		}
		for item := range e.output().Elements() {
			items = append(items, item)
		}
	}
	last.uses++
	return last, items, ""
}

// done gives back what history returned.
func (m *memory) done(e *entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.release(e)
}

// item returns the item of an id, absent if it is not remembered.
func (m *memory) item(id string) rawjson.Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.byItem[id]
	if e == nil {
		return rawjson.Value{}
	}
	m.use(e.id)
	for item := range e.output().Elements() {
		if stringOf(item, "id") == id {
			return item
		}
	}
	for _, item := range e.input {
		if item.id == id {
			return item.Value
		}
	}
	return rawjson.Value{}
}
