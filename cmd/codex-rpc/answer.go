package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An answerPrinter prints the text of a response as it is generated or, with
// events, the events themselves.
type answerPrinter struct {
	out    io.Writer
	notes  io.Writer // for progress
	events bool

	pending bytes.Buffer // written before waiting for the backend
	shown   bool         // whether there was any text
	open    bool         // whether the last line has no end yet
	apart   bool         // whether another message follows
	err     error        // of out
}

// Event handles an event of the backend.
func (a *answerPrinter) Event(v rawjson.Value) error {
	if a.events {
		a.pending.Write(v.AppendTo(nil))
		a.pending.WriteByte('\n')
		return a.err
	}
	switch kind, _ := v.Get("type").Text(); kind {
	case "response.output_text.delta", "response.refusal.delta":
		delta, _ := v.Get("delta").Text()
		a.text(delta)
	case "response.output_item.added":
		a.apart = a.shown
	case "response.image_generation_call.in_progress":
		a.Flush()
		note(a.notes, "generating an image")
	}
	return a.err
}

func (a *answerPrinter) text(text string) {
	if text == "" {
		return
	}
	if a.apart {
		a.apart = false
		a.endLine()
		a.pending.WriteByte('\n')
	}
	a.pending.WriteString(strings.ReplaceAll(text, "\r\n", "\n"))
	a.shown, a.open = true, !strings.HasSuffix(text, "\n")
}

func (a *answerPrinter) endLine() {
	if a.open {
		a.pending.WriteByte('\n')
		a.open = false
	}
}

// Flush writes the pending text.
func (a *answerPrinter) Flush() error {
	if a.err == nil && a.pending.Len() > 0 {
		_, a.err = a.out.Write(a.pending.Bytes())
		a.pending.Reset()
	}
	return a.err
}

// end writes the rest. If the response had no deltas, it is the text of the
// result.
func (a *answerPrinter) end(result rawjson.Value) error {
	if !a.events && !a.shown {
		text, _ := result.Get("output_text").Text()
		a.text(text)
	}
	a.endLine()
	return a.Flush()
}

// saveImages saves the images in a response.
func saveImages(result rawjson.Value, path string, notes io.Writer) error {
	made := 0
	for item := range result.Get("output").Elements() {
		if !item.Get("type").Is("image_generation_call") {
			continue
		}
		text, _ := item.Get("result").Text()
		image, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(image) == 0 {
			continue
		}
		made++
		if path == "" {
			note(notes, "an image was generated but not saved; -o FILE saves it")
			continue
		}
		name := path
		if made > 1 {
			ending := filepath.Ext(path)
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), made, ending)
		}
		if err := os.WriteFile(name, image, 0o666); err != nil {
			return &failure{exitFailed, "cannot save the image: " + err.Error(), []string{"-o requires the name of a writable file"}}
		}
		note(notes, "saved %s, %s", name, size(len(image)))
	}
	if path != "" && made == 0 {
		return &failure{exitFailed, "the model generated no image", []string{"ask for one in the question, for example: Draw a cat"}}
	}
	return nil
}

// note prints a line about the answer to stderr.
func note(w io.Writer, format string, args ...any) {
	fmt.Fprintf(w, "codex-rpc: "+format+"\n", args...)
}

func size(bytes int) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}
