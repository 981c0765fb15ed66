package simulator

import (
	"encoding/json"
	"path"
	"slices"
	"time"
)

// pixel is a PNG of one black pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="

// picture is an input image, given by a URL or a file ID.
type picture struct {
	URL  string `json:"image_url"`
	File string `json:"file_id"`
}

func (p *picture) ok() bool { return p == nil || (p.URL == "") != (p.File == "") }

// images is POST /codex/images/generations and /codex/images/edits. It ignores
// the model, as the real backend does, and the size and quality.
func (s *Server) images(c *call) error {
	var r struct {
		Prompt     string    `json:"prompt"`
		N          int       `json:"n"`
		Background string    `json:"background"`
		Images     []picture `json:"images"`
		Mask       *picture  `json:"mask"`
	}
	r.N = 1
	if err := c.decode(&r); err != nil {
		return err
	}
	switch {
	case r.Prompt == "":
		return missing("prompt")
	case r.N < 1 || r.N > 10:
		return invalid("n", "invalid_value", "Invalid 'n': expected a number from 1 to 10.")
	case path.Base(c.Pattern) == "edits" && len(r.Images) == 0:
		return missing("images")
	case !r.Mask.ok():
		return invalid("mask", "invalid_value", "Expected one of image_url and file_id.")
	}
	if slices.ContainsFunc(r.Images, func(p picture) bool { return !p.ok() }) {
		return invalid("images", "invalid_value", "Expected one of image_url and file_id.")
	}
	background := "opaque"
	if r.Background == "transparent" {
		background = r.Background
	}
	var images []json.RawMessage
	for i := range r.N {
		images = append(images, fill("image", "pixel", pixel, "prompt", r.Prompt, "id", c.id("gen", i)))
	}
	read := tokensOf(c.body)
	c.w.Header().Set("x-codex-imagegen-request-id", c.id("img", 0))
	return c.reply(fill("images", "now", time.Now().Unix(), "images", images, "background", background, "read", read, "made", r.N, "total", read+r.N))
}

// search is POST /codex/alpha/search, a web search without a model's turn.
func (s *Server) search(c *call) error {
	var r struct {
		ID        string `json:"id"`
		Model     string `json:"model"`
		MaxOutput int    `json:"max_output_tokens"`
		Commands  struct {
			Queries []struct {
				Q string `json:"q"`
			} `json:"search_query"`
		} `json:"commands"`
	}
	r.MaxOutput = 1
	if err := c.decode(&r); err != nil {
		return err
	}
	switch {
	case r.ID == "":
		return missing("id")
	case r.Model == "":
		return missing("model")
	case r.MaxOutput < 1:
		return invalid("max_output_tokens", "integer_below_min_value", "Invalid 'max_output_tokens': expected a number of at least 1.")
	}
	if _, err := c.admit(r.Model); err != nil {
		return err
	}
	output, results := "The mock found nothing more.", []json.RawMessage{}
	for _, query := range r.Commands.Queries {
		output = "The mock found a page on " + quote(query.Q) + "."
		results = append(results, fill("search result", "title", quote(query.Q), "url", "https://example.test/"+hash(query.Q)))
	}
	return c.reply(fill("search", "output", output, "sealed", "gAAAAmock"+c.id("search", 0), "results", results))
}
