package simulator

import (
	"path"
	"time"
)

// pixel is a PNG of one black pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="

// picture is an image that is given, by one of two ways.
type picture struct {
	URL  string `json:"image_url"`
	File string `json:"file_id"`
}

func (p *picture) ok() bool { return p == nil || (p.URL == "") != (p.File == "") }

// images is POST /codex/images/generations and /codex/images/edits. The model is
// not looked at, as by the real backend, and neither are size and quality.
func (s *Server) images(c *call) error {
	var r struct {
		Prompt     string    `json:"prompt"`
		N          *int      `json:"n"`
		Background string    `json:"background"`
		Images     []picture `json:"images"`
		Mask       *picture  `json:"mask"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	n := 1
	if r.N != nil {
		n = *r.N
	}
	switch {
	case r.Prompt == "":
		return missing("prompt")
	case n < 1 || n > 10:
		return invalid("n", "invalid_value", "Invalid 'n': expected a number from 1 to 10.")
	case path.Base(c.Pattern) == "edits" && len(r.Images) == 0:
		return missing("images")
	case !r.Mask.ok():
		return invalid("mask", "invalid_value", "Expected one of image_url and file_id.")
	}
	for i := range r.Images {
		if !r.Images[i].ok() {
			return invalid("images", "invalid_value", "Expected one of image_url and file_id.")
		}
	}
	type image struct {
		Data   string `json:"b64_json"`
		Prompt string `json:"revised_prompt"`
		ID     string `json:"generation_id"`
	}
	type details struct {
		Text  int `json:"text_tokens"`
		Image int `json:"image_tokens"`
	}
	type tokens struct {
		Input   int     `json:"input_tokens"`
		Details details `json:"input_tokens_details"`
		Output  int     `json:"output_tokens"`
		Total   int     `json:"total_tokens"`
	}
	answer := struct {
		Created    int64   `json:"created"`
		Data       []image `json:"data"`
		Background string  `json:"background"`
		Quality    string  `json:"quality"`
		Size       string  `json:"size"`
		Format     string  `json:"output_format"`
		Usage      tokens  `json:"usage"`
	}{
		Created: time.Now().Unix(), Background: "opaque", Quality: "medium", Size: "1x1", Format: "png",
		Usage: tokens{tokensOf(c.body), details{Text: tokensOf(c.body)}, n, tokensOf(c.body) + n},
	}
	if r.Background == "transparent" {
		answer.Background = r.Background
	}
	for i := range n {
		answer.Data = append(answer.Data, image{pixel, r.Prompt, c.id("gen", i)})
	}
	c.w.Header().Set("x-codex-imagegen-request-id", c.id("img", 0))
	return c.reply(answer)
}

// search is POST /codex/alpha/search: the web searched without a turn of a model.
func (s *Server) search(c *call) error {
	var r struct {
		ID        string `json:"id"`
		Model     string `json:"model"`
		MaxOutput *int   `json:"max_output_tokens"`
		Commands  struct {
			Queries []struct {
				Q string `json:"q"`
			} `json:"search_query"`
		} `json:"commands"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	switch {
	case r.ID == "":
		return missing("id")
	case r.Model == "":
		return missing("model")
	case r.MaxOutput != nil && *r.MaxOutput < 1:
		return invalid("max_output_tokens", "integer_below_min_value", "Invalid 'max_output_tokens': expected a number of at least 1.")
	}
	if _, err := c.admit(r.Model); err != nil {
		return err
	}
	type result struct {
		Type  string `json:"type"`
		Title string `json:"title"`
		URL   string `json:"url"`
	}
	answer := struct {
		Output  string   `json:"output"`
		Sealed  string   `json:"encrypted_output"`
		Results []result `json:"results"`
	}{"The mock found nothing more.", "gAAAAmock" + c.id("search", 0), []result{}}
	for _, query := range r.Commands.Queries {
		answer.Output = "The mock found a page on " + quote(query.Q) + "."
		answer.Results = append(answer.Results, result{"search_result", quote(query.Q), "https://example.test/" + hash(query.Q)})
	}
	return c.reply(answer)
}
