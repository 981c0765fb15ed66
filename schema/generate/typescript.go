package main

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The parameters that the Node client accepts as options of a call, or sets by
// itself: for every method, and for those with extra_headers.
var (
	ownOptions  = []string{"include_headers", "timeout"}
	callOptions = append([]string{"extra_headers", "extra_query"}, ownOptions...)
)

// typescriptParams are the parameters of the hand-written methods of the Node
// client, named as in the OpenAI SDK.
var typescriptParams = []selection{
	{name: "ResponseCreateParams", of: reflect.TypeFor[methods.ResponseRequest]()},
	{name: "ResponseCompactParams", of: reflect.TypeFor[methods.ResponsesCompactParams](), omit: callOptions},
	{name: "ModelListParams", of: reflect.TypeFor[methods.ModelsListParams](), omit: callOptions},
	{name: "TranscriptionCreateParams", of: reflect.TypeFor[methods.AudioTranscriptionsCreateParams](),
		omit: append([]string{"file"}, callOptions...)},
	{name: "FileUploadParams", of: reflect.TypeFor[methods.FilesUploadParams](), omit: append([]string{"path", "file", "stream"}, ownOptions...)},
	{name: "ImageEditParams", of: reflect.TypeFor[methods.ImagesEditParams](), omit: append([]string{"image", "mask"}, callOptions...)},
	{name: "AuthenticateParams", of: reflect.TypeFor[methods.AuthenticateParams](), omit: []string{"stream", "timeout"}},
}

// typescriptNames are the names of other parameters that differ from those in
// Go.
var typescriptNames = map[string]string{
	"CreditsConsumeParams":        "CreditConsumeParams",
	"EmbeddingsCreateParams":      "EmbeddingCreateParams",
	"EnvironmentsSearchParams":    "EnvironmentSearchParams",
	"ImagesGenerateParams":        "ImageGenerateParams",
	"RealtimeCallsCreateParams":   "RealtimeCallCreateParams",
	"RealtimeCallsCreateV3Params": "RealtimeCallCreateV3Params",
	"TasksCreateParams":           "TaskCreateParams",
	"TasksListParams":             "TaskListParams",
}

// nodeParams returns the name of a method's parameters in the Node client.
func nodeParams(t reflect.Type) string { return cmp.Or(typescriptNames[t.Name()], t.Name()) }

// paramsOf returns the parameters of the generated methods.
func paramsOf(all []rpc.Method, comments map[string]string) (list []selection) {
	l := nodeLanguage(all)
	for _, m := range all {
		if slices.Contains(l.byHand, m.Name()) {
			continue
		}
		o := l.operation(m, comments)
		s := selection{name: nodeParams(m.Params()), of: m.Params(), doc: "The parameters of " + m.Name() + "."}
		known := slices.ContainsFunc(list, func(other selection) bool { return other.of == s.of })
		byPosition, byName := o.positions()
		if len(byName) == 0 || known {
			continue
		}
		for _, p := range byPosition {
			s.omit = append(s.omit, p.Name)
		}
		for _, name := range namesIn(s.of) {
			if slices.Contains(callOptions, name) {
				s.omit = append(s.omit, name)
			}
		}
		list = append(list, s)
	}
	return list
}

// typescriptResults are the results and events that it declares, apart from other
// results of the generated methods, which have the names of their Go types.
var typescriptResults = append([]selection{
	{name: "Response", of: reflect.TypeFor[methods.Response]()},
	{name: "AuthURL", of: reflect.TypeFor[methods.AuthURL]()},
	{name: "AuthDeviceCode", of: reflect.TypeFor[methods.AuthDeviceCode]()},
	{name: "AccountInfo", of: reflect.TypeFor[methods.Account]()},
}, results...)

