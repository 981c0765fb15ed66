package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"strings"
)

const style = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(28rem,100% - 2rem);padding:2rem;border:1px solid #8885;border-radius:.75rem}
.mark{display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;font-weight:700;color:#fff;background:#15803d}
.failed .mark{background:#b91c1c}
h1{font-size:1.375rem;line-height:1.25;margin:1rem 0 .5rem}
p{margin:0;overflow-wrap:anywhere}
footer{margin-top:1.5rem;font-size:.875rem;opacity:.7}`

// writePage writes a page with a title and a sentence, which may be external: both are escaped, and the policy does not
// run scripts. The URL may contain a code, so caches and referrers are disabled. One page does not justify html/template,
// which takes a millisecond at each start of the program.
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
	class, mark := "done", "✓"
	if status >= http.StatusBadRequest {
		class, mark = "failed", "!"
	}
	text = strings.TrimPrefix(text, title+": ") // some errors start with the title
	title, text = html.EscapeString(title), html.EscapeString(text)
	fmt.Fprintf(w, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title><style>%s</style></head>
<body><main class="%s"><div class="mark" aria-hidden="true">%s</div><h1>%s</h1><p>%s</p><footer>codex-rpc</footer></main></body></html>
`, title, style, class, mark, title, text)
}
