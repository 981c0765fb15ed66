package methods

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A collectedItem is an output item, received whole in
// response.output_item.done or assembled from deltas.
type collectedItem struct {
	text  rawjson.Value // from the last added or done event; absent if neither came
	kind  string        // type of the item, "" if unknown
	id    string        // item_id, "" if unknown
	index int64         // output_index, -1 if unknown
	order int64         // sort key: index, or the key of the preceding item
	done  bool          // response.output_item.done came
	parts []*collectedPart
}

const (
	// The memory of an item and a part in addition to their text: the structs,
	// their places in maps and lists, and the rounding of allocations.
	itemCost = 320
	partCost = 256
)

// find returns the item of a type that an event refers to, or nil. Items are
// identified by id. Some gateways send another id with each event of an item, so
// an item that is not done is also identified by its output_index.
func (c *collector) find(id string, index int64, kind string) *collectedItem {
	if it := c.byID[id]; it != nil && it.matches(kind) && (index < 0 || it.index < 0 || it.index == index) {
		return it
	}
	if it := c.byIndex[index]; it != nil && it.matches(kind) && (index >= 0 && id == "" || !it.done && (index >= 0 || id == "")) {
		return it
	}
	return nil
}

// matches reports whether the item may be of a type. An unknown type matches any
// type, and the types of calls match each other.
func (it *collectedItem) matches(kind string) bool {
	return it.kind == "" || kind == "" || it.kind == kind || isCall(it.kind) && isCall(kind)
}

func isCall(kind string) bool { return strings.HasSuffix(kind, "_call") }

// newItem appends an empty item.
func (c *collector) newItem() *collectedItem {
	it := &collectedItem{index: -1, order: -1}
	if len(c.items) > 0 {
		it.order = c.items[len(c.items)-1].order
	}
	c.items = append(c.items, it)
	c.size += itemCost
	return it
}

// register makes an item findable by id and index. The key -1 stands for the
// last item without an index.
func (c *collector) register(it *collectedItem, id string, index int64) {
	if c.byID == nil {
		c.byID, c.byIndex = make(map[string]*collectedItem), make(map[int64]*collectedItem)
	}
	if index >= 0 && it.index < 0 {
		it.index, it.order = index, index
	}
	c.byIndex[index] = it
	c.setID(it, id)
	it.id = cmp.Or(it.id, id)
}

// setID makes an item findable by an id, unless it is empty.
func (c *collector) setID(it *collectedItem, id string) {
	if id == "" {
		return
	}
	if c.byID[id] == nil {
		c.size += len(id)
	}
	c.byID[id] = it
}

// itemAdded handles response.output_item.added.
func (c *collector) itemAdded(event *event) {
	item := event.Get("item")
	if item.Kind() != '{' {
		return
	}
	id, index, kind := itemID(item), event.outputIndex(), typeOf(item)
	it := c.find(id, index, kind)
	switch {
	case it == nil, it.text.Kind() != 0 && it.id != id:
		it = c.newItem()
	case it.text.Kind() != 0:
		return // a duplicate, of an item that may even be done
	}
	c.register(it, id, index)
	c.setText(it, item)
}

// itemDone handles response.output_item.done. When it is repeated for an item,
// the last text counts, at the place of the first.
func (c *collector) itemDone(event *event) {
	item := event.Get("item")
	if item.Kind() != '{' {
		return
	}
	id, index, kind := itemID(item), event.outputIndex(), typeOf(item)
	if it := c.byID[id]; it != nil && it.isRepeated(item) {
		return
	}
	it := c.find(id, index, kind)
	key := callKey(item, kind)
	if same := c.byID[key]; it == nil && same != nil && same.done && sameCall(same.text, item) {
		it = same
	}
	if it != nil && it.done && id == "" {
		if it.isRepeated(item) {
			return
		}
		it = nil // another item, from a backend that sends the same index for all
	}
	if last := c.byIndex[-1]; it == nil && last != nil && last.anonymous() && !last.done && kind == last.kind {
		it = last
	}
	if it == nil {
		it = c.newItem()
	}
	c.register(it, id, index)
	c.setID(it, key)
	c.setText(it, item)
	it.done = true
	c.dropParts(it)
	c.message = c.message || kind == "message"
}

