package main

import (
	"slices"
	"strings"
	"text/template"

	"github.com/codex-rpc/codex-rpc/rpc"
)

const nodeOptionsType = "RequestOptions | null"

// nodeSpecial are the classes that the Node client implements by hand, which
// templates/common.tmpl imports.
var nodeSpecial = []string{"AudioTranscriptions", "Files", "Images", "Models", "Responses"}

// tookOptionsAlone are methods that were released without parameters: the
// options may still be given in their place.
var tookOptionsAlone = []string{"codex.usage"}

// nodeSurface returns the module of the methods, and the declarations that tsc
// would generate.
func nodeSurface(all []rpc.Method, comments map[string]string) (code, types []byte) {
	functions := template.FuncMap{"method": nodeMethodOf, "base": func(g *group) string {
		if slices.Contains(nodeSpecial, g.Class()) {
			return "Special" + g.Class()
		}
		return "Resource"
	}}
	root := nodeLanguage(all).surface(all, comments)
	return render("resources.js", functions, root), render("resources.d.ts", functions, root)
}

// nodeByHand are the methods that the Node client implements by hand.
var nodeByHand = append([]string{"models.list"}, byHand...)

// nodeLanguage returns the language of the Node client.
func nodeLanguage(all []rpc.Method) *language {
	n := typescriptNotation(slices.Concat(typescriptResults, resultsOf(all))...)
	for name, of := range n.names {
		n.names[name] = "import('../types/api.js')." + of
	}
	return &language{given: n, returned: n, byHand: nodeByHand, omit: callOptions}
}

// positions returns the positional and the named parameters in the Node client.
// The positional ones are those of the SDK, unless none of them is required.
func (o operation) positions() (byPosition, byName []member) {
	if slices.ContainsFunc(o.byPosition, func(m member) bool { return m.Required }) {
		return o.byPosition, o.byName
	}
	return nil, append(slices.Clip(o.byPosition), o.byName...)
}

// A nodeMethod is a method of the Node client.
type nodeMethod struct {
	Name         string
	Doc          []string // the lines of its comment
	Names, Typed []string // its parameters, without and with types
	Sent         string   // the parameters of the call
	Taken        string   // the names that are taken from params, whose others are options
	Returns      string
}

func nodeMethodOf(o operation) *nodeMethod {
	byPosition, byName := o.positions()
	m := &nodeMethod{Name: camel(o.own()), Returns: "import('./promise.js').APIPromise<" + o.result + ">"}
	m.Doc = append(wrap(o.Summary, 80), "")
	var sent []string
	for _, p := range byPosition {
		types := p.Types
		if !p.Required {
			types = append(slices.Clip(types), "null")
		}
		m.add(p.Name, union(types), p.Required, p.Doc)
		sent = append(sent, p.Name)
	}
	switch {
	case slices.Contains(tookOptionsAlone, o.Name) && len(byName) > 0:
		m.add("params", "(import('../types/api.js')."+nodeParams(o.params)+" & RequestOptions) | null", false, "")
		for _, p := range byName {
			sent = append(sent, p.Name)
		}
		m.Taken = strings.Join(sent, ", ")
	case len(byName) > 0:
		required := slices.ContainsFunc(byName, func(m member) bool { return m.Required })
		m.add("params", "import('../types/api.js')."+nodeParams(o.params), required, "")
		sent = append(sent, "...params")
	}
	switch {
	case len(sent) == 0:
		m.Sent = "{}"
	case len(sent) == 1 && sent[0] == "...params":
		m.Sent = "params"
	default:
		m.Sent = "{ " + strings.Join(sent, ", ") + " }"
	}
	m.add("options", nodeOptionsType, false, "")
	m.Doc = append(m.Doc, "@returns {"+m.Returns+"}")
	return m
}

// add adds a parameter.
func (m *nodeMethod) add(name, types string, required bool, about string) {
	shown, mark := name, ""
	if !required {
		shown, mark = "["+name+"]", "?"
	}
	m.Names = append(m.Names, name)
	m.Typed = append(m.Typed, name+mark+": "+types)
	m.Doc = append(m.Doc, wrap("@param {"+types+"} "+strings.TrimSpace(shown+" "+about), 200)...)
}
