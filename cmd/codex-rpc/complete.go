package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// completeFlags registers completions for the values of flags. Shells complete
// file names by default.
func completeFlags(root *cobra.Command) {
	complete := func(cmd *cobra.Command, flag string, values cobra.CompletionFunc) {
		if err := cmd.RegisterFlagCompletionFunc(flag, values); err != nil {
			panic(err) // the flag does not exist
		}
	}
	complete(root, "model", oneOf(methods.KnownModels()...))
	complete(root, "log-level", oneOf("debug\teverything", "info", "warn\tthe default", "error"))
	complete(root, "transport", oneOf("http\tthe default", "websocket", "auto\twebsocket if the backend supports it"))
	complete(root, "mock", completeDirectives)
	root.MarkPersistentFlagDirname("file-root")
	root.MarkPersistentFlagDirname("home")
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "ask":
			complete(cmd, "model", oneOf(methods.KnownModels()...))
			complete(cmd, "effort", oneOf(vocabulary.ReasoningEffort("").Known()...))
		case "mock":
			complete(cmd, "scenario", completeDirectives)
		case "http":
			complete(cmd, "unknown-model", oneOf("replace\twith the default model", "error"))
			complete(cmd, "unsupported", oneOf("drop\tif the answer does not change", "error"))
		}
	}
}

func oneOf(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

func startingWith(typed string, values []string) []string {
	return slices.DeleteFunc(values, func(value string) bool { return !strings.HasPrefix(value, typed) })
}

// completeDirectives completes the last directive of a list.
func completeDirectives(_ *cobra.Command, _ []string, typed string) (values []string, _ cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	for _, d := range simulator.Directives() {
		text := before + d.Name
		if d.Value != "" {
			text += "="
		}
		values = append(values, text+"\t"+d.Doc)
	}
	return startingWith(typed, values), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeMethod completes the name of a method as the first argument.
func completeMethod(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, m := range declared() {
		names = append(names, m.Name()+"\t"+m.Summary())
	}
	return startingWith(typed, names), cobra.ShellCompDirectiveNoFileComp
}

// completeCall completes the name of a method and then its parameters.
func completeCall(cmd *cobra.Command, args []string, typed string) (values []string, _ cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeMethod(cmd, args, typed)
	}
	if strings.ContainsAny(typed, "@=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	params, err := rawjson.Parse(schema.Params(args[0]))
	if err != nil { // there is no such method
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for name, p := range params.Get("properties").Members() {
		if p.Get("not").Kind() != 0 { // the backend does not support it
			continue
		}
		separator := ":="
		if types := string(p.Get("type").Bytes()); types == "" || strings.Contains(types, "string") {
			separator = "="
		}
		description, _ := p.Get("description").Text()
		values = append(values, name+separator+"\t"+description)
	}
	slices.Sort(values)
	return startingWith(typed, values), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// declared returns the declarations of the methods.
func declared() []rpc.Method { return methods.New(nil, nil, methods.Defaults{}, nil).All() }

// exampleOf returns a command that calls a method, or "" if there is no
// example.
func exampleOf(method string) string {
	for _, m := range declared() {
		if m.Name() != method || len(m.Examples()) == 0 {
			continue
		}
		command := "codex-rpc call " + method
		for name, value := range rawjson.MustParse(m.Examples()[0].Params).Members() {
			var compact bytes.Buffer
			_ = json.Compact(&compact, value.Bytes()) // it is valid
			if text, isText := value.Text(); isText {
				command += " " + name + "=" + quoted(text)
			} else {
				command += " " + name + ":=" + quoted(compact.String())
			}
		}
		if len(command) <= 200 {
			return command
		}
	}
	return ""
}
