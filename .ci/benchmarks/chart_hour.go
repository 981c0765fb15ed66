package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// drawn are the columns of the hour's table in the picture. That of the cache
// is equal for all.
var drawn = []string{"sent", "first event", "processor time", "peak memory"}

// A column is drawn on its own scale.
type column struct {
	Name    string
	Cells   []string // by client; "–" for an interpreter alone, which sends nothing
	largest float64
}

// Length returns the length of the bar of a cell.
func (c column) Length(cell string) float64 { return amount(cell) / c.largest * 70 }

// End returns the place after the bar of a cell.
func (c column) End(start int, cell string) float64 { return float64(start) + c.Length(cell) + 4 }

// amount returns the number at the start of a cell.
func amount(cell string) float64 {
	number, _, _ := strings.Cut(cell, " ")
	v, _ := strconv.ParseFloat(number, 64)
	return v
}

// drawHour returns the picture of the hour: a bar for each client in each
// column.
func drawHour(text string) (string, error) {
	header, rows, err := hourTable(text)
	if err != nil {
		return "", err
	}
	var clients []string
	for _, row := range rows {
		clients = append(clients, row[0])
	}
	var columns []column
	for _, name := range drawn {
		i := slices.Index(header, name)
		if i < 0 {
			return "", fmt.Errorf("%s: the hour has no column %q", pagePath, name)
		}
		c := column{Name: name}
		for _, row := range rows {
			c.Cells = append(c.Cells, row[i])
			c.largest = max(c.largest, amount(row[i]))
		}
		if c.largest <= 0 {
			return "", fmt.Errorf("the hour's column %q has no figures", name)
		}
		columns = append(columns, c)
	}
	return render("hour.svg.tmpl", map[string]any{"Clients": clients, "Columns": columns})
}

// hourTable returns the names of the columns of the hour's table, and its rows.
func hourTable(text string) (header []string, rows [][]string, err error) {
	_, table, found := strings.Cut(text, "\n| client |")
	if !found {
		return nil, nil, fmt.Errorf("%s lacks the table of the hour", pagePath)
	}
	for line := range strings.Lines("| client |" + table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		switch cells := cellsOf(line); {
		case header == nil:
			header = cells
		case len(cells) != len(header):
			return nil, nil, fmt.Errorf("%s: %q has %d cells, want %d", pagePath, line, len(cells), len(header))
		case cells[0] != "---":
			rows = append(rows, cells)
		}
	}
	return header, rows, nil
}
