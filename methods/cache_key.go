package methods

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// maxDigested bounds the prefix of each text, such as an image, that is digested.
const maxDigested = 64 << 10

// deriveCacheKey sets a missing prompt cache key to a digest of the start of the
// conversation: the model, the instructions, and the items up to the first
// message of the user. All turns of a conversation have the same start.
func (r *ResponseRequest) deriveCacheKey(model, instructions string) {
	if !r.DeriveCacheKey || r.PromptCacheKey != nil || r.cacheKey() != "" {
		return
	}
	if r.Instructions != nil {
		instructions = *r.Instructions
	}
	d := digest{sha256.New()}
	d.add(model)
	d.add(instructions)
	switch input := r.Input.Value; input.Kind() {
	case '"':
		d.message("user", input)
	case '{':
		d.item(input)
	default:
		for item := range input.Elements() {
			if d.item(item) {
				break
			}
		}
	}
	key := formatUUID([16]byte(d.Sum(nil)), 8)
	r.PromptCacheKey = &key
}

// A digest hashes a list of texts.
type digest struct{ hash.Hash }

func (d digest) add(text string) {
	var size [8]byte
	binary.LittleEndian.PutUint64(size[:], uint64(len(text)))
	d.Write(size[:])
	d.Write([]byte(text[:min(len(text), maxDigested)]))
}

// item adds an item and reports whether it is a message of the user.
func (d digest) item(item rawjson.Value) (user bool) {
	role, ok := item.Get("role").Text()
	if !ok {
		d.add(string(item.Bytes()))
		return false
	}
	d.message(role, item.Get("content"))
	return role == "user"
}

// message adds a message. A text and a single text part are equivalent:
// programs that keep a history convert between them.
func (d digest) message(role string, content rawjson.Value) {
	d.add(role)
	if content.Kind() != '[' {
		d.part(content)
		return
	}
	for part := range content.Elements() {
		if text := part.Get("text"); text.Kind() == '"' {
			part = text
		}
		d.part(part)
	}
}

func (d digest) part(part rawjson.Value) {
	text, ok := part.Text()
	if !ok {
		text = string(part.Bytes())
	}
	d.add(text)
}
