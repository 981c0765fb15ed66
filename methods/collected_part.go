package methods

import "github.com/codex-rpc/codex-rpc/rpc/rawjson"

// A partKind is a kind of text that events tell piece by piece.
type partKind struct {
	item   string // type of the item
	list   string // member of the item that lists such parts; "": the text is a member itself
	part   string // type of the part; the name of the member where there is no list
	member string // of the part, for the text
	final  string // member of the .done event that has all of the text
	index  string // member of the events that counts the parts of a list
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

// partEvents are the events that tell a text, by what stands between "response."
// and ".delta" or ".done".
var partEvents = map[string]*partKind{
	"output_text":                outputText,
	"text":                       outputText, // beside response.done
	"refusal":                    refusalText,
	"reasoning_summary_text":     summaryText,
	"reasoning_text":             reasoning,
	"function_call_arguments":    arguments,
	"custom_tool_call_input":     toolInput,
	"mcp_call_arguments":         mcpCall,
	"code_interpreter_call_code": code,
}

// partKinds are the kinds of parts by their type.
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
	whole rawjson.Value // the part as it was done, with more than its text
}

type partKey struct {
	item  *collectedItem
	kind  *partKind
	index int64
}

// part returns the part of an event, nil if its item is done.
func (c *collector) part(event *event, kind *partKind) *collectedPart {
	id, index := event.itemID(), event.outputIndex()
	it := c.find(id, index, kind.item)
	if it == nil {
		it = c.begin()
		it.kind = kind.item
		c.name(it, id, index)
	}
	if it.done {
		return nil
	}
	key := partKey{it, kind, 0}
	if kind.index != "" {
		key.index = smallNumber(event.Get(kind.index))
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

// appendTo appends a part to a list.
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
