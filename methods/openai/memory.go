package openai

import (
	"container/list"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// maxRemembered bounds the responses that are remembered, in number and in
	// bytes.
	maxRemembered      = 1000
	maxRememberedBytes = 64 << 20
	// What an entry costs beside its text.
	entryBytes = 1 << 10
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
	id string
}

func (e *entry) output() rawjson.Value { return e.response.Get("output") }

// keep remembers a response, and forgets those that were used least recently
// until there is room.
func (m *memory) keep(e *entry) {
	e.bytes = entryBytes + len(e.response.Bytes())
	for _, item := range e.input {
		e.bytes += len(item.Bytes()) + 64
	}
	if e.id == "" || e.bytes > maxRememberedBytes {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID == nil {
		m.byID, m.byItem = make(map[string]*list.Element), make(map[string]*entry)
	}
	if known := m.byID[e.id]; known != nil {
		m.remove(known)
	}
	for m.recent.Len() > 0 && (m.recent.Len() >= maxRemembered || m.bytes+e.bytes > maxRememberedBytes) {
		m.remove(m.recent.Back())
	}
	m.bytes += e.bytes
	m.byID[e.id] = m.recent.PushFront(e)
	for _, item := range e.input {
		m.index(e, item.id)
	}
	for item := range e.output().Elements() {
		m.index(e, stringOf(item, "id"))
	}
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
