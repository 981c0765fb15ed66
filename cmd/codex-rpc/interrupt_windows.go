package main

import "os"

// endBy does nothing: what ends a process is its exit code.
func endBy(os.Signal) {}
