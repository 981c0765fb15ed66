package backend

import (
	"errors"
	"net/http"
	"net/http/httptrace"
	"testing"
)

// HTTP/2 may use connections that were dialed for an earlier request. It calls only
// GotConn for each, sends the request, and tries the next one after a GOAWAY.
func TestSendsOnLateConnections(t *testing.T) {
	req, err := http.NewRequest(http.MethodGet, "https://host.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	sends := 0
	_, err = sendBounded(req, func(req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		trace.GetConn("host.example:443")
		for range 5 {
			trace.GotConn(httptrace.GotConnInfo{})
			if err := req.Context().Err(); err != nil {
				return nil, err
			}
			sends++
		}
		return nil, errors.New("GOAWAY")
	})
	var e *Error
	if sends != maxSends || !errors.As(err, &e) || e.Kind != ErrConnection || !e.Retryable {
		t.Errorf("%d sends, %v", sends, err)
	}
}
