package main

import (
	"fmt"
	"testing"
)

const (
	shutdown = `{"jsonrpc":"2.0","id":"s","method":"shutdown"}`
	exit     = `{"jsonrpc":"2.0","method":"exit"}`
)

// TestLifecycleFaults checks that each call is answered however a client ends
// the session, and that the exit code reports whether it did so correctly.
func TestLifecycleFaults(t *testing.T) {
	for _, framing := range framings {
		for _, tt := range []struct {
			fault string
			code  int
			want  string
			play  func(*client, *steppedBackend) (seen []string)
		}{
			{"exit without shutdown", exitFailed, "none", func(c *client, b *steppedBackend) []string {
				c.say(exit)
				return nil
			}},
			{"exit in mid-stream", exitFailed, cancelled, func(c *client, b *steppedBackend) []string {
				u := streaming(c, b)
				c.say(exit)
				seen := []string{c.expect("1", cancelled)}
				u.closed()
				return seen
			}},
			{"shutdown and exit in mid-stream", 0, cancelled + ", result", func(c *client, b *steppedBackend) []string {
				u := streaming(c, b)
				c.say(shutdown, exit)
				seen := c.outcomes(2) // which of them comes first is left open
				u.closed()
				return seen
			}},
			{"shutdown in mid-stream", 0, "result", func(c *client, b *steppedBackend) []string {
				u := streaming(c, b)
				c.say(shutdown)
				c.expect(`"s"`, "result")
				u.complete()
				seen := []string{c.expect("1", "result")}
				c.say(exit)
				return seen
			}},
			{"calls after shutdown", 0, "2 × -32600 invalid_request", func(c *client, b *steppedBackend) []string {
				c.say(shutdown, creation("1"), creation("2"))
				c.expect(`"s"`, "result")
				seen := []string{c.expect("1", "-32600 invalid_request"), c.expect("2", "-32600 invalid_request")}
				c.say(exit)
				return seen
			}},
			{"shutdown twice", 0, "-32600 invalid_request, result", func(c *client, b *steppedBackend) []string {
				c.say(shutdown)
				seen := []string{c.expect(`"s"`, "result")}
				c.calls.Renew(`"s"`)
				c.say(shutdown)
				seen = append(seen, c.expect(`"s"`, "-32600 invalid_request"))
				c.say(exit)
				return seen
			}},
			{"exit twice", 0, "result", func(c *client, b *steppedBackend) []string {
				c.say(shutdown, exit, exit)
				return []string{c.expect(`"s"`, "result")}
			}},
			{"shutdown and no exit", 0, "result", func(c *client, b *steppedBackend) []string {
				c.say(shutdown)
				seen := []string{c.expect(`"s"`, "result")}
				c.in.Close()
				return seen
			}},
			{"initialize twice", 0, "-32600 invalid_request, result", func(c *client, b *steppedBackend) []string {
				const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize"}`
				c.say(initialize)
				seen := []string{c.expect("1", "result")}
				c.calls.Renew("1")
				c.say(initialize)
				seen = append(seen, c.expect("1", "-32600 invalid_request"))
				c.in.Close()
				return seen
			}},
		} {
			t.Run(framing+"/"+tt.fault, func(t *testing.T) {
				b := newSteppedBackend(t)
				c := connect(t, framing, b.flags()...)
				seen := tt.play(c, b)
				c.ends(tt.code)
				got := sum(seen)
				row(t, tt.fault, framing, got, fmt.Sprintf("exit %d", tt.code))
				if got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		}
	}
}
