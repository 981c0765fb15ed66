//go:build !linux

package stdio

import (
	"io"
	"os"
)

func newInput() io.Reader { return os.Stdin }
