package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/stdio"
)

func newServe(c *config) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve on stdin and stdout (the default command)",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return serve(cmd, c) },
	}
}

const (
	// headStart is the time before certificates are loaded and a connection is
	// opened, which takes 20 ms of a processor. The first message has usually
	// arrived by then.
	headStart = 500 * time.Microsecond
	// shutdownTime is the time that running calls have after a signal.
	shutdownTime = 5 * time.Second
	// logFlushTime bounds the wait for the log to be read at the end.
	logFlushTime = 200 * time.Millisecond
)

func serve(cmd *cobra.Command, c *config) error {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		cmd.SetOut(os.Stderr)
		cmd.Help()
		return &failure{code: exitUsage, hints: []string{"serve is meant for programs: pipe requests into it, or try codex-rpc call"}}
	}
	streams, err := stdio.Claim()
	if err != nil {
		return &failure{code: exitFailed, message: err.Error()}
	}
	log := c.logger(streams.Log)
	defer streams.Log.Flush(logFlushTime)
	h, err := c.open(log, c.record)
	if err != nil {
		return err
	}
	defer h.stop(log)
	h.watchClient = streams.WatchProcess
	time.AfterFunc(headStart, func() { h.client.Warm(context.Background()) })

	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	go func() {
		<-streams.Gone()
		cancel(rpc.ErrClientGone)
	}()
	onSignal(log, func(grace context.Context, _ os.Signal) {
		h.server.Shutdown()
		<-grace.Done()
		cancel(errTerminated)
	}, syscall.SIGTERM, os.Interrupt, syscall.SIGHUP)
	switch err := h.serve(ctx, streams.In, streams.Out); {
	case err == nil || errors.Is(err, errTerminated):
		return nil
	default:
		// Use the log, which does not wait for a reader of stderr.
		log.Warn("the session ended", "error", err)
		return &failure{code: exitFailed}
	}
}

var errTerminated = errors.New("stopped by a signal")
