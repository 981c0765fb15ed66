package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// describeMachine describes the machine, the software and the commit.
func describeMachine(clients bool) (string, error) {
	said := []string{
		fmt.Sprintf("%d × %s, %s", runtime.NumCPU(), field("/proc/cpuinfo", "model name", ":"), runtime.GOARCH),
		strings.Trim(field("/etc/os-release", "PRETTY_NAME", "="), `"`),
	}
	questions := []string{"uname -sr", "go env GOVERSION"}
	if clients {
		questions = append(questions, "python3 --version", "node --version")
	}
	// git adds "modified" if there are uncommitted changes.
	questions = append(questions, "git describe --always --abbrev=10 --exclude=* --dirty=-modified")
	for _, question := range questions {
		args := strings.Fields(question)
		out, err := exec.Command(args[0], args[1:]...).Output()
		if err != nil {
			return "", fmt.Errorf("%s: %w", question, err)
		}
		name := map[string]string{"node": "Node ", "git": "commit "}[args[0]]
		said = append(said, name+strings.TrimSpace(string(out)))
	}
	said = append(said, time.Now().UTC().Format(time.DateOnly))
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "", err
	}
	before, _, _ := strings.Cut(string(load), " ")
	return strings.Join(append(said, "load before the run "+before), "; ") + ".", nil
}

// field returns a value in a file of names and values, or "".
func field(path, name, separator string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, separator)
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
