package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/recording"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// config holds the values of the flags. Each can also be set by an environment
// variable, which the flag overrides.
type config struct {
	defaults        methods.Defaults
	settings        backend.Settings
	originator      string
	userAgent       string
	clientVersion   string
	home            string // "" for $CODEX_HOME, which auth reads
	fileRoot        string
	chatGPTBaseURL  string
	openAIBaseURL   string
	authIssuer      string
	mock            mockFlag
	record          string
	replay          string
	replayTimed     bool
	logLevel        slog.LevelVar
	maxMessageBytes int
	maxInFlight     int
	maxQueue        int
	showVersion     bool // and do nothing else
	withoutRefresh  bool // a token that the backend rejects is not refreshed, for doctor

	secrets backend.Secrets // of the session, redacted from errors and the log
}

// logger returns a log that writes to w.
func (c *config) logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: &c.logLevel, ReplaceAttr: c.secrets.RedactAttr}))
}

const (
	defaultChatGPTBaseURL = "https://chatgpt.com/backend-api"
	defaultOpenAIBaseURL  = "https://api.openai.com/v1"
)

// variableOf returns the environment variable of a flag of all commands.
func variableOf(flag string) string {
	switch flag {
	case "home": // of the official client
		return "CODEX_HOME"
	case "log-level":
		return "CODEX_RPC_LOG"
	}
	return "CODEX_RPC_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func (c *config) addFlags(root *cobra.Command) {
	c.settings = backend.DefaultSettings()
	c.logLevel.Set(slog.LevelWarn)
	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVar(&c.defaults.Model, "model", "", "default model") // "" may be replaced if the backend refuses the default
	f.Lookup("model").DefValue = methods.DefaultModel
	f.StringVar(&c.defaults.Instructions, "instructions", "", "default instructions")
	parsed := func(name string, usual any, set func(string) error, usage string) {
		f.Func(name, usage, set)
		f.Lookup(name).DefValue = fmt.Sprint(usual)
	}
	parsed("transport", methods.Transports[0], setTransport(&c.defaults.Transport), "transport of response requests: http, websocket, or auto (websocket if the backend supports it)")
	parsed("timeout", c.settings.Timeout.Seconds(), setSeconds(&c.settings.Timeout), "idle timeout in seconds")
	parsed("max-retries", c.settings.MaxRetries, setWhole(&c.settings.MaxRetries, 0), "retries after a transient failure")
	parsed("retry-base-delay", c.settings.RetryBaseDelay.Seconds(), setSeconds(&c.settings.RetryBaseDelay), "delay before the first retry, doubled for each further one")
	f.StringVar(&c.originator, "originator", "codex-rpc", "client name sent to the backend")
	f.StringVar(&c.userAgent, "user-agent", backend.UserAgent(version()), "User-Agent header of all requests")
	f.StringVar(&c.clientVersion, "client-version", backend.DefaultClientVersion, "version of the official client sent to the backend; newer models require a newer one")
	f.StringVar(&c.home, "home", "", "directory of auth.json; use one per sign-in")
	f.Lookup("home").DefValue = "~/.codex"
	f.StringVar(&c.fileRoot, "file-root", "", "directory that files given by path must be in")
	f.StringVar(&c.chatGPTBaseURL, "chatgpt-base-url", defaultChatGPTBaseURL, "base URL of the ChatGPT backend")
	f.StringVar(&c.openAIBaseURL, "openai-base-url", defaultOpenAIBaseURL, "base URL of the OpenAI API")
	f.StringVar(&c.authIssuer, "auth-issuer", auth.DefaultIssuer, "URL of the OAuth issuer")
	f.Var(&c.mock, "mock", "use the embedded backend, without network or account; --mock=DIRECTIVES controls its answers")
	f.Lookup("mock").NoOptDefVal = "1"
	f.StringVar(&c.record, "record", "", "record all traffic between client, host and backend to this file, without credentials (serve, call and ask)")
	f.StringVar(&c.replay, "replay", "", "replay the backend's answers from a recording, without network or account")
	f.BoolVar(&c.replayTimed, "replay-timed", false, "replay with the recorded timing")
	parsed("log-level", c.logLevel.Level(), c.setLevel, "log level: debug, info, warn or error; the log is written to stderr")
	c.maxMessageBytes, c.maxInFlight, c.maxQueue = rpc.DefaultMaxMessageBytes, rpc.DefaultMaxInFlight, rpc.DefaultMaxQueue
	parsed("max-message-bytes", c.maxMessageBytes, setWhole(&c.maxMessageBytes, 1), "maximum size of a message")
	parsed("max-in-flight", c.maxInFlight, setWhole(&c.maxInFlight, 1), "maximum number of concurrent calls")
	parsed("max-queue", c.maxQueue, setWhole(&c.maxQueue, 0), "maximum number of queued calls")
	f.VisitAll(func(flag *pflag.Flag) {
		flag.Usage += " [$" + variableOf(flag.Name) + "]"
	})
	// cobra's own flag would print a template: with text/template, which calls methods
	// by name, the linker keeps all methods of all types.
	root.Flags().BoolVarP(&c.showVersion, "version", "v", false, "version for codex-rpc")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if c.showVersion {
			return nil
		}
		return readEnvironment(cmd)
	}
	root.SetFlagErrorFunc(flagMistake)
}

