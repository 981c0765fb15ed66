package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend"
)

// A check is the result of one check by doctor.
type check struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, warn or fail
	Found  string `json:"found"`
	Action string `json:"action,omitempty"` // what to do about it
}

const (
	passed  = "ok"
	warning = "warn"
	failing = "fail"
)

func newDoctor(c *config) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the sign-in, network and settings; exit 1 if a check fails",
		Long: `doctor checks the binary, the Codex home and its permissions, the credentials and
the official client's keyring, the clock, the proxy and certificate settings, the
base URLs, the account, its rate limits and its models. The last line is the
verdict. doctor changes nothing and prints no secrets.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.logLevel.Level() == slog.LevelWarn {
				c.logLevel.Set(slog.LevelError) // the checks report what the log would warn of
			}
			log := c.logger(cmd.ErrOrStderr())
			checks := examine(cmd.Context(), c, log)
			for i := range checks {
				checks[i].Action = c.withHome(checks[i].Action)
			}
			print := printChecks
			if asJSON {
				print = encodeChecks
			}
			if err := print(cmd.OutOrStdout(), checks); err != nil {
				return printFailure(err)
			}
			if !healthy(checks) {
				return &failure{code: exitFailed}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the checks as one JSON object")
	return cmd
}

// examine runs all checks, those that send requests concurrently. It takes as long
// as the slowest server, up to reachTime.
func examine(ctx context.Context, c *config, log *slog.Logger) []check {
	c.withoutRefresh, c.settings = true, backend.Settings{Timeout: reachTime}
	h, err := c.open(log, "")
	if err != nil {
		return []check{
			checkBinary(),
			{"settings", failing, err.Error(), "Correct the flag or the environment variable. The other checks need it."},
			checkProxy(),
		}
	}
	defer h.stop(log)
	reached := make([]reach, len(h.endpoints))
	var requests sync.WaitGroup
	for i, p := range h.endpoints {
		requests.Go(func() { reached[i] = probeEndpoint(ctx, h.transport, p) })
	}
	var account []check
	requests.Go(func() { account = checkAccount(ctx, c, h) })
	checks := append([]check{checkBinary(), checkHome(c), checkCredentials(ctx, h.store)}, keyringOf(ctx, c, h.store)...)
	checks = append(checks, checkProxy(), checkCertificates())
	requests.Wait()
	checks = append(checks, checkClock(reached))
	for _, r := range reached {
		checks = append(checks, r.check)
	}
	return append(checks, account...)
}

func healthy(checks []check) bool {
	return !slices.ContainsFunc(checks, func(c check) bool { return c.Status == failing })
}

func printChecks(w io.Writer, checks []check) error {
	var text strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&text, "%-5s %-13s %s\n", c.Status, c.Name, shownLine(c.Found))
		if c.Action != "" {
			fmt.Fprintf(&text, "%19s -> %s\n", "", shownLine(c.Action))
		}
	}
	fmt.Fprintf(&text, "verdict: %s\n", verdict(checks))
	_, err := io.WriteString(w, text.String())
	return err
}

func encodeChecks(w io.Writer, checks []check) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		OK      bool    `json:"ok"` // no check failed
		Checks  []check `json:"checks"`
		Verdict string  `json:"verdict"`
	}{healthy(checks), checks, verdict(checks)})
}
