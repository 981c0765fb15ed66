package websocket

import (
	"fmt"
	"net/http"
	"testing"
)

// The key and the accept value are the example of RFC 6455, section 1.3.
const (
	testKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	testAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

func TestAccept(t *testing.T) {
	for _, test := range []struct{ extensions, want string }{
		{"", "{false false false}"},
		{" ", "{false false false}"},
		{",", "{false false false}"},
		{"permessage-deflate", "{true true false}"},
		{"permessage-deflate; server_no_context_takeover", "{true false false}"},
		{"permessage-deflate;client_no_context_takeover ; server_no_context_takeover", "{true false false}"},
		{"permessage-deflate; client_no_context_takeover", "{true true false}"},
		{"permessage-deflate; server_max_window_bits=10", "{true true false}"},
		{`permessage-deflate; server_max_window_bits="15"; server_no_context_takeover`, "{true false false}"},
		{"permessage-deflate; client_max_window_bits=15", "{true true false}"},
		{"permessage-deflate; client_max_window_bits=14", "{true true true}"},
		{"permessage-deflate; client_max_window_bits=8; server_no_context_takeover", "{true false true}"},
		{"permessage-deflate; client_max_window_bits=16", "a parameter that is not valid"},
		{"permessage-deflate; client_max_window_bits", "a parameter that is not valid"},
		{"permessage-deflate; server_max_window_bits", "a parameter that is not valid"},
		{"permessage-deflate; server_max_window_bits=7", "a parameter that is not valid"},
		{"permessage-deflate; server_max_window_bits=16", "a parameter that is not valid"},
		{"permessage-deflate; server_max_window_bits=09", "a parameter that is not valid"},
		{"permessage-deflate; server_max_window_bits=+9", "a parameter that is not valid"},
		{"permessage-deflate; server_no_context_takeover=1", "a parameter that is not valid"},
		{"permessage-deflate; server_no_context_takeover; server_no_context_takeover", "a parameter that is not valid"},
		{"permessage-deflate; level=9", "a parameter that is not valid"},
		{"permessage-deflate;", "a parameter that is not valid"},
		{"permessage-deflate, permessage-deflate", "more than one extension"},
		{"permessage-deflate, x-other", "more than one extension"},
		{"x-webkit-deflate-frame", "an extension that was not offered"},
		{"permessage-bzip2; level=9", "an extension that was not offered"},
		{"; permessage-deflate", "an extension that was not offered"},
	} {
		header := http.Header{
			"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"WebSocket"}, "Sec-Websocket-Accept": {testAccept}, extensions: {test.extensions},
		}
		a, err := Accept(header, testKey)
		got := fmt.Sprint(a)
		if err != nil {
			got = fmt.Sprintf("%.*s", len(test.want), err)
		}
		if got != test.want {
			t.Errorf("%q: %s, want %s", test.extensions, got, test.want)
		}
	}
	for name, value := range map[string]string{
		"Connection": "close", "Upgrade": "h2c", "Sec-Websocket-Accept": "", "Sec-Websocket-Protocol": "chat",
	} {
		header := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Accept": {testAccept}}
		header.Set(name, value)
		if _, err := Accept(header, testKey); err == nil {
			t.Errorf("%s: %q is accepted", name, value)
		}
	}
}

// Each handshake has its own key.
func TestOffer(t *testing.T) {
	first, second := http.Header{}, http.Header{}
	if key := Offer(first); key == Offer(second) || first.Get("Sec-WebSocket-Key") != key || len(key) != len(testKey) {
		t.Errorf("%q", key)
	}
}
