package recording

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"time"
	"unicode/utf8"
)

// format is the version of the file's format that is written, and the newest
// that is read.
const format = 1

// The types of records.
const (
	typeHeader   = "header"
	typeFrame    = "frame"
	typeRequest  = "request"
	typeResponse = "response"
	typeChunk    = "chunk"
	typeEnd      = "end"
)

// How an exchange ends without its answer being complete.
const (
	failureBroken = "broken"
	failureSilent = "silent"
	failureClosed = "closed"
)

// A record is one line of the file. Which members it has depends on its type.
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
	Error     string      `json:"error,omitempty"`
}

// setBytes puts bytes in, as text where people and jq can read it.
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
	_ = encoder.Encode(r) // a buffer takes everything, and all members encode
}

// secondsOf rounds to microseconds, which is as much as anybody can read.
func secondsOf(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e6 }
