package methods

import (
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The functions here bring what the SDKs accept into the form that the backend
// wants, as the Python SDK does.

// appendItems appends the items that an input stands for, separated by commas.
func appendItems(dst []byte, input rawjson.Value, l lane) []byte {
	switch input.Kind() {
	case '"':
		dst = append(dst, `{"type":"message","role":"user","content":[`...)
		dst = appendText(dst, "input_text", input)
		return append(dst, `]}`...)
	case '{':
		return appendItem(dst, input, l)
	}
	return appendElements(dst, input, func(dst []byte, item rawjson.Value) []byte { return appendItem(dst, item, l) })
}

// keptOfMessages are the members of a message beside its role and content that
// the backend gave it, and may see again.
var keptOfMessages = []string{"id", "status", "phase", "encrypted_content", "internal_chat_message_metadata_passthrough"}

// appendItem appends an item: a message, that is anything with a role and no
// other type, in full form, all else as it is.
func appendItem(dst []byte, item rawjson.Value, l lane) []byte {
	kind, _ := item.Get("type").Text()
	role := item.Get("role")
	if kind != "" && kind != "message" || role.Kind() == 0 {
		return l.appendOther(dst, item)
	}
	dst = append(dst, `{"type":"message","role":`...)
	name, _ := role.Text()
	if name == "system" {
		dst = append(dst, `"developer"`...) // the backend's word for it
	} else {
		dst = append(dst, role.Bytes()...)
	}
	dst = append(dst, `,"content":`...)
	text := "input_text"
	if name == "assistant" {
		text = "output_text"
	}
	switch content := item.Get("content"); content.Kind() {
	case 0:
		dst = append(dst, `[]`...)
	case '"':
		dst = append(dst, '[')
		dst = appendText(dst, text, content)
		dst = append(dst, ']')
	case '[':
		dst = appendList(dst, content, func(dst []byte, part rawjson.Value) []byte {
			if part.Kind() == '"' {
				return appendText(dst, text, part)
			}
			return l.appendPart(dst, part)
		})
	default:
		dst = append(dst, content.Bytes()...)
	}
	for _, name := range keptOfMessages {
		if v := item.Get(name); v.Kind() != 0 {
			dst = append(append(append(dst, `,"`...), name...), `":`...)
			dst = append(dst, v.Bytes()...)
		}
	}
	return append(dst, '}')
}

func appendText(dst []byte, kind string, text rawjson.Value) []byte {
	dst = append(dst, `{"type":"`...)
	dst = append(dst, kind...)
	dst = append(dst, `","text":`...)
	dst = append(dst, text.Bytes()...)
	return append(dst, '}')
}

// with returns the text of an object with one member set.
func with(v rawjson.Value, name string, text []byte) []byte {
	var o object
	found := false
	for key, value := range v.Members() {
		k, _ := key.Text()
		if k == name {
			if !found {
				o.set(k, string(text))
			}
			found = true
			continue
		}
		o.setValue(k, value)
	}
	if !found {
		o.set(name, string(text))
	}
	return o.end()
}

// normalReasoning returns the text of the reasoning options less those that are
// null, nothing for the absent Value. An effort of digits is the number.
func normalReasoning(v rawjson.Value) []byte {
	if v.Kind() == 0 {
		return nil
	}
	var o object
	for key, value := range v.Members() {
		name, _ := key.Text()
		if value.Kind() == 'n' {
			continue
		}
		if text, ok := value.Text(); ok && name == "effort" {
			if n, err := strconv.ParseUint(strings.TrimPrefix(text, "+"), 10, 64); err == nil {
				o.set(name, strconv.FormatUint(n, 10))
				continue
			}
		}
		o.setValue(name, value)
	}
	return o.end()
}

// normalText returns the text options with a JSON schema format in full form:
// with a name, a title and strict.
func normalText(text rawjson.Value) []byte {
	format := text.Get("format")
	if !isType(format, "json_schema") {
		return text.Bytes()
	}
	name, _ := format.Get("name").Text()
	schema := format.Get("schema")
	schemaText := schema.Bytes()
	title, _ := schema.Get("title").Text()
	if schema.Kind() == '{' && schema.Get("title").Kind() == 0 && name != "" {
		title = name
		schemaText = with(schema, "title", rawjson.AppendString(nil, name))
	}
	if name == "" {
		name = title
	}
	if name == "" {
		name = "output"
	}
	if len(schemaText) == 0 {
		schemaText = []byte("null")
	}
	strict := format.Get("strict").Bytes()
	if len(strict) == 0 {
		strict = []byte("true")
	}
	var o object
	o.set("type", `"json_schema"`)
	o.setString("name", name)
	if description := format.Get("description"); description.Kind() != 'n' {
		o.given("description", description.Bytes())
	}
	o.set("schema", string(schemaText))
	o.set("strict", string(strict))
	return with(text, "format", o.end())
}
