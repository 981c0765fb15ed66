package methods

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An object is the text of a JSON object that is being put together. What it is
// given is JSON already, but for strings.
type object struct{ text []byte }

// name begins a member; its value is to be appended to text.
func (o *object) name(name string) {
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	} else {
		o.text = append(o.text, ',')
	}
	o.text = rawjson.AppendString(o.text, name)
	o.text = append(o.text, ':')
}

func (o *object) set(name, json string) {
	o.name(name)
	o.text = append(o.text, json...)
}

func (o *object) setString(name, value string) {
	o.name(name)
	o.text = rawjson.AppendString(o.text, value)
}

func (o *object) setValue(name string, v rawjson.Value) {
	o.name(name)
	o.text = append(o.text, v.Bytes()...)
}

// end returns the finished text.
func (o *object) end() []byte {
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	}
	return append(o.text, '}')
}
