package auth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
)

// signInRow logs a row of the table of events during a sign-in.
func signInRow(t *testing.T, tried, came string) {
	t.Helper()
	t.Attr("table", "sign-in")
	t.Attr("tried", tried)
	t.Attr("came", came)
}

// openedLogin is a login whose browser was started, and the URL it was started with.
func openedLogin(t *testing.T) (v *visitor, door string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	issuer := newFakeIssuer(t, "")
	s, _ := openFile(t, issuer, "")
	opened := make(chan string, 1)
	s.openURL = func(u string) error {
		opened <- u
		return nil
	}
	v = startLogin(t, ctx, s, issuer, LoginOptions{OpenBrowser: true})
	t.Cleanup(func() {
		cancel()
		<-v.outcomes
	})
	return v, <-opened
}

// ask sends a request with these headers, without following redirects, and returns the response without its body.
func ask(t *testing.T, address string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

func TestDoorRedirectsOnce(t *testing.T) {
	v, door := openedLogin(t)
	if u, err := url.Parse(door); err != nil || len(u.Path) < 40 || u.RawQuery != "" {
		t.Errorf("opened %s", door)
	}
	for _, wrong := range []string{door[:len(door)-1], door + "x", door + "/"} {
		if res := ask(t, wrong); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", wrong, res.Status)
		}
	}
	if res := ask(t, door, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("for another page: %s", res.Status)
	}
	res := ask(t, door, "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != v.url ||
		res.Header.Get("Referrer-Policy") != "no-referrer" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s to %s", res.Status, res.Header.Get("Location"))
	}
	if res := ask(t, door); res.StatusCode != http.StatusGone || res.Header.Get("Location") != "" {
		t.Errorf("the second time: %s to %q", res.Status, res.Header.Get("Location"))
	}
	if res, _ := v.comeBack(v.consent()); res.StatusCode != http.StatusOK {
		t.Errorf("the way back: %s", res.Status)
	}
	v.outcomes <- <-v.outcomes // for the end of the test
	signInRow(t, "the address that a browser is started with, as other users see it in the list of processes", "leads to the authorize URL once, then 410; the URL itself is in no argument")
}

func TestDoorRefusesOtherUsers(t *testing.T) {
	for _, another := range []bool{true, false} {
		back := &callback{door: "/door", authorize: "https://auth.example", isAnother: func(remote, local net.Addr) bool {
			if remote == nil || local == nil {
				t.Error("the addresses of the connection are missing")
			}
			return another
		}}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		back.port = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		defer back.serve(t.Context(), []net.Listener{l})()
		want := http.StatusFound
		if another {
			want = http.StatusForbidden
		}
		if another {
			if res := ask(t, "http://"+l.Addr().String()+"/cancel"); res.StatusCode != http.StatusForbidden {
				t.Errorf("cancelled by another user: %s", res.Status)
			}
		}
		if res := ask(t, "http://"+l.Addr().String()+"/door"); res.StatusCode != want || back.opened.Load() == another {
			t.Errorf("another user %v: %s, opened %v", another, res.Status, back.opened.Load())
		}
	}
	signInRow(t, "the same address, and /cancel, requested by another user of the machine (Linux)", "403; the sign-in continues")
}

