package openai

import (
	"bytes"
	"container/list"
	"hash/maphash"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// maxRemembered bounds the responses that are remembered, in number and in
	// bytes.
	maxRemembered      = 1000
	maxRememberedBytes = 64 << 20
	// What an entry, and an item of its input, cost beside their text.
	entryBytes = 1 << 10
	itemBytes  = 64
)

// A memory keeps the last responses that were made, with what they answer: each
// has its own input and the id of the response before it. The zero memory is
// empty.
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
	uses int
}

// An entry is a response that was made.
type entry struct {
	id       string
	previous string      // "" for none
	input    []inputItem // beside the history
	response rawjson.Value
	items    []string // ids of its items
	bytes    int
}

// An inputItem is an item of the input, with the id that it goes by here: the
// backend would not know one that was made for it.
type inputItem struct {
	rawjson.Value
	id     string
	shared *sharedText // nil if the text is this entry's alone
	hash   uint64
}

func (e *entry) output() rawjson.Value { return e.response.Get("output") }

// keep remembers a response, and forgets those that were used least recently
// until there is room. The texts of the input are copied.
func (m *memory) keep(e *entry) {
	e.bytes = entryBytes + len(e.response.Bytes()) + len(e.input)*itemBytes
	whole := e.bytes
	for _, item := range e.input {
		whole += len(item.Bytes())
	}
	if e.id == "" || whole > maxRememberedBytes {
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
	m.byID[e.id] = m.recent.PushFront(e)
	for m.recent.Len() > maxRemembered || m.bytes > maxRememberedBytes {
		m.remove(m.recent.Back())
	}
	for _, item := range e.input {
		m.index(e, item.id)
	}
	for item := range e.output().Elements() {
		m.index(e, stringOf(item, "id"))
	}
}

// share gives an item the text of an equal one that is kept already, or a copy
// of its own.
func (m *memory) share(e *entry, item *inputItem) {
	text := item.Bytes()
	item.hash = maphash.Bytes(m.seed, text)
	shared := m.texts[item.hash]
	switch {
	case shared == nil:
		shared = &sharedText{Value: item.Value.Clone()}
		m.texts[item.hash] = shared
		m.bytes += len(text)
	case !bytes.Equal(shared.Bytes(), text):
		item.Value = item.Value.Clone()
		e.bytes += len(text)
		m.bytes += len(text)
		return
	}
	shared.uses++
	item.Value, item.shared = shared.Value, shared
}

func (m *memory) index(e *entry, id string) {
	if id != "" {
		m.byItem[id] = e
		e.items = append(e.items, id)
	}
}

func (m *memory) remove(at *list.Element) {
	e := m.recent.Remove(at).(*entry)
	m.bytes -= e.bytes
	for _, item := range e.input {
		if item.shared == nil {
			continue
		}
		if item.shared.uses--; item.shared.uses == 0 {
			delete(m.texts, item.hash)
			m.bytes -= len(item.Bytes())
		}
	}
	delete(m.byID, e.id)
	for _, id := range e.items {
		if m.byItem[id] == e {
			delete(m.byItem, id)
		}
	}
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

// forget drops a response and reports whether it was there.
func (m *memory) forget(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.byID[id]
	if at != nil {
		m.remove(at)
	}
	return at != nil
}

// history returns all items up to and with a response's output, false if it or
// one before it is not remembered.
func (m *memory) history(id string) (items []rawjson.Value, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var chain []*entry
	for id != "" && len(chain) <= maxRemembered {
		e := m.use(id)
		if e == nil {
			return nil, false
		}
		chain = append(chain, e)
		id = e.previous
	}
	for i := len(chain) - 1; i >= 0; i-- {
		for _, item := range chain[i].input {
			items = append(items, item.Value)
		}
		for item := range chain[i].output().Elements() {
			items = append(items, item)
		}
	}
	return items, true
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
