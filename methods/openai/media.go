package openai

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// createEmbeddings is POST /embeddings.
func (a *API) createEmbeddings(x *exchange, body rawjson.Value) error {
	return a.relay(x, "embeddings.create", body)
}

// createTranscription is POST /audio/transcriptions.
func (a *API) createTranscription(x *exchange, _ string) error {
	form, err := x.fileForm()
	if err != nil {
		return err
	}
	fields, err := a.media(x, form.fields.Value())
	if err != nil {
		return err
	}
	const method = "audio.transcriptions.create"
	file := form.files[0].value()
	if fields.Get("stream").Kind() == 't' {
		return a.streamTranscription(x, method, fields.Without("stream").With("file", file))
	}
	return a.relay(x, method, fields.With("file", file))
}

// streamTranscription sends a transcription as events. There is one delta, since
// the backend transcribes files as a whole.
func (a *API) streamTranscription(x *exchange, method string, params rawjson.Value) error {
	result, err := a.call(x, method, params, nil)
	if err != nil {
		return err
	}
	text := result // of the format "text"
	if result.Kind() == '{' {
		text = result.Get("text")
	}
	for _, event := range []rawjson.Value{
		typed("transcript.text.delta", member{"delta", text}),
		typed("transcript.text.done", member{"text", text}, member{"usage", given(result.Get("usage"))}),
	} {
		if err := x.event("", event); err != nil {
			return err
		}
	}
	return x.reply.End(false)
}

// generateImage is POST /images/generations.
func (a *API) generateImage(x *exchange, body rawjson.Value) error {
	params, err := a.media(x, body)
	if err != nil {
		return err
	}
	return a.relay(x, "images.generate", params)
}

// editImage is POST /images/edits.
func (a *API) editImage(x *exchange, _ string) error {
	form, err := x.form("image", "image[]", "mask")
	if err != nil {
		return err
	}
	params, err := a.media(x, form.fields.Value())
	if err != nil {
		return err
	}
	var images []rawjson.Value
	for _, file := range form.files {
		if file.field == "mask" {
			params = params.With("mask", file.value())
		} else {
			images = append(images, file.value())
		}
	}
	return a.relay(x, "images.edit", params.With("image", rawjson.List(images...)))
}

// media returns the parameters of an image or a transcription without those that
// the backend does not support.
func (a *API) media(x *exchange, params rawjson.Value) (rawjson.Value, error) {
	e := edits{}
	if err := a.strip(x, params, e, MediaParameters, nil); err != nil {
		return params, err
	}
	return e.apply(params), nil
}

// createFile is POST /files.
func (a *API) createFile(x *exchange, _ string) error {
	form, err := x.fileForm()
	if err != nil {
		return err
	}
	if err := a.strip(x, form.fields.Value(), edits{}, nil, form.unknownFields()); err != nil {
		return err
	}
	uploaded, err := a.call(x, "files.upload", rawjson.Value{}.With("file", form.files[0].value()), nil)
	if err != nil {
		return err
	}
	var o rawjson.Object
	o.Set("id", uploaded.Get("file_id"))
	o.SetString("object", "file")
	o.Set("bytes", uploaded.Get("file_size_bytes"))
	o.Set("created_at", rawjson.Int(time.Now().Unix()))
	o.Set("filename", uploaded.Get("file_name"))
	o.SetString("purpose", cmp.Or(stringOf(form.fields.Value(), "purpose"), "user_data"))
	o.SetString("status", "processed")
	return x.send(http.StatusOK, o.Value())
}

// unknownFields returns the names of a file's fields besides its purpose, such as
// expires_after of expires_after[seconds].
func (f *form) unknownFields() (names []string) {
	for name := range f.fields.Value().Members() {
		name, _, _ = strings.Cut(name, "[")
		if name != "purpose" && len(names) < maxUnknown && plainName().MatchString(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// A form is a body of the type multipart/form-data.
type form struct {
	fields rawjson.Object
	files  []formFile
}

type formFile struct {
	field, name, contentType string
	data                     []byte
}

// value returns the file as a parameter of a method.
func (f formFile) value() rawjson.Value {
	var o rawjson.Object
	o.SetString("name", f.name)
	o.SetString("data", base64.StdEncoding.EncodeToString(f.data))
	if f.contentType != "" && f.contentType != "application/octet-stream" {
		o.SetString("content_type", f.contentType)
	}
	return o.Value()
}

// fileForm reads the body as a form with one file.
func (x *exchange) fileForm() (*form, error) {
	form, err := x.form("file")
	if err == nil && len(form.files) != 1 {
		err = refusal(http.StatusBadRequest, "file", "missing_required_parameter", "The form must have one file.")
	}
	return form, err
}

// form reads the body as a form. The fields with the given names are files.
func (x *exchange) form(files ...string) (*form, error) {
	kind, params, err := mime.ParseMediaType(x.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, refusal(http.StatusBadRequest, "", "", "The body must be multipart/form-data.")
	}
	f := new(form)
	lists := make(map[string][]rawjson.Value)
	var names []string
	parts := multipart.NewReader(bytes.NewReader(x.Body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(part)
		}
		if err != nil {
			return nil, refusal(http.StatusBadRequest, "", "", "We could not parse the form of your request.")
		}
		name := part.FormName()
		if slices.Contains(files, name) && part.FileName() != "" {
			f.files = append(f.files, formFile{name, part.FileName(), part.Header.Get("Content-Type"), data})
			continue
		}
		if _, known := lists[name]; !known {
			names = append(names, name)
		}
		lists[name] = append(lists[name], formValue(name, string(data)))
	}
	for _, name := range names {
		if plain, isList := strings.CutSuffix(name, "[]"); isList {
			f.fields.Set(plain, rawjson.List(lists[name]...))
		} else {
			f.fields.Set(name, lists[name][0])
		}
	}
	return f, nil
}

// formValue returns the value of a field: a number or a boolean where the API has
// one, otherwise a string.
func formValue(name, text string) rawjson.Value {
	switch name {
	case "temperature", "n", "stream", "output_compression", "partial_images":
		if v, err := rawjson.Parse([]byte(text)); err == nil {
			return v
		}
	}
	return rawjson.String(text)
}
