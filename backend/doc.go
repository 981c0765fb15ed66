// Package backend speaks HTTP to the ChatGPT Codex backend: one shared
// transport, the headers the backend expects, retries, idle timeouts,
// server-sent events and one error type. It knows the backend's manners, not
// its methods: paths and bodies are the caller's.
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
// [Client.JSON] is for answers read whole, [Client.Stream] for event streams,
// [Client.Do] for all others, [Client.Upload] for a signed URL that is not the
// backend's own. [Client.Dial] opens a WebSocket.
//
// # Errors
//
// What goes wrong is an [*Error], whose [Kind] errors.Is tells apart, with one
// exception: when the caller's context ends, the error is that context's Err.
// No message, no body and no log line holds a token.
//
// # Retries
//
// A 429, a 5xx and a connection that fails or stays silent before the answer
// begins are tried again, [Settings].MaxRetries times, whatever the method:
// after RetryBaseDelay, twice that, four times that, or after what the backend
// names in Retry-After. A 429 for a used-up plan, a Retry-After over a minute
// and an untrusted certificate are not. A 401 has the credentials refreshed
// and the request repeated, once, beside that count. An answer that has begun
// is never asked for again.
//
// # Time
//
// The timeout is the time without a byte, in either direction. A stream may
// last for hours, and a caller may take its time between two reads: only a
// read that waits for the network counts.
package backend
