//go:build unix && !linux && !darwin

package main

// conceal keeps the memory of this process, which is about to hold tokens, from
// core dumps.
func conceal() { noCoreDumps() }
