package main

import (
	"reflect"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
)

// typescriptVocabulary returns the types of the vocabulary for the Node client.
func typescriptVocabulary(comments map[string]string, roots ...reflect.Type) []byte {
	n := typescriptShapes()
	var classes []class
	for _, t := range shapesFrom(roots...) {
		s := shapeOf(t, comments)
		c := class{Name: s.name, Doc: s.doc, Alternatives: n.alternatives(s.union)}
		if s.tags != nil {
			c.Members = append(c.Members, member{Name: "type", Types: n.constants(quoted(s.tags)...), Required: !s.untagged})
		}
		for _, m := range s.members {
			types := n.typesOf(m.of, m.known)
			if (m.optional || m.nullable) && types[0] != "any" {
				types = append(types, "null")
			}
			c.Members = append(c.Members, member{Name: m.name, Doc: m.doc, Types: types, Required: !m.optional})
		}
		classes = append(classes, c)
	}
	return render("vocabulary.d.ts", nil, classes)
}

// typescriptShapes returns the notation of the vocabulary in TypeScript.
func typescriptShapes() *shapeNotation {
	return &shapeNotation{
		notation: typescriptNotation(),
		name:     reflect.Type.Name,
		other: func(other vocabulary.Other) []string {
			if other.Given { // the union is no longer discriminated, but accepts new types
				return []string{"{ type?: string | null; [name: string]: any }"}
			}
			return []string{"UnknownObject"}
		},
		special: func(t reflect.Type) []string {
			if t == reflect.TypeFor[vocabulary.JSONSchema]() {
				return []string{"JSONSchema"}
			}
			return nil
		},
	}
}
