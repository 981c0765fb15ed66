package backend

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// header returns the cookies sent with a request for a URL.
func (j *cookieJar) header(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range j.Cookies(u) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

func (j *cookieJar) set(t *testing.T, address string, lines ...string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []*http.Cookie
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		cookies = append(cookies, c)
	}
	j.SetCookies(u, cookies)
}

func TestCookieJar(t *testing.T) {
	for _, test := range []struct {
		name, from, cookie, to string
		sent                   bool
	}{
		{"Cloudflare's", "https://chatgpt.com/backend-api", "__cf_bm=v; Path=/; Secure; HttpOnly", "https://chatgpt.com/backend-api/codex", true},
		{"the load balancer's", "https://chatgpt.com/x", "__oailb=v", "https://chatgpt.com/", true},
		{"of a challenge", "https://chatgpt.com/x", "cf_chl_rc_m=v", "https://chatgpt.com/", true},
		{"of the domain, to a host below it", "https://chatgpt.com/x", "_cfuvid=v; Domain=.chatgpt.com", "https://ws.chatgpt.com/", true},
		{"of a host below, for the domain", "https://ws.chatgpt.com/x", "_cfuvid=v; Domain=chatgpt.com", "https://chatgpt.com/", true},
		{"of the host alone, to one below it", "https://chatgpt.com/x", "_cfuvid=v", "https://ws.chatgpt.com/", false},
		{"of a path, to another", "https://chatgpt.com/a/x", "__cflb=v; Path=/a", "https://chatgpt.com/b", false},
		{"ended", "https://chatgpt.com/x", "__cflb=v; Max-Age=0", "https://chatgpt.com/", false},
		{"a session", "https://chatgpt.com/x", "__Secure-next-auth.session-token=v", "https://chatgpt.com/", false},
		{"a name that only begins so", "https://chatgpt.com/x", "__cf_bmx=v", "https://chatgpt.com/", false},
		{"another spelling", "https://chatgpt.com/x", "__CF_BM=v", "https://chatgpt.com/", false},
		{"to the API", "https://chatgpt.com/x", "__cf_bm=v", "https://api.openai.com/v1", false},
		{"from the API", "https://api.openai.com/v1", "__cf_bm=v", "https://api.openai.com/v1", false},
		{"from the API, for ChatGPT", "https://api.openai.com/v1", "__cf_bm=v; Domain=chatgpt.com", "https://chatgpt.com/", false},
		{"for all of .com", "https://chatgpt.com/x", "__cf_bm=v; Domain=com", "https://api.openai.com/", false},
		{"in clear", "http://chatgpt.com/x", "__cf_bm=v", "https://chatgpt.com/", false},
		{"to clear", "https://chatgpt.com/x", "__cf_bm=v", "http://chatgpt.com/", false},
		{"from a host that ends so", "https://evilchatgpt.com/x", "__cf_bm=v", "https://evilchatgpt.com/", false},
		{"from a host that begins so", "https://chatgpt.com.evil.example/x", "__cf_bm=v", "https://chatgpt.com.evil.example/", false},
		{"from loopback", "https://127.0.0.1/x", "__cf_bm=v", "https://127.0.0.1/", false},
		{"too large", "https://chatgpt.com/x", "__cf_bm=v" + strings.Repeat("v", maxCookieBytes), "https://chatgpt.com/", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			jar := newCookieJar(isChatGPT)
			jar.set(t, test.from, test.cookie)
			if got := jar.header(t, test.to); (got != "") != test.sent {
				t.Errorf("sent %q", got)
			}
		})
	}
}

// The number of cookies is bounded, and existing ones can still be changed.
func TestCookieJarIsBounded(t *testing.T) {
	jar := newCookieJar(isChatGPT)
	jar.set(t, "https://chatgpt.com/", "__cf_bm=1; Path=/")
	for i := range 10 * maxCookies {
		jar.set(t, "https://chatgpt.com/", fmt.Sprintf("cf_chl_%d=x; Path=/", i))
	}
	jar.set(t, "https://chatgpt.com/", "__cf_bm=2; Path=/")
	got := jar.header(t, "https://chatgpt.com/")
	if n := strings.Count(got, "="); n != maxCookies || !strings.Contains(got, "__cf_bm=2") {
		t.Errorf("%d cookies: %.100s", n, got)
	}
}

// A client has one cookie jar for all calls and connections.
func TestCookies(t *testing.T) {
	clearEnvironment(t)
	var sent []string
	server, file := serveTLS(t, nil, func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("Cookie"))
		w.Header().Add("Set-Cookie", fmt.Sprintf("__cf_bm=%d; Path=/; Secure; HttpOnly; SameSite=None", len(sent)))
		w.Header().Add("Set-Cookie", "session=secret; Path=/")
		w.Write([]byte("{}"))
	})
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	client := newClient(t, config(server.URL))
	ask := func() {
		t.Helper()
		if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	ask() // 127.0.0.1 is not a host of ChatGPT
	client.http.Jar = newCookieJar(func(host string) bool { return host == "127.0.0.1" })
	ask()
	ask()
	if got := fmt.Sprintf("%q", sent); got != `["" "" "" "__cf_bm=3"]` {
		t.Error(got)
	}
}
