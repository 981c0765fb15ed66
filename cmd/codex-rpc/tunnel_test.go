package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// A tunnel is a proxy for CONNECT that connects all names to one address.
type tunnel struct {
	address string // of the proxy
	asked   atomic.Int32
}

// dig starts a tunnel to an address, or a proxy that responds with answer
// instead.
func dig(t testing.TB, to, answer string) *tunnel {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &tunnel{address: listener.Addr().String()}
	var begun sync.WaitGroup
	begun.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			begun.Go(func() {
				defer near.Close()
				buffered := bufio.NewReader(near)
				if _, err := http.ReadRequest(buffered); err != nil {
					return
				}
				d.asked.Add(1)
				if answer != "" {
					io.WriteString(near, answer)
					return
				}
				far, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
				go func() {
					io.Copy(far, buffered)
					far.Close()
				}()
				io.Copy(near, far)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		begun.Wait() // the host is gone, and with it all connections
	})
	return d
}
