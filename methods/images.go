package methods

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	imageModel = "gpt-image-2"
	// imageTimeout is the default idle timeout. An image takes minutes; the backend
	// times out after about five.
	imageTimeout = 300 * time.Second
	// maxImageBytes bounds an image in a request.
	maxImageBytes = 50 << 20
)

// ImageOptions holds the parameters that images.generate and images.edit share.
type ImageOptions struct {
	// A description of the image.
	Prompt string `json:"prompt" jsonschema:"minLength=1,example=A red dot."`
	// The model. Defaults to gpt-image-2.
	Model *string `json:"model,omitempty" jsonschema:"minLength=1,example=gpt-image-2"`
	// The background.
	Background *string `json:"background,omitempty" jsonschema:"example=opaque,example=transparent,example=auto"`
	// The number of images to generate.
	N *int `json:"n,omitempty" jsonschema:"example=1"`
	// The quality. Some plans limit it. The result reports the quality used.
	Quality *string `json:"quality,omitempty" jsonschema:"example=auto,example=low,example=medium,example=high"`
	// The size, such as "1024x1024" or "auto". The result reports the size used.
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

// The types of parameters that accept one value at most.
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

// refusing returns a schema with the message for values that do not match, which
// also describes it. The messages are those of the Python SDK.
func refusing(schema, message string) string {
	return fmt.Sprintf(`{%s, "description": %[2]q, "x-unsupported": %[2]q}`, schema, message)
}

func (ImageFormat) JSONSchemaText() string {
	return refusing(`"const": "b64_json"`, "The Codex image backend returns only `b64_json`.")
}
func (ImagePNG) JSONSchemaText() string {
	return refusing(`"const": "png"`, "The Codex image backend currently returns PNG regardless of `output_format`.")
}
func (ImageRaw) JSONSchemaText() string {
	return refusing(`"not": {}`, "The Codex image backend ignores `output_compression`.")
}
func (ImageWhole) JSONSchemaText() string {
	return refusing(`"const": 0`, "`partial_images` requires image streaming, which is unavailable here.")
}
func (ImageModeration) JSONSchemaText() string {
	return refusing(`"const": "auto"`, "The Codex image backend does not expose configurable moderation.")
}
func (ImageAtOnce) JSONSchemaText() string {
	return refusing(`"const": false`, "The Codex image backend does not stream images.")
}
func (ImageStyle) JSONSchemaText() string {
	return refusing(`"not": {}`, "The Codex image backend does not expose `style`.")
}
func (ImageUser) JSONSchemaText() string {
	return refusing(`"not": {}`, "The Codex image backend does not expose the Platform `user` identifier.")
}
func (ImageFidelity) JSONSchemaText() string {
	return refusing(`"const": "high"`, "The Codex image backend always uses high input fidelity.")
}

// ImagesGenerateParams are the parameters of images.generate.
type ImagesGenerateParams struct{ ImageOptions }

// ImagesEditParams are the parameters of images.edit.
type ImagesEditParams struct {
	// The image or images to edit.
	Image rpc.Raw[ImageInputs] `json:"image"`
	// A mask whose transparent parts mark the area to edit.
	Mask          rpc.Raw[ImageInput] `json:"mask,omitempty"`
	InputFidelity ImageFidelity       `json:"input_fidelity,omitempty"`
	ImageOptions
}

const imageInputSchema = `{"anyOf": [
	{"type": "string", "minLength": 1, "description": "A URL, which may be a data: URL."},
	{"type": "object", "description": "A file given by path or content, a URL, or an uploaded file.", "properties": {
		"path": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1}, "data": {"type": "string", "contentEncoding": "base64"},
		"content_type": {"type": "string"}, "image_url": {"type": ["string", "null"]}, "file_id": {"type": ["string", "null"]}
	}, "additionalProperties": false}
], "examples": [{"path": "picture.png"}, "https://example.com/picture.png"]}`

// ImageInput is an image.
type ImageInput struct{}

// JSONSchemaText is the schema of an ImageInput.
func (ImageInput) JSONSchemaText() string { return imageInputSchema }

// ImageInputs is an image, or a list of images.
type ImageInputs struct{}

// JSONSchemaText is the schema of ImageInputs.
func (ImageInputs) JSONSchemaText() string {
	return `{"anyOf": [` + imageInputSchema + `, {"type": "array", "items": ` + imageInputSchema + `}]}`
}

// Images holds generated images and the settings used for them.
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

// Image is a generated image.
type Image struct {
	// The image in base64.
	B64JSON string `json:"b64_json" jsonschema:"nullable"`
	// The prompt as revised by the model.
	RevisedPrompt string `json:"revised_prompt" jsonschema:"nullable"`
	URL           string `json:"url" jsonschema:"nullable"`
}

func (s *Service) generateImages(ctx context.Context, p *ImagesGenerateParams) (*rpc.Raw[Images], error) {
	return s.images(ctx, "generations", &p.ImageOptions, rawjson.Object{})
}

func (s *Service) editImages(ctx context.Context, p *ImagesEditParams) (*rpc.Raw[Images], error) {
	given := []rawjson.Value{p.Image.Value}
	if p.Image.Kind() == '[' {
		given = slices.Collect(p.Image.Elements())
	}
	if len(given) == 0 {
		return nil, invalidParam("/image", "Expected at least one value for `images`")
	}
	var images []rawjson.Value
	for i, image := range given {
		path := "/image"
		if p.Image.Kind() == '[' {
			path = fmt.Sprintf("/image/%d", i)
		}
		image, err := s.imageInput(image, path, "image")
		if err != nil {
			return nil, err
		}
		images = append(images, image)
	}
	var body rawjson.Object
	body.Set("images", rawjson.List(images...))
	if p.Mask.Kind() != 0 {
		mask, err := s.imageInput(p.Mask.Value, "/mask", "mask")
		if err != nil {
			return nil, err
		}
		body.Set("mask", mask)
	}
	return s.images(ctx, "edits", &p.ImageOptions, body)
}

// images requests images, with the options added to the body.
func (s *Service) images(ctx context.Context, route string, o *ImageOptions, body rawjson.Object) (*rpc.Raw[Images], error) {
	body.SetString("prompt", o.Prompt)
	body.SetString("model", cmp.Or(deref(o.Model), imageModel))
	body.Set("background", optional(o.Background, rawjson.String))
	body.Set("quality", optional(o.Quality, rawjson.String))
	body.Set("size", optional(o.Size, rawjson.String))
	body.Set("n", optional(o.N, rawjson.Int[int]))
	answer, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"images", route}, Body: backend.JSONBody(o.addTo(body).Bytes()),
		Header: o.header(), Query: o.query(), Timeout: cmp.Or(o.duration(), max(imageTimeout, s.client.Settings().Timeout)),
	})
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[Images](completeEach(answer, "data", imageDefaults)), nil
}