// resultsOf returns the results of the generated methods, and the types in them,
// except those that have other names.
func resultsOf(all []rpc.Method) (list []selection) {
	seen := make(map[reflect.Type]bool)
	for _, s := range typescriptResults {
		seen[s.of] = true
	}
	var visit func(t reflect.Type, open bool)
	visit = func(t reflect.Type, open bool) {
		for t = shownType(t); t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer; {
			t = shownType(t.Elem())
		}
		if t.Kind() != reflect.Struct || t.PkgPath() != module+"/methods" || shaped(t) != nil || seen[t] {
			return
		}
		seen[t] = true
		for _, f := range reflect.VisibleFields(t) {
			visit(f.Type, open)
		}
		list = append(list, selection{name: t.Name(), of: t, open: open})
	}
	for _, m := range all {
		if !slices.Contains(nodeByHand, m.Name()) {
			visit(m.Result(), !m.Stable())
		}
	}
	return list
}

// typescriptNotation returns the notation of TypeScript.
func typescriptNotation(results ...selection) *notation {
	return &notation{
		simple: map[string]string{
			"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null", "any": "any", "object": "Raw",
		},
		constants: func(json ...string) (list []string) {
			for _, value := range json {
				list = append(list, strings.ReplaceAll(value, `"`, "'"))
			}
			return list
		},
		otherText: "(string & {})",
		list: func(item string) string {
			if strings.Contains(item, " ") {
				item = "(" + item + ")"
			}
			return item + "[]"
		},
		dict:  func(item string) string { return "{ [name: string]: " + item + " }" },
		names: namesOf(results),
	}
}

// typescript returns the declarations of the Node client. Hand-written ones
// narrow them where TypeScript can express more than a schema.
func typescript(all []rpc.Method, comments map[string]string, known []string) ([]byte, error) {
	returned := slices.Concat(typescriptResults, resultsOf(all))
	n := typescriptNotation(returned...)
	n.known = known
	params, err := n.classes(slices.Concat(typescriptParams, paramsOf(all, comments)), comments, false)
	if err != nil {
		return nil, err
	}
	for _, c := range params {
		for i, m := range c.Members {
			if !m.Required { // null counts as absent
				c.Members[i].Types = unique(append(slices.Clip(m.Types), "null"))
			}
		}
	}
	results, err := n.classes(returned, comments, true)
	if err != nil {
		return nil, err
	}
	for i, s := range returned {
		if s.open {
			results[i].Members = append(results[i].Members, member{Name: "[name: string]", Types: []string{n.simple["any"]}, Required: true})
		}
	}
	return render("declared.d.ts", nil, map[string]any{"Interfaces": slices.Concat(params, results), "Known": known}), nil
}

// typescriptVocabulary returns the types of the vocabulary for the Node client.
func typescriptVocabulary(declared map[string]rawjson.Value) []byte {
	n := typescriptNotation()
	n.known = slices.Collect(maps.Keys(declared))
	n.names["JSONSchema"] = "JSONSchema"
	n.other = func(given bool) []string {
		if given { // the union is no longer discriminated, but accepts new types
			return []string{"{ type?: string | null; [name: string]: any }"}
		}
		return []string{"UnknownObject"}
	}
	var classes []class
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		classes = append(classes, n.declared(name, declared[name]))
	}
	return render("vocabulary.d.ts", nil, classes)
}

// property returns a name as a property of an interface.
func property(name string) string {
	if strings.Contains(name, "-") {
		return "'" + name + "'"
	}
	return name
}

// jsdoc returns a text as a comment before a declaration, or "".
func jsdoc(doc, indent string) string {
	if doc == "" {
		return ""
	}
	doc = strings.ReplaceAll(doc, "*/", "*\\/")
	lines := wrap(doc, 110-len(indent))
	if len(lines) == 1 {
		return indent + "/** " + doc + " */\n"
	}
	return indent + "/**\n" + indent + " * " + strings.Join(lines, "\n"+indent+" * ") + "\n" + indent + " */\n"
}
