package auth

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// overflowUID represents users without an id in this user namespace.
const overflowUID = 65534

// isAnotherUsers reports whether a connection to a loopback address was made by another user of this machine. Root does
// not count, since some systems relay connections as root.
func isAnotherUsers(remote, local net.Addr) bool {
	uid, ok := userOf(remote, local)
	return ok && uid != os.Getuid() && uid != 0 && uid != overflowUID
}

// userOf returns the user of the remote end of a local connection, from the kernel's tables of connections.
func userOf(remote, local net.Addr) (uid int, ok bool) {
	far, near := entriesOf(remote), entriesOf(local)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid …
			fields := strings.Fields(lines.Text())
			if len(fields) > 7 && slices.Contains(far, fields[1]) && slices.Contains(near, fields[2]) {
				uid, err := strconv.Atoi(fields[7])
				return uid, err == nil
			}
		}
	}
	return 0, false
}

// entriesOf returns an address in the format of the tables: words in native byte order, and the port. An IPv4 address is
// listed as it is, or mapped if its socket is IPv6.
func entriesOf(address net.Addr) (entries []string) {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return nil
	}
	for _, ip := range []net.IP{tcp.IP.To4(), tcp.IP.To16()} {
		if ip == nil {
			continue
		}
		var text strings.Builder
		for ; len(ip) > 0; ip = ip[4:] {
			fmt.Fprintf(&text, "%08X", binary.NativeEndian.Uint32(ip))
		}
		entries = append(entries, fmt.Sprintf("%s:%04X", &text, tcp.Port))
	}
	return entries
}
