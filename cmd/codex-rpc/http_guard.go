package main

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

// An httpGuard only accepts requests with the key that are addressed to this
// server. Every user of the machine, and every web page in their browsers, can
// reach a loopback port: web pages are detected by their Origin, and DNS
// rebinding by the Host.
type httpGuard struct {
	next    http.Handler
	token   string
	port    string
	origins []string // that may send requests
}

func (g *httpGuard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), "80" // clients omit the default port
	}
	if port != g.port || host != "127.0.0.1" && !strings.EqualFold(host, "localhost") && host != "::1" {
		refuse(w, http.StatusForbidden, "permission_error", "The header Host must name this server, as 127.0.0.1:"+g.port+".")
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if !slices.Contains(g.origins, origin) {
			refuse(w, http.StatusForbidden, "permission_error", "Web pages may not send requests here, unless the server was started with --allow-origin.")
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Expose-Headers", "*") // Retry-After and X-Should-Retry, which decide about retries
		w.Header().Set("Vary", "Origin")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
			w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	scheme, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare([]byte(strings.TrimSpace(bearer)), []byte(g.token)) != 1 {
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "authentication_error", "Incorrect API key provided: use the one that codex-rpc http printed, or that of its --token-file.")
		return
	}
	g.next.ServeHTTP(w, r)
}

// refuse writes an error in the form of the OpenAI API.
func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("X-Request-Id", "req_"+rand.Text())
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"message":%q,"type":%q,"param":null,"code":null}}`, message, kind)
}
