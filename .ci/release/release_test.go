// Package release has no code: its test makes a release twice and checks its
// contents.
package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var platforms = []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64"}

// beside are the files in each archive apart from the program.
var beside = []string{
	"CHANGELOG.md", "LICENSE", "README.md", "codex-rpc.1",
	"completions/_codex-rpc", "completions/codex-rpc.bash", "completions/codex-rpc.fish", "completions/codex-rpc.ps1",
}

// A member is a file of an archive.
type member struct {
	name    string
	mode    fs.FileMode
	modTime time.Time
	content []byte
}

func TestRelease(t *testing.T) {
	version := strings.TrimSpace(read(t, "../../cmd/codex-rpc/VERSION"))
	one, other := makeRelease(t, version), makeRelease(t, version)
	seconds, err := strconv.ParseInt(output(t, one, "git", "log", "-1", "--format=%ct"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	committed := time.Unix(seconds, 0)

	// Each file that is published has the same bytes as the other time.
	var files []string
	for line := range strings.Lines(read(t, filepath.Join(one, "dist/checksums.txt"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, filepath.Join(one, "dist", name))))); got != sum {
			t.Errorf("%s: the checksum is %s, want %s", name, got, sum)
		}
		files = append(files, name)
	}
	if a, b := read(t, filepath.Join(one, "dist/checksums.txt")), read(t, filepath.Join(other, "dist/checksums.txt")); a != b {
		t.Errorf("two releases of one commit differ:\n%s\n%s", a, b)
	}

	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			name := fmt.Sprintf("codex-rpc_%s_%s", version, platform)
			ending, program, open := ".tar.gz", "codex-rpc", untar
			if strings.HasPrefix(platform, "windows") {
				ending, program, open = ".zip", "codex-rpc.exe", unzip
			}
			for _, file := range []string{name + ending, name + ".cdx.json"} {
				if !slices.Contains(files, file) {
					t.Fatalf("no %s among %q", file, files)
				}
			}
			members := open(t, read(t, filepath.Join(one, "dist", name+ending)))
			var names []string
			for _, m := range members {
				base := strings.TrimPrefix(m.name, name+"/")
				names = append(names, base)
				want := fs.FileMode(0o644)
				if base == program {
					want = 0o755
					checkProgram(t, m, platform, read(t, filepath.Join(one, "dist", name+".cdx.json")), version)
				}
				if m.mode != want || !m.modTime.Equal(committed) {
					t.Errorf("%s: mode %v, time %v; want %v and %v", m.name, m.mode, m.modTime, want, committed)
				}
			}
			want := append(slices.Clone(beside), program)
			slices.Sort(names)
			slices.Sort(want)
			if !slices.Equal(names, want) {
				t.Errorf("it has %q, want %q", names, want)
			}
		})
	}
}

// TestGoInstall checks that go install of the tag builds the program with the
// version.
func TestGoInstall(t *testing.T) {
	version := strings.TrimSpace(read(t, "../../cmd/codex-rpc/VERSION"))
	clone := cloneOf(t, version)
	bin := t.TempDir()
	for key, value := range map[string]string{
		"GIT_CONFIG_COUNT": "1", // the address leads to the clone
		"GIT_CONFIG_KEY_0": "url.file://" + clone + ".insteadOf", "GIT_CONFIG_VALUE_0": "https://github.com/codex-rpc/codex-rpc",
		"GOPROXY":   "file://" + output(t, ".", "go", "env", "GOMODCACHE") + "/cache/download",
		"GOPRIVATE": "github.com/codex-rpc", "GONOSUMDB": "*", "GOMODCACHE": t.TempDir(), "GOBIN": bin,
	} {
		t.Setenv(key, value)
	}
	output(t, bin, "go", "install", "-trimpath", "-modcacherw", "github.com/codex-rpc/codex-rpc/cmd/codex-rpc@v"+version)
	got := output(t, bin, filepath.Join(bin, "codex-rpc"), "version")
	if want := fmt.Sprintf("codex-rpc %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// cloneOf returns a clone of HEAD with the tag of a version.
func cloneOf(t *testing.T, version string) string {
	clone := filepath.Join(t.TempDir(), "clone")
	output(t, ".", "git", "clone", "--quiet", output(t, ".", "git", "rev-parse", "--show-toplevel"), clone)
	output(t, clone, "git", "tag", "--force", "v"+version)
	return clone
}

// makeRelease makes a release of HEAD in its own clone, and returns the clone.
func makeRelease(t *testing.T, version string) string {
	clone := cloneOf(t, version)
	output(t, clone, filepath.Join(clone, ".github/release/make.sh"), "--skip=publish")
	return clone
}

// checkProgram checks the platform of a program, and that its bill of materials
// lists the modules that Go reports.
func checkProgram(t *testing.T, m member, platform, bill, version string) {
	info, err := buildinfo.Read(bytes.NewReader(m.content))
	if err != nil {
		t.Fatal(err)
	}
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if got := settings["GOOS"] + "_" + settings["GOARCH"]; got != platform || settings["-trimpath"] != "true" || settings["CGO_ENABLED"] != "0" {
		t.Errorf("it is built by %v", info.Settings)
	}
	var document struct {
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal([]byte(bill), &document); err != nil {
		t.Fatal(err)
	}
	billed := make(map[string]string)
	for _, c := range document.Components {
		billed[c.Name] = c.Version
	}
	if len(info.Deps) == 0 || billed["std"] == "" {
		t.Errorf("%d modules in the program; in the bill %v", len(info.Deps), billed)
	}
	for _, dep := range info.Deps {
		if billed[dep.Path] != dep.Version {
			t.Errorf("the bill has version %q of %s, want %q", billed[dep.Path], dep.Path, dep.Version)
		}
	}
	if platform != runtime.GOOS+"_"+runtime.GOARCH {
		return
	}
	path := filepath.Join(t.TempDir(), filepath.Base(m.name))
	if err := os.WriteFile(path, m.content, m.mode); err != nil {
		t.Fatal(err)
	}
	if got := output(t, ".", path, "version"); !strings.HasPrefix(got, "codex-rpc "+version+" (") {
		t.Errorf("it says %q, want version %s", got, version)
	}
}

func untar(t *testing.T, archive string) (members []member) {
	unzipped, err := gzip.NewReader(strings.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if err == io.EOF {
			return members
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, member{header.Name, header.FileInfo().Mode(), header.ModTime, content})
	}
}

func unzip(t *testing.T, archive string) (members []member) {
	files, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files.File {
		content, err := fs.ReadFile(files, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, member{file.Name, file.Mode(), file.Modified, content})
	}
	return members
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// output runs a command in a directory and returns its output.
func output(t *testing.T, dir, name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, text)
	}
	return strings.TrimSpace(string(text))
}
