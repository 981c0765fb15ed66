package methods

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"regexp"
	"sync"
)

var uuidPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
})

// newUUID returns a random UUID.
func newUUID() string {
	var id [16]byte
	rand.Read(id[:])
	return formatUUID(id, 4)
}

// uuidOf returns a UUID derived from a text, a random one for "".
func uuidOf(text string) string {
	if text == "" {
		return newUUID()
	}
	sum := sha256.Sum256([]byte(text))
	return formatUUID([16]byte(sum[:16]), 8)
}

// formatUUID formats an id with a version according to RFC 9562.
func formatUUID(id [16]byte, version byte) string {
	id[6] = id[6]&0x0f | version<<4
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
