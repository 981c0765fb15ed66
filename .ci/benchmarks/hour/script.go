package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math/rand"
	"strings"
)

// A script is the hour that all agents play.
type script struct {
	Instructions string `json:"instructions"`
	Tools        []tool `json:"tools"`
	Turns        []turn `json:"turns"`
}

type tool struct {
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Parameters  map[string]any `json:"parameters"`
	Strict      bool           `json:"strict"`
}

// A turn is the user's message and the outputs of the tools. The model calls
// one tool per output, and answers.
type turn struct {
	User     string   `json:"user"`
	Images   []string `json:"images,omitempty"` // data URLs
	Outputs  []string `json:"outputs"`
	Parallel bool     `json:"parallel,omitempty"` // the tools are called at once
	Cut      bool     `json:"cut,omitempty"`      // the answer's connection breaks; the request is repeated
	Cancel   bool     `json:"cancel,omitempty"`   // the user stops the answer at its first delta, and the turn is dropped
	Compact  bool     `json:"compact,omitempty"`  // the history is compacted before the turn
}

const (
	turns     = 50
	toolBytes = 40 << 10 // of all definitions
	pixels    = 140      // of an image's side, which makes 60 KB
	// outputBytes lets the history reach about 1 MB by the compaction,
	// including what the embedded backend quotes.
	outputBytes = 19 << 10
)

func newScript() *script {
	s := &script{Instructions: "You are a coding agent. " + filler("rule", 4<<10)}
	const tools = 20
	for i := range tools {
		s.Tools = append(s.Tools, tool{
			Type: "function", Name: fmt.Sprintf("tool_%02d", i), Description: filler("tool", toolBytes/tools),
			Parameters: map[string]any{
				"type": "object", "properties": map[string]any{"path": map[string]any{"type": "string"}},
				"required": []string{"path"}, "additionalProperties": false,
			},
		})
	}
	for i := range turns {
		t := turn{User: fmt.Sprintf("Task %d: change the file and run the tests.", i), Outputs: []string{source(i, outputBytes)}}
		switch i {
		case 5, 25: // an image each
			t.Images = []string{"data:image/png;base64," + base64.StdEncoding.EncodeToString(picture(int64(i)))}
		case 15:
			t.Cut = true
		case 30:
			t.Cancel = true
		case 45:
			t.Compact = true
		}
		if i%10 == 8 {
			t.Parallel = true
			t.Outputs = []string{source(i, outputBytes/2), source(i+turns, outputBytes/2)}
		}
		s.Turns = append(s.Turns, t)
	}
	return s
}

// picture returns noise as a PNG.
func picture(seed int64) []byte {
	noise := rand.New(rand.NewSource(seed))
	drawn := image.NewRGBA(image.Rect(0, 0, pixels, pixels))
	for i := range drawn.Pix {
		drawn.Pix[i] = byte(noise.Int()) | byte(i%4/3*255) // opaque
	}
	var file bytes.Buffer
	png.Encode(&file, drawn)
	return file.Bytes()
}

// filler returns text of a size.
func filler(word string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%s %d applies. ", word, i)
	}
	return b.String()[:size]
}

// source returns text like the output of a coding agent's tools: with quotes,
// tabs and newlines, which JSON escapes.
func source(n, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "\tif err := step%d(ctx, \"%d/%d.go\"); err != nil {\n\t\treturn fmt.Errorf(\"step: %%w\", err)\n\t}\n", i, n, i)
	}
	return b.String()[:size]
}
