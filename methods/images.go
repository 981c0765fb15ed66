package methods

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	imageModel = "gpt-image-2"
	// A picture takes minutes, and the backend gives up on it after about five.
	imageTime = 300 * time.Second
	// maxImageBytes is what a request may hold of one picture.
	maxImageBytes = 50 << 20
)

// ImageOptions are the parameters that images.generate and images.edit share.
type ImageOptions struct {
	// A description of the image.
	Prompt string `json:"prompt" jsonschema:"minLength=1,example=A red dot."`
	// The model. Defaults to gpt-image-2.
	Model *string `json:"model,omitempty" jsonschema:"minLength=1,example=gpt-image-2"`
	// "transparent", "opaque" or "auto".
	Background *string `json:"background,omitempty" jsonschema:"example=opaque"`
	// The number of images to generate.
	N *int `json:"n,omitempty" jsonschema:"example=1"`
	// "low", "medium", "high" or "auto". Some plans limit it; the result reports
	// the quality used.
	Quality *string `json:"quality,omitempty" jsonschema:"example=auto"`
	// The requested size, such as "1024x1024" or "auto"; the result reports the size used.
	Size *string `json:"size,omitempty" jsonschema:"example=1024x1024"`

	ResponseFormat    ImageFormat     `json:"response_format,omitempty"`
	OutputFormat      ImagePNG        `json:"output_format,omitempty"`
	OutputCompression ImageRaw        `json:"output_compression,omitzero"`
	PartialImages     ImageWhole      `json:"partial_images,omitempty"`
	Moderation        ImageModeration `json:"moderation,omitempty"`
	Stream            ImageAtOnce     `json:"stream,omitempty"`
	Style             ImageStyle      `json:"style,omitzero"`
	User              ImageUser       `json:"user,omitzero"`
	ExtraBody
	Extras
	CallTimeout
}

// The types of parameters that one value fits at most. The sentences are those
// of the Python SDK.
type (
	ImageFormat     string
	ImagePNG        string
	ImageRaw        struct{}
	ImageWhole      int
	ImageModeration string
	ImageAtOnce     bool
	ImageStyle      struct{}
	ImageUser       struct{}
	ImageFidelity   string
)

func imageSchema(schema, sentence string) string {
	return fmt.Sprintf(`{%s, "x-unsupported": %q}`, schema, sentence)
}

// JSONSchemaText is the schema of an ImageFormat.
func (ImageFormat) JSONSchemaText() string {
	return imageSchema(`"const": "b64_json"`, "The Codex image backend returns only `b64_json`.")
}

// JSONSchemaText is the schema of an ImagePNG.
func (ImagePNG) JSONSchemaText() string {
	return imageSchema(`"const": "png"`, "The Codex image backend currently returns PNG regardless of `output_format`.")
}

// JSONSchemaText is the schema of an ImageRaw.
func (ImageRaw) JSONSchemaText() string {
	return imageSchema(`"not": {}`, "The Codex image backend ignores `output_compression`.")
}

// JSONSchemaText is the schema of an ImageWhole.
func (ImageWhole) JSONSchemaText() string {
	return imageSchema(`"const": 0`, "`partial_images` requires image streaming, which is unavailable here.")
}

// JSONSchemaText is the schema of an ImageModeration.
func (ImageModeration) JSONSchemaText() string {
	return imageSchema(`"const": "auto"`, "The Codex image backend does not expose configurable moderation.")
}

// JSONSchemaText is the schema of an ImageAtOnce.
func (ImageAtOnce) JSONSchemaText() string {
	return imageSchema(`"const": false`, "The Codex image backend does not stream images.")
}

// JSONSchemaText is the schema of an ImageStyle.
func (ImageStyle) JSONSchemaText() string {
	return imageSchema(`"not": {}`, "The Codex image backend does not expose `style`.")
}

// JSONSchemaText is the schema of an ImageUser.
func (ImageUser) JSONSchemaText() string {
	return imageSchema(`"not": {}`, "The Codex image backend does not expose the Platform `user` identifier.")
}

