package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	pageLink = regexp.MustCompile(`\]\(([^)\s#]+)[^)\s]*\)`)
	goFile   = regexp.MustCompile("`([a-z]+(?:/[a-z0-9_]+)+\\.go)`")
)

// TestLinks checks that the files exist that the pages of the repository link to, and
// the Go files that they name by their path.
func TestLinks(t *testing.T) {
	const root = ".."
	links := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		} else if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		named := func(link, from string) {
			links++
			if _, err := os.Stat(filepath.Join(from, filepath.FromSlash(link))); err != nil {
				t.Errorf("%s: there is no %s", path, link)
			}
		}
		for _, m := range pageLink.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(m[1], ":") {
				named(m[1], filepath.Dir(path))
			}
		}
		for _, m := range goFile.FindAllStringSubmatch(string(text), -1) {
			named(m[1], root)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if links == 0 {
		t.Error("no links")
	}
}
