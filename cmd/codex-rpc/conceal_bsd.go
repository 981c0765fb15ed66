//go:build unix && !linux && !darwin

package main

// conceal protects the memory of this process, which will hold tokens, from
// core dumps.
func conceal() { noCoreDumps() }
