package conformance

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

//go:generate go test -run ^TestDefaults$ -update .

var update = flag.Bool("update", false, "write DEFAULTS.md")

// comparisonOfDefaults is defaults.json: what the official client sends in each
// call. DEFAULTS.md compares it with what the host sends.
type comparisonOfDefaults struct {
	Official string          `json:"official"`
	Source   string          `json:"source"`
	Tables   []defaultsTable `json:"tables"`
}

type defaultsTable struct {
	Title string `json:"title"`
	Note  string `json:"note"`
	Like  string `json:"like"` // the title of a table whose rows this one inherits
	Step         // or Steps; the last request of the last one is compared
	Steps []Step `json:"steps"`
	Rows  []defaultsRow
}

// A defaultsRow is a part of a request: the request itself, a header, a query
// parameter or a member of the body.
type defaultsRow struct {
	What     string `json:"what"`
	Official string `json:"official"` // empty if it is not sent
	Why      string `json:"why"`      // the reason for a difference
}

// notRecorded marks parts that are unknown for the official client.
const notRecorded = "not recorded"

// TestDefaults compares what the host sends by default with the official client
// and checks that DEFAULTS.md is up to date: everything sent has a row, and a
// row has a reason exactly if the two differ.
func TestDefaults(t *testing.T) {
	text, err := os.ReadFile("defaults.json")
	if err != nil {
		t.Fatal(err)
	}
	var data comparisonOfDefaults
	if err := decodeStrict(text, &data); err != nil {
		t.Fatal(err)
	}
	host := Host{Command: []string{hostBinary(t)}}
	page := bytes.NewBufferString(defaultsHead(data))
	known := map[string]defaultsTable{}
	for _, table := range data.Tables {
		sent, err := sentBy(t, host, table)
		if err != nil {
			t.Fatalf("%s: %v", table.Title, err)
		}
		base, ok := known[table.Like]
		if table.Like != "" && !ok {
			t.Fatalf("%s: no table before it has the title %q", table.Title, table.Like)
		}
		table.Rows = mergeRows(base.Rows, table.Rows)
		for _, fault := range defaultsFaults(table, sent) {
			t.Errorf("%s: %s", table.Title, fault)
		}
		own := table.Rows
		if table.Like != "" {
			own = slices.DeleteFunc(slices.Clone(own), func(r defaultsRow) bool { return slices.Contains(base.Rows, r) })
		}
		writeDefaults(page, table, own, sent, data.Official)
		known[table.Title] = table
	}
	const path = "DEFAULTS.md"
	if *update {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, page.Bytes()) {
		t.Errorf("%s is out of date: run go generate ./conformance", path)
	}
}

// sentBy returns what the host sends, by the names of rows.
func sentBy(t *testing.T, host Host, table defaultsTable) (map[string]string, error) {
	t.Helper()
	s, err := host.play(t.Context(), &Case{Step: table.Step, Steps: table.Steps}, rpctest.Lines)
	if err != nil {
		return nil, err
	}
	calls := s.conversation.transcripts
	if last := calls[len(calls)-1]; len(last.answers) != 1 || last.answers[0].Error != nil {
		return nil, fmt.Errorf("the call failed: %s", s.faults())
	}
	requests := s.backend.Requests()
	request := requests[len(requests)-1]
	sent := map[string]string{"request": request.Method + " " + request.Path}
	for name, value := range request.Query {
		sent["query "+name] = value
	}
	for name, value := range request.Headers {
		if name == "content-length" {
			continue // it follows from the body
		}
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return nil, err
		}
		sent["header "+name] = text
	}
	var body map[string]json.RawMessage
	if request.JSON != nil {
		if err := json.Unmarshal(request.JSON, &body); err != nil {
			return nil, err
		}
	}
	for name, value := range body {
		var compact bytes.Buffer
		if err := json.Compact(&compact, value); err != nil {
			return nil, err
		}
		sent["body "+name] = compact.String()
	}
	for what, value := range sent {
		sent[what] = varying(value)
	}
	return sent, nil
}

var (
	anyUUID      = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	ownUserAgent = regexp.MustCompile(`^codex-rpc/\S+ `)
)

