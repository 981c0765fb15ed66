package methods

import (
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// get fetches JSON that is the result as it is.
func get[T any](ctx context.Context, s *Service, r *backend.Request) (*rpc.Raw[T], error) {
	v, err := s.fetch(ctx, r)
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[T](v), nil
}

// fetch fetches JSON.
func (s *Service) fetch(ctx context.Context, r *backend.Request) (rawjson.Value, error) {
	text, _, err := s.client.JSON(ctx, r)
	if err != nil {
		return rawjson.Value{}, errorOf(err)
	}
	return rawjson.Parse(text)
}

// fetchObject fetches JSON that must be an object.
func (s *Service) fetchObject(ctx context.Context, r *backend.Request) (rawjson.Value, error) {
	v, err := s.fetch(ctx, r)
	if err == nil && v.Kind() != '{' {
		err = unexpected("it is not a JSON object")
	}
	return v, err
}

// maxTextBytes bounds responses that are not JSON. A transcript of a day is a
// megabyte.
const maxTextBytes = 64 << 20

// readText returns the text of an answer.
func readText(answer *http.Response) ([]byte, error) {
	if mediaType(answer) == "text/html" {
		return nil, unexpected("it is a web page; check the base URL and the network")
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxTextBytes+1))
	switch {
	case err != nil:
		return nil, errorOf(err)
	case len(text) > maxTextBytes:
		return nil, unexpected("it is larger than 64 MiB")
	}
	return text, nil
}

// mediaType returns the type of an answer without its parameters, in lower
// case.
func mediaType(answer *http.Response) string {
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	return kind
}
