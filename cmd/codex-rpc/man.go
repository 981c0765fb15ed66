package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page",
		Long: `man prints the manual page, with the help of all commands. Releases include it
as a file. Its date is that of $SOURCE_DATE_EPOCH, or else today.`,
		Example: "  codex-rpc man | man -l -",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			date := time.Now()
			if text := os.Getenv("SOURCE_DATE_EPOCH"); text != "" {
				epoch, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return usageError("SOURCE_DATE_EPOCH is not a number of seconds: %q", text)
				}
				date = time.Unix(epoch, 0)
			}
			var page manual
			page.write(cmd.Root(), date.UTC())
			return printed(io.WriteString(cmd.OutOrStdout(), page.String()))
		},
	}
}

// A manual is the source of a page in the macros of man(7).
type manual struct{ strings.Builder }

// write writes the manual page from the declarations of the commands.
func (m *manual) write(root *cobra.Command, date time.Time) {
	fmt.Fprintf(m, ".TH CODEX-RPC 1 %s %q \"User Commands\"\n", date.Format(time.DateOnly), "codex-rpc "+version())
	m.WriteString(".nh\n.ad l\n") // no hyphenation or justification, so that text can be copied
	m.section("Name")
	fmt.Fprintf(m, "%s \\- %s\n", roff(root.Name()), roff(root.Short))
	m.section("Synopsis")
	m.WriteString(".nf\n")
	for _, cmd := range append([]*cobra.Command{root}, manualCommands(root)...) {
		fmt.Fprintf(m, "%s [flags]\n", roff(usageOf(cmd)))
	}
	m.WriteString(".fi\n")
	m.section("Description")
	m.prose(root.Long)
	m.section("Commands")
	for _, cmd := range manualCommands(root) {
		m.command(cmd)
	}
	m.section("Flags of all commands")
	m.WriteString("A flag overrides its environment variable.\n")
	for _, group := range flagGroups {
		fmt.Fprintf(m, ".SS \"%s\"\n", roff(group.title))
		for _, name := range group.names {
			m.flag(root.PersistentFlags().Lookup(name))
		}
	}
	m.section("Exit status")
	for _, status := range exitStatuses {
		m.term(status.code, status.meaning)
	}
	m.section("Examples")
	m.prose(root.Example)
	m.section("See also")
	m.prose("https://github.com/codex-rpc/codex-rpc")
}

func manualCommands(root *cobra.Command) (list []*cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			list = append(list, cmd)
		}
	}
	return list
}

// usageOf returns the usage of a command without the suffix that cobra adds
// once it has parsed flags.
func usageOf(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

func (m *manual) command(cmd *cobra.Command) {
	fmt.Fprintf(m, ".SS \"%s\"\n", roff(usageOf(cmd)))
	m.prose(cmp.Or(cmd.Long, cmd.Short+"."))
	cmd.NonInheritedFlags().VisitAll(m.flag)
	if cmd.HasExample() {
		m.WriteString(".PP\n")
		m.prose(cmd.Example)
	}
	for _, sub := range manualCommands(cmd) {
		m.term(usageOf(sub), sub.Short)
	}
}

func (m *manual) section(title string) { fmt.Fprintf(m, ".SH %q\n", strings.ToUpper(title)) }

func (m *manual) term(term, text string) {
	fmt.Fprintf(m, ".TP\n\\fB%s\\fR\n%s\n", roff(term), roff(text))
}

func (m *manual) flag(f *pflag.Flag) {
	if !f.Hidden {
		m.term(strings.TrimSpace(flagUse(f)), f.Usage+defaultOf(f))
	}
}

// prose writes the text of --help: paragraphs are filled, unless they are
// indented.
func (m *manual) prose(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		literal := strings.HasPrefix(paragraph, "  ")
		switch {
		case literal:
			m.WriteString(".RS 4\n.nf\n")
		case i > 0:
			m.WriteString(".PP\n")
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			m.WriteString(roff(strings.TrimPrefix(line, "  ")) + "\n")
		}
		if literal {
			m.WriteString(".fi\n.RE\n")
		}
	}
}

var roffEscapes = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`, `"`, `\(dq`)

// roff escapes a line of text.
func roff(text string) string {
	text = roffEscapes.Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}
