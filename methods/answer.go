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

// getFrom returns the implementation of a method that fetches JSON and returns it
// unchanged. Its parameters make the request to a path.
func getFrom[T, P any](s *Service, request func(P, ...string) *backend.Request, path ...string) func(context.Context, P) (*rpc.Raw[T], error) {
	return func(ctx context.Context, p P) (*rpc.Raw[T], error) { return get[T](ctx, s, request(p, path...)) }
}

// get fetches JSON and returns it unchanged as the result.
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

// maxTextBytes bounds responses that are not JSON.
const maxTextBytes = 64 << 20

// readText returns the body of a response that is not JSON.
func readText(answer *http.Response) ([]byte, error) {
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind == "text/html" {
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
