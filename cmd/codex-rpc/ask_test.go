package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAskStreams checks that the text is printed as it arrives and that
// generated images are saved.
func TestAskStreams(t *testing.T) {
	b := newSteppedBackend(t)
	dir := t.TempDir()
	image := filepath.Join(dir, "cat.png")
	cmd := exec.Command(built(t, "."), append(b.flags(), "ask", "-o", image, "Draw two cats")...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home(t), "XDG_STATE_HOME="+dir)
	p := startCommand(t, cmd)
	p.in.Close()
	u := b.nextOf("Draw two cats")
	if !strings.Contains(u.Body(), `"tools":[{"type":"image_generation"}]`) {
		t.Errorf("asked with %s", u.Body())
	}
	u.Begin()
	said := func(event, want string) {
		t.Helper()
		u.Event(event)
		got := make([]byte, len(want))
		if _, err := p.out.Read(got); err != nil || string(got) != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	}
	said(`{"type":"response.output_text.delta","delta":"One,"}`, "One,")
	said(`{"type":"response.output_text.delta","delta":" two."}`, " two.")
	u.Event(`{"type":"response.output_item.added","item":{"type":"image_generation_call"}}`)
	u.Event(`{"type":"response.image_generation_call.in_progress"}`)
	u.Event(`{"type":"response.output_item.done","output_index":0,"item":{"type":"image_generation_call","id":"ig_1","result":"b25l"}}`)
	u.Event(`{"type":"response.output_item.done","output_index":1,"item":{"type":"image_generation_call","id":"ig_2","result":"dHdv"}}`)
	u.Event(`{"type":"response.output_item.added","item":{"type":"message"}}`)
	said(`{"type":"response.output_text.delta","delta":"There."}`, "\n\nThere.")
	u.complete()
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for name, want := range map[string]string{"cat.png": "one", "cat-2.png": "two"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	log := p.log.String()
	for _, want := range []string{"codex-rpc: generating an image\n", "saved " + image + ", 3 bytes\n", "cat-2.png, 3 bytes\n"} {
		if !strings.Contains(log, want) {
			t.Errorf("stderr has no %q: %s", want, log)
		}
	}
}
