package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A question holds the arguments and flags of ask.
type question struct {
	text         string
	context      string // from standard input
	images       []string
	system       string
	effort       string
	output       string
	events       bool
	continues    bool
	forget       bool
	conversation conversation // to continue; empty for a new one
}

func newAsk(c *config) *cobra.Command {
	var q question
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Ask the model and print its answer as it is generated",
		Long: `ask prints the answer to a question as text while it is generated. On a terminal
the text is wrapped to its width. Standard input, if piped, is the context of
the question, or the question itself if none is given.

The conversation is saved in the user's state directory, so that --continue can
resume it, unless --no-save is given. Ctrl-C stops the answer.`,
		Example: `  codex-rpc ask --mock "Say hello"
  git diff | codex-rpc ask "What does this change?"
  codex-rpc ask --continue "And in one sentence?"
  codex-rpc ask -i cat.png "What is this?"
  codex-rpc ask -o cat.png "Draw a cat"`,
		ValidArgsFunction: cobra.NoFileCompletions,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 && isDirective(cmd, args[0]) {
				return &failure{exitUsage, fmt.Sprintf("%q is not a question", args[0]), []string{mockHint(args[0])}}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			q.text = strings.TrimSpace(strings.Join(args, " "))
			if err := q.complete(cmd); err != nil {
				return err
			}
			kept, err := openConversation(c.embedded(), q.continues)
			if err != nil {
				return err
			}
			q.conversation = kept
			return onHost(c, cmd, c.record, func(ctx context.Context, h *host) error { return h.ask(ctx, cmd, c, &q) })
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&c.defaults.Model, "model", "m", "", "model to ask")
	f.Lookup("model").DefValue = methods.DefaultModel
	f.StringArrayVarP(&q.images, "image", "i", nil, "image to ask about, as a path or URL; may be repeated")
	f.StringVarP(&q.system, "system", "s", "", "system message")
	f.StringVar(&q.effort, "effort", "", "reasoning effort: "+strings.Join(vocabulary.ReasoningEffort("").Known(), ", ")+", or another value that the model supports")
	f.BoolVar(&q.continues, "continue", false, "continue the last conversation")
	f.BoolVar(&q.forget, "no-save", false, "do not save the conversation")
	f.StringVarP(&q.output, "output", "o", "", "let the model generate an image, and save it to this file")
	f.BoolVar(&q.events, "json", false, "print the backend's events as JSON, one per line")
	return cmd
}

// complete reads standard input and checks the flags.
func (q *question) complete(cmd *cobra.Command) error {
	if q.output != "" {
		if info, err := os.Stat(filepath.Dir(q.output)); err != nil || !info.IsDir() {
			return &failure{exitUsage, "--output: no such directory: " + filepath.Dir(q.output), []string{"create it first, for example with mkdir -p"}}
		}
	}
	if isPiped(os.Stdin) {
		waits := time.AfterFunc(inputNoticeTime, func() {
			io.WriteString(cmd.ErrOrStderr(), "codex-rpc: waiting for the context on standard input; give it </dev/null if there is none\n")
		})
		defer waits.Stop()
		text, err := io.ReadAll(io.LimitReader(os.Stdin, maxContext+1))
		switch {
		case err != nil:
			return usageError("cannot read standard input: %v", err)
		case len(text) > maxContext:
			return &failure{exitUsage, "standard input is larger than 16 MiB", []string{"pipe in the relevant part, for example with head or grep"}}
		case !utf8.Valid(text):
			return &failure{exitUsage, "standard input is not UTF-8 text", []string{"convert other encodings with iconv; pass images with -i FILE"}}
		}
		q.context = strings.TrimPrefix(string(text), "\ufeff")
	}
	if q.text == "" {
		q.text, q.context = strings.TrimSpace(q.context), ""
	}
	if q.text == "" {
		return &failure{exitUsage, "ask requires a question", []string{`for example: codex-rpc ask --mock "Say hello"`}}
	}
	return nil
}

const (
	maxContext      = 16 << 20
	inputNoticeTime = 2 * time.Second
)

