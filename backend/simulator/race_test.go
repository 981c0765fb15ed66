//go:build race

package simulator

// With the race detector the library is ten times slower.
func init() { hostileTime *= 10 }
