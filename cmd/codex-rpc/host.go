package main

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/recording"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// A host answers calls, as configured by the flags.
type host struct {
	server    *rpc.Server
	client    *backend.Client
	service   *methods.Service
	openAI    func(openai.Preferences) *openai.API
	store     store
	endpoints []endpoint
	// transport carries all HTTP requests of the host.
	transport *backend.Transport
	recorder  *recording.Recorder // nil unless the session is recorded
	close     func()
	// watchClient watches the client's process, whose id initialize names.
	watchClient func(pid int)
}

// A store holds the credentials for the life of the process.
type store interface {
	methods.Store
	Flush(context.Context) error
}

// An endpoint is a base URL that credentials are sent to.
type endpoint struct{ name, url, usual string }

// shown returns the URL without its query, which may hold a secret.
func (p endpoint) shown() string {
	before, _, found := strings.Cut(p.url, "?")
	if found {
		before += "?…"
	}
	return before
}

// open returns a host whose session is recorded in a file, unless its name is
// empty. It opens no other file of the user's and no connection.
func (c *config) open(log *slog.Logger, file string) (_ *host, err error) {
	transport := backend.NewTransport()
	h := &host{close: func() {}, watchClient: func(int) {}}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	chatGPT, openAI, issuer := c.chatGPTBaseURL, c.openAIBaseURL, c.authIssuer
	local := "" // address of the embedded backend
	var authJSON []byte
	if c.embedded() {
		player, err := c.player()
		if err != nil {
			return nil, err
		}
		mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{Scenario: mockConsent + c.mock.directives, Backend: player, Logger: log})
		if err != nil {
			return nil, usageError("--mock: %v", err)
		}
		h.close = func() { mock.Close() }
		local, authJSON = mock.Addr.String(), mock.AuthJSON()
		transport = backend.NewLocalTransport(local)
		chatGPT, openAI, issuer = mock.URL()+"/backend-api", mock.URL()+"/v1", mock.URL()
	}
	transport.Logger = log
	h.transport = transport
	var toBackend, toIssuer http.RoundTripper = transport, transport
	learn := c.secrets.Add
	if file != "" {
		recorder, err := recording.Create(file, recording.Options{
			Version: version(), ChatGPTBaseURL: chatGPT, OpenAIBaseURL: openAI, Logger: log,
		})
		if err != nil {
			return nil, usageError("--record: %v", err)
		}
		h.recorder = recorder
		closeMock := h.close
		h.close = func() {
			closeMock()
			recorder.Close()
		}
		toBackend, toIssuer = recorder.Transport(transport), recorder.SignInTransport(transport)
		learn = func(secrets ...string) {
			c.secrets.Add(secrets...)
			recorder.Hide(secrets...)
		}
	}
	authOptions := auth.Options{
		Home:   c.home,
		Issuer: issuer, HTTPClient: &http.Client{Transport: toIssuer}, Logger: log, Learn: learn,
		Originator: c.originator, UserAgent: c.userAgent,
	}
	h.endpoints = []endpoint{
		{"chatgpt", cmp.Or(chatGPT, defaultChatGPTBaseURL), defaultChatGPTBaseURL},
		{"openai", cmp.Or(openAI, defaultOpenAIBaseURL), defaultOpenAIBaseURL},
		{"issuer", cmp.Or(issuer, auth.DefaultIssuer), auth.DefaultIssuer},
	}
	if c.embedded() {
		memory, err := auth.OpenMemory(authJSON, authOptions)
		if err != nil {
			return nil, usageError("%v", err)
		}
		h.store = mockStore{memory, local, log}
	} else {
		if os.Getenv("CODEX_RPC_DEBUGGABLE") == "" {
			conceal()
		}
		saved, err := auth.Open(authOptions)
		if err != nil {
			return nil, usageError("%v", err)
		}
		h.store = saved
		for _, e := range saved.Overrides() {
			h.endpoints = append(h.endpoints, endpoint{e.Name, e.URL, ""})
		}
	}
	var credentials backend.Credentials = h.store
	if c.withoutRefresh {
		credentials = withoutRefresh{h.store}
	}
	h.client, err = backend.New(backend.Config{
		ChatGPTBaseURL: chatGPT, OpenAIBaseURL: openAI,
		Originator: c.originator, UserAgent: c.userAgent, ClientVersion: c.clientVersion, Settings: c.settings,
		Credentials: credentials, Secrets: &c.secrets, Logger: log, Transport: toBackend,
	})
	if err != nil {
		return nil, usageError("%v", err)
	}
	if !c.embedded() {
		for _, p := range h.endpoints {
			if strings.TrimRight(p.url, "/") != p.usual {
				log.Warn("credentials are sent to a base URL other than the default", "place", p.name, "url", p.shown())
			}
		}
	}
	h.service = methods.New(h.client, h.store, c.defaults, log)
	if c.fileRoot != "" {
		if err := h.service.SetFileRoot(c.fileRoot); err != nil {
			return nil, usageError("--file-root: %v", err)
		}
	}
	redact := func(e *rpc.Error) *rpc.Error {
		e = h.service.Redact(e)
		e.Message = c.withHome(e.Message)
		return e
	}
	h.server = rpc.NewServer(rpc.Options{
		Name: "codex-rpc", Version: version(), ProtocolVersion: 1,
		Methods: h.service.All(), Notices: methods.Notices(), Schema: schema.Params, Describe: schema.OpenRPC,
		Redact: redact, Initialize: h.initialize, InitializeOptions: sessionOptionNames(), Interrupt: methods.InterruptNotification,
		MaxMessageBytes: c.maxMessageBytes, MaxInFlight: c.maxInFlight, Logger: log,
		MaxQueue: cmp.Or(c.maxQueue, -1), // 0 is the server's default
	})
	h.service.OnNotice(h.server.Notify)
	options := openai.Options{Call: h.server.Invoke, DefaultModel: h.service.DefaultModel, Logger: log, MaxConcurrent: c.maxInFlight}
	if c.embedded() {
		options.Accepts = simulator.IsDirected
	}
	h.openAI = func(p openai.Preferences) *openai.API {
		options.Preferences = p
		return openai.New(options)
	}
	h.service.ServeOpenAI(h.openAI(openai.Preferences{}))
	return h, nil
}

