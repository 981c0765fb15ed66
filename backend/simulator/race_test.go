//go:build race

package simulator

// The race detector makes the library's walk through a schema ten times slower.
func init() { hostileTime *= 10 }
