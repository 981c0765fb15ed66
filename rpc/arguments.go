package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// MaxValues bounds the number of values in the parameters of a call, since decoding
// them may take a multiple of their text in memory. A conversation that fills the
// context of the largest model has some ten thousand.
const MaxValues = 1_000_000

// maxDecoded bounds the number of values in a decoded parameter, each of which takes
// a multiple of its text in memory. Parameters passed on as text, as [Raw], are not
// limited.
const maxDecoded = 100_000

// A decoder stores parameters in a struct of one type.
type decoder struct {
	target reflect.Type
	fields map[string][]int // by JSON name
	whole  bool             // the type decodes itself, or is not a struct
}

func newDecoder(target reflect.Type) *decoder {
	d := &decoder{target: target, fields: make(map[string][]int)}
	_, own := reflect.New(target).Interface().(json.Unmarshaler)
	if d.whole = own || target.Kind() != reflect.Struct; !d.whole {
		d.add(target, nil)
	}
	return d
}

// add adds the fields of the struct at an index, including those of embedded structs.
func (d *decoder) add(target reflect.Type, at []int) {
	for i := range target.NumField() {
		field := target.Field(i)
		index := append(slices.Clone(at), i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			d.add(field.Type, index)
		} else if name := jsonName(field); name != "" && field.IsExported() {
			if _, known := d.fields[name]; !known {
				d.fields[name] = index
			}
		}
	}
}

// decode returns a pointer to a new struct with the parameters, skipping null. If a
// name is repeated, the last value is used. Fields of the type [Raw] share the text.
func (d *decoder) decode(params rawjson.Value) (any, error) {
	to := reflect.New(d.target)
	if params.Kind() == 0 {
		return to.Interface(), nil
	}
	if d.whole || params.Kind() != '{' {
		return to.Interface(), decodeValue("", params, to)
	}
	given := make(map[string]rawjson.Value)
	for name, member := range params.Members() {
		if _, known := d.fields[name]; !known {
			continue
		}
		if given[name] = member; member.Kind() == 'n' {
			delete(given, name)
		}
	}
	for name, member := range given {
		if err := decodeValue(name, member, to.Elem().FieldByIndex(d.fields[name]).Addr()); err != nil {
			return nil, err
		}
	}
	return to.Interface(), nil
}

// decodeValue decodes the parameter of a name, "" for all, into a pointer. Its errors
// are those that the schema of the method, if any, does not detect.
func decodeValue(name string, v rawjson.Value, pointer reflect.Value) error {
	if raw, ok := pointer.Interface().(interface{ setRaw(rawjson.Value) }); ok {
		raw.setRaw(v)
		return nil
	}
	if v.MoreThan(maxDecoded) {
		return unfit(name, "more than %d values", maxDecoded)
	}
	if n, ok := v.Decimal().Int(); ok && v.Kind() == '0' && setInt(pointer.Elem(), n) {
		return nil // in any notation
	}
	var wrong *json.UnmarshalTypeError
	err := v.Decode(pointer.Interface())
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && strings.HasPrefix(wrong.Value, "number"):
		return unfit(name, "the number is out of range")
	}
	return unfit(name, "%s", shorten(err.Error()))
}

// unfit returns the error for an invalid parameter.
func unfit(name, format string, args ...any) *Error {
	path := ""
	if name != "" {
		path = "/" + rawschema.EscapePointer(name)
	}
	f := paramFault(path, fmt.Sprintf(format, args...))
	return InvalidParams.Errorf("%s", f.Message).With("errors", []Fault{f})
}

// setInt sets an int, or a pointer to one.
func setInt(to reflect.Value, n int) bool {
	switch {
	case to.Kind() == reflect.Pointer && to.Type().Elem().Kind() == reflect.Int:
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	case to.Kind() != reflect.Int:
		return false
	}
	to.SetInt(int64(n))
	return true
}

// jsonName returns the name of a field in encoding/json, "" if it is omitted.
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
