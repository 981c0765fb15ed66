package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestConversationShortened checks that a conversation that is too long loses
// its oldest questions, each with its answer.
func TestConversationShortened(t *testing.T) {
	item := func(role string, size int) json.RawMessage {
		return json.RawMessage(`{"role":"` + role + `","content":"` + strings.Repeat("x", size) + `"}`)
	}
	const large = maxConversation / 3
	for _, test := range []struct {
		name  string
		input []json.RawMessage
		roles string
	}{
		{"small", []json.RawMessage{item("user", 1), item("assistant", 1)}, "user assistant"},
		{"large", []json.RawMessage{item("user", large), item("assistant", large), item("user", 1), item("assistant", large)}, "user assistant"},
		{"the last alone", []json.RawMessage{item("user", 1), item("assistant", 1), item("user", 1), item("assistant", 2*large)}, "user assistant user assistant"},
		{"one that is too large", []json.RawMessage{item("user", maxConversation), item("assistant", 1)}, ""},
	} {
		k := conversation{Input: test.input}
		k.shorten()
		var roles []string
		for _, item := range k.Input {
			var message struct{ Role string }
			json.Unmarshal(item, &message)
			roles = append(roles, message.Role)
		}
		if got := strings.Join(roles, " "); got != test.roles {
			t.Errorf("%s: %s, want %s", test.name, got, test.roles)
		}
	}
}
