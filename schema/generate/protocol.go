package main

import (
	"reflect"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

// protocol returns the protocol page with its tables updated.
func protocol(text []byte, notifications []notification, comments map[string]string) ([]byte, error) {
	var err error
	for _, section := range []struct {
		name  string
		table readme.Rows
	}{{"notifications", notificationTable(notifications)}, {"events", eventTable(comments)}, {"errors", errorTable()}} {
		if text, err = readme.Replace(text, section.name, section.table); err != nil {
			return nil, err
		}
	}
	return text, nil
}

func notificationTable(all []notification) readme.Rows {
	table := readme.Table("notification", "from the", "`params`", "description")
	for _, n := range all {
		var params []string
		for _, p := range n.Params {
			params = append(params, "`"+p.Name+"`")
		}
		table = table.Row("`"+n.Name+"`", n.From, strings.Join(params, ", "), n.Summary)
	}
	return table
}

func eventTable(comments map[string]string) readme.Rows {
	table := readme.Table("`type`", "members", "description")
	for _, v := range (vocabulary.ResponseStreamEvent{}).Union() {
		t := reflect.TypeOf(v)
		if t == otherType {
			continue
		}
		s := shapeOf(t, comments)
		var members []string
		for _, m := range s.members {
			name := "`" + m.name + "`"
			if m.optional {
				name += "?"
			}
			members = append(members, name)
		}
		table = table.Row("`"+strings.Join(s.tags, "`, `")+"`", strings.Join(members, ", "), s.doc)
	}
	return table
}
