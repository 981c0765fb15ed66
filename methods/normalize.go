package methods

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The functions in this file convert parameters to the form that the backend
// accepts, like the Python SDK.

// An itemForm is the form of the items that are sent.
type itemForm struct {
	lane
	wraps bool // calls without a namespace get looseTools
}

// appendItems appends the items of an input. It notes which of them have the form
// already, so that a history is converted from where it differs from that of the
// last request.
func (f itemForm) appendItems(items *rawjson.Array, input rawjson.Value) {
	switch input.Kind() {
	case '"':
		items.AppendObject(func(o *rawjson.Object) {
			o.SetString("type", "message")
			o.SetString("role", "user")
			o.SetArray("content", func(parts *rawjson.Array) { appendText(parts, "input_text", input) })
		})
	case '{':
		f.appendItem(items, input)
	}
	for item := range input.Elements() {
		known := item.Element()
		if known.Noted(f) {
			items.Append(item)
			continue
		}
		f.appendItem(items, item)
		if items.EndsWith(item) {
			known.Note(f)
		}
	}
}

// membersOfMessages are the members of messages that the backend accepts. Those
// after the first three are members of its output.
var membersOfMessages = [...]string{"type", "role", "content", "id", "status", "phase", "encrypted_content", "internal_chat_message_metadata_passthrough"}

// appendItem appends an item. Items with a role and no type other than message are
// messages, and are converted to full form.
func (f itemForm) appendItem(items *rawjson.Array, item rawjson.Value) {
	var members [len(membersOfMessages)]rawjson.Value
	item.GetAll(membersOfMessages[:], members[:])
	kind, role, content := members[0], members[1], members[2]
	if inside := kind.Inside(); len(inside) > 0 && !kind.Is("message") || role.Kind() == 0 {
		f.appendOther(items, item)
		return
	}
	text := "input_text"
	switch {
	case role.Is("system"):
		role = developer // the backend's name
	case role.Is("assistant"):
		text = "output_text"
	}
	items.AppendObject(func(o *rawjson.Object) {
		o.SetString("type", "message")
		o.Set("role", role)
		switch content.Kind() {
		case 0, '"', '[':
			o.SetArray("content", func(parts *rawjson.Array) { appendContent(parts, content, text, f.lane) })
		default:
			o.Set("content", content)
		}
		for i, value := range members[3:] {
			o.Set(membersOfMessages[3+i], value)
		}
	})
}

var developer = rawjson.String("developer")

// appendContent appends the parts of the content of a message. Strings become text
// parts of the type kind.
func appendContent(parts *rawjson.Array, content rawjson.Value, kind string, l lane) {
	if content.Kind() == '"' {
		appendText(parts, kind, content)
	}
	for part := range content.Elements() {
		if part.Kind() == '"' {
			appendText(parts, kind, part)
		} else {
			parts.Append(l.part(part))
		}
	}
}

func appendText(parts *rawjson.Array, kind string, text rawjson.Value) {
	parts.AppendObject(func(o *rawjson.Object) {
		o.SetString("type", kind)
		o.Set("text", text)
	})
}

// normalReasoning returns the reasoning options without those that are null. An
// effort of digits becomes a number.
func normalReasoning(v rawjson.Value) rawjson.Value {
	if v.Kind() == 0 {
		return v
	}
	var o rawjson.Object
	for name, value := range v.Members() {
		if value.Kind() == 'n' {
			continue
		}
		if text, ok := value.Text(); ok && name == "effort" {
			if n, err := strconv.ParseUint(strings.TrimPrefix(text, "+"), 10, 64); err == nil {
				value = rawjson.MustParse(strconv.FormatUint(n, 10))
			}
		}
		o.Set(name, value)
	}
	return o.Value()
}

// normalText returns the text options with the JSON schema format in full form,
// which has a name, a title and strict.
func normalText(text rawjson.Value) rawjson.Value {
	format := text.Get("format")
	if !isType(format, "json_schema") {
		return text
	}
	name := textOf(format, "name")
	schema := format.Get("schema")
	if schema.Kind() == '{' && schema.Get("title").Kind() == 0 && name != "" {
		schema = schema.With("title", rawjson.String(name))
	}
	var full rawjson.Object
	full.SetString("type", "json_schema")
	full.SetString("name", cmp.Or(name, textOf(schema, "title"), "output"))
	if description := format.Get("description"); description.Kind() != 'n' {
		full.Set("description", description)
	}
	full.Set("schema", valueOr(schema, rawjson.Null()))
	full.Set("strict", valueOr(format.Get("strict"), rawjson.Bool(true)))
	return text.With("format", full.Value())
}
