package rawschema

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// facts are properties of a schema that are computed once, for all checks.
type facts struct {
	kinds       kindSet // of values that may fit
	integers    bool    // whole numbers, too
	plain       bool    // scalars are restricted only by keywords such as minLength
	inside      bool    // there are keywords about members or elements
	combines    bool    // there are keywords that apply other schemas to the value
	unevaluated bool

	enum     values
	constant values
	members  map[string]member
	tracked  int    // number of names whose presence matters, such as those in required
	items    *facts // of the schema of all elements, if there is one
	anyOf    *tag
	oneOf    *tag
}

// A kindSet has a bit for each kind of value.
type kindSet uint8

var kindBits = [128]kindSet{'{': 1, '[': 2, '"': 4, '0': 8, 't': 16, 'f': 16, 'n': 32}

// The types of JSON Schema, of which integer is no kind of its own.
var (
	typeBits = map[string]kindSet{"object": 1, "array": 2, "string": 4, "number": 8, "boolean": 16, "null": 32}
	typeOf   = map[byte]string{'{': "object", '[': "array", '"': "string", '0': "number", 't': "boolean", 'f': "boolean", 'n': "null"}
)

// admits reports whether the type of the value may be valid.
func (f *facts) admits(kind byte, at rawjson.Cursor) bool {
	return f.kinds&kindBits[kind] != 0 || f.integers && kind == '0' && at.Value().Decimal().Whole()
}

// A member holds the facts about the members of one name.
type member struct {
	schema *jsonschema.Schema // or nil
	known  *facts             // of that schema
	number int                // of the name among the tracked ones, from 1, or 0
}

// factsOf returns the facts of a schema, without those of its subschemas.
func factsOf(s *jsonschema.Schema) *facts {
	f := &facts{kinds: ^kindSet(0)}
	if len(s.Types) > 0 {
		f.kinds = 0
	}
	for _, t := range s.Types {
		f.kinds |= typeBits[t]
		f.integers = f.integers || t == "integer"
	}
	f.combines = len(sameValue(s)) > 0
	f.plain = !f.combines && s.Constant == nil && s.Enum == nil
	f.unevaluated = s.UnevaluatedProperties != nil || s.UnevaluatedItems != nil
	f.inside = len(s.Properties)+len(s.PatternProperties)+len(trackedNames(s)) > 0 || s.PropertyNames != nil || s.RegexProperties ||
		s.AdditionalProperties != nil || s.MinProperties >= 0 || s.MaxProperties >= 0 ||
		s.Items != nil || s.Items2020 != nil || len(s.PrefixItems) > 0 || s.Contains != nil || s.UniqueItems ||
		s.MinItems >= 0 || s.MaxItems >= 0
	f.anyOf, f.oneOf = tagOf(s.AnyOf), tagOf(s.OneOf)
	f.collectMembers(s)
	f.enum, f.constant = valuesOf(s.Enum), valuesOf(s.Constant)
	return f
}

func (f *facts) collectMembers(s *jsonschema.Schema) {
	names := trackedNames(s)
	if len(s.Properties)+len(names) == 0 {
		return
	}
	f.members = make(map[string]member, len(s.Properties))
	for name, schema := range s.Properties {
		f.members[name] = member{schema: schema}
	}
	for _, name := range names {
		if m := f.members[name]; m.number == 0 {
			f.tracked++
			m.number = f.tracked
			f.members[name] = m
		}
	}
}

// connect sets the facts of the subschemas.
func (f *facts) connect(s *jsonschema.Schema, all map[*jsonschema.Schema]*facts) {
	for name, m := range f.members {
		m.known = all[m.schema]
		f.members[name] = m
	}
	if items, ok := s.Items.(*jsonschema.Schema); ok {
		f.items = all[items]
	} else if s.Items2020 != nil {
		f.items = all[s.Items2020]
	}
	for t, list := range map[*tag][]*jsonschema.Schema{f.anyOf: s.AnyOf, f.oneOf: s.OneOf} {
		for _, alternative := range list {
			t.known = append(t.known, all[alternative])
		}
	}
}

// values is a set of values.
type values struct {
	texts   map[string]bool
	digests map[digest]bool // of other values than strings
	kinds   kindSet
}

// valuesOf returns the set of decoded values.
func valuesOf(decoded []any) (vs values) {
	if len(decoded) == 0 {
		return vs
	}
	vs.texts, vs.digests = make(map[string]bool), make(map[digest]bool)
	for _, value := range decoded {
		if text, ok := value.(string); ok {
			vs.texts[text] = true
			vs.kinds |= kindBits['"']
			continue
		}
		v := rawjson.MustMarshal(value)
		d, _ := digestOf(v.Cursor())
		vs.digests[d] = true
		vs.kinds |= kindBits[v.Kind()]
	}
	return vs
}

// trackedNames returns the names of members whose presence a schema depends on.
func trackedNames(s *jsonschema.Schema) []string {
	names := slices.Clone(s.Required)
	for name, list := range s.DependentRequired {
		names = append(append(names, name), list...)
	}
	names = slices.AppendSeq(names, maps.Keys(s.DependentSchemas))
	for name, dependency := range s.Dependencies {
		names = append(names, name)
		if list, ok := dependency.([]string); ok {
			names = append(names, list...)
		}
	}
	return names
}
