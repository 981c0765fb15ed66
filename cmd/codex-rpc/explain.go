package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// explain returns a failed call as a failure for people, with one hint. It
// returns other errors unchanged.
func explain(err error) error {
	e, ok := errors.AsType[*rpc.Error](err)
	if !ok {
		return err
	}
	message := strings.TrimPrefix(e.Message, "Not authenticated. Call authenticate() first. ")
	for _, advice := range []string{" Run `codex-rpc login", " (Run `codex-rpc login"} {
		message, _, _ = strings.Cut(message, advice)
	}
	if e.Type == "not_authenticated" {
		message = "not signed in: " + message
	}
	return &failure{exitFailed, message, []string{hintFor(e, time.Now())}}
}

// hintFor returns a hint for an error.
func hintFor(e *rpc.Error, now time.Time) string {
	var known struct {
		RetryAfter float64 `json:"retry_after"`
		ResetsAt   int64   `json:"resets_at"`
		RequestID  string  `json:"request_id"`
	}
	if text, err := json.Marshal(e.Data); err == nil {
		_ = json.Unmarshal(text, &known) // ignoring members of other types
	}
	reset := time.Unix(known.ResetsAt, 0)
	switch {
	case e.Code == methods.CodeNotAuthenticated:
		return "codex-rpc login signs in, over SSH with --device-code; --mock answers without an account"
	case reset.After(now):
		return "the limit resets at " + reset.Local().Format("15:04 on Monday, 2 January") + "; codex-rpc call codex.usage shows how much is used"
	case known.RetryAfter > 0:
		return fmt.Sprintf("try again in %g s", known.RetryAfter)
	case e.Code == 429:
		return "codex-rpc call codex.usage shows how much of the limits is used"
	case strings.Contains(e.Message, "models.list"):
		return "codex-rpc call models.list lists the models; -m MODEL picks one"
	case e.Type == "stream_interrupted":
		return "ask again; the partial answer is above"
	case e.Type == "connection_error", e.Type == "timeout":
		return "codex-rpc doctor checks the network, the proxy and the sign-in"
	case e.Type == "file_error":
		return "-i takes the path or the URL of an image"
	case e.Code >= 500 || e.Retryable:
		return "try again later; https://status.openai.com lists outages"
	case known.RequestID != "":
		return "request id for a report: " + known.RequestID
	}
	return "codex-rpc ask --help shows examples"
}

const loginCommand = "codex-rpc login"

// withHome returns a text that advises to sign in with the home that was given
// by --home or CODEX_HOME, which the user's shell may not have and without
// which the sign-in would be another one. A text that has it already is not
// changed.
func (c *config) withHome(text string) string {
	home := cmp.Or(c.home, os.Getenv("CODEX_HOME"))
	if home == "" {
		return text
	}
	command := loginCommand + " --home " + quoted(home)
	return strings.ReplaceAll(strings.ReplaceAll(text, command, loginCommand), loginCommand, command)
}

// quoted returns a word of a command line for a shell.
func quoted(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`/\:._-~`, r)
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
