package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/auth"
)

func newLogin(c *config) *cobra.Command {
	o := auth.LoginOptions{RequestAPIKey: true}
	noBrowser := false
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in with a ChatGPT account",
		Long: `login signs in with a ChatGPT account, in a browser on this machine or, with
--device-code, on any device. The credentials are saved to auth.json in the
directory given by --home, $CODEX_HOME or ~/.codex, in this order, which is
shared with the official Codex CLI.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.OpenBrowser = !noBrowser
			if !o.DeviceCode && isRemote() {
				fmt.Fprintln(cmd.ErrOrStderr(), c.withHome("hint: over SSH, a browser on another machine cannot complete the sign-in; use codex-rpc login --device-code"))
			}
			return onHost(c, cmd, "", func(ctx context.Context, h *host) error {
				account, err := h.store.Login(ctx, o, func(e auth.Event) { printEvent(cmd.ErrOrStderr(), e) })
				if err != nil {
					return authFailure(ctx, err)
				}
				return printAccount(cmd.OutOrStdout(), account)
			})
		},
	}
	cmd.Flags().BoolVar(&o.DeviceCode, "device-code", false, "show a code to enter on any device")
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "print the URL without opening a browser")
	cmd.Flags().StringVar(&o.WorkspaceID, "workspace", "", "the workspace (ChatGPT account id) to sign in to")
	return cmd
}

// isRemote reports whether the user is logged in over SSH without a display.
func isRemote() bool {
	set := func(name string) bool { return os.Getenv(name) != "" }
	return (set("SSH_CONNECTION") || set("SSH_TTY")) && !set("DISPLAY") && !set("WAYLAND_DISPLAY")
}

// onHost runs a command on its own host, whose session is recorded in a file unless
// its name is empty.
func onHost(c *config, cmd *cobra.Command, file string, do func(context.Context, *host) error) error {
	log := c.logger(cmd.ErrOrStderr())
	h, err := c.open(log, file)
	if err != nil {
		return err
	}
	return interruptible(func(ctx context.Context) error {
		defer h.stop(log)
		return do(ctx, h)
	})
}

func printEvent(w io.Writer, event auth.Event) {
	switch e := event.(type) {
	case auth.AuthURL:
		fmt.Fprintf(w, "Sign in on this page until %s (Ctrl-C cancels):\n\n  %s\n\n", clock(e.ExpiresAt), e.URL)
	case auth.DeviceCode:
		fmt.Fprintf(w, "Enter this code until %s (Ctrl-C cancels):\n\n  %s\n\non this page, in any browser:\n\n  %s\n\n"+
			"Never enter or pass on a code that someone else sent you.\n", clock(e.ExpiresAt), e.UserCode, e.VerificationURL)
	}
}

func clock(t time.Time) string { return t.Local().Format("15:04") }

// printAccount prints the signed-in account, one property per line.
func printAccount(w io.Writer, a auth.Account) error {
	for _, line := range [][2]string{
		{"email", a.Email},
		{"account", a.AccountID},
		{"plan", a.PlanType},
		{"mode", a.AuthMode},
		{"token until", tokenEnd(a, time.Now())},
	} {
		if line[1] == "" {
			continue
		}
		if err := printed(fmt.Fprintf(w, "%-12s %s\n", line[0], shownLine(line[1]))); err != nil {
			return err
		}
	}
	return nil
}

// tokenEnd returns the expiry of the access token, "" if unknown.
func tokenEnd(a auth.Account, now time.Time) string {
	switch end := a.ExpiresAt.UTC().Format("2006-01-02 15:04 UTC"); {
	case a.ExpiresAt.IsZero():
		return ""
	case a.Authenticated && !now.Before(a.ExpiresAt):
		return end + " (expired; the next call renews it)"
	default:
		return end
	}
}

// printed returns the failure of a write to standard output, if it failed.
func printed(_ int, err error) error {
	if err != nil {
		return printFailure(err)
	}
	return nil
}

func printFailure(err error) error {
	return &failure{code: exitFailed, message: "cannot print: " + err.Error()}
}

// authFailure returns the failure for an error of the credentials.
func authFailure(ctx context.Context, err error) error {
	var e *auth.Error
	switch {
	case errors.As(err, &e) && e.Hint != "":
		return &failure{exitFailed, e.Message, []string{e.Hint}}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return &failure{code: exitFailed, message: err.Error()}
}
