package auth

import (
	"context"
	"io/fs"
	"sync"
	"time"
)

// keeper stores the text of auth.json. Reading returns fs.ErrNotExist if there is none; removing is then not an error.
type keeper interface {
	// stamp returns the stamp of the current text. It is cheap.
	stamp() stamp
	read() ([]byte, error)
	// write replaces the text. If it fails, the text is unchanged.
	write([]byte) error
	remove() error
	// lockRefresh prevents other processes from refreshing, and lockCommit from changing the text. Each waits for a
	// limited time. The first is acquired before the second.
	lockRefresh(context.Context) (unlock func(), err error)
	lockCommit(context.Context) (unlock func(), err error)
	// place returns the name of the text for messages.
	place() string
}

// stamp identifies a version of the text without reading it. The zero stamp equals none, itself included.
type stamp struct {
	modified time.Time
	size     int64
}

// stampResolution is the coarsest resolution of a file system's times (2 s on FAT).
const stampResolution = 2 * time.Second

// settled returns the stamp if every later change of the text will have another one, otherwise the zero stamp: a text
// written just now can change without a change of its stamp.
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
