package main

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// drawn are the columns of the hour's table in the picture. That of the cache
// is equal for all.
var drawn = []string{"sent", "first event", "processor time", "peak memory"}

// drawHour returns the picture of the hour: a bar for each client in each
// column, on the column's own scale.
func drawHour(text string) (string, error) {
	header, rows, err := hourTable(text)
	if err != nil {
		return "", err
	}
	const names, column, bars, line = 300, 138, 70, 24
	var body strings.Builder
	for i, name := range drawn {
		at := names + i*column
		fmt.Fprintf(&body, `<text class="title" x="%d" y="30">%s</text>`+"\n", at, html.EscapeString(name))
		largest := 0.0
		for _, row := range rows {
			largest = max(largest, amount(row[header[name]]))
		}
		if largest <= 0 {
			return "", fmt.Errorf("the hour's column %q has no figures", name)
		}
		for j, row := range rows {
			y, kind := 30+(j+1)*line, "theirs"
			if strings.HasPrefix(row[0], "codex-rpc") {
				kind = "better"
			}
			if row[header[name]] == "–" {
				continue // an interpreter alone sends nothing
			}
			length := amount(row[header[name]]) / largest * bars
			fmt.Fprintf(&body, `<rect class="%s" x="%d" y="%d" width="%.1f" height="12"/>`+"\n", kind, at, y-10, length)
			fmt.Fprintf(&body, `<text class="value" x="%.1f" y="%d">%s</text>`+"\n", float64(at)+length+4, y, html.EscapeString(row[header[name]]))
		}
	}
	for j, row := range rows {
		fmt.Fprintf(&body, `<text class="label" x="%d" y="%d">%s</text>`+"\n", names-12, 30+(j+1)*line, html.EscapeString(row[0]))
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">
<title>An agent's hour: bytes sent, time to the first event of a turn, processor time and peak memory of each client</title>
<style>
%[3]s.theirs { fill: #6e7681; }
.value { font-size: 11px; }
</style>
<rect width="%[1]d" height="%[2]d" rx="8" fill="#161b22"/>
%[4]s</svg>
`, width, 30+(len(rows)+1)*line, style, body.String()), nil
}

// hourTable returns the cells of the hour's table and the indices of its
// columns.
func hourTable(text string) (header map[string]int, rows [][]string, err error) {
	_, table, found := strings.Cut(text, "\n| client |")
	if !found {
		return nil, nil, fmt.Errorf("%s lacks the table of the hour", page)
	}
	header = make(map[string]int)
	for line := range strings.Lines("| client |" + table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(header) == 0:
			for i, name := range cells {
				header[name] = i
			}
		case len(cells) != len(header):
			return nil, nil, fmt.Errorf("%s: %q has %d cells, want %d", page, line, len(cells), len(header))
		case !strings.HasPrefix(cells[0], "---"):
			rows = append(rows, cells)
		}
	}
	for _, name := range drawn {
		if _, ok := header[name]; !ok {
			return nil, nil, fmt.Errorf("%s: the hour has no column %q", page, name)
		}
	}
	return header, rows, nil
}

// amount returns the number at the start of a cell.
func amount(cell string) float64 {
	number, _, _ := strings.Cut(cell, " ")
	v, _ := strconv.ParseFloat(number, 64)
	return v
}
