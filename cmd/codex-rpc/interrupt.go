package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// An interruption is the error of a command that was ended by a signal. The
// process then ends by that signal instead of an exit code, since shells and
// make stop only if it does.
type interruption struct{ signal os.Signal }

func (i *interruption) Error() string { return "ended by " + i.signal.String() }

// interruptTime is the time a command has to end after a signal.
const interruptTime = 2 * time.Second

// notify is signal.Notify except for signals that are ignored, as under nohup
// and for background jobs of a shell.
func notify(signals chan<- os.Signal, which ...os.Signal) {
	for _, s := range which {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
}

// onSignal calls stop when the first of the signals is received, with a context
// that ends with the second, or after shutdownTime.
func onSignal(log *slog.Logger, stop func(ctx context.Context, received os.Signal), which ...os.Signal) {
	signals := make(chan os.Signal, 2)
	notify(signals, which...)
	go func() {
		received := <-signals
		log.Info("received a signal to stop", "signal", received.String())
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		go func() {
			<-signals
			cancel()
		}()
		stop(ctx, received)
	}()
}

// interruptible runs a command with a context that ends on SIGINT or SIGTERM. A
// second signal ends the process at once.
func interruptible(run func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			ended := &interruption{s}
			cancel(ended)
			time.AfterFunc(interruptTime, ended.raise)
		case <-ctx.Done():
		}
	}()
	err := run(ctx)
	if ended, ok := context.Cause(ctx).(*interruption); ok {
		return ended
	}
	return err
}

// raise ends the process by the signal.
func (i *interruption) raise() {
	signal.Reset(i.signal)
	endBy(i.signal)
	os.Exit(exitFailed)
}
