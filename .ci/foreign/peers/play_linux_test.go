package peers

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds the silence of a client. No test passes because of it.
const patience = 30 * time.Second

var result = regexp.MustCompile(`^(not )?ok \d+ - (.*)$`)

// play runs a client, COMMAND FRAMING HOST, and requires exactly the wanted
// steps. The client reports them in the Test Anything Protocol and, in
// comments, its name, the process id of each host that it starts, and that it
// is streaming and can be killed.
func play(t *testing.T, name, framing, want string, command ...string) {
	t.Run(name+"/"+framing, func(t *testing.T) {
		t.Attr("table", "foreign-clients")
		cmd := exec.Command(command[0], slices.Concat(command[1:], []string{framing, host})...)
		// A locale that has nothing but ASCII shows who counts on more.
		cmd.Env = append(os.Environ(), "CODEX_HOME="+t.TempDir(), "LC_ALL=C", "PYTHONUTF8=0")
		stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
		if err != nil {
			t.Fatal(err)
		}
		defer stderr.Close()
		cmd.Stderr = stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		watch := time.AfterFunc(patience, func() { cmd.Process.Kill() })

		var took, said []string
		var hosts []int
		var killed time.Time
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			watch.Reset(patience)
			line := lines.Text()
			said = append(said, line)
			if step := result.FindStringSubmatch(line); step != nil {
				took = append(took, step[2])
				t.Run(step[2], func(t *testing.T) {
					if step[1] != "" {
						t.Error("not ok")
					}
					if step[2] == "close" {
						expectGone(t, hosts, time.Now())
					}
				})
			} else if client, ok := strings.CutPrefix(line, "# client "); ok {
				t.Attr("client", client)
				t.Attr("framing", framing)
			} else if pid, ok := strings.CutPrefix(line, "# host "); ok {
				number, err := strconv.Atoi(pid)
				if err != nil {
					t.Error(err)
				}
				hosts = append(hosts, number)
			} else if line == "# kill me" {
				took = append(took, "kill")
				killed = time.Now()
				cmd.Process.Kill()
			}
		}
		err = cmd.Wait()
		if killed.IsZero() && err != nil {
			t.Errorf("the client ended with %v", err)
		}
		if len(hosts) == 0 {
			t.Error("the client reported no host")
		}
		expectGone(t, hosts, killed.Add(time.Second))
		if got := strings.Join(took, ", "); got != want {
			t.Errorf("the client took the steps %q, not %q", got, want)
		}
		t.Attr("steps", strings.Join(took, ", "))
		if t.Failed() {
			log, _ := os.ReadFile(stderr.Name())
			t.Logf("%v said\n%s\nand to stderr\n%s", cmd.Args, strings.Join(said, "\n"), log)
		}
	})
}

// expectGone requires that hosts exit in time.
func expectGone(t *testing.T, hosts []int, deadline time.Time) {
	t.Helper()
	for _, pid := range hosts {
		for running(pid) {
			if time.Now().After(deadline) {
				syscall.Kill(pid, syscall.SIGKILL)
				t.Errorf("the host %d is left over", pid)
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
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
