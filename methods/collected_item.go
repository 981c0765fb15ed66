package methods

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A collectedItem is an item of the output as the events tell it: whole, by
// response.output_item.done, or piece by piece.
type collectedItem struct {
	text  rawjson.Value // as it was added or done; absent if neither came
	kind  string        // type of the item, "" if unknown
	id    string        // item_id, "" if unknown
	index int64         // output_index, -1 if unknown
	order int64         // index, or that of the item before
	done  bool          // response.output_item.done came
	parts []*collectedPart
}

const (
	// The memory of an item and a part in addition to their text: the structs,
	// their places in maps and lists, and the rounding of allocations.
	itemCost = 320
	partCost = 256
)

// find returns the item of a type that an event speaks of, or nil. An item is
// known by its id; where the ids differ from event to event, as some gateways
// send them, by its output_index while it is not done.
func (c *collector) find(id string, index int64, kind string) *collectedItem {
	if it := c.byID[id]; it != nil && it.couldBe(kind) && (index < 0 || it.index < 0 || it.index == index) {
		return it
	}
	if it := c.byIndex[index]; it != nil && it.couldBe(kind) && (index >= 0 && (!it.done || id == "") || id == "" && !it.done) {
		return it
	}
	return nil
}

// couldBe reports whether what is known of an item agrees with its being of a
// type.
func (it *collectedItem) couldBe(kind string) bool {
	return it.kind == "" || kind == "" || it.kind == kind || isCall(it.kind) && isCall(kind)
}

func isCall(kind string) bool { return strings.HasSuffix(kind, "_call") }

// begin returns a new item.
func (c *collector) begin() *collectedItem {
	it := &collectedItem{index: -1, order: -1}
	if len(c.items) > 0 {
		it.order = c.items[len(c.items)-1].order
	}
	c.items = append(c.items, it)
	c.size += itemCost
	return it
}

// name makes an item known by an id and an index; those without an index share
// one that stands for the last of them.
func (c *collector) name(it *collectedItem, id string, index int64) {
	if c.byID == nil {
		c.byID, c.byIndex = make(map[string]*collectedItem), make(map[int64]*collectedItem)
	}
	if index >= 0 && it.index < 0 {
		it.index, it.order = index, index
	}
	c.byIndex[index] = it
	c.know(it, id)
	it.id = cmp.Or(it.id, id)
}

// know makes an item known by a name, "" for none.
func (c *collector) know(it *collectedItem, name string) {
	if name == "" {
		return
	}
	if c.byID[name] == nil {
		c.size += len(name)
	}
	c.byID[name] = it
}

// add takes an item that was added.
func (c *collector) add(event *event) {
	item := event.Get("item")
	if item.Kind() != '{' {
		return
	}
	id, index, kind := itemID(item), event.outputIndex(), typeOf(item)
	it := c.find(id, index, kind)
	switch {
	case it == nil, it.text.Kind() != 0 && it.id != id:
		it = c.begin()
	case it.text.Kind() != 0:
		return // it is known, and may be done
	}
	c.name(it, id, index)
	c.keep(it, item)
}

// finish takes an item that is done. One that is done twice stands where it
// stood, as it was done last.
func (c *collector) finish(event *event) {
	item := event.Get("item")
	if item.Kind() != '{' {
		return
	}
	id, index, kind := itemID(item), event.outputIndex(), typeOf(item)
	if it := c.byID[id]; it != nil && it.same(item) {
		return
	}
	it := c.find(id, index, kind)
	call := callKey(item, kind)
	if told := c.byID[call]; it == nil && told != nil && told.done && sameCall(told.text, item) {
		it = told
	}
	if it != nil && it.done && id == "" {
		if it.same(item) {
			return
		}
		it = nil // another one, of a backend that does not count
	}
	if nameless := c.byIndex[-1]; it == nil && nameless != nil && nameless.nameless() && !nameless.done && kind == nameless.kind {
		it = nameless
	}
	if it == nil {
		it = c.begin()
	}
	c.name(it, id, index)
	c.know(it, call)
	c.keep(it, item)
	it.done = true
	c.drop(it)
	c.message = c.message || kind == "message"
}

// callKey returns a second key of a call: a repeated call may have another id.
// It differs from all ids in JSON.
func callKey(item rawjson.Value, kind string) string {
	if id, _ := item.Get("call_id").Text(); isCall(kind) && id != "" {
		return "\xff" + id
	}
	return ""
}

