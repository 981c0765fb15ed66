package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

func newMock(c *config) *cobra.Command {
	var port uint16
	var scenario string
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve only the embedded backend, on a loopback port",
		Long: `mock serves the embedded backend of --mock, for use by any client:

  codex-rpc --chatgpt-base-url URL/backend-api --openai-base-url URL/v1 --auth-issuer URL

Its answers are controlled by directives, KEY=VALUE pairs separated by commas.
They are given with --scenario or --mock, in the request header X-Mock, or as
the model name mock:DIRECTIVES:

` + directiveTable() + `
With --replay FILE it replays the answers of the backend in a recording. Each
request is logged to stderr; --log-level=warn turns that off.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			address := net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port)))
			player, err := c.player()
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("log-level") && os.Getenv(variableOf("log-level")) == "" {
				c.logLevel.Set(slog.LevelInfo)
			}
			log := c.logger(cmd.ErrOrStderr())
			mock, err := simulator.Listen(address, simulator.Options{Scenario: c.mock.directives + ";" + scenario, Backend: player, Logger: log})
			if err != nil {
				return usageError("%v", err)
			}
			defer mock.Close()
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), mock.URL()); err != nil {
				return &failure{code: exitFailed, message: err.Error()}
			}
			return interruptible(func(ctx context.Context) error {
				<-ctx.Done()
				return nil
			})
		},
	}
	cmd.Flags().Uint16Var(&port, "port", 0, "port to listen on; 0 for any free port")
	cmd.Flags().StringVar(&scenario, "scenario", "", "directives for all requests")
	return cmd
}

func directiveTable() string {
	var table strings.Builder
	for _, d := range simulator.Directives() {
		fmt.Fprintf(&table, "  %-24s %s\n", d.Usage(), d.Doc)
	}
	return table.String()
}
