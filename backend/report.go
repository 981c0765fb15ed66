package backend

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A report is the description of a failure. The backend's services and the
// gateways in front of them use many shapes: {"error": {…}}, {"error": "…"},
// {"detail": …} with a text, an object or a list, {"errors": [{…}]},
// {"message": …, "type": …}, a response with an error, a partial error with
// members next to it, a list of any of these, or any of these as JSON in a
// string. Each field is the first value found, innermost first.
type report struct {
	code, kind string // the members code and type
	message    string // may have several lines
	fallback   string // a less specific text than the message: the name of a status, a title
	planType   string
	resetsAt   time.Time
	retryAfter *time.Duration
	status     int // HTTP status in the report, or 0
}

const (
	maxReportBytes = errorBodyBytes
	maxBareBytes   = 64 << 10 // of a report without an error status
	maxReportDepth = 8        // of nested reports
	maxFaults      = 8        // of a list whose messages are joined
)

// readReport returns the report in a JSON text. It is empty if the text is too
// large or not JSON.
func readReport(text []byte) report {
	var r report
	if v, ok := decodeReport(text); ok {
		r.read(v, maxReportDepth)
	}
	return r
}

func decodeReport(text []byte) (v any, ok bool) {
	if len(text) > maxReportBytes {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // keeps all digits of a reset time
	ok = decoder.Decode(&v) == nil
	return v, ok
}

// Members that contain a report: containers take precedence over the members
// next to them, details do not.
var (
	containers = []string{"response", "error", "errors", "status_details"}
	details    = []string{"detail", "details", "innererror"}
)

func (r *report) read(v any, depth int) {
	if depth == 0 {
		return
	}
	switch v := v.(type) {
	case string:
		r.readText(v, depth)
	case []any:
		r.readList(v, depth)
	case map[string]any:
		for _, name := range containers {
			if inner, ok := v[name]; ok {
				r.read(inner, depth-1)
			}
		}
		r.readMembers(v, depth)
		for _, name := range details {
			if inner, ok := v[name]; ok {
				r.read(inner, depth-1)
			}
		}
		if title, ok := v["title"].(string); ok {
			r.fallback = cmp.Or(r.fallback, strings.TrimSpace(title))
		}
	}
}

// readText reads a text in place of a report: it is a report as JSON, a code or
// the message.
func (r *report) readText(text string, depth int) {
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		if inner, ok := decodeReport([]byte(trimmed)); ok {
			r.read(inner, depth-1)
			return
		}
	}
	switch {
	case trimmed == "" || isPage(trimmed):
	case codeForm().MatchString(trimmed) || classOf(trimmed) != unclassified && !strings.Contains(trimmed, " "):
		r.code = cmp.Or(r.code, trimmed)
	case isStatusText(trimmed):
		r.fallback = cmp.Or(r.fallback, trimmed)
	default:
		r.message = cmp.Or(r.message, trimmed)
		r.readCodes(trimmed)
	}
}

// readList reads a list of reports. The result is the first one with the messages
// of all: {"detail": [{"msg": "…"}, …]} lists all faults of a request.
func (r *report) readList(list []any, depth int) {
	var messages []string
	var first report
	for i, v := range list[:min(len(list), maxFaults)] {
		var one report
		one.read(v, depth-1)
		if one.message != "" {
			messages = append(messages, one.message)
		}
		if i == 0 || first == (report{}) {
			first = one
		}
	}
	first.message = strings.Join(messages, "; ")
	r.merge(first)
}

// merge sets the empty fields to those of another report.
func (r *report) merge(other report) {
	r.code, r.kind = cmp.Or(r.code, other.code), cmp.Or(r.kind, other.kind)
	r.message, r.fallback = cmp.Or(r.message, other.message), cmp.Or(r.fallback, other.fallback)
	r.planType, r.status = cmp.Or(r.planType, other.planType), cmp.Or(r.status, other.status)
	if r.resetsAt.IsZero() {
		r.resetsAt = other.resetsAt
	}
	r.retryAfter = cmp.Or(r.retryAfter, other.retryAfter)
}

// readMembers reads the members of one object.
func (r *report) readMembers(o map[string]any, depth int) {
	var own report
	for _, name := range []string{"message", "msg", "Message", "error_message", "errorMessage", "error_description", "description"} {
		if text, ok := o[name].(string); ok && own.message == "" {
			own.readText(text, depth)
		}
	}
	code := scalar(o["code"], o["error_code"])
	own.status = cmp.Or(httpStatus(scalar(o["status"], o["status_code"], o["statusCode"])), httpStatus(code), own.status)
	own.kind = cmp.Or(typeOf(scalar(o["type"], o["error_type"])), own.kind)
	if own.message == "" && !codeForm().MatchString(own.code) && cmp.Or(code, own.kind) != "" {
		own.message, own.code = own.code, "" // a single word, such as "Overloaded", that explains a code
	}
	if httpStatus(code) == 0 {
		own.code = cmp.Or(code, own.code)
	} else if own.code == "" && own.kind == "" { // otherwise it only repeats the status
		own.code = code
	}
	if reason, ok := o["incomplete_details"].(map[string]any); ok {
		own.code = cmp.Or(own.code, scalar(reason["reason"]))
	}
	own.planType = scalar(o["plan_type"])
	own.resetsAt = resetTime(o)
	own.retryAfter = bodyRetryAfter(o)
	r.merge(own)
}

