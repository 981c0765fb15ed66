package conformance

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// The test binary also acts as the fake host, with the fault that this variable
// names.
const fakeFault = "CONFORMANCE_FAKE_FAULT"

func TestMain(m *testing.M) {
	if fault, ok := os.LookupEnv(fakeFault); ok {
		fake(fault, os.Args[1:])
		return
	}
	os.Exit(m.Run())
}

func fakeHost(t *testing.T, host Host, fault string) Host {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	host.Command = []string{self}
	host.Env = []string{fakeFault + "=" + fault, "GORACE=atexit_sleep_ms=0"} // a race build waits a second at its end
	return host
}

// fake is a host for the cases of TestRunner with one fault.
func fake(fault string, args []string) {
	set := flag.NewFlagSet("fake", flag.ExitOnError)
	base := set.String("chatgpt-base-url", "", "")
	set.String("openai-base-url", "", "")
	set.String("auth-issuer", "", "")
	set.Parse(args)

	in := bufio.NewReader(os.Stdin)
	framing := rpctest.Lines
	if first, _ := in.Peek(1); string(first) == "C" {
		framing = rpctest.Headers
	}
	request, err := framing.Read(in)
	if err != nil {
		os.Exit(9)
	}
	id := string(requestID(framing, 0))
	send := func(format string, args ...any) {
		os.Stdout.Write(framing.Encode(fmt.Appendf(nil, format, args...)))
	}
	event := func(seq, n int) {
		send(`{"jsonrpc":"2.0","method":"stream.event","params":{"id":%s,"seq":%d,"event":{"n":%d}}}`, id, seq, n)
	}
	switch {
	case strings.Contains(string(request), "refuse"):
		refuse(fault, id, send)
	case strings.Contains(string(request), "again"):
		if fault == "request of the second" {
			askUsage("", *base)
		}
		refuse(fault, id, send)
		again(fault, *base, framing, in, send)
	case fault == "recorded":
		send(`{"jsonrpc":"2.0","id":%s,"result":%s}`, id, get(*base+"/wham/usage", "GET", "", "codex-rpc"))
	default:
		askUsage(fault, *base)
		stream(fault, event, send, id)
	}
	if fault == "broken frame" {
		fmt.Print(`Content-Length: 7`)
	}
	io.Copy(io.Discard, in)
	if fault == "hang" {
		select {}
	}
	if fault == "exit 3" {
		os.Exit(3)
	}
}

func refuse(fault, id string, send func(string, ...any)) {
	code, message, data := "401", "Not authenticated.", `,"data":{"type":"not_authenticated","retryable":false}`
	switch fault {
	case "a result":
		send(`{"jsonrpc":"2.0","id":%s,"result":{}}`, id)
		return
	case "error without data":
		data = ""
	case "error without retryable":
		data = `,"data":{"type":"not_authenticated"}`
	case "error of two lines":
		message += `\nNot at all.`
	case "error with a text code":
		code = `"401"`
	case "other code":
		code = "403"
	case "secret in an error":
		message += " Bearer access-token is bad."
	}
	send(`{"jsonrpc":"2.0","id":%s,"error":{"code":%s,"message":"%s"%s}}`, id, code, message, data)
}

// again answers a second call, which makes a request that the first does not
// make.
func again(fault, base string, framing rpctest.Framing, in *bufio.Reader, send func(string, ...any)) {
	if fault == "exit after the first" {
		os.Exit(0)
	}
	if _, err := framing.Read(in); err != nil {
		os.Exit(9)
	}
	id := string(requestID(framing, 1))
	if fault == "id of the first" {
		id = string(requestID(framing, 0))
	}
	askUsage(fault, base)
	send(`{"jsonrpc":"2.0","id":%s,"result":{"plan":"plus"}}`, id)
}

func askUsage(fault, base string) {
	method, path, body, originator := "GET", "/wham/usage?a=1", "", "fake"
	switch fault {
	case "no request":
		return
	case "wrong method":
		method = "POST"
	case "wrong path":
		path = "/usage?a=1"
	case "wrong query":
		path = "/wham/usage?a=2"
	case "wrong body":
		body = "{}"
	case "wrong header":
		originator = "other"
	case "missing header":
		originator = ""
	case "second request":
		get(base+path, method, body, originator)
	}
	get(base+path, method, body, originator)
}

func get(url, method, body, originator string) string {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		os.Exit(9)
	}
	r.Header.Set("Authorization", "Bearer access-token")
	r.Header.Set("ChatGPT-Account-ID", "acct-1")
	if originator != "" {
		r.Header.Set("Originator", originator)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		os.Exit(9)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		os.Exit(9)
	}
	return string(text)
}

func stream(fault string, event func(seq, n int), send func(string, ...any), id string) {
	event(0, 0)
	switch fault {
	case "missing event":
	case "gap in seq":
		event(2, 1)
	case "other event":
		event(1, 7)
	case "event of another id":
		send(`{"jsonrpc":"2.0","method":"stream.event","params":{"id":"x","seq":1,"event":{"n":1}}}`)
	case "event after response":
	case "no response":
		os.Exit(0)
	case "hang":
		return
	default:
		event(1, 1)
	}
	result := `{"plan":"caf\u00e9","more":1}`
	switch fault {
	case "missing member":
		result = `{}`
	case "wrong member":
		result = `{"plan":"cafe"}`
	case "not null":
		result = `{"plan":"caf\u00e9","gone":1}`
	case "not ASCII":
		result = `{"plan":"café"}`
	case "other id":
		id = `"7"`
	case "rounded id":
		id = strings.NewReplacer("9007199254740993", "9007199254740992", "/", `\/`).Replace(id)
	case "other notification":
		send(`{"jsonrpc":"2.0","method":"log","params":{}}`)
	case "secret in the log":
		fmt.Fprintln(os.Stderr, "key sk-realtime")
	case "loose framing":
		fmt.Print("content-length:2\r\n\r\n{}")
		return
	}
	switch fault {
	case "not JSON":
		send(`[]`)
	case "no version":
		send(`{"id":%s,"result":%s}`, id, result)
	case "unknown member":
		send(`{"jsonrpc":"2.0","id":%s,"result":%s,"extra":1}`, id, result)
	case "both":
		send(`{"jsonrpc":"2.0","id":%s,"result":%s,"error":null}`, id, result)
	case "an error":
		send(`{"jsonrpc":"2.0","id":%s,"error":{"code":1,"message":"m","data":{"type":"t","retryable":true}}}`, id)
	default:
		send(`{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
	}
	switch fault {
	case "two responses":
		send(`{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
	case "event after response":
		event(1, 1)
	}
}
