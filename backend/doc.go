// Package backend speaks HTTP to the ChatGPT Codex backend: one shared
// transport, the headers the backend expects, retries, idle timeouts,
// server-sent events and one error type. It implements the transport, not the
// methods: callers provide paths and bodies.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//		"os"
//
//		"github.com/codex-rpc/codex-rpc/backend"
//	)
//
//	func main() {
//		client, err := backend.New(backend.Config{
//			Settings: backend.DefaultSettings(),
//			Credentials: backend.StaticCredentials(backend.Token{
//				Access:    os.Getenv("ACCESS_TOKEN"),
//				AccountID: os.Getenv("ACCOUNT_ID"),
//			}),
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		usage, _, err := client.JSON(context.Background(), &backend.Request{
//			Base: backend.ChatGPT,
//			Path: []string{"wham", "usage"},
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Printf("%s\n", usage)
//	}
//
// [Client.JSON] returns a complete JSON response, [Client.Stream] an event
// stream, and [Client.Do] any response; [Client.Upload] sends a file to a
// signed URL. [Client.Dial] opens a WebSocket.
//
// # Errors
//
// Errors are of type [*Error], with a Kind for errors.Is, with one exception:
// when the caller's context ends, the error is that of the context. Messages,
// bodies and log lines contain no tokens.
//
// # Retries
//
// A 429, a 5xx, and a connection that fails or times out before the response
// starts are retried, [Settings].MaxRetries times, whatever the method: after
// RetryBaseDelay, doubled for each further retry, or after the delay in
// Retry-After. A 429 for an exhausted plan, a Retry-After over a minute and an
// untrusted certificate are final. After a 401 the credentials are refreshed
// and the request is repeated once, in addition to the retries. A response that
// has started is never requested again.
//
// # Time
//
// The timeout is an idle timeout: the time without a byte in either direction.
// Streams have no total timeout, and only reads that wait for the network
// count, not the time between reads.
package backend
