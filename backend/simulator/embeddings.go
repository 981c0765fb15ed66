package simulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

func (s *Server) embeddings(c *call) error {
	var r struct {
		Model          string          `json:"model"`
		Input          json.RawMessage `json:"input"`
		Dimensions     *int            `json:"dimensions"`
		EncodingFormat string          `json:"encoding_format"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	if r.Model == "" {
		return invalid("model", "", "you must provide a model parameter")
	}
	most := 1536
	if strings.Contains(r.Model, "large") {
		most = 3072
	}
	size := *cmp.Or(r.Dimensions, &most)
	if size < 1 || size > most {
		return invalid("dimensions", "", "Invalid value for 'dimensions' = %d. Must be from 1 to %d.", size, most)
	}
	if f := r.EncodingFormat; f != "" && f != "float" && f != "base64" {
		return invalid("encoding_format", "", "Invalid value for 'encoding_format' = %s. Must be 'float' or 'base64'.", f)
	}
	inputs, ok := embeddingInputs(r.Input)
	if !ok {
		return invalid("input", "", "'input' must be a string, or up to 2048 strings, none of them empty, or lists of tokens.")
	}
	tokens := 0
	list := []json.RawMessage{}
	for i, words := range inputs {
		tokens += len(words)
		var vector any = direction(words, size)
		if r.EncodingFormat == "base64" {
			b, _ := binary.Append(nil, binary.LittleEndian, vector)
			vector = b // encoded as base64
		}
		list = append(list, fill("embedding", "index", i, "vector", vector))
	}
	return c.reply(fill("embeddings", "embeddings", list, "model", r.Model, "tokens", tokens))
}

// embeddingInputs splits each input into words. A token counts as a word, and a single input as a list of one.
func embeddingInputs(raw json.RawMessage) (inputs [][]string, ok bool) {
	for _, several := range []json.RawMessage{raw, list([]json.RawMessage{raw})} {
		var texts []string
		var tokens [][]int
		if json.Unmarshal(several, &texts) == nil {
			for _, text := range texts {
				words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
				if len(words) == 0 && text != "" {
					words = []string{text}
				}
				inputs = append(inputs, words)
			}
		} else if json.Unmarshal(several, &tokens) == nil {
			for _, one := range tokens {
				var words []string
				for _, token := range one {
					words = append(words, fmt.Sprint("token ", token))
				}
				inputs = append(inputs, words)
			}
		}
	}
	empty := slices.ContainsFunc(inputs, func(words []string) bool { return len(words) == 0 })
	return inputs, !empty && 0 < len(inputs) && len(inputs) <= 2048
}

// direction returns the normalized sum of one random vector for each word: texts that share words are close to each
// other, and others nearly orthogonal.
func direction(words []string, size int) []float32 {
	sum := make([]float64, size)
	for _, word := range words {
		random := rand.New(rand.NewChaCha8(sha256.Sum256([]byte(word))))
		for i := range sum {
			sum[i] += random.NormFloat64()
		}
	}
	var square float64
	for _, x := range sum {
		square += x * x
	}
	vector := make([]float32, size)
	for i, x := range sum {
		vector[i] = float32(x / math.Sqrt(square))
	}
	return vector
}
