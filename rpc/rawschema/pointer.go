package rawschema

import (
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// EscapePointer escapes a name for a JSON Pointer (RFC 6901).
func EscapePointer(name string) string { return pointerEscaper.Replace(name) }

// LastName returns the last name of a JSON Pointer.
func LastName(pointer string) string {
	return pointerUnescaper.Replace(pointer[strings.LastIndexByte(pointer, '/')+1:])
}

// LookUp returns the value at a JSON Pointer, or the absent Value.
func LookUp(v rawjson.Value, pointer string) rawjson.Value {
	for pointer != "" {
		var name string
		if name, pointer = nextName(pointer); v.Kind() == '[' {
			v = element(v, name)
		} else {
			v = v.Get(name)
		}
	}
	return v
}

// nextName returns the first name of a pointer and the rest of it.
func nextName(pointer string) (name, rest string) {
	if i := strings.IndexByte(pointer[1:], '/'); i >= 0 {
		pointer, rest = pointer[:1+i], pointer[1+i:]
	}
	return pointerUnescaper.Replace(pointer[1:]), rest
}

func element(array rawjson.Value, index string) rawjson.Value {
	n, err := strconv.Atoi(index)
	for e := range array.Elements() {
		if n == 0 && err == nil {
			return e
		}
		n--
	}
	return rawjson.Value{}
}
