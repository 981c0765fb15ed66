package methods

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The functions here bring what the SDKs accept into the form that the backend
// wants, as the Python SDK does.

// appendInput appends the list of items that an input stands for.
func appendInput(dst []byte, input rawjson.Value) []byte {
	switch input.Kind() {
	case '"':
		dst = append(dst, `[{"type":"message","role":"user","content":[`...)
		dst = appendText(dst, "input_text", input)
		return append(dst, `]}]`...)
	case '{':
		return append(appendItem(append(dst, '['), input), ']')
	}
	return appendList(dst, input, appendItem)
}

// appendItem appends an item: a message, that is anything with a role and no
// other type, in full form, all else as it is.
func appendItem(dst []byte, item rawjson.Value) []byte {
	kind, _ := item.Get("type").Text()
	role := item.Get("role")
	if kind != "" && kind != "message" || role.Kind() == 0 {
		return append(dst, item.Bytes()...)
	}
	dst = append(dst, `{"type":"message","role":`...)
	dst = append(dst, role.Bytes()...)
	dst = append(dst, `,"content":`...)
	switch content := item.Get("content"); content.Kind() {
	case 0:
		dst = append(dst, `[]`...)
	case '"':
		text := "input_text"
		if r, _ := role.Text(); r == "assistant" {
			text = "output_text"
		}
		dst = append(dst, '[')
		dst = appendText(dst, text, content)
		dst = append(dst, ']')
	case '[':
		dst = appendList(dst, content, func(dst []byte, part rawjson.Value) []byte {
			if part.Kind() == '"' {
				return appendText(dst, "input_text", part)
			}
			return append(dst, part.Bytes()...)
		})
	default:
		dst = append(dst, content.Bytes()...)
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

// appendTools appends the tools. The one that the API calls web_search is
// web_search_preview here.
func appendTools(dst []byte, tools rawjson.Value) []byte {
	return appendList(dst, tools, func(dst []byte, tool rawjson.Value) []byte {
		if isType(tool, "web_search") {
			return append(dst, with(tool, "type", []byte(`"web_search_preview"`))...)
		}
		return append(dst, tool.Bytes()...)
	})
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

// withoutNulls returns the text of an object less its members that are null,
// nothing for the absent Value.
func withoutNulls(v rawjson.Value) []byte {
	if v.Kind() == 0 {
		return nil
	}
	var o object
	for key, value := range v.Members() {
		if value.Kind() != 'n' {
			name, _ := key.Text()
			o.setValue(name, value)
		}
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
	o.set("schema", string(schemaText))
	o.set("strict", string(strict))
	return with(text, "format", o.end())
}
