package auth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// listen listens on the first free port, on the loopback addresses of both families: a browser may resolve "localhost" to
// either, and another user could listen on the other one. A port in use may belong to an abandoned login of this program
// or of the official CLI, which is asked once to cancel.
func listen(ctx context.Context, ports []int) ([]net.Listener, error) {
	var addresses []string
	for _, port := range ports {
		for try := range 10 {
			listeners, err := bind(ctx, port)
			if err == nil {
				return listeners, nil
			}
			if try == 0 {
				for _, host := range loopbacks {
					cancelHolder(ctx, net.JoinHostPort(host, strconv.Itoa(port)))
				}
			} else if err := pause(ctx, 200*time.Millisecond); err != nil {
				return nil, err
			}
		}
		addresses = append(addresses, net.JoinHostPort(loopbacks[0], strconv.Itoa(port)))
	}
	return nil, &Error{
		Message: "Port " + strings.Join(addresses, " and ") + " is already in use.",
		Hint:    "Stop the program that uses it, or sign in with a device code.",
		cause:   ErrLoginFailed,
	}
}

var loopbacks = []string{"127.0.0.1", "::1"}

// bind listens on one port of each family that the machine has. It fails if the port is taken in any of them.
func bind(ctx context.Context, port int) (listeners []net.Listener, err error) {
	for _, host := range loopbacks {
		l, fault := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		switch {
		case fault == nil:
			listeners = append(listeners, l)
			port = l.Addr().(*net.TCPAddr).Port // the same for both if port is 0
		case hasNoFamily(fault):
			err = fault
		default:
			for _, l := range listeners {
				l.Close()
			}
			return nil, fault
		}
	}
	if len(listeners) == 0 {
		return nil, err
	}
	return listeners, nil
}

// hasNoFamily reports whether an address is unavailable because the machine does not support that version of the Internet
// Protocol. Windows has its own error numbers.
func hasNoFamily(err error) bool {
	const wsaAddressNotAvailable, wsaFamilyNotSupported = syscall.Errno(10049), syscall.Errno(10047)
	var errno syscall.Errno
	return errors.As(err, &errno) &&
		slices.Contains([]syscall.Errno{syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, wsaAddressNotAvailable, wsaFamilyNotSupported}, errno)
}

func cancelHolder(ctx context.Context, address string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/cancel", nil) // a valid URL
	// Not the default transport, which may use a proxy.
	if res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req); err == nil {
		res.Body.Close()
	}
}
