package rpc

import (
	"context"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// A Fault is a violation of a schema by a value.
type Fault struct {
	Path    string `json:"path"` // JSON Pointer (RFC 6901) to the value, "" for the whole
	Message string `json:"message"`
}

// FaultAt returns the fault of the value at a path, with a phrase as its message.
func FaultAt(path, phrase string) Fault {
	message := OneLine(phrase) + "."
	if path != "" {
		message = "`" + shorten(path[1:]) + "`: " + message
	}
	return Fault{path, message}
}

// A Schema is a JSON Schema given by a caller.
type Schema struct{ compiled *rawschema.Schema }

// compiling bounds the concurrent compilations of schemas, which take a multiple of
// their size in memory.
var compiling = make(chan struct{}, 2)

// CompileSchema compiles a schema in bounded time and memory, or until ctx ends. The
// error is a [rawschema.SchemaError] or the cause of the end of ctx.
func CompileSchema(ctx context.Context, schema rawjson.Value) (*Schema, error) {
	type outcome struct {
		compiled *rawschema.Schema
		err      error
	}
	done := make(chan outcome, 1)
	go func() { // cancellation does not wait for it
		compiling <- struct{}{}
		defer func() { <-compiling }()
		if ctx.Err() != nil {
			return
		}
		compiled, err := rawschema.CompileForeign(schema)
		done <- outcome{compiled, err}
	}()
	select {
	case o := <-done:
		return &Schema{o.compiled}, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Check returns the faults of a value. The budget is that of [rawschema.Options]. A
// check that exceeds it, or is ended by ctx, returns no faults.
func (s *Schema) Check(ctx context.Context, v rawjson.Value, budget *int) []Fault {
	found, err := s.compiled.Check(ctx, v, rawschema.Options{Budget: budget})
	if err != nil {
		return nil
	}
	var faults []Fault
	for i, f := range found {
		if i > 0 && f.Keyword == "required" && found[i-1].Keyword == "required" && f.Path == found[i-1].Path {
			last := &faults[len(faults)-1] // the missing members of an object are one fault
			last.Message = strings.TrimSuffix(last.Message, ".") + ", '" + OneLine(f.Name) + "'."
			continue
		}
		faults = append(faults, FaultAt(f.Path, f.Message))
	}
	return faults
}
