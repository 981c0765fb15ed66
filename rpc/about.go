package rpc

import (
	"reflect"
	"slices"
)

// about is what the documents tell of a method beside its types. It has no
// effect on calls.
type about struct {
	examples     []Example
	events       []reflect.Type
	errors       []string
	since        string
	experimental bool
}

// An Example is a call that shows what a method is for.
type Example struct {
	Name   string // a phrase
	Params string // a JSON object
}

// Example returns the method with one more example, whose parameters are a JSON
// object. It is expected to succeed.
func (m Method) Example(name, params string) Method {
	m.about.examples = append(slices.Clip(m.about.examples), Example{name, params})
	return m
}

// Reports returns the method with one more shape that its events can have.
func (m Method) Reports(event reflect.Type) Method {
	m.about.events = append(slices.Clip(m.about.events), event)
	return m
}

// Fails returns the method with types of errors, as in [Error], that it alone,
// or it and a few others, can be answered with.
func (m Method) Fails(types ...string) Method {
	m.about.errors = append(slices.Clip(m.about.errors), types...)
	return m
}

// AddedIn returns the method with the version of the protocol that it came
// with.
func (m Method) AddedIn(version string) Method {
	m.about.since = version
	return m
}

// Experimental returns the method as one whose parameters or result may change
// without a new version of the protocol.
func (m Method) Experimental() Method {
	m.about.experimental = true
	return m
}

// Examples returns what [Method.Example] was told.
func (m Method) Examples() []Example { return slices.Clone(m.about.examples) }

// Events returns what [Method.Reports] was told.
func (m Method) Events() []reflect.Type { return slices.Clone(m.about.events) }

// Errors returns what [Method.Fails] was told.
func (m Method) Errors() []string { return slices.Clone(m.about.errors) }

// Since returns what [Method.AddedIn] was told, "" for nothing: the method was
// there from the start.
func (m Method) Since() string { return m.about.since }

// Stable reports that the method is not [Method.Experimental].
func (m Method) Stable() bool { return !m.about.experimental }
