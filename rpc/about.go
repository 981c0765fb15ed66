package rpc

import (
	"reflect"
	"slices"
)

// about is the documentation of a method apart from its types. It does not affect
// calls.
type about struct {
	examples     []Example
	events       []reflect.Type
	errors       []string
	since        string
	experimental bool
}

// An Example is an example call of a method.
type Example struct {
	Name   string // a short description
	Params string // a JSON object
}

// Example returns the method with an additional example, whose parameters are a JSON
// object. The call must succeed.
func (m Method) Example(name, params string) Method {
	m.about.examples = append(slices.Clip(m.about.examples), Example{name, params})
	return m
}

// Reports returns the method with an additional type of its events.
func (m Method) Reports(event reflect.Type) Method {
	m.about.events = append(slices.Clip(m.about.events), event)
	return m
}

// Fails returns the method with additional error types, as in [Error], that are
// specific to it or a few methods.
func (m Method) Fails(types ...string) Method {
	m.about.errors = append(slices.Clip(m.about.errors), types...)
	return m
}

// AddedIn returns the method with the version of the protocol that introduced it.
func (m Method) AddedIn(version string) Method {
	m.about.since = version
	return m
}

// Experimental returns the method marked as experimental: its parameters and result
// may change without a new version of the protocol.
func (m Method) Experimental() Method {
	m.about.experimental = true
	return m
}

// Examples returns the examples added by [Method.Example].
func (m Method) Examples() []Example { return slices.Clone(m.about.examples) }

// Events returns the types added by [Method.Reports].
func (m Method) Events() []reflect.Type { return slices.Clone(m.about.events) }

// Errors returns the error types added by [Method.Fails].
func (m Method) Errors() []string { return slices.Clone(m.about.errors) }

// Since returns the version set by [Method.AddedIn], "" for the first one.
func (m Method) Since() string { return m.about.since }

// Stable reports whether the method is not [Method.Experimental].
func (m Method) Stable() bool { return !m.about.experimental }