// sameCall reports whether two calls of one call_id are one.
func sameCall(a, b rawjson.Value) bool {
	for _, name := range []string{"type", "name", "arguments", "input"} {
		if !bytes.Equal(a.Get(name).Bytes(), b.Get(name).Bytes()) {
			return false
		}
	}
	return true
}

// same reports whether an item was done in just these words.
func (it *collectedItem) same(item rawjson.Value) bool {
	return it.done && bytes.Equal(it.text.Bytes(), item.Bytes())
}

// nameless reports whether the item of an event is unknown.
func (it *collectedItem) nameless() bool { return it.id == "" && it.index < 0 }

// keep makes item the text of it.
func (c *collector) keep(it *collectedItem, item rawjson.Value) {
	c.size += len(item.Bytes()) - len(it.text.Bytes())
	it.text, it.kind = item.Clone(), typeOf(item)
}

// drop forgets the parts of an item, which has them itself.
func (c *collector) drop(it *collectedItem) {
	for _, part := range it.parts {
		c.size -= partCost + part.text.Size() + len(part.whole.Bytes())
		delete(c.parts, partKey{it, part.kind, part.index})
	}
	it.parts = nil
}

// typeOf returns the type of an item, "" if it has none.
func typeOf(item rawjson.Value) string {
	kind, _ := item.Get("type").Text()
	return kind
}

// itemID returns the id of an item, that of a call where it has no other.
func itemID(item rawjson.Value) string { return textOf(item, "id", "call_id") }

// itemID returns the id of the item that an event speaks of.
func (e *event) itemID() string { return textOf(*e.Value, "item_id", "call_id") }

// textOf returns the first of some members that is a text and not empty, "" if
// none is.
func textOf(v rawjson.Value, names ...string) string {
	for _, name := range names {
		if text, _ := v.Get(name).Text(); text != "" {
			return text
		}
	}
	return ""
}

// outputIndex returns where the item stands in the output, -1 if the event does
// not tell.
func (e *event) outputIndex() int64 { return smallNumber(e.Get("output_index")) }

// smallNumber returns a whole number that can count something, or -1.
func smallNumber(v rawjson.Value) int64 {
	if text := v.Bytes(); v.Kind() == '0' && len(text) < 16 {
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}

// list returns the items, by their places in the output. Of those that are not
// done it puts together what was told; the status is theirs, unless the response
// has none yet.
func (c *collector) list(status string) rawjson.Value {
	items := slices.Clone(c.items)
	slices.SortStableFunc(items, func(a, b *collectedItem) int { return cmp.Compare(a.order, b.order) })
	var list rawjson.Array
	for _, it := range items {
		// A complete response has its messages as items. What one that broke
		// off tells of no item may be the beginning of another.
		repeated := it.nameless() && it.kind == "message" && c.message && c.done
		switch {
		case it.done:
			list.Append(it.text)
		case it.worth() && !repeated:
			list.AppendObject(func(o *rawjson.Object) { it.unfinished(o, status) })
		}
	}
	return list.Value()
}

// worth reports whether an item that is not done says something: it has a text,
// or is a call.
func (it *collectedItem) worth() bool {
	return len(it.parts) > 0 || isCall(it.kind)
}

// unfinished sets the members of an item that is not done.
func (it *collectedItem) unfinished(o *rawjson.Object, status string) {
	parts := slices.Clone(it.parts)
	slices.SortStableFunc(parts, func(a, b *collectedPart) int { return cmp.Compare(a.index, b.index) })
	var told []string // the members below
	for _, part := range parts {
		if name := cmp.Or(part.kind.list, part.kind.part); !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	if it.text.Kind() == 0 {
		o.SetString("type", it.kind)
		if it.id != "" {
			o.SetString("id", it.id)
		}
		if it.kind == "message" {
			o.SetString("role", "assistant")
		}
	}
	if status == "" {
		o.SetAll(it.text, told...)
	} else {
		o.SetAll(it.text, append(told, "status")...)
	}
	if status != "" && (it.text.Kind() != 0 || it.id != "") {
		o.SetString("status", status)
	}
	for _, name := range []string{"summary", "content"} {
		if !slices.Contains(told, name) {
			continue
		}
		o.SetArray(name, func(list *rawjson.Array) {
			for _, part := range parts {
				if part.kind.list == name {
					part.appendTo(list)
				}
			}
		})
	}
	for _, part := range parts {
		if part.kind.list == "" {
			o.SetText(part.kind.part, &part.text)
		}
	}
}
