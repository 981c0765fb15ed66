package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// pythonParams are the parameters that the Python client declares. Those of
// other methods are in the signatures of its functions.
var pythonParams = []selection{
	{name: "CallTimeout", of: reflect.TypeFor[methods.CallTimeout]()},
	{name: "ExtraParams", of: reflect.TypeFor[methods.Extras](), base: "CallTimeout"},
	{name: "RejectedParams", of: reflect.TypeFor[methods.Rejected]()},
	{name: "ModelParams", of: reflect.TypeFor[methods.ModelRequest](), base: "ExtraParams"},
	{name: "ResponseParams", of: reflect.TypeFor[methods.ResponseRequest](), base: "ModelParams, RejectedParams",
		omit: namesIn(reflect.TypeFor[methods.ModelRequest]())},
	{name: "CompactParams", of: reflect.TypeFor[methods.ResponsesCompactParams](), base: "ModelParams",
		omit: append(namesIn(reflect.TypeFor[methods.ModelRequest]()), callOptions...)},
	{name: "TranscriptionParams", of: reflect.TypeFor[methods.AudioTranscriptionsCreateParams](), base: "ExtraParams",
		omit: append([]string{"file", "response_format", "stream"}, callOptions...)},
	{name: "ImageEditParams", of: reflect.TypeFor[methods.ImagesEditParams](), base: "ExtraParams",
		omit: append([]string{"image", "mask", "prompt"}, callOptions...)},
}

// namesIn returns the names in JSON of the fields of a struct.
func namesIn(t reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// pythonTexts are texts with known values that it exports.
var pythonTexts = []reflect.Type{
	reflect.TypeFor[vocabulary.ReasoningEffort](), reflect.TypeFor[vocabulary.ReasoningSummary](),
	reflect.TypeFor[vocabulary.ServiceTier](), reflect.TypeFor[vocabulary.Verbosity](),
}

// pythonResults are the results that it declares.
var pythonResults = append([]selection{
	{name: "TokenDetails", of: reflect.TypeFor[vocabulary.TokenDetails]()},
	{name: "ResponseUsage", of: reflect.TypeFor[vocabulary.ResponseUsage]()},
	{name: "Response", of: reflect.TypeFor[methods.Response](),
		omit: []string{"usage", "output_text", "reasoning_summary", "tool_calls"}},
	{name: "Image", of: reflect.TypeFor[methods.Image]()},
	{name: "Account", of: reflect.TypeFor[methods.Account]()},
}, results...)

// python returns the declarations of the Python client.
func python(all []rpc.Method, comments map[string]string, known []string) ([]byte, error) {
	given := pythonNotation("Mapping[str, Any] | CodexBaseModel", "Iterable", nil)
	returned := pythonNotation("Object", "list", namesOf(pythonResults))
	given.known, given.suffix, returned.known = known, "Param", known
	params, err := given.classes(pythonParams, comments, false)
	if err != nil {
		return nil, err
	}
	results, err := returned.classes(pythonResults, comments, true)
	if err != nil {
		return nil, err
	}
	var texts []member
	for _, t := range pythonTexts {
		texts = append(texts, member{Name: t.Name(), Types: given.constants(quoted(knownTexts(t))...)})
	}
	var methods []string // with the classes of their results
	for _, m := range all {
		if t := shownType(m.Result()); t.PkgPath() != "" && returned.names[t.Name()] != "" {
			methods = append(methods, fmt.Sprintf("%q: %q", m.Name(), returned.names[t.Name()]))
		}
	}
	imported := slices.DeleteFunc(withParams(known), func(name string) bool { return returned.names[name] == name }) // declared here
	return render("declared.py", template.FuncMap{"nested": returned.nested}, map[string]any{
		"Texts": texts, "Params": params, "Results": results, "Methods": methods, "Known": imported,
	}), nil
}

// withParams returns the names of types in results and in parameters.
func withParams(known []string) (names []string) {
	for _, name := range known {
		names = append(names, name, name+"Param")
	}
	return names
}

// pythonNotation returns the notation of Python with its types for objects and
// lists, and the names of other types.
func pythonNotation(object, list string, names map[string]string) *notation {
	return &notation{
		simple: map[string]string{
			"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None", "any": "Any", "object": object,
		},
		constants: func(json ...string) []string {
			values := slices.Clone(json)
			if i := slices.Index(values, "false"); i >= 0 {
				values[i] = "False"
			}
			return []string{"Literal[" + strings.Join(values, ", ") + "]"}
		},
		otherText: "str",
		list:      func(item string) string { return list + "[" + item + "]" },
		dict:      func(item string) string { return "Mapping[str, " + item + "]" },
		names:     names,
	}
}

// nested returns the members of a class that are of other classes, or lists of
// them, with the names of these.
func (n *notation) nested(c class) (list []string) {
	for _, m := range c.Members {
		schema := m.schema
		if items := schema.Get("items"); items.Kind() == '{' {
			schema = items
		}
		ref, _ := schema.Get("$ref").Text()
		if name := n.names[strings.TrimPrefix(ref, "#/$defs/")]; name != "" {
			list = append(list, fmt.Sprintf("%q: %q", m.Name, name))
		}
	}
	return list
}

// Required returns the required members. Before Python 3.11, only a whole class can
// be required or optional.
func (c class) Required() []member {
	return slices.DeleteFunc(slices.Clone(c.Members), func(m member) bool { return !m.Required })
}

// Optional returns the other members.
func (c class) Optional() []member {
	return slices.DeleteFunc(slices.Clone(c.Members), func(m member) bool { return m.Required })
}

// PythonType returns the type of a member, which is None if it is absent.
func (m member) PythonType() string {
	if m.Required || slices.Contains(m.Types, "Any") {
		return union(m.Types)
	}
	return union(unique(append(slices.Clip(m.Types), "None")))
}

// docstring returns a text as a docstring of a class.
func docstring(doc string) string {
	doc = strings.ReplaceAll(doc, `\`, `\\`)
	if strings.HasPrefix(doc, `"`) {
		doc = `\` + doc
	}
	if strings.HasSuffix(doc, `"`) {
		doc = doc[:len(doc)-1] + `\"`
	}
	lines := wrap(`"""`+doc+`"""`, 120-len("    "))
	if len(lines) == 1 {
		return lines[0]
	}
	lines[len(lines)-1] = strings.TrimSuffix(lines[len(lines)-1], `"""`)
	return strings.Join(append(lines, `"""`), "\n    ")
}