// imageDefaults are the members of an image that the backend may omit.
var imageDefaults = rawjson.MustParse(`{"b64_json": null, "revised_prompt": null, "url": null}`)

// imageInput returns an image in the backend's form: a URL, which is a data: URL
// for a file, or the id of an uploaded file.
func (s *Service) imageInput(v rawjson.Value, at, what string) (rawjson.Value, error) {
	if v.Kind() == '"' {
		return rawjson.Value{}.With("image_url", v), nil
	}
	url, id := textOf(v, "image_url"), textOf(v, "file_id")
	var file File
	if err := v.Decode(&file); err != nil {
		return v, invalidParam(at, "`%s`: %v.", what, err)
	}
	switch isFile := file.Path != "" || file.Name != ""; {
	case url != "" && id == "" && !isFile:
		return rawjson.Value{}.With("image_url", rawjson.String(url)), nil
	case url == "" && id != "" && !isFile:
		return rawjson.Value{}.With("file_id", rawjson.String(id)), nil
	case url == "" && id == "" && isFile:
		data, err := s.dataURL(&file, what)
		return rawjson.Value{}.With("image_url", rawjson.String(data)), err
	}
	return v, invalidParam(at, "Expected `%s` to contain exactly one non-empty `image_url` or `file_id`", what)
}

// dataURL returns a file as a data: URL.
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
	kind := cmp.Or(content.contentType, guessMIMEType(content.name), "application/octet-stream")
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}

// ImageURL returns the image at a path as a data: URL for the content part
// input_image.
func (s *Service) ImageURL(path string) (string, error) {
	url, err := s.dataURL(&File{Path: path}, "image")
	if err != nil {
		return "", err
	}
	kind, content, _ := strings.Cut(url, ";base64,")
	if strings.HasPrefix(kind, "data:image/") {
		return url, nil
	}
	// The name does not have the extension of an image.
	begin, _ := base64.StdEncoding.DecodeString(content[:min(len(content), 512)])
	if kind = http.DetectContentType(begin); !strings.HasPrefix(kind, "image/") {
		return "", fileError("image file `%s` is not an image", path)
	}
	return "data:" + kind + ";base64," + content, nil
}
