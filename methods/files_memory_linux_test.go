package methods

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestUploadMemory checks the peak memory during an upload of the largest allowed
// file. The binary also serves the store, and is always built without the race
// detector.
func TestUploadMemory(t *testing.T) {
	const limit = 40 << 10 // KiB
	binary := filepath.Join(t.TempDir(), "codex-rpc")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/codex-rpc").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := exec.Command(binary, "--mock")
	server.Env = []string{"HOME=" + t.TempDir()}
	in, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := server.Wait(); err != nil {
			t.Error(err)
		}
	})
	path := sizedFile(t, "large.bin", maxFileBytes)
	fmt.Fprintf(in, `{"jsonrpc":"2.0","id":1,"method":"files.upload","params":{"path":%s,"stream":true}}`+"\n", quoted(path))
	lines := bufio.NewScanner(out)
	events := 0
	for lines.Scan() && strings.Contains(lines.Text(), `"method":"stream.event"`) {
		events++
	}
	if !strings.Contains(lines.Text(), `"file_size_bytes":536870912`) || events == 0 {
		t.Fatalf("%d events, then %s (%v)", events, lines.Text(), lines.Err())
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if peak == nil {
		t.Fatalf("no VmHWM in %s", status)
	}
	if kib, err := strconv.Atoi(string(peak[1])); err != nil || kib > limit {
		t.Errorf("the upload took %s KiB, more than %d", peak[1], limit)
	} else {
		t.Logf("%d KiB, %d events", kib, events)
	}
}
