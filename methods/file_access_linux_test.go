package methods

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pathMethods are the methods that accept the path of a file, with parameters.
var pathMethods = map[string]string{
	"files.upload":                `{"path": %s}`,
	"audio.transcriptions.create": `{"model": "m", "file": {"path": %s}}`,
	"images.edit":                 `{"prompt": "p", "image": {"path": %s}}`,
}

// fileRow reports the result of a test for the table of file faults.
func fileRow(t *testing.T, tried, came string) {
	t.Helper()
	t.Attr("table", "locks-and-files")
	t.Attr("tried", tried)
	t.Attr("came", came)
}

// refused checks that all methods refuse a file and send nothing.
func refused(t *testing.T, root, path, message string) {
	t.Helper()
	for method, params := range pathMethods {
		backend := script()
		c := harness(t, backend)
		if root != "" {
			if err := c.service.SetFileRoot(root); err != nil {
				t.Fatal(err)
			}
		}
		failed := c.failure(method, fmt.Sprintf(params, quoted(path)))
		if failed.Code != -32602 || failed.kind() != "file_error" || !strings.Contains(failed.Message, message) {
			t.Errorf("%s: %+v, want %q", method, failed, message)
		}
		if n := len(backend.Requests()); n > 0 {
			t.Errorf("%s: %d requests", method, n)
		}
	}
}

