// Package auth manages the credentials of a user's ChatGPT sign-in in auth.json, the file of the official Codex CLI: it
// signs in, refreshes, and signs out.
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
// # Guarantees
//
// A refresh token can be used only once: a second use signs the user out. So only one refresh runs at a time, in the
// process (all callers share it) and among processes, including the official CLI. auth.lock is held while the file is
// reread, the tokens are refreshed and the result is committed; auth.json.lock only during the commit, for which the
// official CLI waits at most 5 seconds. Refreshed tokens are saved before they are used, even if the caller no longer
// waits. Without the locks nothing is refreshed.
//
// Other programs may not lock, and sign-ins hold only the second lock. Their changes are detected: the file is checked
// before each use, before a refresh is written, and after one is rejected.
//
// auth.json is replaced atomically, with mode 0600 and its owner and group. If it cannot be replaced, such as a
// bind-mounted file, it is written in place. Unknown members are kept unchanged and in order. If the file cannot be
// written, the session continues with the credentials in memory.
//
// Nothing is printed, and log lines and errors contain no tokens.
package auth
