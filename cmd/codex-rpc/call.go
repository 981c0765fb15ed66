package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

func newCall(c *config) *cobra.Command {
	var stream bool
	cmd := &cobra.Command{
		Use:   "call METHOD [PARAMS] [KEY=TEXT | KEY:=JSON | KEY@FILE]...",
		Short: "Call a method and print its result",
		Long: `call calls a method on the same server and prints its result as one line of
JSON. With --stream, the events of the method are printed first, one per line.
An error is printed to stderr, with exit status 1. codex-rpc schema METHOD
prints the schema of the parameters, which are given as a JSON object, as single
parameters, or both:

  {"input": "Say hello"}   an object with the parameters; @FILE reads it from a
                           file, - from standard input
  input='Say hello'        a string
  reasoning.effort=low     a string in an object
  n:=2                     a number, true, false, null or other JSON
  input@question.txt       the content of a file; for uploads, the file
  tools:=@tools.json       JSON from a file`,
		Example: `  codex-rpc call models.list
  codex-rpc call --mock --stream responses.create input='Say hello'
  codex-rpc call --mock responses.create '{"input": "Say hello"}' reasoning.effort=low
  codex-rpc call --mock files.upload path=report.csv`,
		Args:              callArgs,
		ValidArgsFunction: completeCall,
		RunE: func(cmd *cobra.Command, args []string) error {
			params, err := readParams(args[0], args[1:], cmd.InOrStdin())
			if err != nil {
				return err
			}
			if stream {
				params = params.With("stream", rawjson.Bool(true))
			}
			request := callRequest(args[0], params)
			err = onHost(c, cmd, c.record, func(ctx context.Context, h *host) error { return h.call(ctx, request, cmd.OutOrStdout()) })
			if f, ok := errors.AsType[*failure](err); ok && strings.HasSuffix(f.message, "(invalid_params, -32602)") {
				f.hints = append(f.hints, exampleHint(args[0]))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&stream, "stream", false, "also print the method's events")
	return cmd
}

// callArgs requires the name of a method.
func callArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return &failure{exitUsage, "call requires a METHOD", []string{"for example: codex-rpc call models.list", "codex-rpc schema | jq -r '.methods[].name' lists the methods"}}
	case isDirective(cmd, args[0]):
		return &failure{exitUsage, fmt.Sprintf("%q is not a method", args[0]), []string{mockHint(args[0])}}
	}
	return nil
}

// callRequest returns the message that calls a method. Its id is 1.
func callRequest(method string, params rawjson.Value) []byte {
	var request rawjson.Object
	request.SetString("jsonrpc", "2.0")
	request.Set("id", rawjson.Int(1))
	request.SetString("method", method)
	request.Set("params", params)
	return append(request.Value().AppendTo(nil), '\n')
}

// call sends a request and prints the response.
func (h *host) call(ctx context.Context, request []byte, stdout io.Writer) error {
	in, out := io.Pipe()
	go func() { out.CloseWithError(h.serve(ctx, bytes.NewReader(request), out)) }()
	messages := bufio.NewReader(in)
	for {
		line, err := messages.ReadBytes('\n')
		if err != nil {
			return &failure{code: exitFailed, message: "no response"}
		}
		message, err := rawjson.Parse(line)
		if err != nil {
			return &failure{code: exitFailed, message: err.Error()}
		}
		shown, result := message.Get("params").Get("event"), message.Get("result")
		if result.Kind() != 0 {
			shown = result
		}
		if fault := message.Get("error"); fault.Kind() != 0 {
			return callFailure(fault)
		}
		if err := printed(fmt.Fprintf(stdout, "%s\n", shown.Bytes())); err != nil || result.Kind() != 0 {
			return err
		}
	}
}

// callFailure returns the failure for an error of a call.
func callFailure(fault rawjson.Value) error {
	text := func(v rawjson.Value) string {
		s, _ := v.Text()
		return s
	}
	data := fault.Get("data")
	f := &failure{code: exitFailed, message: fmt.Sprintf("%s (%s, %s)", text(fault.Get("message")), text(data.Get("type")), fault.Get("code").Bytes())}
	var faults, suggestions []string
	for one := range data.Get("errors").Elements() {
		faults = append(faults, text(one.Get("message")))
	}
	for one := range data.Get("suggestions").Elements() {
		suggestions = append(suggestions, text(one))
	}
	if len(faults) > 1 {
		f.hints = faults
	}
	if suggestions != nil {
		f.hints = append(f.hints, "did you mean "+strings.Join(suggestions, ", ")+"?")
	}
	if after := data.Get("retry_after"); after.Kind() == '0' {
		f.hints = append(f.hints, "try again in "+string(after.Bytes())+" s")
	}
	if id := text(data.Get("request_id")); id != "" {
		f.hints = append(f.hints, "request id "+id)
	}
	return f
}
