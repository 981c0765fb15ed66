package browser

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A tab is a page of a headless Chromium, controlled by the DevTools protocol
// over two pipes: JSON texts terminated by a zero byte.
type tab struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	calls   int
	session string
	events  []message // that no call has waited for yet
}

type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// patience bounds the time of Chromium for the whole test.
const patience = 60 * time.Second

func openTab(t *testing.T) *tab {
	t.Helper()
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "--window-size=1000,700", "about:blank")
	cmd.Stderr = &bytes.Buffer{}
	requests, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{requests, answers} // 3 and 4, where it looks for them
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v (it is Debian's package chromium)", err)
	}
	requests.Close()
	answers.Close()
	out.SetReadDeadline(time.Now().Add(patience))
	t.Cleanup(func() {
		in.Close() // which ends it
		cmd.Wait()
		out.Close()
		if t.Failed() {
			t.Logf("chromium: %s", cmd.Stderr)
		}
	})
	b := &tab{t: t, in: in, out: bufio.NewReader(out)}
	var created struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &created)
	b.call("Target.attachToTarget", map[string]any{"targetId": created.TargetID, "flatten": true}, &created)
	b.session = created.SessionID
	b.call("Page.enable", nil, nil)
	b.call("Runtime.enable", nil, nil)
	return b
}

// call calls a method of the protocol and stores its result.
func (b *tab) call(method string, params, result any) {
	b.t.Helper()
	b.calls++
	request, err := json.Marshal(message{ID: b.calls, SessionID: b.session, Method: method, Params: params})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(request, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		m := b.read()
		if m.ID != b.calls {
			b.events = append(b.events, m)
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

func (b *tab) read() (m message) {
	b.t.Helper()
	text, err := b.out.ReadBytes(0)
	if err == nil {
		err = json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m)
	}
	if err != nil {
		b.t.Fatalf("chromium: %v", err)
	}
	return m
}

// loaded waits until a page has loaded, and drops earlier events.
func (b *tab) loaded() {
	b.t.Helper()
	seen := b.events
	b.events = nil
	for {
		var m message
		if len(seen) > 0 {
			m, seen = seen[0], seen[1:]
		} else {
			m = b.read()
		}
		if m.Method == "Page.loadEventFired" {
			b.events = seen
			return
		}
	}
}

func (b *tab) open(address string) {
	b.t.Helper()
	b.events = nil
	b.call("Page.navigate", map[string]any{"url": address}, nil)
	b.loaded()
}

// eval returns the value of an expression, or of the promise it returns, as
// text.
func (b *tab) eval(format string, args ...any) string {
	b.t.Helper()
	var got struct {
		Result           struct{ Value string }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": "(async()=>String(await(" + fmt.Sprintf(format, args...) + ")))()", "awaitPromise": true}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", format, got.ExceptionDetails)
	}
	return got.Result.Value
}

// click clicks an element and waits for the next page.
func (b *tab) click(selector string) {
	b.t.Helper()
	var x, y float64
	at := b.eval("(r => (r.left+r.right)/2+' '+(r.top+r.bottom)/2)(document.querySelector(%q).getBoundingClientRect())", selector)
	if _, err := fmt.Sscan(at, &x, &y); err != nil {
		b.t.Fatalf("%s is at %q: %v", selector, at, err)
	}
	b.events = nil
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}, nil)
	}
	b.loaded()
}

// screenshot saves a picture of the page in a color scheme.
func (b *tab) screenshot(path, scheme string) {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
	var got struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &got)
	picture, err := base64.StdEncoding.DecodeString(got.Data)
	if err == nil {
		err = os.WriteFile(path, picture, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// sees checks that the page contains texts.
func (b *tab) sees(texts ...string) {
	b.t.Helper()
	page := b.eval("document.body.innerText")
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.t.Errorf("%q is not on the page:\n%s", text, page)
		}
	}
}
