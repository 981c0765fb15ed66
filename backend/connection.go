package backend

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// connectionError converts an error of net/http. Its message starts with what,
// such as "no response from chatgpt.com".
func connectionError(what string, err error) *Error {
	if ours, ok := errors.AsType[*Error](err); ok {
		return ours
	}
	// The text of a url.Error contains the URL, which may have a signed query.
	var outer *url.Error
	for errors.As(err, &outer) {
		err = outer.Err
	}
	if untrusted, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &Error{
			Kind: ErrConnection,
			Message: what + ": its certificate is not trusted: " + reason(untrusted.Err) +
				"; if a proxy inspects TLS here, set CODEX_CA_CERTIFICATE to its CA certificate",
			cause: err,
		}
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return &Error{Kind: ErrTimeout, Retryable: true, Message: what + ": " + reason(err) + "; try again"}
	}
	return &Error{
		Kind:      ErrConnection,
		Retryable: true,
		Message:   what + ": " + reason(err) + "; check the network and the proxy settings",
		cause:     err,
	}
}

func reason(err error) string {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return "the connection was closed"
	}
	text, _, cut := strings.Cut(err.Error(), "?")
	if cut { // the rest may be the query of a signed URL
		text += "?…"
	}
	return printable.Excerpt(text, messageBytes)
}
