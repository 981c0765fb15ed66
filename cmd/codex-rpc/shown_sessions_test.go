package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestShownSessions plays the sessions at the start of the protocol page, and that of
// the README. An ellipsis stands for any text; events may be omitted.
func TestShownSessions(t *testing.T) {
	sessions := sessionsIn(t, "../../schema/PROTOCOL.md", "A session", `(?m)^    > .*\n(?:^    .*\n)+`)
	for _, shown := range sessionsIn(t, "../../README.md", "The protocol", `(?m)^\$ echo .*\n(?:^[^\x60].*\n)+`) {
		shown = strings.Replace(shown, "$ echo '", "> ", 1)
		sessions = append(sessions, strings.Replace(shown, "' | codex-rpc --mock\n", "\n", 1))
	}
	if len(sessions) != 3 {
		t.Fatalf("%d sessions, want 3", len(sessions))
	}
	for _, session := range sessions {
		p := start(t, "--mock")
		for line := range strings.Lines(session) {
			line = strings.TrimSpace(line)
			request, sent := strings.CutPrefix(line, "> ")
			switch {
			case request == "end of input":
				p.in.Close()
			case sent:
				p.send(request)
			case line == "exit code 0":
				if code := p.exit(); code != 0 {
					t.Errorf("exit code %d", code)
				}
			case line != "…":
				p.receiveLike(line)
			}
		}
	}
}

// sessionsIn returns what matches the pattern in a section of a page.
func sessionsIn(t *testing.T, page, heading, pattern string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return regexp.MustCompile(pattern).FindAllString(section, -1)
}

// receiveLike skips events until it receives a line of a page.
func (p *process) receiveLike(line string) {
	p.t.Helper()
	pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + "$")
	for {
		m := p.receive()
		if pattern.MatchString(m.Text) {
			return
		}
		if m.Method != "stream.event" {
			p.t.Fatalf("received %s\nwant %s", m.Text, line)
		}
	}
}
