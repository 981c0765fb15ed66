package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// A face is one of the two clients of Python.
type face struct {
	Waits         string // what calls wait on
	Module, class string // prefixes of the names of modules and classes
	def, call     string
}

var (
	threads = face{Waits: "threads", def: "def", call: "return self._caller.call"}
	tasks   = face{Waits: "asyncio", Module: "async_", class: "Async", def: "async def", call: "return await self._caller.call"}
)

// pythonSurface returns the module of the methods for a face. The source of the
// hand-written classes is special.
func pythonSurface(f face, all []rpc.Method, comments map[string]string, known []string, special string) []byte {
	l := pythonLanguage()
	l.given.known, l.given.suffix, l.returned.known = known, "Param", known
	var bases []string
	for _, class := range specialClass.FindAllStringSubmatch(special, -1) {
		bases = append(bases, class[1])
	}
	base := func(g *group) string {
		if own := "Special" + g.Class(); slices.Contains(bases, own) {
			return own
		}
		return "Resource"
	}
	imported := make([]string, len(bases))
	for i, name := range bases {
		imported[i] = f.class + name
	}
	return render("resources.py", template.FuncMap{
		"prefix": func() string { return f.class }, "base": base, "escape": escapeBackslashes,
		"signature": f.signature, "arguments": arguments, "call": f.send,
	}, struct {
		face
		Root                                  *group
		Special, Typing, Types, Known, Extras []string
	}{
		f, l.surface(all, comments), imported, []string{"Any", "Literal"},
		slices.AppendSeq([]string{"ExtraParams", "SyncPage"}, maps.Values(l.returned.names)), withParams(known), supporting(all, "extra_headers"),
	})
}

var specialClass = regexp.MustCompile(`(?m)^class (\w+)\b`)

// pythonLanguage returns the language of the Python client.
func pythonLanguage() *language {
	l := &language{
		given:    pythonNotation("Mapping[str, Any] | CodexBaseModel", "Iterable", nil),
		returned: pythonNotation("Object", "builtins.list", namesOf(pythonResults)), // list is the name of a method as well
		byHand:   byHand,
		omit:     []string{"extra_query", "include_headers"},
	}
	l.returned.names["ModelList"] = "SyncPage[Model]"
	return l
}

// signature returns the first line of a method's definition.
func (f face) signature(o operation) string {
	params := []string{"self"}
	for i, m := range slices.Concat(o.byPosition, o.byName) {
		if i == len(o.byPosition) {
			params = append(params, "*")
		}
		param := m.Name + ": " + m.PythonType()
		if !m.Required {
			param += " = None"
		}
		params = append(params, param)
	}
	switch {
	case len(o.rejected) > 0:
		params = append(params, "**extra: Any")
	case o.extras:
		params = append(params, "**extra: Unpack[ExtraParams]")
	}
	return layOut("    "+f.def+" "+o.own()+"(", params, ") -> "+o.result+":")
}

// send returns the lines that call the method of the host.
func (f face) send(o operation) string {
	var sent []string
	for _, m := range slices.Concat(o.byPosition, o.byName) {
		sent = append(sent, fmt.Sprintf("%q: %[1]s", m.Name))
	}
	if o.extras {
		sent = append(sent, "**extra")
	}
	call := layOut("        "+f.call+"(", []string{fmt.Sprintf("%q", o.Name), layOut("{", sent, "}")}, ")")
	if !strings.Contains(call, "\n") && len(call) <= lineLength {
		return call
	}
	return layOut("        params: dict[str, Any] = {", sent, "}") + fmt.Sprintf("\n        %s(%q, params)", f.call, o.Name)
}

// arguments returns the entries of a method's parameters in its docstring.
func arguments(o operation) (entries []string) {
	add := func(name, doc string) {
		lines := wrap(name+": "+cmp.Or(doc, "Passed to the backend."), lineLength-16)
		entries = append(entries, escapeBackslashes(strings.Join(lines, "\n                ")))
	}
	for _, m := range slices.Concat(o.byPosition, o.byName) {
		add(m.Name, m.explained())
	}
	if o.extras {
		doc := "``extra_headers``, ``extra_query``, ``timeout``: see ExtraParams."
		if len(o.rejected) > 0 {
			doc += " Also ``" + strings.Join(o.rejected, "``, ``") + "``, of which the backend accepts at most one value."
		}
		add("extra", doc)
	}
	return entries
}

func escapeBackslashes(doc string) string { return strings.ReplaceAll(doc, `\`, `\\`) }

// lineLength is the line length of the Python client.
const lineLength = 120

// layOut formats a bracketed list like ruff: on one line if it fits, else
// indented on one line, else one element per line.
func layOut(open string, list []string, end string) string {
	if len(list) == 0 {
		return open + end
	}
	whole := strings.Join(list, ", ")
	if line := open + whole + end; len(line) <= lineLength {
		return line
	}
	indent := open[:len(open)-len(strings.TrimLeft(open, " "))]
	if line := indent + "    " + whole; len(line) <= lineLength && !slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, "**") }) {
		return open + "\n" + line + "\n" + indent + end
	}
	return open + "\n" + indent + "    " + strings.Join(list, ",\n"+indent+"    ") + ",\n" + indent + end
}

// The parts of the hand-written module that differ between the faces.
var (
	specialImport = regexp.MustCompile(`from \._(special|caller|stream|response_stream) import`)
	specialMethod = regexp.MustCompile(`(?m)^((?:    )+)def ([a-z]\w*)\(`)
	specialCall   = regexp.MustCompile(`\bself\._caller\.(call|stream)\(`)
)

// synchronous are the hand-written methods that are not coroutines in either
// face: they return an async context manager.
var synchronous = []string{"stream", "turn"}

// asynchronous converts the hand-written module for threads to asyncio.
// Docstrings are unchanged.
func asynchronous(source string) []byte {
	names := []string{"Caller", "ResponseStreamManager", "Stream"}
	for _, class := range specialClass.FindAllStringSubmatch(source, -1) {
		names = append(names, class[1])
	}
	classes := regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)
	parts := strings.Split(source, `"""`)
	for i := 0; i < len(parts); i += 2 {
		code := classes.ReplaceAllString(parts[i], "Async$1")
		code = specialImport.ReplaceAllString(code, "from ._async_$1 import")
		code = specialMethod.ReplaceAllStringFunc(code, func(def string) string {
			if parts := specialMethod.FindStringSubmatch(def); !slices.Contains(synchronous, parts[2]) {
				return parts[1] + "async def " + parts[2] + "("
			}
			return def
		})
		parts[i] = specialCall.ReplaceAllString(code, "await self._caller.$1(")
	}
	parts[1] = strings.Replace(parts[1], "for threads", "for asyncio", 1)
	return []byte("# Code generated by go generate of _special.py; DO NOT EDIT.\n" + strings.Join(parts, `"""`))
}
