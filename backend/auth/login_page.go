package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
)

const style = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;background:Canvas;color:CanvasText}
main{max-width:30rem;padding:2rem;text-align:center}
h1{font-size:1.5rem;font-weight:600;margin:0 0 .5rem}
p{margin:0;opacity:.75;overflow-wrap:anywhere}`

// writePage shows a title and one sentence, which may come from outside: both are escaped, and the policy would run
// nothing even if they were not. The address holds a code, so it is kept from caches and referrers.
// (html/template costs a millisecond at each start of the program; one page does not earn it.)
func writePage(w http.ResponseWriter, status int, title, text string) {
	sum := sha256.Sum256([]byte(style))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	title, text = html.EscapeString(title), html.EscapeString(text)
	fmt.Fprintf(w, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title><style>%s</style></head>
<body><main><h1>%s</h1><p>%s</p></main></body></html>
`, title, style, title, text)
}
