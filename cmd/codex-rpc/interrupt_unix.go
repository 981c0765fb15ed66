//go:build unix

package main

import (
	"os"
	"syscall"
	"time"
)

func endBy(s os.Signal) {
	if syscall.Kill(os.Getpid(), s.(syscall.Signal)) == nil {
		time.Sleep(interruptTime) // the signal may be delivered to another thread
	}
}
