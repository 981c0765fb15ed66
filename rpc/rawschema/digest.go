package rawschema

import (
	"crypto/sha256"
	"io"
	"maps"
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A digest is equal for two values if and only if they are equal in JSON
// Schema: 1 equals 1.0, and the order of members does not matter.
type digest [sha256.Size]byte

// digestOf returns the digest of a value, in time linear in its text, and the
// position after it.
func digestOf(at rawjson.Cursor) (digest, rawjson.Cursor) {
	hash := sha256.New()
	hash.Write([]byte{at.Kind()})
	switch at.Kind() {
	case '"':
		v := at.Value()
		decoded, _ := v.Text()
		io.WriteString(hash, decoded)
		at = at.Skip()
	case '0':
		hash.Write(at.Value().Decimal().AppendTo(nil))
		at = at.Skip()
	case '[':
		element, more := at.Enter()
		for more {
			var d digest
			d, element = digestOf(element)
			hash.Write(d[:])
			element, more = element.Next()
		}
		at = element
	case '{':
		members := make(map[string]digest)
		member, more := at.Enter()
		for more {
			name, value := member.Key()
			decoded, _ := name.Text()
			members[decoded], member = digestOf(value)
			member, more = member.Next()
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			d := sha256.Sum256([]byte(name))
			hash.Write(d[:])
			d = members[name]
			hash.Write(d[:])
		}
		at = member
	default:
		at = at.Skip()
	}
	return digest(hash.Sum(nil)), at
}
