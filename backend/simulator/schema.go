package simulator

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/url"
	"strconv"
	"strings"
)

// schema is the part of JSON Schema that values are made from and checked against. A keyword outside it, or one
// misspelt in type, counts as absent.
type schema struct {
	never bool // the schema "false"

	Ref      string          `json:"$ref"`
	Type     json.RawMessage `json:"type"`
	Enum     []json.RawMessage
	Const    json.RawMessage
	Default  json.RawMessage
	Examples []json.RawMessage

	AllOf, AnyOf, OneOf  []json.RawMessage
	Not, If, Then, Else  json.RawMessage
	DependentRequired    map[string][]string
	DependentSchemas     map[string]json.RawMessage
	Properties           json.RawMessage
	PatternProperties    map[string]json.RawMessage
	AdditionalProperties json.RawMessage
	PropertyNames        json.RawMessage
	Required             []string
	MinProperties        *int
	MaxProperties        *int
	Items                json.RawMessage
	PrefixItems          []json.RawMessage
	AdditionalItems      json.RawMessage
	Contains             json.RawMessage
	MinItems, MaxItems   *int
	UniqueItems          bool
	MinLength, MaxLength *int
	Pattern, Format      string
	Minimum, Maximum     json.RawMessage
	ExclusiveMinimum     json.RawMessage
	ExclusiveMaximum     json.RawMessage
	MultipleOf           json.RawMessage
	MinContains          *int
	MaxContains          *int
}

func parseSchema(raw json.RawMessage) *schema {
	s := &schema{}
	if string(raw) == "false" {
		s.never = true
		return s
	}
	// An UnmarshalTypeError leaves the offending keyword empty and reads on.
	_ = json.Unmarshal(raw, s)
	return s
}

func (s *schema) types() []string {
	var one string
	if json.Unmarshal(s.Type, &one) == nil {
		return []string{one}
	}
	var list []string
	_ = json.Unmarshal(s.Type, &list)
	return list
}

// document is a schema with the definitions its references point at.
type document struct {
	root json.RawMessage
	// budget bounds the work on schemas made to explode; it is spent by checks and by values alike.
	budget int
}

// parse reads a schema. One that nests deeply is read again at each level, so what is large costs more.
func (d *document) parse(raw json.RawMessage) *schema {
	d.budget -= len(raw) >> 12
	return parseSchema(raw)
}

// resolve follows a reference into the document. What leads elsewhere allows anything.
func (d *document) resolve(ref string) json.RawMessage {
	pointer, local := strings.CutPrefix(ref, "#")
	if !local {
		return json.RawMessage("true")
	}
	at := d.root
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if step == "" {
			continue
		}
		if plain, err := url.PathUnescape(step); err == nil {
			step = plain
		}
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		d.budget -= len(at) >> 12
		var members map[string]json.RawMessage
		var elements []json.RawMessage
		if json.Unmarshal(at, &members) == nil {
			at = members[step]
		} else if i, err := strconv.Atoi(step); err == nil && json.Unmarshal(at, &elements) == nil && 0 <= i && i < len(elements) {
			at = elements[i]
		} else {
			return json.RawMessage("true")
		}
	}
	if at == nil {
		return json.RawMessage("true")
	}
	return at
}

// member is one entry of an object, in the order written.
type member struct {
	name  string
	value json.RawMessage
}

func members(raw json.RawMessage) []member {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var list []member
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return list
		}
		list = append(list, member{name.(string), value})
	}
	return list
}

// rational reads a number exactly; 0.3 is a multiple of 0.1 only so. Nil where there is none, or one that is long or would
// be, written out.
func rational(raw json.RawMessage) *big.Rat {
	if len(raw) > 1000 {
		return nil
	}
	text := string(raw)
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n < -400 || n > 400 {
			return nil
		}
	}
	if text == "" || !strings.ContainsRune("-0123456789", rune(text[0])) {
		return nil
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}

// tuple gives the schemas of the first elements and that of the rest; older drafts write both in another way.
func (s *schema) tuple() (first []json.RawMessage, rest json.RawMessage) {
	if json.Unmarshal(s.Items, &first) == nil {
		return first, s.AdditionalItems
	}
	return s.PrefixItems, s.Items
}

// item is the schema of the i-th element, nil if there is none.
func (s *schema) item(i int) json.RawMessage {
	first, rest := s.tuple()
	if i < len(first) {
		return first[i]
	}
	return rest
}
