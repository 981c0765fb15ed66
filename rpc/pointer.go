package rpc

import (
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// JSON Pointers, RFC 6901.

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

func escapePointer(name string) string { return pointerEscaper.Replace(name) }

func lastSegment(pointer string) string {
	return pointerUnescaper.Replace(pointer[strings.LastIndexByte(pointer, '/')+1:])
}

func segments(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i := range parts {
		parts[i] = pointerUnescaper.Replace(parts[i])
	}
	return parts
}

// lookUp returns the value at a pointer in a text, or the absent Value.
func lookUp(v rawjson.Value, pointer string) rawjson.Value {
	for _, name := range segments(pointer) {
		if v.Kind() == '[' {
			v = element(v, name)
		} else {
			v = v.Get(name)
		}
	}
	return v
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
