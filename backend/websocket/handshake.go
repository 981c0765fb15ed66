package websocket

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// offer asks for compression without context takeover, so that no connection need
// keep its state. How far back the client refers is not for the server to limit:
// compress/flate always uses the whole window.
const offer = deflateName + "; " + clientAlone + "; " + serverAlone

const (
	extensions   = "Sec-Websocket-Extensions"
	deflateName  = "permessage-deflate"
	clientAlone  = "client_no_context_takeover"
	serverAlone  = "server_no_context_takeover"
	serverWindow = "server_max_window_bits"
)

// Offer adds to a header what asks for a WebSocket, and returns the key that the
// answer refers to.
func Offer(header http.Header) (key string) {
	var random [16]byte
	rand.Read(random[:])
	key = base64.StdEncoding.EncodeToString(random[:])
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": key, extensions: offer,
	} {
		header.Set(name, value)
	}
	return key
}

// An Agreement is what a handshake came to.
type Agreement struct {
	compressed bool // either end may compress
	takeover   bool // messages of the server refer to earlier ones
}

// Accept checks the answer to a handshake whose status is 101.
func Accept(answer http.Header, key string) (a Agreement, err error) {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	switch {
	case !has(answer, "Connection", "upgrade") || !has(answer, "Upgrade", "websocket"):
		return a, errors.New("the connection is not upgraded to a WebSocket")
	case answer.Get("Sec-Websocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]):
		return a, errors.New("the answer is to another handshake")
	case answer.Get("Sec-Websocket-Protocol") != "":
		return a, errors.New("a subprotocol was not asked for")
	}
	for extension := range list(answer, extensions) {
		if a.compressed {
			return a, fmt.Errorf("more than one extension: %q", extension)
		}
		if err := a.accept(extension); err != nil {
			return a, err
		}
	}
	return a, nil
}

// accept checks the answer to the offer. A server that does not know the
// parameters of the offer, or takes them for a hint, may leave them out.
func (a *Agreement) accept(extension string) error {
	name, rest, more := strings.Cut(extension, ";")
	if strings.TrimSpace(name) != deflateName {
		return fmt.Errorf("an extension that was not offered: %q", extension)
	}
	*a = Agreement{compressed: true, takeover: true}
	seen := make(map[string]bool)
	for more {
		var parameter string
		parameter, rest, more = strings.Cut(rest, ";")
		name, value, valued := strings.Cut(parameter, "=")
		name, value = strings.TrimSpace(name), strings.Trim(strings.TrimSpace(value), `"`)
		bits, err := strconv.Atoi(value)
		ok := !seen[name]
		seen[name] = true
		switch name {
		case serverAlone:
			a.takeover = false
			ok = ok && !valued
		case clientAlone:
			ok = ok && !valued
		case serverWindow: // a smaller window is read with the whole one
			ok = ok && err == nil && 8 <= bits && bits <= 15 && strconv.Itoa(bits) == value
		default: // client_max_window_bits among them, which was not offered
			ok = false
		}
		if !ok {
			return fmt.Errorf("a parameter that was not offered: %q", extension)
		}
	}
	return nil
}

// list yields the elements of a header that is a list.
func list(header http.Header, name string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, value := range header[name] {
			for element := range strings.SplitSeq(value, ",") {
				if element = strings.TrimSpace(element); element != "" && !yield(element) {
					return
				}
			}
		}
	}
}

func has(header http.Header, name, token string) bool {
	for element := range list(header, name) {
		if strings.EqualFold(element, token) {
			return true
		}
	}
	return false
}