// embedded reports whether the backend is part of this process.
func (c *config) embedded() bool { return c.mock.on || c.replay != "" }

// player returns the player of the recording given by --replay, or nil.
func (c *config) player() (http.Handler, error) {
	if c.replay == "" {
		return nil, nil
	}
	if c.mock.on {
		return nil, usageError("--mock and --replay cannot be used together ($CODEX_RPC_MOCK and $CODEX_RPC_REPLAY count as well)")
	}
	player, err := recording.Open(c.replay)
	if err != nil {
		return nil, usageError("--replay: %v", err)
	}
	player.Timed = c.replayTimed
	return player, nil
}

// readEnvironment sets flags that were not given from the environment.
func readEnvironment(cmd *cobra.Command) (err error) {
	ofAll := cmd.Root().PersistentFlags()
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		name := variableOf(flag.Name)
		value := os.Getenv(name)
		if value == "" || flag.Changed || err != nil || ofAll.Lookup(flag.Name) == nil || flag.Name == "home" { // auth reads $CODEX_HOME
			return
		}
		if fault := flag.Value.Set(value); fault != nil {
			err = usageError("the environment variable %s is invalid: %v", name, fault)
		}
	})
	return err
}

// setTransport returns the parser of a transport.
func setTransport(transport *string) func(string) error {
	return func(text string) error {
		if !slices.Contains(methods.Transports, text) {
			return errors.New("must be one of " + strings.Join(methods.Transports, ", "))
		}
		*transport = text
		return nil
	}
}

// setSeconds returns the parser of a duration in seconds, fractions allowed, limited
// to the longest one.
func setSeconds(d *time.Duration) func(string) error {
	return func(text string) error {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || f < 0 || math.IsInf(f, 1) {
			return usageError("%q is not a number of seconds", text)
		}
		*d = time.Duration(min(f*float64(time.Second), math.MaxInt64/2))
		return nil
	}
}

// setWhole returns the parser of an integer of at least a minimum.
func setWhole(n *int, least int) func(string) error {
	return func(text string) error {
		parsed, err := strconv.Atoi(text)
		if err != nil || parsed < least {
			return usageError("%q is not an integer of at least %d", text, least)
		}
		*n = parsed
		return nil
	}
}

// setLevel parses the level of the log.
func (c *config) setLevel(text string) error {
	if err := c.logLevel.UnmarshalText([]byte(text)); err != nil {
		return usageError("%q is not one of debug, info, warn and error", text)
	}
	return nil
}

// mockFlag is the value of --mock.
type mockFlag struct {
	on         bool
	directives string
}

func (m *mockFlag) Set(text string) error {
	switch text {
	case "", "0", "false":
		*m = mockFlag{}
	case "1", "true":
		*m = mockFlag{on: true}
	default:
		*m = mockFlag{on: true, directives: text}
	}
	return nil
}

func (m *mockFlag) String() string { return m.directives }
func (*mockFlag) Type() string     { return "directives" }
