package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/backend/localfile"
	"github.com/codex-rpc/codex-rpc/methods/openai"
)

// httpConfig holds the flags of the command http.
type httpConfig struct {
	port         uint16
	tokenFile    string
	origins      []string
	aliases      map[string]string
	unknownModel string
	unsupported  string
	deriveKeys   bool
}

func newHTTP(c *config) *cobra.Command {
	var h httpConfig
	cmd := &cobra.Command{
		Use:   "http",
		Short: "Serve the OpenAI HTTP API on a loopback port",
		Long: `http serves the OpenAI HTTP API on 127.0.0.1, for programs that are configured
with a base URL and a key. It prints both, as the environment variables that the
official packages read:

  OPENAI_BASE_URL=http://127.0.0.1:PORT/v1
  OPENAI_API_KEY=KEY

A new key is generated at each start, unless --token-file names a file with the
key. Requests without the key are refused, as are requests of web pages, except
from the origins given with --allow-origin. On SIGTERM or SIGINT, running
requests have 5 seconds to finish; a second signal exits immediately.`,
		Example: `  codex-rpc http --port 4141 --alias gpt-4o=gpt-5.6-luna
  codex-rpc http --mock --token-file key.txt`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveHTTP(cmd, c, &h) },
	}
	f := cmd.Flags()
	f.Uint16Var(&h.port, "port", 0, "port to listen on; 0 for any free port")
	f.StringVar(&h.tokenFile, "token-file", "", "file that holds the key; created with mode 0600 if it does not exist")
	f.StringSliceVar(&h.origins, "allow-origin", nil, "origin of web pages allowed to send requests, such as http://localhost:3000; may be repeated")
	f.StringToStringVar(&h.aliases, "alias", nil, "use MODEL for requests that name NAME; may be repeated")
	f.StringVar(&h.unknownModel, "unknown-model", "replace", "for a model that the account does not have: replace (with the default model) or error")
	f.StringVar(&h.unsupported, "unsupported", "drop", "for a parameter that the backend does not support and that does not change the answer: drop or error")
	f.BoolVar(&h.deriveKeys, "derive-cache-key", true, "derive a missing prompt_cache_key from the start of the conversation")
	return cmd
}

func serveHTTP(cmd *cobra.Command, c *config, h *httpConfig) error {
	for _, choice := range []struct{ flag, value, other string }{
		{"unknown-model", h.unknownModel, "replace"}, {"unsupported", h.unsupported, "drop"},
	} {
		if choice.value != "error" && choice.value != choice.other {
			return usageError("--%s is %s or error, not %q", choice.flag, choice.other, choice.value)
		}
	}
	for name, model := range h.aliases {
		if name == "" || model == "" {
			return usageError("--alias is NAME=MODEL, not %q", name+"="+model)
		}
	}
	for _, origin := range h.origins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || origin != strings.ToLower(u.Scheme+"://"+u.Host) {
			return usageError("--allow-origin is SCHEME://HOST or SCHEME://HOST:PORT, as browsers send it, not %q", origin)
		}
	}
	token, err := h.token()
	if err != nil {
		return usageError("--token-file: %v", err)
	}
	log := c.logger(os.Stderr)
	host, err := c.open(log, "")
	if err != nil {
		return err
	}
	defer host.stop(log)
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(h.port))))
	if err != nil {
		return &failure{code: exitFailed, message: err.Error()}
	}
	api := host.openAI(openai.Preferences{
		Aliases: h.aliases, RefuseUnknownModels: h.unknownModel == "error", RefuseUnsupported: h.unsupported == "error",
		DeriveCacheKeys: h.deriveKeys,
	})
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	server := &http.Server{
		Handler:           &httpGuard{next: api, token: token, port: port, origins: h.origins},
		ReadHeaderTimeout: 30 * time.Second,
		IdleTimeout:       5 * time.Minute, // otherwise clients without a key could hold connections forever
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	fmt.Fprintf(cmd.OutOrStdout(), "OPENAI_BASE_URL=http://%s/v1\n", listener.Addr())
	if h.tokenFile == "" {
		fmt.Fprintf(cmd.OutOrStdout(), "OPENAI_API_KEY=%s\n", token)
	}
	go host.client.Warm(context.Background())

	stopped := make(chan error, 1)
	onSignal(log, func(ctx context.Context, received os.Signal) {
		server.Shutdown(ctx)
		server.Close()
		stopped <- &interruption{received}
	}, os.Interrupt, syscall.SIGTERM)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return &failure{code: exitFailed, message: err.Error()}
	}
	return <-stopped
}

// maxTokenBytes bounds the file of --token-file.
const maxTokenBytes = 1 << 20

// token returns the key that requests must carry, from the file if there is one.
func (h *httpConfig) token() (string, error) {
	if h.tokenFile == "" {
		return newToken(), nil
	}
	text, err := localfile.Read(h.tokenFile, maxTokenBytes)
	if errors.Is(err, fs.ErrNotExist) {
		token := newToken()
		file, err := os.OpenFile(h.tokenFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return "", err
		}
		_, err = fmt.Fprintln(file, token)
		return token, errors.Join(err, file.Close())
	}
	token := strings.TrimSpace(string(text))
	if err == nil && len(token) < 16 {
		err = fmt.Errorf("the key in %s is shorter than 16 characters and can be guessed", h.tokenFile)
	}
	return token, err
}

func newToken() string {
	var random [24]byte
	rand.Read(random[:])
	return "codex-rpc-" + hex.EncodeToString(random[:])
}
