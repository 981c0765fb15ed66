package rpc

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A message is a request or notification with a valid JSON-RPC envelope.
type message struct {
	id     rawjson.Value // absent for a notification
	method string
	params rawjson.Value // absent if not given or null
}

// parseMessage parses a message. With an error, which is its response, it returns
// the id if known. For a response it returns neither: this side sends no requests,
// and answering a response with an error could cause an endless exchange.
func parseMessage(v rawjson.Value) (m message, ok bool, fault *Error) {
	if v.Kind() != '{' {
		return m, false, invalidRequest("A message must be an object.")
	}
	var version, method rawjson.Value
	var reply bool
	for name, value := range v.Members() {
		switch name {
		case "jsonrpc":
			version = value
		case "id":
			m.id = value
		case "method":
			method = value
		case "params":
			m.params = value
		case "result", "error":
			reply = true
		}
	}
	switch m.id.Kind() {
	case 0, '"', '0', 'n':
	default:
		m.id = rawjson.Value{}
		return m, false, invalidRequest("An id must be a string, a number or null.")
	}
	if reply && method.Kind() == 0 {
		return m, false, nil
	}
	if text, _ := version.Text(); text != "2.0" {
		return m, false, invalidRequest(`The member "jsonrpc" must be "2.0".`)
	}
	if m.method, ok = method.Text(); !ok {
		return m, false, invalidRequest(`The member "method" must be a string.`)
	}
	if m.params.Kind() == 'n' {
		m.params = rawjson.Value{} // editors send null for none
	}
	return m, true, nil
}

func invalidRequest(text string) *Error {
	return InvalidRequest.Errorf("%s", text)
}

// idKey returns a key that is equal for equal ids, even if the client escapes them
// differently.
func idKey(id rawjson.Value) string {
	text, ok := id.Text()
	switch {
	case !ok:
		return string(id.Bytes())
	case strings.ContainsRune(text, utf8.RuneError):
		// It may replace any lone surrogate.
		return "?" + string(id.Bytes())
	}
	return `"` + text
}

// null is the result of a request without one.
var null = rawjson.Null()

// appendResult appends the response to the request id, which is ASCII.
func appendResult(dst, id []byte, result rawjson.Value) []byte {
	dst = append(dst, `{"jsonrpc":"2.0","id":`...)
	dst = append(dst, id...)
	dst = append(dst, `,"result":`...)
	dst = result.AppendTo(dst)
	return append(dst, '}')
}

// resultParts returns the parts of the response to the request id.
func resultParts(id []byte, result any) ([][]byte, error) {
	var text [][]byte
	if built, ok := result.(interface{ wireParts() [][]byte }); ok {
		text = built.wireParts()
	} else if v, err := encode(result); err != nil {
		return nil, err
	} else if bytes, ascii := v.ASCII(); ascii {
		text = [][]byte{bytes}
	} else {
		text = [][]byte{v.AppendTo(nil)}
	}
	empty := appendResult(nil, id, rawjson.Value{})
	last := len(empty) - 1
	return append(append([][]byte{empty[:last:last]}, text...), empty[last:]), nil
}

// errorResponse returns the error response to the request id, null if there is
// none.
func errorResponse(id []byte, e *Error) []byte {
	if len(id) == 0 {
		id = []byte("null")
	}
	text := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"error":`, id)
	return append(e.appendTo(text), '}')
}
