package auth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// A holder asks the issuer at most twice, so who waits longer than this waits for a stopped process.
	lockLimit = 2*requestLimit + 5*time.Second
	lockPoll  = 25 * time.Millisecond
)

var errLockBusy = errors.New("another process holds the lock")

// lock takes the lock beside auth.json, which the kernel drops when its holder dies. The lock file stays: removing it
// would let two processes hold locks on two files of one name. Where no lock can be had (a read-only home, a network
// file system without locks) the work goes on without one.
func (f *file) lock(ctx context.Context) (unlock func(), err error) {
	path, err := f.target()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.log.Warn("auth: no lock on auth.json", "error", err)
		return func() {}, nil
	}
	limit, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	lock := flock.New(path + ".lock")
	held, err := lock.TryLockContext(limit, lockPoll)
	switch {
	case held:
		return func() { lock.Close() }, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limit.Err() != nil:
		return nil, errLockBusy
	}
	f.log.Warn("auth: no lock on auth.json", "error", err)
	return func() {}, nil
}
