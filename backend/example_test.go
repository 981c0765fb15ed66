package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/codex-rpc/codex-rpc/backend"
)

func ExampleClient_Stream() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "data: {\"type\":\"response.created\"}\n\n")
		io.WriteString(w, "data: {\"type\":\"response.completed\"}\n\n")
	}))
	defer server.Close()
	client, err := backend.New(backend.Config{
		ChatGPTBaseURL: server.URL,
		Settings:       backend.DefaultSettings(),
		Credentials:    backend.StaticCredentials(backend.Token{Access: "made-up", AccountID: "made-up"}),
	})
	if err != nil {
		log.Fatal(err)
	}

	stream, err := client.Stream(context.Background(), &backend.Request{
		Method: http.MethodPost,
		Base:   backend.Codex,
		Path:   []string{"responses"},
		Body:   backend.JSONBody([]byte(`{"model":"gpt-5.5","stream":true,"input":[]}`)),
	})
	if errors.Is(err, backend.ErrNotAuthenticated) {
		log.Fatal("sign in first")
	} else if err != nil {
		log.Fatal(err)
	}
	defer stream.Close()
	for {
		event, err := stream.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", event.Data)
	}
	// Output:
	// {"type":"response.created"}
	// {"type":"response.completed"}
}
