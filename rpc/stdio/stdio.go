// Package stdio gives a server the standard streams of its process in a form
// that nothing can spoil:
//
//	streams, err := stdio.Claim()
//	if err != nil { … }
//	log := slog.New(slog.NewTextHandler(streams.Log, nil))
//	ctx, cancel := context.WithCancelCause(context.Background())
//	go func() { <-streams.Gone(); cancel(rpc.ErrClientGone) }()
//	err = server.Serve(ctx, streams.In, streams.Out)
//
// The output moves to a private descriptor and standard output becomes another
// name for standard error, so that what some library prints cannot get between
// the frames. The log never blocks. And it notices when there is no client left
// to serve: the output has no reader, or the parent process is gone.
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

	once sync.Once
	gone chan struct{}
}

// Claim takes the standard streams over. It is to be called once, before
// anything is written.
//
// From then on writing to a closed pipe is an error like any other and no
// longer ends the process.
func Claim() (*Streams, error) {
	out, err := claimOutput()
	if err != nil {
		return nil, err
	}
	s := &Streams{In: os.Stdin, Out: out, Log: NewLog(os.Stderr), gone: make(chan struct{})}
	go func() {
		if waitForReader(out) {
			s.end()
		}
	}()
	// A parent that is process 1 is the init of the machine or of a container.
	// Either way it will not leave us behind.
	if parent := os.Getppid(); parent > 1 {
		if ended := watchParent(parent); ended != nil {
			go func() {
				ended()
				s.end()
			}()
		}
	}
	return s, nil
}

// Gone returns a channel that is closed when there is no client left to serve.
// Where the system does not tell whether a pipe has a reader, only writing to it
// does.
func (s *Streams) Gone() <-chan struct{} { return s.gone }

// WatchProcess counts the end of another process as the end of the client. One
// that does not run is passed over; one that does when WatchProcess is called is
// not missed, however soon it ends.
func (s *Streams) WatchProcess(pid int) {
	if pid <= 0 || pid == os.Getpid() {
		return
	}
	if ended := watchProcess(pid); ended != nil {
		go func() {
			ended()
			s.end()
		}()
	}
}

func (s *Streams) end() { s.once.Do(func() { close(s.gone) }) }
