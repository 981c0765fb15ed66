package openai

import (
	"slices"
	"strconv"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// page returns the page of a list that follows an item.
func page(items []rawjson.Value, after, limit string) rawjson.Value {
	if after != "" {
		at := slices.IndexFunc(items, func(v rawjson.Value) bool { return stringOf(v, "id") == after })
		items = items[at+1:]
	}
	n, err := strconv.Atoi(limit)
	if err != nil || n < 1 || n > 100 {
		n = 20
	}
	more := len(items) > n
	items = items[:min(n, len(items))]
	first, last := rawjson.Null(), rawjson.Null()
	if len(items) > 0 {
		first, last = items[0].Get("id"), items[len(items)-1].Get("id")
	}
	var list rawjson.Object
	list.SetString("object", "list")
	list.Set("data", rawjson.List(items...))
	list.Set("first_id", first)
	list.Set("last_id", last)
	list.Set("has_more", rawjson.Bool(more))
	return list.Value()
}
