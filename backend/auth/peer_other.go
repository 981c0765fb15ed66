//go:build !linux

package auth

import "net"

// isAnotherUsers has no answer where the system does not tell who made a connection.
func isAnotherUsers(_, _ net.Addr) bool { return false }
