package auth

import (
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestUserOf(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			if hasNoFamily(err) {
				continue
			}
			t.Fatal(err)
		}
		defer l.Close()
		near, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer near.Close()
		if uid, ok := userOf(near.LocalAddr(), l.Addr()); !ok || uid != os.Getuid() {
			t.Errorf("%s: user %d, %v", host, uid, ok)
		}
		if isAnotherUsers(near.LocalAddr(), l.Addr()) {
			t.Errorf("%s: we are another user", host)
		}
		if _, ok := userOf(&net.TCPAddr{IP: net.ParseIP(host), Port: 1}, l.Addr()); ok {
			t.Errorf("%s: a connection that is not there has a user", host)
		}
	}
	// The user of an IPv6 socket connected to an IPv4 address is found too.
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	to := &unix.SockaddrInet6{Port: l.Addr().(*net.TCPAddr).Port}
	copy(to.Addr[:], net.IPv4(127, 0, 0, 1).To16())
	if err := unix.Connect(fd, to); err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	if uid, ok := userOf(accepted.RemoteAddr(), accepted.LocalAddr()); !ok || uid != os.Getuid() {
		t.Errorf("a mapped address: user %d, %v", uid, ok)
	}
	if isAnotherUsers(nil, nil) {
		t.Error("an unknown connection is another user's")
	}
}