// embeddedCodes matches the codes of a report that a gateway quotes in its
// message, as JSON or as a Python dict.
var embeddedCodes = pattern(`['"](code|type)['"]\s*:\s*['"]([\w.-]{1,64})['"]`)

func (r *report) readCodes(message string) {
	if !strings.Contains(message, "{") {
		return
	}
	for _, found := range embeddedCodes().FindAllStringSubmatch(message, maxFaults) {
		switch value := found[2]; {
		case found[1] == "type":
			r.kind = cmp.Or(r.kind, typeOf(value))
		case httpStatus(value) != 0:
			r.status = cmp.Or(r.status, httpStatus(value))
		default:
			r.code = cmp.Or(r.code, value)
		}
	}
}

// typeOf returns kind if it is the type of a failure, "" if it is that of an
// event or of a document, or a null.
func typeOf(kind string) string {
	if kind == "error" || kind == "message" || kind == "about:blank" || kind == "None" || kind == "null" ||
		strings.HasPrefix(kind, "response.") || strings.Contains(kind, "://") {
		return ""
	}
	return kind
}

// codeForm matches codes, but not words.
var codeForm = pattern(`^[A-Za-z0-9]+(_[A-Za-z0-9]+)+$`)

func isPage(text string) bool { return strings.HasPrefix(text, "<") }

func isStatusText(text string) bool {
	for status := 400; status < 600; status++ {
		if known := http.StatusText(status); known != "" && strings.EqualFold(known, text) {
			return true
		}
	}
	return false
}

// httpStatus returns the HTTP error status that the text is, or 0.
func httpStatus(text string) int {
	if n, err := strconv.Atoi(text); err == nil && n >= 400 && n <= 599 && len(text) == 3 {
		return n
	}
	return 0
}

// scalar returns the first number or non-blank string.
func scalar(values ...any) string {
	for _, value := range values {
		switch value := value.(type) {
		case string:
			if text := strings.TrimSpace(value); text != "" && text != "None" {
				return text
			}
		case json.Number:
			return value.String()
		}
	}
	return ""
}

func number(value any) (float64, bool) {
	n, err := strconv.ParseFloat(scalar(value), 64)
	return n, err == nil && n == n
}

// resetTime returns when an exhausted limit is reset, or the zero Time.
func resetTime(o map[string]any) time.Time {
	switch at, ok := number(o["resets_at"]); {
	case ok && at > 0 && at < 1e11:
		return time.Unix(int64(at), 0)
	case ok && at >= 1e11 && at < 1e14:
		return time.UnixMilli(int64(at))
	}
	if at, err := time.Parse(time.RFC3339, scalar(o["resets_at"])); err == nil {
		return at
	}
	if in, ok := number(o["resets_in_seconds"]); ok && in >= 0 && in < 1e9 {
		return time.Now().Add(time.Duration(in) * time.Second).Truncate(time.Second)
	}
	return time.Time{}
}

// bareMembers are the members of an object that is only a report.
var bareMembers = []string{"error", "errors", "detail", "details", "message", "code", "type", "status", "status_code", "statusCode", "success",
	"request_id", "requestId", "headers", "title", "msg", "object", "sequence_number", "event_id", "param", "messages", "result", "timestamp", "path",
	"error_code", "error_type", "error_message", "error_description", "plan_type", "resets_at", "resets_in_seconds", "retry_after"}

// IsFailure reports whether the body of a response with status 200, or an event
// without a type, is only the report of a failure, or a failed model response.
func IsFailure(text []byte) bool {
	if len(text) > maxBareBytes {
		return false
	}
	v, ok := decodeReport(text)
	if list, is := v.([]any); ok && is && len(list) > 0 {
		v = list[0]
	}
	o, is := v.(map[string]any)
	if !ok || !is {
		return false
	}
	if o["object"] == "response" && o["status"] == "failed" {
		return true
	}
	for name := range o {
		if !slices.Contains(bareMembers, name) {
			return false
		}
	}
	for _, name := range []string{"error", "errors", "detail"} {
		switch inner := o[name].(type) {
		case string, []any, map[string]any:
			if reflect.ValueOf(inner).Len() > 0 {
				return true
			}
		}
	}
	// A message is a report if there is a code or a status of a failure.
	if scalar(o["message"]) == "" {
		return false
	}
	has := func(test func(text string) bool, names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return test(scalar(o[name])) })
	}
	return has(func(text string) bool { return classOf(text) != unclassified }, "code", "type") ||
		has(func(text string) bool { return httpStatus(text) != 0 }, "status", "status_code", "statusCode", "code") ||
		o["object"] == "error" || o["status"] == "error" || o["status"] == "failed" || o["success"] == false
}

// eventData returns the JSON of the first event of a body of server-sent events,
// which some backends send even with an error status, or nil.
func eventData(body []byte) []byte {
	if !bytes.HasPrefix(body, []byte("data:")) && !bytes.HasPrefix(body, []byte("event:")) {
		return nil
	}
	events := NewEventReader(io.MultiReader(bytes.NewReader(body), strings.NewReader("\n\n")))
	event, err := events.Next()
	if err != nil || !json.Valid(event.Data) {
		return nil
	}
	return slices.Clone(event.Data)
}

// headerReport returns the report in the header X-Error-Json, which is base64 of
// JSON.
func headerReport(header http.Header) report {
	text, err := base64.StdEncoding.DecodeString(header.Get("X-Error-Json"))
	if err != nil {
		return report{}
	}
	return readReport(text)
}
