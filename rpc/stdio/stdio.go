// Package stdio reserves the standard streams of a process for a server:
//
//	streams, err := stdio.Claim()
//	if err != nil { … }
//	log := slog.New(slog.NewTextHandler(streams.Log, nil))
//	ctx, cancel := context.WithCancelCause(context.Background())
//	go func() { <-streams.Gone(); cancel(rpc.ErrClientGone) }()
//	err = server.Serve(ctx, streams.In, streams.Out)
//
// The output moves to a private descriptor, and standard output is redirected
// to standard error, so that the output of libraries cannot corrupt the frames.
// The log never blocks. The package also detects that the client is gone: the
// output has no reader, or the parent process has exited.
package stdio

import (
	"io"
	"os"
	"sync"
)

// Streams are the standard streams of the process after [Claim].
type Streams struct {
	In  io.Reader
	Out io.Writer
	Log *Log // to standard error

	end  func()
	gone chan struct{}
}

// Claim takes over the standard streams. It must be called once, before
// anything is written.
//
// Afterwards, writing to a closed pipe returns an error and does not end the
// process.
func Claim() (*Streams, error) {
	out, err := claimOutput()
	if err != nil {
		return nil, err
	}
	s := &Streams{In: newInput(), Out: out, Log: NewLog(os.Stderr), gone: make(chan struct{})}
	s.end = sync.OnceFunc(func() { close(s.gone) })
	go func() {
		if waitForReader(out) {
			s.end()
		}
	}()
	// A parent that is process 1 is the init of the machine or of a container,
	// whose end is also ours.
	if parent := os.Getppid(); parent > 1 {
		s.watch(watchParent(parent))
	}
	return s, nil
}

// Gone returns a channel that is closed when the client is gone. If the system
// does not report whether a pipe has a reader, this is only detected by writing
// to it.
func (s *Streams) Gone() <-chan struct{} { return s.gone }

// WatchProcess treats the end of another process as the end of the client. It
// ignores a process that does not run, and detects the end of one that runs
// when it is called, however soon it ends.
func (s *Streams) WatchProcess(pid int) {
	if pid > 0 && pid != os.Getpid() {
		s.watch(watchProcess(pid))
	}
}

// watch waits for the end of a process, unless there is none.
func (s *Streams) watch(ended func()) {
	if ended != nil {
		go func() {
			ended()
			s.end()
		}()
	}
}
