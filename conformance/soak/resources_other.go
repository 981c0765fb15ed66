//go:build !linux

package main

import (
	"errors"
	"time"
)

var errLinuxOnly = errors.New("the resources of a process are read from /proc: run the soak on Linux")

func resourcesOf(int) (resources, error) { return resources{}, errLinuxOnly }

func (s *session) dump() error { return errLinuxOnly }

func waited(int) time.Duration { return 0 }
