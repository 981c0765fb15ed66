package auth

import (
	"context"
	"io/fs"
	"sync"
	"time"
)

// keeper stores the text of auth.json. An absent text is fs.ErrNotExist, and removing it is not an error.
type keeper interface {
	// stamp is cheap and changes when the text does.
	stamp() stamp
	read() ([]byte, error)
	// write replaces the whole text or leaves it as it was.
	write([]byte) error
	remove() error
	// lockRefresh keeps other processes from refreshing, and lockCommit from changing the text. Each waits a limited time
	// for one that does; the first is taken before the second.
	lockRefresh(context.Context) (unlock func(), err error)
	lockCommit(context.Context) (unlock func(), err error)
	// place names the text in messages.
	place() string
}

// stamp identifies a version of the text without reading it. The zero stamp equals none, itself included.
type stamp struct {
	modified time.Time
	size     int64
}

// The clock of a file system may stand still this long (2 s on FAT).
const stampResolution = 2 * time.Second

// settled returns the stamp if any later change of the text will give it another one, else the zero stamp: a text that
// was written a moment ago can change again under the same stamp.
func (s stamp) settled() stamp {
	if time.Since(s.modified) > stampResolution {
		return s
	}
	return stamp{}
}

func (s stamp) same(other stamp) bool {
	return !s.modified.IsZero() && s.size == other.size && s.modified.Equal(other.modified)
}

// memory keeps auth.json in memory.
type memory struct {
	mu   sync.Mutex
	text []byte // nil when signed out
}

func (m *memory) stamp() stamp { return stamp{} }

func (m *memory) read() ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.text == nil {
		return nil, fs.ErrNotExist
	}
	return m.text, nil
}

func (m *memory) write(text []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = text
	return nil
}

func (m *memory) remove() error { return m.write(nil) }

func (m *memory) lockRefresh(context.Context) (func(), error) { return func() {}, nil }

func (m *memory) lockCommit(context.Context) (func(), error) { return func() {}, nil }

func (m *memory) place() string { return "auth.json in memory" }
