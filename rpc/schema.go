package rpc

import (
	"context"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// A Fault is one respect in which a value does not fit its schema.
type Fault struct {
	Path    string `json:"path"` // JSON Pointer (RFC 6901) to the value, "" for the whole
	Message string `json:"message"`
}

// FaultAt returns the fault of the value at a path: a sentence of a phrase that
// says what is wrong.
func FaultAt(path, phrase string) Fault {
	message := OneLine(phrase) + "."
	if path != "" {
		message = "`" + shorten(path[1:]) + "`: " + message
	}
	return Fault{path, message}
}

// A Schema is a JSON Schema of a caller's.
type Schema struct{ compiled *rawschema.Schema }

// compiling bounds the schemas that are compiled at once, which takes more memory
// than they have bytes.
var compiling = make(chan struct{}, 2)

// CompileSchema compiles a schema in bounded time and memory, or until ctx ends.
// The error is a [rawschema.SchemaError] or the cause of that end.
func CompileSchema(ctx context.Context, schema rawjson.Value) (*Schema, error) {
	type outcome struct {
		compiled *rawschema.Schema
		err      error
	}
	done := make(chan outcome, 1)
	go func() { // a cancel does not wait for it
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

// Check returns in what respects a value does not fit. The budget is as that of
// [rawschema.Options]. A check that is more work than that, or that ctx ends, finds
// nothing.
func (s *Schema) Check(ctx context.Context, v rawjson.Value, budget *int) []Fault {
	found, err := s.compiled.Check(ctx, v, rawschema.Options{Budget: budget})
	if err != nil {
		return nil
	}
	var faults []Fault
	for i, f := range found {
		if i > 0 && f.Keyword == "required" && found[i-1].Keyword == "required" && f.Path == found[i-1].Path {
			last := &faults[len(faults)-1] // of one object the missing members are one fault
			last.Message = strings.TrimSuffix(last.Message, ".") + ", '" + OneLine(f.Name) + "'."
			continue
		}
		faults = append(faults, FaultAt(f.Path, f.Message))
	}
	return faults
}
