package main

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A wrapper breaks lines at blanks to fit the width of the terminal. It writes
// a word once it is complete. Code between fences and words wider than a line
// are left unbroken, so that they can be copied.
type wrapper struct {
	w     io.Writer
	width func() int

	out    bytes.Buffer
	column int
	blanks []byte // since the last word
	word   []byte
	wide   int // width of the word
	line   int // width of the terminal at the start of the line
	head   []byte
	code   bool // whether the text is between fences
}

const fence = "```"

// Write writes complete lines and words. p must consist of complete characters.
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
		if cells == 2 { // a line may break before and after it
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
	if w.column += w.wide; w.column > w.line { // the terminal has wrapped the word
		w.column = (w.column-1)%w.line + 1
	}
	w.blanks, w.word, w.wide = w.blanks[:0], w.word[:0], 0
}

// cellsOf returns the number of terminal cells that a character takes.
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