// TestCallbackServerGuards tests which requests of browsers and programs are accepted.
func TestCallbackServerGuards(t *testing.T) {
	const navigate, site = "Sec-Fetch-Mode", "Sec-Fetch-Site"
	for _, c := range []struct {
		name, path string
		header     []string
		want       int
	}{
		{"a program", "/cancel", nil, 200},
		{"the user, in a browser", "/cancel", []string{site, "none", navigate, "navigate"}, 200},
		{"an image on a web page", "/cancel", []string{site, "cross-site", navigate, "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		{"a link on a web page", "/cancel", []string{site, "cross-site", navigate, "navigate"}, 403},
		{"a page of another port", "/cancel", []string{site, "same-site", navigate, "no-cors"}, 403},
		{"an old browser, for a web page", "/cancel", []string{"Referer", "https://evil.example/"}, 403},
		{"a script of an old browser", "/cancel", []string{"Origin", "https://evil.example"}, 403},
		{"a name bent to this machine", "/cancel", []string{"Host", "evil.example:PORT"}, 421},
		{"another port's name", "/cancel", []string{"Host", "127.0.0.1:1"}, 421},
		{"no port", "/cancel", []string{"Host", "localhost"}, 421},
		{"by localhost", "/cancel", []string{"Host", "LOCALHOST:PORT"}, 200},
		{"by the other family", "/cancel", []string{"Host", "[::1]:PORT"}, 200},
		{"the issuer's redirect", "/auth/callback?STATE", []string{site, "cross-site", navigate, "navigate", "Sec-Fetch-Dest", "document"}, 400},
		{"a frame on a web page", "/auth/callback?STATE", []string{site, "cross-site", navigate, "navigate", "Sec-Fetch-Dest", "iframe"}, 403},
		{"a script on a web page", "/auth/callback?STATE", []string{site, "cross-site", navigate, "cors", "Sec-Fetch-Dest", "empty"}, 403},
		{"a name bent to this machine", "/auth/callback?STATE", []string{"Host", "evil.example:PORT"}, 421},
	} {
		t.Run(c.path+"/"+c.name, func(t *testing.T) {
			v, door := openedLogin(t)
			u, err := url.Parse(door)
			if err != nil {
				t.Fatal(err)
			}
			var header []string
			for _, text := range c.header {
				header = append(header, strings.ReplaceAll(text, "PORT", u.Port()))
			}
			path := strings.ReplaceAll(c.path, "STATE", "error=access_denied&state="+url.QueryEscape(v.query.Get("state")))
			if res := ask(t, "http://"+u.Host+path, header...); res.StatusCode != c.want {
				t.Errorf("%s, want %d", res.Status, c.want)
			}
			if c.want == 403 || c.want == 421 { // the login continues
				if res, _ := v.comeBack(v.consent()); res.StatusCode != 200 {
					t.Errorf("the way back: %s", res.Status)
				}
				if got := <-v.outcomes; got.err != nil {
					t.Error(got.err)
				}
				v.outcomes <- outcome{}
				signInRow(t, c.path+": "+c.name, fmt.Sprintf("%d; the sign-in continues", c.want))
				return
			}
			got := <-v.outcomes
			if !errors.Is(got.err, ErrLoginFailed) {
				t.Errorf("the login goes on: %v", got.err)
			}
			signInRow(t, c.path+": "+c.name, fmt.Sprintf("%d; the sign-in ends", c.want))
			v.outcomes <- outcome{}
		})
	}
}

// hasIPv6 reports whether this machine has the other loopback address.
func hasIPv6(t *testing.T) bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		if !hasNoFamily(err) {
			t.Fatal(err)
		}
		return false
	}
	l.Close()
	return true
}

func TestBothFamilies(t *testing.T) {
	_, door := openedLogin(t)
	u, err := url.Parse(door)
	if err != nil {
		t.Fatal(err)
	}
	hosts := []string{"127.0.0.1"}
	if hasIPv6(t) {
		hosts = append(hosts, "[::1]")
	}
	for _, host := range hosts {
		if res := ask(t, "http://"+host+":"+u.Port()+"/auth/callback?state=wrong"); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", host, res.Status)
		}
	}
	signInRow(t, "the way back to localhost, as 127.0.0.1 or as ::1", "both answer")
}

// A port that another program uses on either address is not used: the browser could be redirected to that program.
func TestPortTakenInOneFamily(t *testing.T) {
	if !hasIPv6(t) {
		return // the port cannot be taken either
	}
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	if listeners, err := bind(t.Context(), port); err == nil {
		t.Errorf("listens on %v", listeners[0].Addr())
	}
	free, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		t.Fatalf("what was listened on is not given up: %v", err)
	}
	free.Close()
	signInRow(t, "another program holds the port on ::1 alone", "the port counts as taken")
}

func TestMissingFamily(t *testing.T) {
	_, err := net.Listen("tcp4", "192.0.2.1:0") // an address that this machine does not have
	if !hasNoFamily(err) {
		t.Errorf("%v", err)
	}
	if hasNoFamily(os.ErrPermission) {
		t.Error("a port that may not be used counts as free")
	}
}
