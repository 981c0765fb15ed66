package rawschema

import (
	"encoding/json"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// facts are what a check wants to know of a schema without working it out again.
type facts struct {
	kinds       kindSet // of values that may fit
	integers    bool    // whole numbers, too
	plain       bool    // of scalars it says no more than by keywords such as minLength
	inside      bool    // it has keywords about what an object or an array holds
	combines    bool    // it has keywords that hold the value to other schemas
	unevaluated bool

	enum     values
	constant values
	members  map[string]member
	wanted   int    // names that required and its like ask for
	items    *facts // those of the schema of all elements, if there is one
	anyOf    *tag
	oneOf    *tag
}

// A kindSet has a bit for each kind of value.
type kindSet uint8

var kindBits = [128]kindSet{'{': 1, '[': 2, '"': 4, '0': 8, 't': 16, 'f': 16, 'n': 32}

// admits reports whether values of the kind of the one here may fit.
func (f *facts) admits(kind byte, at rawjson.Cursor) bool {
	return f.kinds&kindBits[kind] != 0 || f.integers && kind == '0' && at.Value().Decimal().Whole()
}

// A member is what a schema says of the members of a name.
type member struct {
	schema *jsonschema.Schema // or nil
	known  *facts             // of that
	wanted int                // the number of the name, counted from 1, or 0
}

// factsOf returns the facts of a schema, less those of the schemas in it.
func factsOf(s *jsonschema.Schema) (*facts, error) {
	f := &facts{kinds: ^kindSet(0)}
	if len(s.Types) > 0 {
		f.kinds = 0
	}
	for _, t := range s.Types {
		switch t {
		case "integer":
			f.integers = true
		case "number":
			f.kinds |= kindBits['0']
		default:
			for kind, bit := range kindBits {
				if bit != 0 && kindOf(byte(kind)) == t {
					f.kinds |= bit
				}
			}
		}
	}
	f.combines = len(sameValue(s)) > 0
	f.plain = !f.combines && s.Constant == nil && s.Enum == nil
	f.unevaluated = s.UnevaluatedProperties != nil || s.UnevaluatedItems != nil
	f.inside = len(s.Properties)+len(s.PatternProperties)+len(wantedNames(s)) > 0 || s.PropertyNames != nil || s.RegexProperties ||
		s.AdditionalProperties != nil || s.MinProperties >= 0 || s.MaxProperties >= 0 ||
		s.Items != nil || s.Items2020 != nil || len(s.PrefixItems) > 0 || s.Contains != nil || s.UniqueItems ||
		s.MinItems >= 0 || s.MaxItems >= 0
	f.anyOf, f.oneOf = tagOf(s.AnyOf), tagOf(s.OneOf)
	f.learnMembers(s)
	var err error
	if f.enum, err = valuesOf(s.Enum); err != nil {
		return nil, err
	}
	f.constant, err = valuesOf(s.Constant)
	return f, err
}

func (f *facts) learnMembers(s *jsonschema.Schema) {
	names := wantedNames(s)
	if len(s.Properties)+len(names) == 0 {
		return
	}
	f.members = make(map[string]member, len(s.Properties))
	for name, schema := range s.Properties {
		f.members[name] = member{schema: schema}
	}
	for _, name := range names {
		if m := f.members[name]; m.wanted == 0 {
			f.wanted++
			m.wanted = f.wanted
			f.members[name] = m
		}
	}
}

// connect notes the facts of the schemas in one.
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

// values are some that are looked for.
type values struct {
	texts   map[string]bool
	digests map[digest]bool // of what is no text
	kinds   [128]bool       // that they are of
}

func valuesOf(decoded []any) (vs values, err error) {
	if len(decoded) == 0 {
		return vs, nil
	}
	vs.texts, vs.digests = make(map[string]bool), make(map[digest]bool)
	for _, value := range decoded {
		if text, ok := value.(string); ok {
			vs.texts[text], vs.kinds['"'] = true, true
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return vs, err
		}
		v, err := rawjson.Parse(text)
		if err != nil {
			return vs, err
		}
		d, _ := digestOf(v.Cursor())
		vs.digests[d], vs.kinds[v.Kind()] = true, true
	}
	return vs, nil
}

// wantedNames returns the names of members that a schema must know the presence
// of.
func wantedNames(s *jsonschema.Schema) []string {
	names := slices.Clone(s.Required)
	for name, list := range s.DependentRequired {
		names = append(append(names, name), list...)
	}
	for name := range s.DependentSchemas {
		names = append(names, name)
	}
	for name, dependency := range s.Dependencies {
		names = append(names, name)
		if list, ok := dependency.([]string); ok {
			names = append(names, list...)
		}
	}
	return names
}
