package backend

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// keptCookies identify a client to Cloudflare and to the load balancer behind it.
// A name that ends in "_" is a prefix.
var keptCookies = []string{
	"__cf_bm", "__cflb", "__cfruid", "__cfseq", "__cfwaitingroom", "__oailb",
	"_cfuvid", "cf_clearance", "cf_ob_info", "cf_use_ob", "cf_chl_",
}

const (
	// The limits of browsers for one site.
	maxCookies     = 180
	maxCookieBytes = 4096
)

// A cookieJar keeps these cookies for https on ChatGPT's hosts, in memory, and
// drops all others. Session cookies are not kept: only the bearer authenticates a
// request.
type cookieJar struct {
	trusted func(host string) bool // whether a host's cookies are kept
	jar     *cookiejar.Jar

	mu    sync.Mutex
	known map[cookieID]bool
}

// A cookieID identifies a cookie.
type cookieID struct{ host, domain, path, name string }

func newCookieJar(trusted func(host string) bool) *cookieJar {
	jar, _ := cookiejar.New(nil) // which never fails
	return &cookieJar{trusted: trusted, jar: jar, known: make(map[cookieID]bool)}
}

func isChatGPT(host string) bool {
	host = strings.ToLower(host)
	return host == "chatgpt.com" || strings.HasSuffix(host, ".chatgpt.com")
}

func (j *cookieJar) serves(u *url.URL) bool { return u.Scheme == "https" && j.trusted(u.Hostname()) }

// SetCookies implements http.CookieJar.
func (j *cookieJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	if !j.serves(u) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var kept []*http.Cookie
	for _, c := range cookies {
		id := cookieID{u.Hostname(), c.Domain, c.Path, c.Name}
		if !isKept(c.Name) || len(c.Raw) > maxCookieBytes || !j.known[id] && len(j.known) >= maxCookies {
			continue
		}
		j.known[id] = true
		kept = append(kept, c)
	}
	j.jar.SetCookies(u, kept)
}

// Cookies implements http.CookieJar.
func (j *cookieJar) Cookies(u *url.URL) []*http.Cookie {
	if !j.serves(u) {
		return nil
	}
	return j.jar.Cookies(u)
}

func isKept(name string) bool {
	return slices.ContainsFunc(keptCookies, func(kept string) bool {
		return name == kept || strings.HasSuffix(kept, "_") && strings.HasPrefix(name, kept)
	})
}
