package methods

import "github.com/codex-rpc/codex-rpc/rpc/rawjson"

// A partKind is a kind of text that is streamed in deltas: a part in a list of
// the item, or a member of the item itself.
type partKind struct {
	item   string // type of the item
	list   string // member of the item that lists the parts, "" if there is no list
	part   string // type of the part, or the member of the item
	member string // member of the part that holds the text
	final  string // member of the .done event that holds the text
	index  string // member of the events that holds the part's index in the list
}

var (
	outputText  = &partKind{"message", "content", "output_text", "text", "text", "content_index"}
	refusalText = &partKind{"message", "content", "refusal", "refusal", "refusal", "content_index"}
	summaryText = &partKind{"reasoning", "summary", "summary_text", "text", "text", "summary_index"}
	reasoning   = &partKind{"reasoning", "content", "reasoning_text", "text", "text", "content_index"}
	arguments   = &partKind{"function_call", "", "arguments", "", "arguments", ""}
	toolInput   = &partKind{"custom_tool_call", "", "input", "", "input", ""}
	mcpCall     = &partKind{"mcp_call", "", "arguments", "", "arguments", ""}
	code        = &partKind{"code_interpreter_call", "", "code", "", "code", ""}
)

// partEvents are the kinds of text by the name of their events, without the
// prefix "response." and the suffix ".delta" or ".done".
var partEvents = map[string]*partKind{
	"output_text":                outputText,
	"text":                       outputText, // in streams that end with response.done
	"refusal":                    refusalText,
	"reasoning_summary_text":     summaryText,
	"reasoning_text":             reasoning,
	"function_call_arguments":    arguments,
	"custom_tool_call_input":     toolInput,
	"mcp_call_arguments":         mcpCall,
	"code_interpreter_call_code": code,
}

// partKinds are the kinds of parts by type.
var partKinds = map[string]*partKind{
	"output_text":    outputText,
	"refusal":        refusalText,
	"summary_text":   summaryText,
	"reasoning_text": reasoning,
}

// A collectedPart is a text of an item that is not done.
type collectedPart struct {
	kind  *partKind
	index int64
	text  rawjson.Text
	whole rawjson.Value // the done part with all members, absent until it came
}

type partKey struct {
	item  *collectedItem
	kind  *partKind
	index int64
}

// part returns the part that an event refers to, nil if its item is done.
func (c *collector) part(event *event, kind *partKind) *collectedPart {
	id, index := event.itemID(), event.outputIndex()
	it := c.find(id, index, kind.item)
	if it == nil {
		it = c.newItem()
		it.kind = kind.item
		c.register(it, id, index)
	}
	if it.done {
		return nil
	}
	key := partKey{it, kind, 0}
	if kind.index != "" {
		key.index = indexOf(event.Get(kind.index))
	}
	if part := c.parts[key]; part != nil {
		return part
	}
	if c.parts == nil {
		c.parts = make(map[partKey]*collectedPart)
	}
	part := &collectedPart{kind: kind, index: key.index}
	c.parts[key] = part
	it.parts = append(it.parts, part)
	c.size += partCost
	return part
}

func (p *collectedPart) appendTo(list *rawjson.Array) {
	if p.whole.Kind() != 0 {
		list.Append(p.whole)
		return
	}
	list.AppendObject(func(part *rawjson.Object) {
		part.SetString("type", p.kind.part)
		part.SetText(p.kind.member, &p.text)
	})
}
