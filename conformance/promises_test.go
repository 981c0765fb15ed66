package conformance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	testLink = regexp.MustCompile("\\[`([^` ]+) ((?:Test|Fuzz)[^`]*)`\\]\\(([^)]+)\\)")
	caseID   = regexp.MustCompile(`(?m)^\s*"id": "([a-z0-9_]+)",?$`)
)

// TestPromises checks that the tests named in PROMISES.md exist.
func TestPromises(t *testing.T) {
	text, err := os.ReadFile("PROMISES.md")
	if err != nil {
		t.Fatal(err)
	}
	promises := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise |") {
			continue
		}
		promises++
		links := testLink.FindAllStringSubmatch(line, -1)
		if n := strings.Count(line, "](") - len(links); len(links) == 0 || n > 0 {
			t.Errorf("%d tests and %d other links: %s", len(links), n, line)
		}
		for _, link := range links {
			if fault := checkTest(link[1], link[2], link[3]); fault != "" {
				t.Errorf("`%s %s`: %s", link[1], link[2], fault)
			}
		}
	}
	if promises == 0 {
		t.Error("no promises")
	}
}

// TestCheckTest checks that checkTest detects what does not exist.
func TestCheckTest(t *testing.T) {
	for _, tt := range []struct{ pkg, test, file, want string }{
		{"conformance", "TestCheckTest", "promises_test.go", ""},
		{"rpc", "TestFrames/blank_lines", "../rpc/frame_test.go", ""},
		{"rpc", "TestTranscripts/messages.txt/lines", "../rpc/transcript_test.go", ""},
		{"conformance", "TestHost/lines/models.list/models_list", "conformance_test.go", ""},
		{"rpc", "FuzzServe", "../rpc/frame_test.go", ""},
		{"rpc", "TestNothing", "../rpc/frame_test.go", "has no TestNothing"},
		{"rpc", "TestCancel", "../rpc/frame_test.go", "has no TestCancel"},
		{"rpc", "TestFrames/blank_line", "../rpc/frame_test.go", "no subtest of the package is named blank_line"},
		{"conformance", "TestHost/lines/models.list/no_such_case", "conformance_test.go", "named no_such_case"},
		{"backend", "TestFrames", "../rpc/frame_test.go", "is in rpc"},
		{"rpc", "TestFrames", "../rpc/none_test.go", "no such file"},
	} {
		got := checkTest(tt.pkg, tt.test, tt.file)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// checkTest checks the name of a test in a package, whose file is relative to
// this directory. It returns the fault, or "". The name of a subtest must occur
// in the package's code, or be that of a file or a case that it plays.
func checkTest(pkg, test, file string) string {
	if dir := path.Join("conformance", path.Dir(file)); dir != pkg {
		return "the file is in " + dir
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(file), nil, 0)
	if err != nil {
		return err.Error()
	}
	segments := strings.Split(test, "/")
	found := false
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		found = found || ok && f.Recv == nil && f.Name.Name == segments[0]
	}
	if !found {
		return file + " has no " + segments[0]
	}
	if len(segments) == 1 {
		return ""
	}
	names, err := subtests(filepath.FromSlash(path.Dir(file)))
	if err != nil {
		return err.Error()
	}
	for _, segment := range segments[1:] {
		if !names[segment] {
			return "no subtest of the package is named " + segment
		}
	}
	return ""
}

// subtests returns the possible names of subtests of a package, as go test
// prints them: the strings in its code, its files of test data with and without
// their extensions, and the ids and the methods of its cases.
func subtests(dir string) (map[string]bool, error) {
	names := make(map[string]bool)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				names[strings.ReplaceAll(text, " ", "_")] = true
			}
			return true
		})
	}
	err = filepath.WalkDir(filepath.Join(dir, "testdata"), func(_ string, d os.DirEntry, err error) error {
		if err == nil {
			names[d.Name()] = true
			names[strings.TrimSuffix(d.Name(), path.Ext(d.Name()))] = true
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("testdata: %w", err)
	}
	cases, err := filepath.Glob(filepath.Join(dir, "cases", "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range cases {
		names[strings.TrimSuffix(filepath.Base(file), ".json")] = true
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, id := range caseID.FindAllSubmatch(text, -1) {
			names[string(id[1])] = true
		}
	}
	return names, nil
}
