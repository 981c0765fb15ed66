package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/auth"
)

func newLogout(c *config) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Sign out: revoke the sign-in and remove auth.json",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onHost(c, cmd, "", func(ctx context.Context, h *host) error {
				account, unread := h.store.Account(ctx)
				revoked, err := h.store.Logout(ctx)
				if err != nil {
					return authFailure(ctx, err)
				}
				done := "Signed out."
				switch {
				case revoked:
				case unread == nil && account == (auth.Account{}):
					done = "There was no sign-in."
				default:
					done = "Signed out here. The sign-in was not revoked: its tokens may work until they expire."
				}
				return printed(fmt.Fprintln(cmd.OutOrStdout(), done))
			})
		},
	}
}