// JSONSchemaText is the schema of an ImageFidelity.
func (ImageFidelity) JSONSchemaText() string {
	return imageSchema(`"const": "high"`, "The Codex image backend always uses high input fidelity.")
}

// ImagesGenerateParams are the parameters of images.generate.
type ImagesGenerateParams struct{ ImageOptions }

// ImagesEditParams are the parameters of images.edit.
type ImagesEditParams struct {
	// The image or images to edit.
	Image rpc.Raw[ImageInputs] `json:"image"`
	// A mask whose transparent parts mark the area to edit.
	Mask rpc.Raw[ImageInput] `json:"mask,omitempty"`
	// Must be "high".
	InputFidelity ImageFidelity `json:"input_fidelity,omitempty"`
	ImageOptions
}

const imageInputSchema = `{"anyOf": [
	{"type": "string", "minLength": 1, "description": "A URL, which may be a data: URL."},
	{"type": "object", "description": "A file given by path or content, a URL, or an uploaded file.", "properties": {
		"path": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1}, "data": {"type": "string", "contentEncoding": "base64"},
		"content_type": {"type": "string"}, "image_url": {"type": ["string", "null"]}, "file_id": {"type": ["string", "null"]}
	}, "additionalProperties": false}
], "examples": [{"path": "picture.png"}, "https://example.com/picture.png"]}`

// An ImageInput is a picture.
type ImageInput struct{}

// JSONSchemaText is the schema of an ImageInput.
func (ImageInput) JSONSchemaText() string { return imageInputSchema }

// ImageInputs are a picture, or a list of them.
type ImageInputs struct{}

// JSONSchemaText is the schema of ImageInputs.
func (ImageInputs) JSONSchemaText() string {
	return `{"anyOf": [` + imageInputSchema + `, {"type": "array", "items": ` + imageInputSchema + `}]}`
}

// Images are generated images and the settings used for them.
type Images struct {
	// Unix time in seconds.
	Created    int     `json:"created"`
	Data       []Image `json:"data"`
	Background string  `json:"background,omitempty" jsonschema:"nullable"`
	Quality    string  `json:"quality,omitempty" jsonschema:"nullable"`
	Size       string  `json:"size,omitempty" jsonschema:"nullable"`
	// Such as "png".
	OutputFormat string `json:"output_format,omitempty" jsonschema:"nullable"`
	Usage        Object `json:"usage,omitzero" jsonschema:"nullable"`
}

// An Image is a generated image.
type Image struct {
	// The image in base64.
	B64JSON string `json:"b64_json" jsonschema:"nullable"`
	// The prompt as revised by the model.
	RevisedPrompt string `json:"revised_prompt" jsonschema:"nullable"`
	URL           string `json:"url" jsonschema:"nullable"`
}

func (s *Service) generateImages(ctx context.Context, p *ImagesGenerateParams) (*rpc.Raw[Images], error) {
	return s.images(ctx, "generations", &p.ImageOptions, nil)
}

func (s *Service) editImages(ctx context.Context, p *ImagesEditParams) (*rpc.Raw[Images], error) {
	given := []rawjson.Value{p.Image.Value}
	if p.Image.Kind() == '[' {
		given = slices.Collect(p.Image.Elements())
	}
	if len(given) == 0 {
		return nil, invalidParam("/image", "Expected at least one value for `images`")
	}
	var pictures []rawjson.Value
	for i, image := range given {
		path := "/image"
		if p.Image.Kind() == '[' {
			path = fmt.Sprintf("/image/%d", i)
		}
		picture, err := s.picture(image, path, "image")
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, picture)
	}
	var before rawjson.Object
	before.Set("images", rawjson.List(pictures...))
	if isGiven := p.Mask.Kind() != 0; isGiven {
		mask, err := s.picture(p.Mask.Value, "/mask", "mask")
		if err != nil {
			return nil, err
		}
		before.Set("mask", mask)
	}
	return s.images(ctx, "edits", &p.ImageOptions, &before)
}

