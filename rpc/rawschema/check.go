package rawschema

import (
	"context"
	"errors"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Options are the options of a check.
type Options struct {
	// Budget limits the work of a check, in steps of about 50 ns, and is
	// reduced by the steps taken. Nil means no limit. Most schemas need three
	// or four steps per value of the text.
	Budget *int
	// NullIsAbsent treats null members as absent, in the outermost object and
	// in objects whose schema has additionalProperties.
	NullIsAbsent bool
}

const (
	// MaxFaults is the maximum number of faults of a check.
	MaxFaults = 1000
	// maxDepth bounds the recursion. Values nested deeper are not checked.
	maxDepth = 1000
	// The number of steps between checks of the context.
	pollSteps = 4096
)

// ErrBudget means that a check exceeded its budget.
var ErrBudget = errors.New("rawschema: the check is too much work")

// Check returns the faults of a value, sorted by path. The error is the cause
// of the end of ctx, or ErrBudget, without faults.
func (s *Schema) Check(ctx context.Context, v rawjson.Value, o Options) ([]Fault, error) {
	c := checker{Schema: s, ctx: ctx, options: o, poll: pollSteps, free: 10_000 + 2*len(v.Bytes())}
	c.value(s.root, v.Cursor())
	if c.err == nil {
		c.err = context.Cause(ctx)
	}
	if o.Budget != nil {
		*o.Budget = max(0, *o.Budget-c.spent-(pollSteps-c.poll))
	}
	if c.err != nil {
		return nil, c.err
	}
	return s.describe(v, c.faults[:min(len(c.faults), MaxFaults)]), nil
}

// A checker is one check. Its methods return the position after the value that
// they have checked, or the zero Cursor if they did not reach it.
type checker struct {
	*Schema
	ctx     context.Context
	options Options
	faults  []fault
	base    int // index of the first fault of the current branch
	depth   int
	trying  bool // whether a fault decides what else applies
	poll    int  // steps until ctx is checked again
	spent   int  // steps until ctx was checked last
	free    int  // steps after which visits are memoized
	visits  map[visit][]fault
	err     error // the reason why the check ended early
}

// A visit is the check of a value against a schema that is the target of a
// reference.
type visit struct {
	schema *jsonschema.Schema
	at     int
}

// spend takes steps from the budget and reports whether the check continues.
func (c *checker) spend(steps int) bool {
	if c.poll -= steps; c.poll > 0 && c.err == nil {
		return !c.full()
	}
	c.spent += pollSteps - c.poll
	c.poll = pollSteps
	if c.err == nil {
		c.err = context.Cause(c.ctx)
	}
	if c.err == nil && c.options.Budget != nil && c.spent > *c.options.Budget {
		c.err = ErrBudget
	}
	return c.err == nil && !c.full()
}

// full reports whether the branch has the maximum number of faults.
func (c *checker) full() bool { return len(c.faults)-c.base >= MaxFaults }

func (c *checker) fault(s *jsonschema.Schema, keyword string, at rawjson.Cursor) {
	c.add(fault{schema: s, keyword: keyword, at: at.Offset()})
}

func (c *checker) add(f fault) {
	c.spend(2)
	if !c.full() {
		c.faults = append(c.faults, f)
	}
}

// value checks a value against a schema.
func (c *checker) value(s *jsonschema.Schema, at rawjson.Cursor) (after rawjson.Cursor) {
	if s == nil {
		return after
	}
	return c.apply(s, c.facts[s], at, nil)
}

// apply is value for a schema whose facts are known. It adds the members and
// elements that the schema evaluates to in, unless that is nil.
func (c *checker) apply(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if !c.spend(1) {
		return after
	}
	if s.Always != nil {
		if !*s.Always {
			c.fault(s, "false", at)
		}
		return after
	}
	kind := at.Kind()
	if !known.admits(kind, at) {
		c.fault(s, "type", at)
		return after
	}
	if kind != '{' && kind != '[' && known.plain {
		c.scalar(s, kind, at)
		return after
	}
	if c.depth == maxDepth {
		return after
	}
	c.depth++
	if s.Constant != nil && !c.among(&known.constant, kind, at) {
		c.fault(s, "const", at)
	}
	if s.Enum != nil && !c.among(&known.enum, kind, at) {
		c.fault(s, "enum", at)
	}
	own := in
	if own == nil && known.unevaluated {
		own = newEvaluated()
	}
	switch {
	case kind == '{' && known.inside:
		after = c.object(s, known, at, own)
	case kind == '[' && known.inside:
		after = c.array(s, known, at, own)
	default:
		c.scalar(s, kind, at)
	}
	if known.combines {
		if end := c.combined(s, known, at, own); !after.Valid() {
			after = end
		}
	}
	if known.unevaluated {
		c.unevaluated(s, at, own)
	}
	c.depth--
	return after
}

func (c *checker) scalar(s *jsonschema.Schema, kind byte, at rawjson.Cursor) {
	switch kind {
	case '"':
		c.text(s, at)
	case '0':
		c.number(s, at)
	}
}

// among reports whether a value is one of a set.
func (c *checker) among(vs *values, kind byte, at rawjson.Cursor) bool {
	if vs.kinds&kindBits[kind] == 0 {
		return false
	}
	if kind == '"' {
		text := at.Value().Decoded()
		c.spend(1 + len(text)/64)
		return vs.texts[string(text)]
	}
	d, _ := c.digest(at)
	return vs.digests[d]
}

// digest returns the digest of a value and the position after it.
func (c *checker) digest(at rawjson.Cursor) (d digest, after rawjson.Cursor) {
	end := at.Skip()
	if c.spend(10 + (end.Offset()-at.Offset())/2) {
		d, _ = digestOf(at)
	}
	return d, end
}
