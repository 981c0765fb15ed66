package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

// protocol returns the text of the protocol page with its tables of notifications,
// events and errors as the code has them.
func protocol(text []byte, comments map[string]string) ([]byte, error) {
	notifications, err := notificationTable()
	if err != nil {
		return nil, err
	}
	events, err := eventTable(comments)
	if err != nil {
		return nil, err
	}
	for _, section := range []struct {
		name  string
		table readme.Rows
	}{{"notifications", notifications}, {"events", events}, {"errors", errorTable()}} {
		if text, err = readme.Replace(text, section.name, section.table); err != nil {
			return nil, err
		}
	}
	return text, nil
}

func notificationTable() (readme.Rows, error) {
	var fixed struct {
		Notifications []struct {
			Name, Summary, From string
			Params              []struct{ Name string }
		}
	}
	if err := json.Unmarshal(lifecycle, &fixed); err != nil {
		return "", fmt.Errorf("lifecycle.json: %w", err)
	}
	table := readme.Table("notification", "from the", "`params`", "what it says")
	for _, n := range fixed.Notifications {
		var params []string
		for _, p := range n.Params {
			params = append(params, "`"+p.Name+"`")
		}
		table = table.Row("`"+n.Name+"`", n.From, strings.Join(params, ", "), n.Summary)
	}
	return table, nil
}

func eventTable(comments map[string]string) (readme.Rows, error) {
	table := readme.Table("`type`", "members", "what it says")
	for _, v := range (vocabulary.ResponseStreamEvent{}).Union() {
		t := reflect.TypeOf(v)
		if t == otherType {
			continue
		}
		s, err := shapeOf(t, comments)
		if err != nil {
			return "", err
		}
		var members []string
		for _, m := range s.members {
			name := "`" + m.name + "`"
			if m.optional {
				name += "?"
			}
			members = append(members, name)
		}
		says := strings.TrimPrefix(s.doc, s.name+" ")
		table = table.Row("`"+strings.Join(s.tags, "`, `")+"`", strings.Join(members, ", "), strings.ToUpper(says[:1])+says[1:])
	}
	return table, nil
}
