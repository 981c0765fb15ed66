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
	// maxRemembered and maxRememberedBytes bound the remembered responses.
	maxRemembered      = 1000
	maxRememberedBytes = 64 << 20
	// The memory of an entry, an item of its input and a shared text in addition to
	// their texts, including the maps.
	entryBytes = 1 << 10
	itemBytes  = 192
	textBytes  = 96
)

// A memory remembers the most recently used responses with their inputs. An
// evicted response remains in memory while it is part of the history of another.
// The zero memory is empty.
type memory struct {
	mu     sync.Mutex
	byID   map[string]*list.Element // of entries
	byItem map[string][]*entry      // by the ids of the items of input and output, the newest last
	recent list.List                // entries, the most recently used first
	bytes  int
	texts  map[uint64]*sharedText // of input items, by hash
	seed   maphash.Seed
}

// A sharedText is the text of an input item, shared by all entries that have it.
// Programs that manage their history send all of it with each request: without
// sharing, a conversation would be stored once for each of its turns.
type sharedText struct {
	rawjson.Value
	hash uint64
	refs int
}

// An entry is a response.
type entry struct {
	id       string
	previous *entry      // nil for none
	input    []inputItem // without the history
	response rawjson.Value
	deleted  bool
	refs     int // from the memory, later entries, and requests in progress
	bytes    int // without shared texts and the history
	total    int // bytes with both
}

// An inputItem is an item of the input. The id may be generated, in which case it
// is not part of the item: the backend would not know it.
type inputItem struct {
	rawjson.Value
	id     string
	shared *sharedText // nil if the text is not shared
}

func (e *entry) output() rawjson.Value { return e.response.Get("output") }

// ids yields the ids of the items of input and output.
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

// add adds a response, and evicts the least recently used ones if the memory is
// full. The texts of the input are copied.
func (m *memory) add(e *entry) {
	e.bytes = entryBytes + len(e.response.Bytes()) + len(e.input)*itemBytes
	e.total = e.bytes
	for _, item := range e.input {
		e.total += len(item.Bytes())
	}
	if e.previous != nil {
		e.total += e.previous.total
	}
	if e.id == "" || e.total > maxRememberedBytes {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID == nil {
		m.byID, m.byItem = make(map[string]*list.Element), make(map[string][]*entry)
		m.texts, m.seed = make(map[uint64]*sharedText), maphash.MakeSeed()
	}
	if known := m.byID[e.id]; known != nil {
		m.remove(known)
	}
	m.bytes += e.bytes
	for i := range e.input {
		m.share(e, &e.input[i])
	}
	e.refs = 1
	if e.previous != nil {
		e.previous.refs++
	}
	m.byID[e.id] = m.recent.PushFront(e)
	for m.recent.Len() > maxRemembered || m.bytes > maxRememberedBytes && m.recent.Len() > 1 {
		m.remove(m.recent.Back())
	}
	for id := range e.ids {
		if entries := m.byItem[id]; len(entries) == 0 || entries[len(entries)-1] != e {
			m.byItem[id] = append(entries, e)
		}
	}
}

// unref drops a reference to an entry, and if it was the last one, the entry and
// its reference to the previous one. The caller holds mu.
func (m *memory) unref(e *entry) {
	for ; e != nil; e = e.previous {
		if e.refs--; e.refs > 0 {
			return
		}
		m.bytes -= e.bytes
		for _, item := range e.input {
			if item.shared == nil {
				continue
			}
			if item.shared.refs--; item.shared.refs == 0 {
				delete(m.texts, item.shared.hash)
				m.bytes -= textBytes + len(item.Bytes())
			}
		}
	}
}

// share replaces the text of an item by an equal one in memory, or a copy.
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
	shared.refs++
	item.Value, item.shared = shared.Value, shared
}

// remove removes an entry, except from the history of others.
func (m *memory) remove(at *list.Element) {
	e := m.recent.Remove(at).(*entry)
	delete(m.byID, e.id)
	for id := range e.ids {
		m.byItem[id] = slices.DeleteFunc(m.byItem[id], func(other *entry) bool { return other == e })
		if len(m.byItem[id]) == 0 {
			delete(m.byItem, id)
		}
	}
	m.unref(e)
}

// find returns a response, nil if it is not remembered.
func (m *memory) find(id string) *entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.touch(id)
}

// touch returns a response, nil if it is not remembered, and marks it as used.
func (m *memory) touch(id string) *entry {
	at := m.byID[id]
	if at == nil {
		return nil
	}
	m.recent.MoveToFront(at)
	return at.Value.(*entry)
}

// delete deletes a response, also from the history of others, which can no longer
// be continued. It reports whether the response was found.
func (m *memory) delete(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.byID[id]
	if at != nil {
		at.Value.(*entry).deleted = true
		m.remove(at)
	}
	return at != nil
}

// history returns a response and all items up to its output, for a request that
// continues it. The caller releases the response. If it or a previous response is
// missing, history returns nil and the id of that.
func (m *memory) history(id string) (last *entry, items []rawjson.Value, missing string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last = m.touch(id); last == nil {
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
		items = slices.AppendSeq(items, e.output().Elements())
	}
	last.refs++
	return last, items, ""
}

// release releases a response that history returned.
func (m *memory) release(e *entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unref(e)
}

// item returns the item with an id, absent if it is not remembered.
func (m *memory) item(id string) rawjson.Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := m.byItem[id]
	if len(entries) == 0 {
		return rawjson.Value{}
	}
	e := entries[len(entries)-1]
	m.touch(e.id)
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
