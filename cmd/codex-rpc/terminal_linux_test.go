package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// On a terminal it tells that it is for programs, and does not wait.
func TestTerminal(t *testing.T) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	cmd := exec.Command(built(t, "."), "--mock")
	cmd.Stdin = terminal
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != exitUsage || out.Len() > 0 {
		t.Errorf("exit code %d, output %q", code, out.String())
	}
	if !strings.Contains(said.String(), "Usage:") || !strings.Contains(said.String(), "hint: it is for programs") {
		t.Errorf("stderr: %s", said.String())
	}
}
