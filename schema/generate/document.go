package main

import "encoding/json"

// A document is an OpenRPC document.
type document struct {
	OpenRPC string `json:"openrpc"`
	Info    struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		License     struct {
			Name string `json:"name"`
		} `json:"license"`
		Version string `json:"version"`
	} `json:"info"`
	Methods       []method       `json:"methods"`
	Notifications []notification `json:"x-notifications"`
	Components    struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
		Errors  map[string]fault           `json:"errors"`
	} `json:"components"`
}

type method struct {
	Name           string       `json:"name"`
	Summary        string       `json:"summary"`
	ParamStructure string       `json:"paramStructure"`
	Params         []descriptor `json:"params"`
	Result         descriptor   `json:"result"`
	Errors         []reference  `json:"errors,omitempty"`
	Examples       []pairing    `json:"examples,omitempty"`
	// Parameters of the official API that are rejected by name.
	Unsupported []string    `json:"x-unsupported,omitempty"`
	Events      []reference `json:"x-events,omitempty"`
	Stability   string      `json:"x-stability"`
	Since       string      `json:"x-since"`
}

type descriptor struct {
	Name     string          `json:"name"`
	Required bool            `json:"required"`
	Schema   json.RawMessage `json:"schema"`
}

type reference struct {
	Ref string `json:"$ref"`
}

type pairing struct {
	Name   string    `json:"name"`
	Params []example `json:"params"`
	Result *example  `json:"result"`
}

type example struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

type fault struct {
	Code    int    `json:"code"` // 0 for the HTTP status
	Message string `json:"message"`
	Data    struct {
		Type string `json:"type"`
	} `json:"data"`
}

type notification struct {
	Name    string       `json:"name"`
	Summary string       `json:"summary"`
	From    string       `json:"from"`
	Params  []descriptor `json:"params"`
}