// varying replaces what differs between runs, machines and releases.
func varying(value string) string {
	value = anyUUID.ReplaceAllString(value, "{uuid}")
	value = ownUserAgent.ReplaceAllString(value, "codex-rpc/{version} ")
	return strings.NewReplacer(
		accessToken, "{token}", "acct-1", "{account}",
		fmt.Sprintf("(%s; %s)", runtime.GOOS, runtime.GOARCH), "({os}; {arch})",
	).Replace(value)
}

// mergeRows returns the rows of base, replaced by those of own with the same
// name, followed by the others of own.
func mergeRows(base, own []defaultsRow) []defaultsRow {
	merged := slices.Clone(base)
	for _, row := range own {
		i := slices.IndexFunc(merged, func(r defaultsRow) bool { return r.What == row.What })
		if i >= 0 {
			merged[i] = row
		} else {
			merged = append(merged, row)
		}
	}
	return merged
}

func defaultsFaults(table defaultsTable, sent map[string]string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rows := map[string]bool{}
	for _, row := range table.Rows {
		if rows[row.What] {
			fault("%s has two rows", row.What)
		}
		rows[row.What] = true
		ours := sent[row.What]
		switch same := ours == row.Official; {
		case same && ours == "" && table.Like == "":
			fault("%s is sent by neither", row.What)
		case same && row.Why != "":
			fault("%s is %s on both sides, but has a reason for a difference: %s", row.What, ours, row.Why)
		case !same && row.Why == "" && row.Official != notRecorded:
			fault("%s: the host sends %q, the official client %q, without a reason", row.What, ours, row.Official)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(sent)) {
		if !rows[what] {
			fault("%s: %s is sent but has no row in defaults.json", what, sent[what])
		}
	}
	return faults
}

func defaultsHead(data comparisonOfDefaults) string {
	return fmt.Sprintf(`# Defaults

What calls send with only their required parameters, compared with the %s, and the reasons for differences.
TestDefaults records the first column from the host and writes this page. The second is data in
[defaults.json](defaults.json): %s.
Variable parts are in braces; a dash means not sent.
`, data.Official, data.Source)
}

func writeDefaults(page *bytes.Buffer, table defaultsTable, rows []defaultsRow, sent map[string]string, official string) {
	fmt.Fprintf(page, "\n## %s\n\n", table.Title)
	steps := (&Case{Step: table.Step, Steps: table.Steps}).steps()
	call := steps[len(steps)-1].Call
	fmt.Fprintf(page, "`%s %s`", call.Method, mustMarshal(call.Params))
	if table.Note != "" {
		fmt.Fprintf(page, ". %s", table.Note)
	}
	if table.Like != "" {
		fmt.Fprintf(page, "\n\nEverything else is as in “%s”.", table.Like)
	}
	fmt.Fprintf(page, "\n\n| | codex-rpc | %s | why they differ |\n|---|---|---|---|\n", official)
	for _, row := range rows {
		fmt.Fprintf(page, "| %s | %s | %s | %s |\n", row.What, cell(sent[row.What]), cell(row.Official), row.Why)
	}
}

func cell(value string) string {
	switch value {
	case "":
		return "–"
	case notRecorded:
		return value
	}
	return "`" + strings.ReplaceAll(value, "|", `\|`) + "`"
}

func TestDefaultsFaults(t *testing.T) {
	sent := map[string]string{"header a": "1", "header b": "2"}
	row := func(what, official, why string) defaultsRow { return defaultsRow{what, official, why} }
	for want, rows := range map[string][]defaultsRow{
		"":                                   {row("header a", "1", ""), row("header b", "3", "so")},
		"header b: 2 ":                       {row("header a", "1", "")},
		"without a reason":                   {row("header a", "1", ""), row("header b", "3", "")},
		"on both sides":                      {row("header a", "1", "so"), row("header b", "3", "so")},
		"header c is sent by neither":        {row("header a", "1", ""), row("header b", "3", "so"), row("header c", "", "")},
		"header b: 2 is sent but has no row": {row("header a", notRecorded, "")},
		"has two rows":                       {row("header a", "1", ""), row("header b", "3", "so"), row("header a", "1", "")},
	} {
		faults := defaultsFaults(defaultsTable{Rows: rows}, sent)
		if (want == "") != (len(faults) == 0) || len(faults) > 1 || !strings.Contains(strings.Join(faults, "\n"), want) {
			t.Errorf("want %q, got %q", want, faults)
		}
	}
}
