package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

func TestManualHasAllThatHelpHas(t *testing.T) {
	root := newRoot(new(config))
	var page manual
	page.write(root, time.Unix(0, 0).UTC())
	text := page.String()
	if want := `.TH CODEX-RPC 1 1970-01-01 "codex-rpc ` + version() + `" "User Commands"` + "\n"; !strings.HasPrefix(text, want) {
		t.Errorf("it begins with %q, want %q", text[:min(len(text), 100)], want)
	}
	has := func(line string) {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
	flags := func(f *pflag.Flag) { has(`\fB` + roff(strings.TrimSpace(flagUse(f))) + `\fR`) }
	root.PersistentFlags().VisitAll(flags)
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			has(`.SS "` + roff(usageOf(cmd)) + `"`)
			cmd.LocalNonPersistentFlags().VisitAll(flags)
		}
	}
}

// TestManualOfOddTexts checks that texts are not interpreted as macros or
// escapes.
func TestManualOfOddTexts(t *testing.T) {
	var page manual
	page.term(`a "short" \text`, "'so-called'")
	page.prose(".TH is text\n'so is this\n\n  .nf\n  a\\b\n\nend\n")
	want := ".TP\n" + `\fBa \(dqshort\(dq \etext\fR` + "\n" + `\(aqso\-called\(aq` + "\n" +
		`\&.TH is text` + "\n" + `\(aqso is this` + "\n.RS 4\n.nf\n" + `\&.nf` + "\n" + `a\eb` + "\n.fi\n.RE\n.PP\nend\n"
	if page.String() != want {
		t.Errorf("got  %q\nwant %q", page.String(), want)
	}
}