// images posts a request for pictures.
func (s *Service) images(ctx context.Context, route string, o *ImageOptions, body *rawjson.Object) (*rpc.Raw[Images], error) {
	if body == nil {
		body = new(rawjson.Object)
	}
	body.SetString("prompt", o.Prompt)
	body.SetString("model", cmp.Or(deref(o.Model), imageModel))
	for _, option := range []struct {
		name  string
		value *string
	}{{"background", o.Background}, {"quality", o.Quality}, {"size", o.Size}} {
		if option.value != nil {
			body.SetString(option.name, *option.value)
		}
	}
	if o.N != nil {
		body.Set("n", rawjson.Int(*o.N))
	}
	answer, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"images", route}, Body: backend.JSONBody(o.addTo(*body).Bytes()),
		Header: o.header(), Query: o.query(), Timeout: cmp.Or(o.duration(), max(imageTime, s.client.Settings().Timeout)),
	})
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[Images](completeEach(answer, "data", imageDefaults)), nil
}

// imageDefaults is what the backend may leave out of an image.
var imageDefaults = rawjson.MustParse(`{"b64_json": null, "revised_prompt": null, "url": null}`)

// picture returns what the backend is given for a picture: a URL, which has a
// file's content in it, or the id of a file.
func (s *Service) picture(v rawjson.Value, at, what string) (rawjson.Value, error) {
	var o rawjson.Object
	if v.Kind() == '"' {
		o.Set("image_url", v)
		return o.Value(), nil
	}
	url, _ := v.Get("image_url").Text()
	id, _ := v.Get("file_id").Text()
	var file File
	if err := v.Decode(&file); err != nil {
		return v, invalidParam(at, "`%s`: %v.", what, err)
	}
	isFile := file.Path != "" || file.Name != ""
	if count(url != "", id != "", isFile) != 1 {
		return v, invalidParam(at, "Expected `%s` to contain exactly one non-empty `image_url` or `file_id`", what)
	}
	switch {
	case url != "":
		o.SetString("image_url", url)
	case id != "":
		o.SetString("file_id", id)
	default:
		data, err := s.dataURL(&file, what)
		if err != nil {
			return v, err
		}
		o.SetString("image_url", data)
	}
	return o.Value(), nil
}

func count(facts ...bool) (n int) {
	for _, fact := range facts {
		if fact {
			n++
		}
	}
	return n
}

// dataURL returns a file as a URL that has its content.
func (s *Service) dataURL(file *File, what string) (string, error) {
	content, err := file.content(s.files)
	if failed, ok := err.(*rpc.Error); ok && strings.HasPrefix(failed.Message, "path `") {
		failed.Message = what + " file " + strings.TrimPrefix(failed.Message, "path ")
	}
	if err != nil {
		return "", err
	}
	defer content.Close()
	if content.size > maxImageBytes {
		return "", fileError("%s file `%s` is too large: %d bytes exceeds the limit of %d bytes", what, content.name, content.size, maxImageBytes)
	}
	data, err := io.ReadAll(content.reader())
	if err != nil {
		return "", err
	}
	kind := content.contentType
	if kind == "" {
		kind, _, _ = strings.Cut(mime.TypeByExtension(strings.ToLower(filepath.Ext(content.name))), ";")
	}
	return "data:" + cmp.Or(kind, "application/octet-stream") + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}

// ImageURL returns the image at a path as a URL that has its content, which the
// content part input_image takes.
func (s *Service) ImageURL(path string) (string, error) {
	url, err := s.dataURL(&File{Path: path}, "image")
	if err != nil {
		return "", err
	}
	kind, content, _ := strings.Cut(url, ";base64,")
	if strings.HasPrefix(kind, "data:image/") {
		return url, nil
	}
	// The name does not say it.
	begin, _ := base64.StdEncoding.DecodeString(content[:min(len(content), 512)])
	if kind = http.DetectContentType(begin); !strings.HasPrefix(kind, "image/") {
		return "", fileError("image file `%s` is not an image", path)
	}
	return "data:" + kind + ";base64," + content, nil
}