// callKey returns a second id of a call, for a call that is repeated with another
// id. It cannot be an id in JSON.
func callKey(item rawjson.Value, kind string) string {
	if id := textOf(item, "call_id"); isCall(kind) && id != "" {
		return "\xff" + id
	}
	return ""
}

// sameCall reports whether two calls with one call_id are the same.
func sameCall(a, b rawjson.Value) bool {
	for _, name := range []string{"type", "name", "arguments", "input"} {
		if !bytes.Equal(a.Get(name).Bytes(), b.Get(name).Bytes()) {
			return false
		}
	}
	return true
}

// isRepeated reports whether the item is done with this very text.
func (it *collectedItem) isRepeated(item rawjson.Value) bool {
	return it.done && bytes.Equal(it.text.Bytes(), item.Bytes())
}

// anonymous reports whether the item has neither an id nor an index.
func (it *collectedItem) anonymous() bool { return it.id == "" && it.index < 0 }

func (c *collector) setText(it *collectedItem, item rawjson.Value) {
	c.size += len(item.Bytes()) - len(it.text.Bytes())
	it.text, it.kind = item.Clone(), typeOf(item)
}

// dropParts drops the parts of an item whose text includes them.
func (c *collector) dropParts(it *collectedItem) {
	for _, part := range it.parts {
		c.size -= partCost + part.text.Size() + len(part.whole.Bytes())
		delete(c.parts, partKey{it, part.kind, part.index})
	}
	it.parts = nil
}

// typeOf returns the type of an item, "" if it has none.
func typeOf(item rawjson.Value) string { return textOf(item, "type") }

// itemID returns the id of an item, or else the call_id.
func itemID(item rawjson.Value) string { return textOf(item, "id", "call_id") }

// itemID returns the id of the item that the event refers to.
func (e *event) itemID() string { return textOf(*e.Value, "item_id", "call_id") }

// textOf returns the first of the named members that is a non-empty string, or "".
func textOf(v rawjson.Value, names ...string) string {
	for _, name := range names {
		if text, _ := v.Get(name).Text(); text != "" {
			return text
		}
	}
	return ""
}

// outputIndex returns the index of the item in the output, -1 if unknown.
func (e *event) outputIndex() int64 { return indexOf(e.Get("output_index")) }

// indexOf returns a number as an index, -1 if it is not one.
func indexOf(v rawjson.Value) int64 {
	if text := v.Bytes(); v.Kind() == '0' && len(text) < 16 {
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}

// output returns the items in output order. Items that are not done are assembled
// from their parts and get the status of the response, if it has one.
func (c *collector) output() rawjson.Value {
	status := c.endStatus()
	items := slices.Clone(c.items)
	slices.SortStableFunc(items, func(a, b *collectedItem) int { return cmp.Compare(a.order, b.order) })
	var list rawjson.Array
	for _, it := range items {
		// In a complete response with messages, a text of no item repeats one of
		// them. In a partial response it may be the start of another message.
		repeated := it.anonymous() && it.kind == "message" && c.message && c.done
		switch {
		case it.done:
			list.Append(it.text)
		case !repeated && (len(it.parts) > 0 || isCall(it.kind)):
			list.AppendObject(func(o *rawjson.Object) { it.assemble(o, status) })
		}
	}
	return list.Value()
}

// assemble sets the members of an item that is not done.
func (it *collectedItem) assemble(o *rawjson.Object, status string) {
	parts := slices.Clone(it.parts)
	slices.SortStableFunc(parts, func(a, b *collectedPart) int { return cmp.Compare(a.index, b.index) })
	var replaced []string // members of the text that the parts replace
	for _, part := range parts {
		if name := cmp.Or(part.kind.list, part.kind.part); !slices.Contains(replaced, name) {
			replaced = append(replaced, name)
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
		o.SetAll(it.text, replaced...)
	} else {
		o.SetAll(it.text, append(replaced, "status")...)
		if it.text.Kind() != 0 || it.id != "" {
			o.SetString("status", status)
		}
	}
	for _, name := range []string{"summary", "content"} {
		if !slices.Contains(replaced, name) {
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
