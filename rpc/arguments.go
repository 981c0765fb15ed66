package rpc

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// arguments are the parameters of one call, taken apart once for all that look
// at them: they may be large.
type arguments struct {
	text    rawjson.Value            // absent if there are none
	members map[string]rawjson.Value // of an object, less those that are null and so count as not given
}

func takeApart(params rawjson.Value) arguments {
	a := arguments{params, make(map[string]rawjson.Value)}
	for key, member := range params.Members() {
		name, _ := key.Text()
		a.members[name] = member
		if member.Kind() == 'n' {
			delete(a.members, name)
		}
	}
	return a
}

// checkedBytes is what a schema sees of a string: more than any rule is about,
// and so little that a file in base64 is not held in memory a second time.
const checkedBytes = 64 << 10

// checked returns what a schema is to check, an empty object if there is
// nothing.
func (a arguments) checked() any {
	if kind := a.text.Kind(); kind != '{' && kind != 0 {
		return a.text.Abridged(checkedBytes)
	}
	object := make(map[string]any, len(a.members))
	for name, member := range a.members {
		object[name] = member.Abridged(checkedBytes)
	}
	return object
}

// decode stores the members in the fields of the struct that to points to,
// without a copy for fields of the type [Raw]. Parameters that are no object, or
// whose type decodes itself, are decoded whole.
func (a arguments) decode(to any) error {
	target := reflect.ValueOf(to).Elem()
	if a.text.Kind() == 0 {
		return nil
	}
	if _, own := to.(json.Unmarshaler); own || a.text.Kind() != '{' || target.Kind() != reflect.Struct {
		return wrongParams(decodeValue(a.text, to))
	}
	for name, member := range a.members {
		field, ok := fieldByName(target, name)
		if !ok {
			continue
		}
		if err := decodeValue(member, field.Addr().Interface()); err != nil {
			return wrongParams(err)
		}
	}
	return nil
}

func decodeValue(v rawjson.Value, to any) error {
	if raw, ok := to.(interface{ setRaw(rawjson.Value) }); ok {
		raw.setRaw(v)
		return nil
	}
	return v.Decode(to)
}

// wrongParams is the error of parameters that the method's schema, if it has
// one, let pass although they do not fit its type.
func wrongParams(err error) error {
	if err == nil {
		return nil
	}
	return Errorf(CodeInvalidParams, "invalid_params", "The parameters do not fit: %s.", oneLine(err.Error()))
}

// fieldByName returns the field that JSON calls name, those of embedded
// structs included.
func fieldByName(target reflect.Value, name string) (reflect.Value, bool) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if inner, ok := fieldByName(target.Field(i), name); ok {
				return inner, true
			}
			continue
		}
		if jsonName(field) == name && field.IsExported() {
			return target.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// jsonName returns what encoding/json calls a field, "" if it leaves it out.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	switch name {
	case "-":
		return ""
	case "":
		return field.Name
	}
	return name
}
