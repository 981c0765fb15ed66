package readme

import "testing"

func TestReplace(t *testing.T) {
	const rows = "| name | value |\n|---|---|\n| a\\|b | 1 |\n"
	table := "| name | value |\n|---|---|\n| " + Cell("a|b") + " | 1 |\n"
	tests := []struct{ text, want string }{ // want "": an error
		{"x\n<!-- begin generated: t -->\n<!-- end generated -->\ny\n", "x\n<!-- begin generated: t -->\n" + rows + "<!-- end generated -->\ny\n"},
		{"<!-- begin generated: t -->\nold\n<!-- end generated --><!-- end generated -->", "<!-- begin generated: t -->\n" + rows + "<!-- end generated --><!-- end generated -->"},
		{"<!-- begin generated: other -->\n<!-- end generated -->\n", ""},
		{"<!-- end generated -->\n<!-- begin generated: t -->\n", ""},
		{"", ""},
	}
	for _, test := range tests {
		got, err := Replace([]byte(test.text), "t", table)
		if string(got) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("Replace(%q) = %q, %v; want %q", test.text, got, err, test.want)
		}
	}
}
