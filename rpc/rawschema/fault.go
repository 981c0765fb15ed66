package rawschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Fault is a violation of a schema by a value.
type Fault struct {
	Path    string        // JSON Pointer (RFC 6901) to the value
	Keyword string        // of the schema
	Name    string        // of the member, for required
	Message string        // a phrase about the value, such as "must be >= 0 but found -1"
	Schema  string        // JSON Pointer to the schema that has the keyword
	Value   rawjson.Value // at the path
}

// A fault is a Fault during the check, without its own text: most are those of
// an alternative and will be dropped.
type fault struct {
	schema        *jsonschema.Schema
	keyword       string
	at            int // offset in the text of the invalid value, or of its name
	name          string
	types         []string // the expected types of a choice, or the values of a tag
	first, second int      // a bound and a count, or indices
}

// A span is a part of the text by its offsets.
type span struct{ from, to int }

// forget drops the faults of the branch in a part of the text.
func (c *checker) forget(part span) {
	kept := slices.DeleteFunc(c.faults[c.base:], func(f fault) bool { return part.from <= f.at && f.at < part.to })
	c.faults = c.faults[:c.base+len(kept)]
}

// maxPathBytes bounds the total size of the paths of all faults: a name of a
// megabyte can have a thousand faults below it.
const maxPathBytes = 1 << 20

