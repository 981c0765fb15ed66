package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
)

type declared struct {
	Name  string  `json:"name"`
	Count int     `json:"count,omitempty"`
	Ratio float64 `json:"ratio" jsonschema:"nullable"`
	Kind  string  `json:"kind" jsonschema:"enum=a,enum=b"`
	Parts []Part  `json:"parts"`
	Any   any     `json:"any,omitempty"`
	Whole Whole   `json:"whole"`
	Map   map[string][]string
}

type Part struct {
	ID string `json:"id"`
}

type Whole struct {
	ID string `json:"id"`
}

const commented = module + "/schema/generate."

func TestTypes(t *testing.T) {
	comments := map[string]string{
		commented + "declared":      "A declared type.",
		commented + "declared.Name": "The name.",
	}
	returned := notation{
		simple:    pythonNotation("Object", "list", nil).simple,
		constants: func(json ...string) []string { return []string{"one of " + strings.Join(json, " ")} },
		list:      func(item string) string { return "list of " + item },
		dict:      func(item string) string { return "dict of " + item },
		names:     namesOf([]selection{{name: "Piece", of: reflect.TypeFor[Part]()}}),
	}
	s := selection{name: "Shown", of: reflect.TypeFor[declared](), omit: []string{"count"}}
	c, err := returned.class(s, comments, true)
	if err != nil {
		t.Fatal(err)
	}
	if c.Doc != "A declared type." {
		t.Errorf("doc = %q", c.Doc)
	}
	var got []string
	for _, m := range c.Members {
		line := m.Name + ": " + union(m.Types)
		if !m.Required {
			line += ", optional"
		}
		if m.Doc != "" {
			line += " # " + m.Doc
		}
		got = append(got, line)
	}
	want := []string{
		"name: str # The name.",
		"ratio: float | None",
		`kind: one of "a" "b"`,
		"parts: list of Piece",
		"any: Any, optional",
		"whole: Object",
		"Map: dict of list of str",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("members:\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	s.omit = []string{"colour"}
	if _, err := returned.class(s, comments, true); err == nil || !strings.Contains(err.Error(), "has no member colour") {
		t.Errorf("with a missing member to omit: %v", err)
	}
	s.omit = nil
	if _, err := returned.class(s, nil, true); err == nil || !strings.Contains(err.Error(), "has no doc comment") {
		t.Errorf("without comments: %v", err)
	}
}

func TestDocumentation(t *testing.T) {
	long := strings.Repeat("word ", 30) + "end."
	for given, want := range map[string]struct{ python, typescript string }{
		"As it is.":     {`"""As it is."""`, "  /** As it is. */\n"},
		`"a" or "b"`:    {`"""\"a" or "b\""""`, "  /** \"a\" or \"b\" */\n"},
		`C:\path, */*.`: {`"""C:\\path, */*."""`, "  /** C:\\path, *\\/*. */\n"},
		long: {
			`"""` + strings.Repeat("word ", 21) + "word\n    " + strings.Repeat("word ", 8) + "end.\n    \"\"\"",
			"  /**\n   * " + strings.Repeat("word ", 20) + "word\n   * " + strings.Repeat("word ", 9) + "end.\n   */\n",
		},
	} {
		if got := docstring(given); got != want.python {
			t.Errorf("%s in Python:\n%s, want\n%s", given, got, want.python)
		}
		if got := jsdoc(given, "  "); got != want.typescript {
			t.Errorf("%s in TypeScript:\n%s, want\n%s", given, got, want.typescript)
		}
	}
}

func TestErrorTables(t *testing.T) {
	types := methods.ErrorKinds()
	if _, _, err := errorTables(append(types, rpc.Kind{Code: 1, Type: "luck"})); err == nil || !strings.Contains(err.Error(), "the clients have no class for the error type luck") {
		t.Errorf("with a type without a class: %v", err)
	}
	if _, _, err := errorTables(types[1:]); err == nil || !strings.Contains(err.Error(), "have classes for") {
		t.Errorf("with a class without a type: %v", err)
	}
}

func TestDescription(t *testing.T) {
	for comment, want := range map[string]string{
		"Tool is a tool.":                 "A tool.",
		"Tool searches the web.":          "Searches the web.",
		"Tool is sent at the end.":        "Sent at the end.",
		"Tool are the parameters of it.":  "The parameters of it.",
		"Tool holds the options. It is x": "The options. It is x",
		"Tools are many.":                 "Tools are many.",
		"A tool.":                         "A tool.",
	} {
		if got := description("Tool", comment); got != want {
			t.Errorf("description of %q = %q, want %q", comment, got, want)
		}
	}
}
