package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/methods"
)

func newWhoami(c *config) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Print the signed-in account; exit 1 if there is none",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onHost(c, cmd, "", func(ctx context.Context, h *host) error {
				account, fault := usable(ctx, h.store)
				switch {
				case asJSON:
					if err := json.NewEncoder(cmd.OutOrStdout()).Encode(methods.AccountOf(account)); err != nil {
						return printFailure(err)
					}
				case fault == nil:
					return printAccount(cmd.OutOrStdout(), account)
				}
				if fault != nil {
					return authFailure(ctx, fault)
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result of account_info as JSON")
	return cmd
}

// usable returns the account, and an error if it cannot be used for calls. It
// makes no requests.
func usable(ctx context.Context, s store) (auth.Account, error) {
	account, err := s.Account(ctx)
	if err == nil && !account.Authenticated {
		_, err = s.Token(ctx) // which fails without a request
	}
	return account, err
}
