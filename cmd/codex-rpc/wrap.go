package main

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A wrapper breaks lines at blanks, so that none is wider than the terminal. A
// word is written when it is whole. Code between fences stays as it is, and so
// does a word that is wider than a line: it can be copied then.
type wrapper struct {
	w     io.Writer
	width func() int

	out    bytes.Buffer
	column int
	blanks []byte // since the last word
	word   []byte
	wide   int // the word's width
	line   int // the width at the line's beginning
	head   []byte
	code   bool // between fences
}

const fence = "```"

// Write writes whole lines and words. It wants whole characters.
func (w *wrapper) Write(p []byte) (int, error) {
	for text := p; len(text) > 0; {
		r, n := utf8.DecodeRune(text)
		w.take(r, text[:n])
		text = text[n:]
	}
	_, err := w.w.Write(w.out.Bytes())
	w.out.Reset()
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *wrapper) take(r rune, text []byte) {
	if len(w.head) < len(fence) && (r != ' ' || len(w.head) > 0) && r != '\n' {
		w.head = append(w.head, text...)
	}
	switch {
	case r == '\n':
		w.endWord()
		w.blanks = w.blanks[:0]
		w.out.WriteByte('\n')
		if string(w.head) == fence {
			w.code = !w.code
		}
		w.column, w.head = 0, w.head[:0]
	case w.code:
		w.out.Write(text)
	case r == ' ' || r == '\t':
		w.endWord()
		w.blanks = append(w.blanks, text...)
	default:
		cells := cellsOf(r)
		if cells == 2 { // a line may break beside it
			w.endWord()
		}
		w.word = append(w.word, text...)
		w.wide += cells
		if cells == 2 {
			w.endWord()
		}
	}
}

// endWord writes the current word, on a new line if it does not fit.
func (w *wrapper) endWord() {
	if len(w.word) == 0 {
		return
	}
	if w.column == 0 {
		w.line = max(w.width(), 1)
	}
	before := w.column
	for _, blank := range w.blanks {
		w.column++
		if blank == '\t' {
			w.column = (w.column + 7) &^ 7
		}
	}
	if before > 0 && w.column+w.wide > w.line {
		w.out.WriteByte('\n')
		w.column = 0
	} else {
		w.out.Write(w.blanks)
	}
	w.out.Write(w.word)
	if w.column += w.wide; w.column > w.line { // the terminal broke the word
		w.column = (w.column-1)%w.line + 1
	}
	w.blanks, w.word, w.wide = w.blanks[:0], w.word[:0], 0
}

// cellsOf returns how many cells of a terminal a character takes.
func cellsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
