package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// fixed has the account, the models, the known errors, and the constant parts of
// the answers.
//
//go:embed data/*.json
var fixed embed.FS

// load returns a function that decodes a file of fixed data on its first call.
func load[T any](name string) func() T {
	return sync.OnceValue(func() (data T) {
		text, err := fixed.ReadFile("data/" + name)
		if err == nil {
			err = json.Unmarshal(text, &data)
		}
		if err != nil {
			panic("simulator: " + name + ": " + err.Error())
		}
		return data
	})
}

// shape is compact JSON in which strings such as "$id" are marks, to be replaced by values.
type shape string

func (s *shape) UnmarshalJSON(text []byte) error {
	var b bytes.Buffer
	err := json.Compact(&b, text)
	*s = shape(b.String())
	return err
}

// answers are the shapes by name. The name of a complete answer is its route.
var answers = load[map[string]shape]("answers.json")

// absent is the value of a member to leave out, which cannot be the first one.
type absent struct{}

// fill replaces all marks of a shape by values, given as pairs of a mark's name
// and its value.
func fill(name string, pairs ...any) json.RawMessage {
	text := string(answers()[name])
	marks := strings.Count(text, `"$`)
	var replaced []string
	for i := 0; i < len(pairs); i += 2 {
		mark := fmt.Sprintf(`"$%s"`, pairs[i])
		marks -= strings.Count(text, mark)
		if pairs[i+1] == (absent{}) {
			before, after, _ := strings.Cut(text, mark)
			text = before[:strings.LastIndexByte(before, ',')] + after
			continue
		}
		replaced = append(replaced, mark, string(encode(pairs[i+1])))
	}
	if text == "" || marks != 0 {
		panic(fmt.Sprintf("simulator: %d marks of the shape %q have no value", marks, name))
	}
	return json.RawMessage(strings.NewReplacer(replaced...).Replace(text))
}
