package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/codex-rpc/codex-rpc/backend/localfile"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A conversation is the history of questions and answers, in the form of the
// input of a response. It is saved to a file that only its owner can read.
type conversation struct {
	Version      int               `json:"version"`
	Model        string            `json:"model,omitempty"` // empty: the default
	Instructions string            `json:"instructions,omitempty"`
	Input        []json.RawMessage `json:"input"`

	path    string
	pathErr error // why there is no path, if there is none
}

const (
	conversationVersion = 1
	// maxConversation bounds the file. The oldest questions are dropped first.
	maxConversation = 16 << 20
)

// openConversation returns a new conversation or, to continue, the last one
// that was saved. Conversations with the embedded backend are saved separately.
func openConversation(embedded, continues bool) (conversation, error) {
	dir, err := stateDir()
	k := conversation{Version: conversationVersion, pathErr: err}
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
	text, err := localfile.Read(k.path, 2*maxConversation)
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

// answered adds the messages of a response, and reasoning in its encrypted
// form. Other items would have to be stored by the backend, which stores none.
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
	if k.pathErr != nil {
		return k.pathErr
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

// shorten drops the oldest questions and their answers until the rest fits into
// the file.
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
	return err == nil && v.Get("role").Is("user")
}

// stateDir returns the directory for state on this system.
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
