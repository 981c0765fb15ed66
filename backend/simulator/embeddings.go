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

// embeddingInputs splits each input into words. A token counts as a word.
func embeddingInputs(raw json.RawMessage) (inputs [][]string, ok bool) {
	var text string
	var texts []string
	var tokens []int
	var lists [][]int
	switch {
	case json.Unmarshal(raw, &text) == nil:
		texts = []string{text}
	case json.Unmarshal(raw, &texts) == nil:
	case json.Unmarshal(raw, &tokens) == nil:
		texts, lists = nil, [][]int{tokens}
	case json.Unmarshal(raw, &lists) == nil:
		texts = nil
	default:
		return nil, false
	}
	for _, t := range texts {
		words := strings.FieldsFunc(strings.ToLower(t), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
		if len(words) == 0 && t != "" {
			words = []string{t}
		}
		inputs = append(inputs, words)
	}
	for _, list := range lists {
		var words []string
		for _, token := range list {
			words = append(words, fmt.Sprint("token ", token))
		}
		inputs = append(inputs, words)
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