// inOrder ranges over a map in the order of its keys, which is that of the rows of
// the table.
func inOrder[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, make func(from, to string) error, from, to string) string {
	t.Helper()
	if err := make(from, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestCredentialsAreNotSent checks that files with credentials are not sent, under
// any name.
func TestCredentialsAreNotSent(t *testing.T) {
	user, home, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("HOME", user)
	t.Setenv("CODEX_HOME", home)
	t.Chdir(home)
	own := write(t, filepath.Join(home, "auth.json"), `{"own":1}`)
	official := write(t, filepath.Join(user, ".codex", "auth.json"), `{"official":1}`)
	if err := os.Mkdir(filepath.Join(home, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(own)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	symbolic := link(t, os.Symlink, own, filepath.Join(elsewhere, "notes.txt"))
	for name, path := range inOrder(map[string]string{
		"by its path":                     own,
		"by a relative path":              "auth.json",
		"by a path with dots":             filepath.Join(home, "sub") + "/../auth.json",
		"by a symbolic link":              symbolic,
		"by a link to a link":             link(t, os.Symlink, symbolic, filepath.Join(elsewhere, "more.txt")),
		"by a hard link":                  link(t, os.Link, own, filepath.Join(elsewhere, "hard.txt")),
		"by a linked directory":           filepath.Join(link(t, os.Symlink, home, filepath.Join(elsewhere, "dir")), "auth.json"),
		"by a descriptor of the host":     fmt.Sprintf("/proc/self/fd/%d", opened.Fd()),
		"by a descriptor of the thread":   fmt.Sprintf("/proc/thread-self/fd/%d", opened.Fd()),
		"by /proc/self/root":              "/proc/self/root" + own,
		"by /proc/self/cwd":               "/proc/self/cwd/auth.json",
		"of ~/.codex beside a CODEX_HOME": official,
		"the same, by a hard link":        link(t, os.Link, official, filepath.Join(elsewhere, "official.txt")),
		"a copy beside it":                write(t, filepath.Join(home, "auth.json.bak"), "{}"),
		"what a killed writer left":       write(t, filepath.Join(home, ".auth-x1Y2z3"), "{}"),
		"a copy elsewhere":                write(t, filepath.Join(elsewhere, "copy.txt"), "\ufeff"+signedInJSON),
		"one that was replaced, by a link that was made before": replaced(t),
	}) {
		t.Run(name, func(t *testing.T) {
			refused(t, "", path, "holds credentials")
			fileRow(t, "auth.json uploaded, transcribed or edited as an image: "+name, "-32602 file_error, nothing is sent")
		})
	}
	t.Run("where it is a link itself", func(t *testing.T) {
		if err := os.Remove(own); err != nil {
			t.Fatal(err)
		}
		real := write(t, filepath.Join(elsewhere, "dotfiles", "real.json"), "{}")
		link(t, os.Symlink, real, own)
		refused(t, "", real, "holds credentials")
		refused(t, "", own, "holds credentials")
		fileRow(t, "auth.json uploaded, transcribed or edited as an image where that is a link, by the real file's path", "-32602 file_error, nothing is sent")
	})
	t.Run("other files are", func(t *testing.T) {
		path := write(t, filepath.Join(home, "config.toml"), "x")
		harness(t, script(
			jsonReply(`{"file_id": "f", "upload_url": "{{origin}}/store"}`), reply{}, jsonReply(`{"status": "success", "download_url": "d"}`),
		)).result("files.upload", `{"path": `+quoted(path)+`}`)
	})
}

// replaced returns a hard link to a file that was then replaced, like by a refresh.
func replaced(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	old := write(t, filepath.Join(dir, "old.json"), signedInJSON)
	linked := link(t, os.Link, old, filepath.Join(dir, "linked.txt"))
	if err := os.Rename(write(t, filepath.Join(dir, "new.json"), "{}"), old); err != nil {
		t.Fatal(err)
	}
	return linked
}

func TestFileRoot(t *testing.T) {
	outside, real := t.TempDir(), t.TempDir()
	t.Setenv("CODEX_HOME", t.TempDir())
	root := link(t, os.Symlink, real, filepath.Join(outside, "root"))
	within := write(t, filepath.Join(real, "sub", "a.txt"), "abc")
	secret := write(t, filepath.Join(outside, "secret.txt"), "abc")
	write(t, real+"-sibling/a.txt", "abc")
	t.Cleanup(func() { os.RemoveAll(real + "-sibling") })
	t.Chdir(real)
	const denied = "is outside the directory given by --file-root"
	for name, c := range inOrder(map[string]struct{ path, refusal string }{
		"a file below it":                         {within, ""},
		"a file below it, by the link to it":      {filepath.Join(root, "sub", "a.txt"), ""},
		"a relative path":                         {"sub/a.txt", ""},
		"a link within":                           {link(t, os.Symlink, "sub/a.txt", filepath.Join(real, "relative")), ""},
		"an absolute link within":                 {link(t, os.Symlink, within, filepath.Join(real, "absolute")), ""},
		"a link from outside to a file below it":  {link(t, os.Symlink, within, filepath.Join(outside, "inward")), ""},
		"a file outside":                          {secret, denied},
		"a file outside that is not there":        {filepath.Join(outside, "absent"), denied},
		"a directory whose name begins as its":    {real + "-sibling/a.txt", denied},
		"dots":                                    {filepath.Join(real, "sub") + "/../../" + filepath.Base(outside) + "/secret.txt", denied},
		"a relative path with dots":               {"../" + filepath.Base(outside) + "/secret.txt", denied},
		"a link that leads out":                   {link(t, os.Symlink, secret, filepath.Join(real, "out")), denied},
		"a linked directory that leads out":       {filepath.Join(link(t, os.Symlink, outside, filepath.Join(real, "dir")), "secret.txt"), denied},
		"/proc/self/root":                         {"/proc/self/root" + secret, denied},
		"a link to a file outside that is absent": {link(t, os.Symlink, filepath.Join(outside, "absent"), filepath.Join(real, "dangling")), "path"},
		"the root itself":                         {real, "is not a file"},
		"a file below it that is not there":       {filepath.Join(real, "absent"), "does not exist"},
	}) {
		t.Run(name, func(t *testing.T) {
			if c.refusal != "" {
				refused(t, root, c.path, c.refusal)
				fileRow(t, "--file-root, and "+name, "-32602 file_error, nothing is sent")
				return
			}
			caller := harness(t, script(
				jsonReply(`{"file_id": "f", "upload_url": "{{origin}}/store"}`), reply{}, jsonReply(`{"status": "success", "download_url": "d"}`),
			))
			if err := caller.service.SetFileRoot(root); err != nil {
				t.Fatal(err)
			}
			caller.result("files.upload", `{"path": `+quoted(c.path)+`}`)
			fileRow(t, "--file-root, and "+name, "uploaded")
		})
	}
}

func TestBadFileRoot(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "file"), "")
	for _, dir := range []string{file, filepath.Join(file, "below"), filepath.Join(filepath.Dir(file), "absent")} {
		if err := new(Service).SetFileRoot(dir); err == nil {
			t.Errorf("%s is accepted", dir)
		}
	}
}

// TestFileRootRace checks that a link that is changed after the path was
// resolved does not lead out of the root.
func TestFileRootRace(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(root, "in", "a.txt"), "inside")
	write(t, filepath.Join(outside, "a.txt"), "outside")
	link(t, os.Symlink, "in", filepath.Join(root, "dir"))
	service := new(Service)
	if err := service.SetFileRoot(root); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	swapped := make(chan struct{})
	go func() {
		defer close(swapped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			target := []string{"in", outside}[i%2]
			os.Symlink(target, filepath.Join(root, "new"))
			os.Rename(filepath.Join(root, "new"), filepath.Join(root, "dir"))
		}
	}()
	opened := 0
	for range 2000 {
		file, err := service.files.open(filepath.Join(root, "dir", "a.txt"))
		if err != nil {
			continue
		}
		var text [6]byte
		if _, err := file.ReadAt(text[:], 0); err != nil || string(text[:]) != "inside" {
			t.Fatalf("%q, %v", text, err)
		}
		file.Close()
		opened++
	}
	close(stop)
	<-swapped
	if opened == 0 {
		t.Error("the file was never opened")
	}
}
