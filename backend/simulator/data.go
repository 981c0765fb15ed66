package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// fixed holds the made-up account, the models, the known errors, and the answers
// as far as they are always the same.
//
//go:embed data/*.json
var fixed embed.FS

// load returns a function that reads a file of fixed data when it is first called.
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

// shape is compact JSON in which strings such as "$id" mark places for values.
type shape string

func (s *shape) UnmarshalJSON(text []byte) error {
	var b bytes.Buffer
	err := json.Compact(&b, text)
	*s = shape(b.String())
	return err
}

// answers are shapes by name, and by route those that are whole answers.
var answers = load[map[string]shape]("answers.json")

// absent is the value of a member that is left out, which is not the first one.
type absent struct{}

// fill returns the shape of this name with values, which are given as pairs, for
// all of its marks.
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