// describe converts faults.
func (s *Schema) describe(v rawjson.Value, found []fault) []Fault {
	if len(found) == 0 {
		return nil
	}
	places := locate(v, found)
	var faults []Fault
	size := 0
	for _, f := range found {
		place, ok := places[f.at]
		if !ok { // beyond maxPathBytes
			continue
		}
		if size += len(place.path) + len(f.name); size > maxPathBytes && len(faults) > 0 {
			break
		}
		_, location, _ := strings.Cut(f.schema.Location, "#")
		faults = append(faults, Fault{
			Path: place.path, Keyword: f.keyword, Name: f.name, Message: f.message(place.value), Schema: unescapeURL(location), Value: place.value,
		})
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	return faults
}

// A place is the location of a fault.
type place struct {
	path  string
	value rawjson.Value
}

// locate finds the places of faults in one pass over the text.
func locate(v rawjson.Value, faults []fault) map[int]place {
	l := locator{places: make(map[int]place)}
	for _, f := range faults {
		l.wanted = append(l.wanted, f.at)
	}
	slices.Sort(l.wanted)
	l.wanted = slices.Compact(l.wanted)
	l.pass(v.Cursor())
	return l.places
}

type locator struct {
	wanted []int // remaining offsets
	places map[int]place
	path   []byte
	size   int // of all paths
}

// reached records the place if a fault is there.
func (l *locator) reached(at rawjson.Cursor) {
	if len(l.wanted) == 0 || l.wanted[0] != at.Offset() {
		return
	}
	l.wanted = l.wanted[1:]
	if l.size += len(l.path); l.size > maxPathBytes && len(l.places) > 0 {
		l.wanted = nil // the remaining faults are not reported
		return
	}
	l.places[at.Offset()] = place{string(l.path), at.Value()}
}

// pass traverses a value and returns the position after it.
func (l *locator) pass(at rawjson.Cursor) rawjson.Cursor {
	l.reached(at)
	if len(l.wanted) == 0 {
		return at
	}
	kind, own := at.Kind(), len(l.path)
	if kind != '{' && kind != '[' {
		return at.Skip()
	}
	inner, more := at.Enter()
	for i := 0; more; i++ {
		if l.path = append(l.path[:own], '/'); kind == '{' {
			key, value := inner.Key()
			l.path = append(l.path, EscapePointer(string(key.Decoded()))...)
			l.reached(inner)
			inner = value
		} else {
			l.path = strconv.AppendInt(l.path, int64(i), 10)
		}
		if inner = l.pass(inner); len(l.wanted) == 0 {
			return inner
		}
		inner, more = inner.Next()
	}
	l.path = l.path[:own]
	return inner
}

// unescapeURL returns a pointer from a URL fragment.
func unescapeURL(pointer string) string {
	if plain, err := url.PathUnescape(pointer); err == nil {
		return plain
	}
	return pointer
}

// message returns the phrase for a fault of the value.
func (f fault) message(v rawjson.Value) string {
	s := f.schema
	switch f.keyword {
	case "false":
		return "not allowed"
	case "type":
		return expected(s.Types, v)
	case "anyOf", "oneOf":
		if f.types != nil {
			return expected(f.types, v)
		}
		return fmt.Sprintf("valid against schemas at indexes %d and %d", f.first, f.second)
	case "tag":
		return "value must be one of " + oneOf(f.types)
	case "const":
		return "value must be " + oneOf(s.Constant)
	case "enum":
		if len(s.Enum) == 1 {
			return "value must be " + oneOf(s.Enum)
		}
		return "value must be one of " + oneOf(s.Enum)
	case "not":
		return "not failed"
	case "required", "dependentRequired":
		return "missing properties: " + quote(f.name)
	case "additionalProperties":
		return "no such property is allowed"
	case "additionalItems":
		return "no further item is allowed"
	case "pattern":
		return "does not match pattern " + quote(s.Pattern.String())
	case "contentEncoding":
		return "value is not base64 encoded"
	case "minimum":
		return compared(">=", s.Minimum, v)
	case "exclusiveMinimum":
		return compared(">", s.ExclusiveMinimum, v)
	case "maximum":
		return compared("<=", s.Maximum, v)
	case "exclusiveMaximum":
		return compared("<", s.ExclusiveMaximum, v)
	case "multipleOf":
		return fmt.Sprintf("%s not multipleOf %s", brief(string(v.Bytes())), decimalOf(s.MultipleOf))
	}
	if format, ok := numbered[f.keyword]; ok {
		return fmt.Sprintf(format, f.first, f.second)
	}
	return "does not fit " + f.keyword
}

// numbered are the phrases for faults with two numbers.
var numbered = map[string]string{
	"minProperties": "minimum %d properties allowed, but found %d properties",
	"maxProperties": "maximum %d properties allowed, but found %d properties",
	"minItems":      "minimum %d items required, but found %d items",
	"maxItems":      "maximum %d items required, but found %d items",
	"minContains":   "valid must be >= %d, but got %d",
	"maxContains":   "valid must be <= %d, but got %d",
	"minLength":     "length must be >= %d, but got %d",
	"maxLength":     "length must be <= %d, but got %d",
	"uniqueItems":   "items at index %d and %d are equal",
}

func expected(types []string, v rawjson.Value) string {
	types = slices.Compact(slices.Sorted(slices.Values(types)))
	return fmt.Sprintf("expected %s, but got %s", strings.Join(types, " or "), typeOf[v.Kind()])
}

func compared(operator string, bound *big.Rat, v rawjson.Value) string {
	return fmt.Sprintf("must be %s %s but found %s", operator, decimalOf(bound), brief(string(v.Bytes())))
}

func decimalOf(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// oneOf returns the values as a comma-separated list.
func oneOf[T any](values []T) string {
	var list []string
	size := 0
	for _, value := range values {
		text := "…"
		if b, err := json.Marshal(value); err == nil {
			text = string(b)
		}
		if size += len(text); size > maxPhraseBytes {
			list = append(list, "…")
			break
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// maxPhraseBytes bounds the excerpt of a schema or a value in a message.
const maxPhraseBytes = 200

func quote(text string) string { return "'" + brief(text) + "'" }

// brief returns a text, truncated if it is long.
func brief(text string) string {
	if len(text) <= maxPhraseBytes {
		return text
	}
	return strings.ToValidUTF8(text[:maxPhraseBytes], "") + "…"
}
