//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() { roles["parent"] = playParent }

// playParent starts a host on pipes or on its own standard streams, prints the
// host's process id, and waits.
func playParent() {
	cmd := exec.Command(os.Args[1], os.Args[3:]...)
	if os.Args[2] == "inherit" {
		cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
	} else {
		in, err := cmd.StdinPipe()
		if err != nil {
			panic(err)
		}
		if _, err := cmd.StdoutPipe(); err != nil {
			panic(err)
		}
		defer in.Close()
		go io.WriteString(in, create(1, "mock:stall=1")+"\n")
	}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stderr, cmd.Process.Pid)
	select {}
}

// TestKilledParent checks that the host exits within a second of its client's
// death, whether the pipes are closed or inherited.
func TestKilledParent(t *testing.T) {
	for _, how := range []string{"pipes", "inherit"} {
		t.Run(how, func(t *testing.T) {
			parent := role("parent", built(t, "."), how, "--mock")
			in, err := parent.StdinPipe() // stays open: the host sees no end of input
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			out, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			said, err := parent.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			var pid int
			if _, err := fmt.Fscan(said, &pid); err != nil {
				t.Fatal(err)
			}
			if how == "inherit" { // it is up and serving
				io.WriteString(in, `{"jsonrpc":"2.0","id":1,"method":"codex.usage"}`+"\n")
				if _, err := out.Read(make([]byte, 10)); err != nil {
					t.Fatal(err)
				}
			}
			parent.Process.Kill()
			parent.Process.Wait()
			killed := time.Now()
			for running(pid) {
				if time.Since(killed) > time.Second {
					syscall.Kill(pid, syscall.SIGKILL)
					t.Fatal("the host outlives its client by more than a second")
				}
				time.Sleep(5 * time.Millisecond)
			}
			row(t, "SIGKILL of the parent ("+how+")", "lines", "none can be read", "gone within a second")
		})
	}
}

// running reports whether a process runs and is not a zombie.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}

