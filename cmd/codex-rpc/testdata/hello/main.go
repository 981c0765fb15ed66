// Command hello is the baseline for the start of codex-rpc: a program that
// links net/http and prints one line.
package main

import (
	"fmt"
	"net/http"
)

var server http.Server

func main() {
	if server.Addr != "" { // never, but the linker cannot know
		server.ListenAndServe()
	}
	fmt.Println("hello")
}