// serve answers calls, as [rpc.Server.Serve] does.
func (h *host) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	if h.recorder != nil {
		in, out = tapedInput{in, newTape(h.recorder, "client")}, io.MultiWriter(out, newTape(h.recorder, "host"))
	}
	return h.server.Serve(ctx, in, out)
}

// stopTime bounds the time for stopping a host.
const stopTime = time.Second

// stop stops the host. It waits for a running refresh of the credentials: if a
// refreshed token is not written, the sign-in is lost.
func (h *host) stop(log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := h.store.Flush(ctx); err != nil {
		log.Warn("refreshed credentials may not have been saved", "error", err)
	}
	h.service.Close(ctx)
	h.close()
}

// A sessionOption is an option of initialize.
type sessionOption struct {
	name, want string
	set        func(rawjson.Value) error
}

// sessionOptions returns the options, which set members of defaults and
// settings.
func sessionOptions(defaults *methods.Defaults, settings *backend.Settings) []sessionOption {
	return []sessionOption{
		{"model", "a string", func(v rawjson.Value) error { return v.Decode(&defaults.Model) }},
		{"instructions", "a string", func(v rawjson.Value) error { return v.Decode(&defaults.Instructions) }},
		{"transport", "one of " + strings.Join(methods.Transports, ", "), func(v rawjson.Value) error {
			text, _ := v.Text()
			return setTransport(&defaults.Transport)(text)
		}},
		{"timeout", "a number of seconds, at least 0", func(v rawjson.Value) error { return setSeconds(&settings.Timeout)(string(v.Bytes())) }},
		{"max_retries", "an integer of at least 0", func(v rawjson.Value) error { return setCount(&settings.MaxRetries, v) }},
		{"retry_base_delay", "a number of seconds, at least 0", func(v rawjson.Value) error { return setSeconds(&settings.RetryBaseDelay)(string(v.Bytes())) }},
	}
}

func sessionOptionNames() (names []string) {
	for _, option := range sessionOptions(new(methods.Defaults), new(backend.Settings)) {
		names = append(names, option.name)
	}
	return names
}

// initialize applies the options of a client.
func (h *host) initialize(client rpc.Client) *rpc.Error {
	defaults, settings := h.service.Defaults(), h.client.Settings()
	var faults []rpc.Fault
	for _, option := range sessionOptions(&defaults, &settings) {
		v := client.Options.Get(option.name)
		if v.Kind() == 0 || v.Kind() == 'n' {
			continue
		}
		if err := option.set(v); err != nil {
			faults = append(faults, rpc.Fault{Path: "/options/" + option.name, Message: "The option " + option.name + " must be " + option.want + "."})
		}
	}
	if len(faults) > 0 {
		return rpc.InvalidParams.Errorf("%s", faults[0].Message).With("errors", faults)
	}
	h.service.SetDefaults(defaults)
	h.client.SetSettings(settings)
	h.watchClient(client.ProcessID)
	return nil
}

// setCount sets a count to an integer from 0, in any notation.
func setCount(n *int, v rawjson.Value) error {
	whole, ok := v.Decimal().Int()
	if v.Kind() != '0' || !ok || whole < 0 {
		return usageError("%s is not an integer of at least 0", v.Bytes())
	}
	*n = whole
	return nil
}
