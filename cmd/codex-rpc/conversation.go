package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A conversation is the history of questions and answers, in the form of the
// input of a response. It is saved to a file that only its owner can read.
type conversation struct {
	Version      int               `json:"version"`
	Model        string            `json:"model,omitempty"` // empty: the default
	Instructions string            `json:"instructions,omitempty"`
	Input        []json.RawMessage `json:"input"`

	path   string
	unkept error // why there is no path
}

const (
	conversationVersion = 1
	// maxConversation bounds the file. What is oldest goes first.
	maxConversation = 16 << 20
)

// openConversation returns a new conversation, or to continue the one that was
// kept last. Those with the embedded backend are kept apart.
func openConversation(embedded, continues bool) (conversation, error) {
	k := conversation{Version: conversationVersion}
	dir, err := stateDir()
	if err != nil {
		k.unkept = err
	}
	name := "conversation.json"
	if embedded {
		name = "conversation-mock.json"
	}
	k.path = filepath.Join(dir, name)
	if !continues {
		return k, nil
	}
	if err == nil {
		err = k.load()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return k, &failure{exitFailed, "no conversation to continue", []string{"run ask without --continue to start one"}}
	case err != nil:
		return k, &failure{exitFailed, "cannot read the last conversation: " + err.Error(), []string{"run ask without --continue to start a new one"}}
	}
	return k, nil
}

func (k *conversation) load() error {
	text, err := os.ReadFile(k.path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, k); err != nil {
		return errors.New(k.path + " is not a conversation")
	}
	if k.Version != conversationVersion {
		return errors.New(k.path + " was written by another version of codex-rpc")
	}
	return nil
}

// answered adds what a response holds of the conversation: messages, and
// reasoning that goes back in its encrypted form. The backend stores nothing
// that other items could refer to.
func (k *conversation) answered(result rawjson.Value) {
	for item := range result.Get("output").Elements() {
		kind, _ := item.Get("type").Text()
		if kind == "message" || kind == "reasoning" && item.Get("encrypted_content").Kind() == '"' {
			k.Input = append(k.Input, item.Clone().Bytes())
		}
	}
}

// save replaces the file.
func (k *conversation) save() error {
	if k.unkept != nil {
		return k.unkept
	}
	k.shorten()
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	dir := filepath.Dir(k.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".conversation-") // mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), k.path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// shorten drops the oldest questions with their answers until the rest is no
// larger than the file may be.
func (k *conversation) shorten() {
	total := 0
	for _, item := range k.Input {
		total += len(item)
	}
	for total > maxConversation && len(k.Input) > 0 {
		for first := true; len(k.Input) > 0 && (first || !isQuestion(k.Input[0])); first = false {
			total -= len(k.Input[0])
			k.Input = k.Input[1:]
		}
	}
}

func isQuestion(item json.RawMessage) bool {
	v, err := rawjson.Parse(item)
	role, _ := v.Get("role").Text()
	return err == nil && role == "user"
}

// stateDir is where the state of the user's programs goes on this system.
func stateDir() (string, error) {
	const own = "codex-rpc"
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, own), nil
	}
	var dir string
	var err error
	switch runtime.GOOS {
	case "windows":
		dir, err = os.UserCacheDir() // %LocalAppData%
	case "darwin", "ios":
		dir, err = os.UserConfigDir() // ~/Library/Application Support
	default:
		if dir, err = os.UserHomeDir(); err == nil {
			dir = filepath.Join(dir, ".local", "state")
		}
	}
	return filepath.Join(dir, own), err
}
