package rpc

import (
	"slices"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Client holds the parameters of initialize.
type Client struct {
	Name, Version string
	ProcessID     int           // 0 if absent
	Options       rawjson.Value // an object, or absent
}

// initialize handles the initialize request. Its parameters are those of LSP; unknown
// ones are ignored.
func (s *session) initialize(params rawjson.Value) (rawjson.Value, *Error) {
	if s.initialized {
		return rawjson.Value{}, invalidRequest("initialize may be sent only once.")
	}
	var given struct {
		ClientInfo *struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"clientInfo"`
	}
	process := params.Get("processId")
	pid, whole := process.Decimal().Int()
	if params.Kind() != 0 {
		numeric := whole && process.Kind() == '0' || process.Kind() == 'n' || process.Kind() == 0
		if err := params.Decode(&given); err != nil || params.Kind() != '{' || !numeric {
			return rawjson.Value{}, InvalidParams.Errorf("The parameters of initialize must be an object with clientInfo {name, version} and a numeric processId, all of them optional.")
		}
	}
	// A stock LSP client can set initializationOptions only.
	client := Client{ProcessID: pid, Options: params.Get("options")}
	if client.Options.Kind() == 0 || client.Options.Kind() == 'n' {
		client.Options = params.Get("initializationOptions")
	}
	var wanted []string
	if names := client.Options.Get(noticesOption); names.Kind() != 0 && names.Kind() != 'n' {
		if names.MoreThan(maxDecoded) || names.Decode(&wanted) != nil {
			const message = "The option " + noticesOption + " of initialize must be a list of names."
			return rawjson.Value{}, InvalidParams.Errorf(message).
				With("errors", []Fault{{Path: "/options/" + noticesOption, Message: "must be a list of names"}})
		}
	}
	if given.ClientInfo != nil {
		client.Name, client.Version = given.ClientInfo.Name, given.ClientInfo.Version
	}
	if s.options.Initialize != nil {
		if fault := s.options.Initialize(client); fault != nil {
			return rawjson.Value{}, fault
		}
	}
	s.initialized = true
	ignored := s.ignored(client.Options)
	for _, name := range s.subscribe(wanted) {
		if len(ignored) < maxIgnoredOptions {
			ignored = append(ignored, noticesOption+"."+name)
		}
	}
	type serverInfo struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	type capabilities struct {
		Methods         []string `json:"methods"`
		Batch           bool     `json:"batch"`
		Cancel          string   `json:"cancel"`
		Interrupt       string   `json:"interrupt,omitempty"`
		Events          string   `json:"events"`
		Notifications   []string `json:"notifications"`
		MaxMessageBytes int      `json:"maxMessageBytes"`
		MaxInFlight     int      `json:"maxInFlight"`
		MaxQueue        int      `json:"maxQueue"`
	}
	return rawjson.MustMarshal(struct {
		ProtocolVersion int          `json:"protocolVersion"`
		ServerInfo      serverInfo   `json:"serverInfo"`
		Capabilities    capabilities `json:"capabilities"`
		IgnoredOptions  []string     `json:"ignoredOptions,omitempty"`
	}{
		ProtocolVersion: s.options.ProtocolVersion,
		ServerInfo:      serverInfo{s.options.Name, s.options.Version},
		Capabilities: capabilities{
			Methods: s.names, Batch: true, Cancel: "$/cancelRequest", Interrupt: s.options.Interrupt, Events: "stream.event", Notifications: s.noticeNames(),
			MaxMessageBytes: s.options.MaxMessageBytes, MaxInFlight: s.options.MaxInFlight, MaxQueue: s.options.MaxQueue,
		},
		IgnoredOptions: ignored,
	}), nil
}

// maxIgnoredOptions bounds the number of unknown options that are named.
const maxIgnoredOptions = 100

// ignored returns the names of unknown options.
func (s *session) ignored(options rawjson.Value) (names []string) {
	if s.options.InitializeOptions == nil || options.Kind() != '{' {
		return nil
	}
	for name := range options.Members() {
		if len(names) == maxIgnoredOptions {
			break
		}
		known := name == noticesOption || slices.Contains(s.options.InitializeOptions, name)
		if !known && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// maxDocuments bounds the calls of rpc.discover in a batch, which is answered at once:
// the document is large, and a batch may have 10,000 members.
const maxDocuments = 16

// describe handles rpc.discover.
func (s *session) describe(b *batch) (rawjson.Value, *Error) {
	if b != nil {
		if b.documents++; b.documents > maxDocuments {
			return rawjson.Value{}, InvalidRequest.Errorf("A batch may call rpc.discover at most %d times.", maxDocuments)
		}
	}
	v, err := rawjson.Parse(s.options.Describe())
	if err != nil {
		return v, InternalError.Errorf("The OpenRPC document is invalid: %s.", err)
	}
	return v, nil
}

// exit handles the exit notification of LSP.
func (s *session) exit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.exited:
	default:
		s.exitedEarly = !s.shutdownReceived && !s.draining
		close(s.exited)
	}
}

// exitError returns ErrExit if exit was received without a preceding shutdown.
func (s *session) exitError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.exitedEarly {
		return ErrExit
	}
	return nil
}

// dismissed reports whether shutdown was received.
func (s *session) dismissed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shutdownReceived
}

// stopping reports whether calls are rejected.
func (s *session) stopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shutdownReceived || s.draining
}

// drain stops accepting calls; drained is closed when the running ones have finished.
func (s *session) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
	s.checkDrained()
}

// answered records that the responses of n calls are written.
func (s *session) answered(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open -= n
	s.checkDrained()
}

// checkDrained closes drained if no call is open. The caller holds mu.
func (s *session) checkDrained() {
	if !s.draining || s.open > 0 {
		return
	}
	select {
	case <-s.drained:
	default:
		close(s.drained)
	}
}