// isPiped reports whether a file is a deliberate input: neither a terminal nor
// a device such as /dev/null.
func isPiped(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0)
}

// A contentPart is a part of a message.
type contentPart struct {
	Type     string `json:"type"`
	Text     string `json:"text,omitempty"`
	ImageURL string `json:"image_url,omitempty"`
}

// message returns the question as an input item.
func (q *question) message(h *host, notes io.Writer) (json.RawMessage, error) {
	var parts []contentPart
	if strings.TrimSpace(q.context) != "" {
		parts = append(parts, contentPart{Type: "input_text", Text: q.context})
	}
	parts = append(parts, contentPart{Type: "input_text", Text: q.text})
	for _, image := range q.images {
		url := image
		if !isURL(image) {
			var err error
			if url, err = h.service.ImageURL(image); err != nil {
				return nil, err
			}
			note(notes, "image %s, %s", filepath.Base(image), size(len(url)/4*3))
		}
		parts = append(parts, contentPart{Type: "input_image", ImageURL: url})
	}
	return json.Marshal(struct {
		Role    string        `json:"role"`
		Content []contentPart `json:"content"`
	}{"user", parts})
}

func isURL(text string) bool {
	for _, scheme := range []string{"https://", "http://", "data:"} {
		if strings.HasPrefix(strings.ToLower(text), scheme) {
			return true
		}
	}
	return false
}

// params returns the parameters of responses.create.
func (q *question) params() rawjson.Value {
	type tool struct {
		Type string `json:"type"`
	}
	p := struct {
		Model        string            `json:"model,omitempty"`
		Instructions string            `json:"instructions,omitempty"`
		Input        []json.RawMessage `json:"input"`
		Include      []string          `json:"include"`
		Reasoning    map[string]string `json:"reasoning,omitempty"`
		Tools        []tool            `json:"tools,omitempty"`
		Stream       bool              `json:"stream"`
	}{
		Model: q.conversation.Model, Instructions: q.conversation.Instructions, Input: q.conversation.Input,
		Include: []string{"reasoning.encrypted_content"}, Stream: true,
	}
	if q.effort != "" {
		p.Reasoning = map[string]string{"effort": q.effort}
	}
	if q.output != "" {
		p.Tools = []tool{{"image_generation"}}
	}
	return rawjson.MustMarshal(p)
}

// ask sends the question and prints the answer.
func (h *host) ask(ctx context.Context, cmd *cobra.Command, c *config, q *question) error {
	notes := cmd.ErrOrStderr()
	message, err := q.message(h, notes)
	if err != nil {
		return explain(err)
	}
	kept := &q.conversation
	kept.Model = cmp.Or(c.defaults.Model, kept.Model)
	kept.Instructions = cmp.Or(q.system, kept.Instructions)
	kept.Input = append(kept.Input, message)
	out := cmd.OutOrStdout()
	if !q.events && term.IsTerminal(int(os.Stdout.Fd())) {
		out = &wrapper{w: out, width: terminalWidth}
	}
	a := &answerPrinter{out: &shownWriter{w: out}, notes: notes, events: q.events}
	result, err := h.server.Invoke(ctx, "responses.create", q.params(), a)
	if unprinted := a.end(result); unprinted != nil {
		return printFailure(unprinted)
	}
	if err != nil {
		return explain(err)
	}
	if !q.forget {
		kept.answered(result)
		if err := kept.save(); err != nil {
			note(notes, "the conversation is not saved: %v (--no-save leaves it out)", err)
		}
	}
	if err := saveImages(result, q.output, notes); err != nil {
		return err
	}
	return incomplete(result)
}

// incomplete returns a failure if the response is incomplete.
func incomplete(result rawjson.Value) error {
	if !result.Get("status").Is("incomplete") {
		return nil
	}
	reason, _ := result.Get("incomplete_details").Get("reason").Text()
	return &failure{exitFailed, "the answer is incomplete: " + cmp.Or(reason, "the backend ended it"), []string{`codex-rpc ask --continue "Go on" asks for the rest`}}
}

func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 80
	}
	return width
}