// TestKilledClientProcess checks that the process named by initialize is
// watched as well.
func TestKilledClientProcess(t *testing.T) {
	client := exec.Command("sleep", "1000")
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	p := start(t, "--mock")
	p.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":%d}}`, client.Process.Pid))
	p.receive()
	client.Process.Kill()
	client.Wait()
	if code := p.exit(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	row(t, "SIGKILL of the process that initialize names", "lines", "none", "exit 1")
}

// TestUnknownClientProcess checks that a process which does not exist is
// ignored.
func TestUnknownClientProcess(t *testing.T) {
	p := start(t, "--mock")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":4194303}}`, `{"jsonrpc":"2.0","id":2,"method":"codex.usage"}`)
	p.receive()
	if m := p.receive(); m.Error != nil {
		t.Errorf("error %+v", m.Error)
	}
	p.in.Close()
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestLostReader checks that output without a reader ends the host, although
// its input is open.
func TestLostReader(t *testing.T) {
	cmd := exec.Command(built(t, "."), "--mock")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitFailed {
		t.Errorf("Wait = %v", err)
	}
	row(t, "stdout closed when idle", "any", "none", "exit 1")
}

// TestUnreadStderr checks that an unread log does not delay the host.
func TestUnreadStderr(t *testing.T) {
	cmd := exec.Command(built(t, "."), "--mock", "--log-level", "debug")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	var requests strings.Builder
	const calls = 2000 // of two log lines each
	for i := range calls {
		fmt.Fprintf(&requests, `{"jsonrpc":"2.0","id":%d,"method":"codex.usage"}`+"\n", i)
	}
	cmd.Args = append(cmd.Args, "--max-in-flight", strconv.Itoa(calls))
	cmd.Stdin = strings.NewReader(requests.String())
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	state, err := cmd.Process.Wait()
	if err != nil || !state.Success() {
		t.Fatalf("%v, %v", state, err)
	}
	cmd.Wait() // for the copying of the output
	if n := strings.Count(out.String(), `"result"`); n != calls {
		t.Errorf("%d results, want %d", n, calls)
	}
	row(t, "stderr is never read", "lines", fmt.Sprintf("%d × result", strings.Count(out.String(), `"result"`)), "exit 0")
}

// TestUnreadStderrAtTheEnd checks that a full stderr does not delay the exit.
func TestUnreadStderrAtTheEnd(t *testing.T) {
	cmd := exec.Command(built(t, "."), "--mock", "--log-level", "debug", "--max-in-flight", "5000")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const calls = 2000
	go func() {
		for i := range calls {
			fmt.Fprintf(in, `{"jsonrpc":"2.0","id":%d,"method":"codex.usage"}`+"\n", i)
		}
	}()
	for out := bufio.NewScanner(pipe); ; {
		if !out.Scan() {
			t.Fatal("the output ends")
		}
		if strings.Contains(out.Text(), fmt.Sprintf(`"id":%d,`, calls-1)) {
			break // the others are answered about now
		}
	}
	io.WriteString(in, `{"jsonrpc":"2.0","method":"exit"}`+"\n")
	go io.Copy(io.Discard, pipe)
	hangs := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer hangs.Stop()
	if state, err := cmd.Process.Wait(); err != nil || state.ExitCode() != exitFailed {
		t.Errorf("%v, %v", state, err)
	}
	row(t, "exit while stderr is full", "lines", "none", "exit 1")
}

// TestTerminate checks that after SIGTERM running calls finish and new ones are
// refused.
func TestTerminate(t *testing.T) {
	p := start(t, "--mock")
	p.send(create(1, "mock:pace=0.02"))
	p.receive()
	p.cmd.Process.Signal(syscall.SIGTERM)
	for refused := false; !refused; { // the signal counts at some time
		p.send(`{"jsonrpc":"2.0","id":"late","method":"codex.usage"}`)
		for {
			m := p.receive()
			if string(m.ID) == "1" {
				t.Fatal("the call ended before the signal was seen")
			}
			if string(m.ID) == `"late"` {
				refused = m.Error != nil && m.Error.Code == -32600
				break
			}
		}
	}
	for {
		if m := p.receive(); m.ID != nil {
			if m.Error != nil {
				t.Errorf("error %+v", m.Error)
			}
			break
		}
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	row(t, "a call after SIGTERM", "lines", "-32600 to it, result to the one before", "exit 0")
}

// TestTerminateTwice checks that a second signal ends the host at once, and
// that the call is answered.
func TestTerminateTwice(t *testing.T) {
	p := start(t, "--mock")
	p.send(create(1, "mock:stall=1"))
	p.receive()
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Process.Signal(syscall.SIGINT)
	if m := p.receive(); m.Error == nil || m.Error.Code != -32800 {
		t.Errorf("got %+v", m)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	row(t, "a second signal in mid-stream", "lines", cancelled, "exit 0")
}

// TestCancelWhileNobodyReads checks that a cancel closes the connection to the
// backend while the client does not read.
func TestCancelWhileNobodyReads(t *testing.T) {
	const streams = 4
	closed := make(chan struct{}, streams)
	url := serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		event := []byte(`data: {"type":"x","pad":"` + strings.Repeat("x", 4000) + "\"}\n\n")
		for {
			if _, err := w.Write(event); err != nil || r.Context().Err() != nil {
				closed <- struct{}{}
				return
			}
		}
	}))
	p := start(t, using(url)...)
	for i := range streams {
		p.send(create(i, "m"))
	}
	settle(t, p.cmd.Process.Pid)
	begin := time.Now()
	for i := range streams {
		p.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`, i))
	}
	for range streams {
		select {
		case <-closed:
		case <-time.After(patience):
			t.Fatal("a stream is still open")
		}
	}
	t.Logf("closed after %v", time.Since(begin))
	for answered := 0; answered < streams; {
		if m := p.receive(); m.ID != nil {
			if answered++; m.Error == nil || m.Error.Code != -32800 {
				t.Errorf("answer %+v", m)
			}
		}
	}
	p.in.Close()
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	row(t, "cancel without a reader", "lines", cancelled+", backend's connection closed", "exit 0")
}

// settle waits until a process has filled its unread pipe and is idle: it has
// read and written nothing for a while.
func settle(t *testing.T, pid int) {
	t.Helper()
	for last, same, began := "", 0, time.Now(); same < 10; time.Sleep(20 * time.Millisecond) {
		io, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
		if err != nil || time.Since(began) > patience {
			t.Fatalf("the process does not come to rest: %v\n%s", err, io)
		}
		var read, written int
		if _, err := fmt.Sscanf(string(io), "rchar: %d\nwchar: %d", &read, &written); err != nil {
			t.Fatal(err)
		}
		// A blocked write is counted only when it completes. A completed one
		// has filled part of the pipe's 64 KiB.
		const enough = 4 << 10
		if string(io) == last && written >= enough {
			same++
		} else {
			last, same = string(io), 0
		}
	}
}

// status returns a value of /proc/PID/status in bytes.
func status(t testing.TB, pid int, name string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatalf("no %s", name)
	return 0
}
