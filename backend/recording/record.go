package recording

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"time"
	"unicode/utf8"
)

// format is the version of the file format, and the newest one that can be read.
const format = 1

// The types of records.
const (
	typeHeader   = "header"
	typeFrame    = "frame"
	typeRequest  = "request"
	typeResponse = "response"
	typeChunk    = "chunk"
	typeSent     = "sent"
	typeEnd      = "end"
)

// The failures of an exchange without a complete answer.
const (
	failureBroken = "broken"
	failureSilent = "silent"
	failureClosed = "closed"
)

// A record is one line of the file. Its members depend on its type.
type record struct {
	Type string  `json:"type"`
	At   float64 `json:"at"` // seconds

	Format         int    `json:"format,omitempty"`
	Version        string `json:"codex_rpc,omitempty"`
	OS             string `json:"os,omitempty"`
	Time           string `json:"time,omitempty"`
	ChatGPTBaseURL string `json:"chatgpt_base_url,omitempty"`
	OpenAIBaseURL  string `json:"openai_base_url,omitempty"`

	From string `json:"from,omitempty"`

	Exchange  int         `json:"exchange,omitempty"`
	SignIn    bool        `json:"sign_in,omitempty"`
	Method    string      `json:"method,omitempty"`
	URL       string      `json:"url,omitempty"`
	Status    int         `json:"status,omitempty"`
	Header    http.Header `json:"header,omitempty"`
	Text      string      `json:"text,omitempty"`
	Base64    []byte      `json:"base64,omitempty"`
	Size      int64       `json:"size,omitempty"`
	Truncated bool        `json:"truncated,omitempty"`
	Failure   string      `json:"failure,omitempty"`
	CloseCode int         `json:"close_code,omitempty"`
	Error     string      `json:"error,omitempty"`
}

// setBytes sets the bytes, as text if they are UTF-8, which people and jq can read.
func (r *record) setBytes(b []byte) {
	if utf8.Valid(b) {
		r.Text = string(b)
	} else {
		r.Base64 = b
	}
}

func (r *record) bytes() []byte {
	if r.Base64 != nil {
		return r.Base64
	}
	return []byte(r.Text)
}

// appendTo appends the record as a line.
func (r *record) appendTo(lines *bytes.Buffer) {
	encoder := json.NewEncoder(lines)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(r) // cannot fail
}

// secondsOf returns d in seconds, rounded to microseconds.
func secondsOf(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e6 }
