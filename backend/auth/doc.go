// Package auth keeps the credentials of a user's ChatGPT sign-in in the file that the official Codex CLI uses,
// auth.json, and keeps them usable: it signs in, refreshes, and signs out.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/codex-rpc/codex-rpc/backend/auth"
//	)
//
//	func main() {
//		ctx := context.Background()
//		store, err := auth.Open(auth.Options{})
//		if err != nil {
//			log.Fatal(err)
//		}
//		defer store.Flush(ctx)
//		if _, err := store.Token(ctx); err != nil { // there are no credentials
//			_, err = store.Login(ctx, auth.LoginOptions{OpenBrowser: true}, func(e auth.Event) {
//				if e, ok := e.(auth.AuthURL); ok {
//					fmt.Println("sign in at", e.URL)
//				}
//			})
//			if err != nil {
//				log.Fatal(err)
//			}
//		}
//		account, err := store.Account(ctx)
//		fmt.Println(account.Email, account.PlanType, err)
//	}
//
// # What it promises
//
// A refresh token can be spent once: whoever spends it a second time signs the user out. So one refresh runs at a time,
// in the process (all callers share it) and among processes, the official CLI's among them. auth.lock is locked around
// reading the file again, the request and the commit; auth.json.lock around reading once more and writing, for which the
// official CLI waits 5 seconds and no longer. What a refresh brings is on disk before it is used, whether or not its
// caller still waits. Without the locks nothing is refreshed.
//
// Other programs need not lock, and sign-ins hold the second lock alone. Their writes are noticed: the file is looked at
// before each use, and again before a refresh is written and after one is refused.
//
// auth.json is replaced whole or not at all, with mode 0600 and the owner and group that it has. One that cannot be
// replaced, since it is a mount of its own, is written in place. Members this package does not own keep their bytes and
// their order. Where the file cannot be written, the session goes on with what it has in memory.
//
// Nothing is printed, and no token reaches a log line or an error.
package auth
