package methods

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// failureShapes are the forms in which backends and gateways report a failure.
// CODE, TYPE and MESSAGE are placeholders.
var failureShapes = []struct{ name, body string }{
	{"error.code", `{"error":{"code":"CODE","message":"MESSAGE"}}`},
	{"error.code beside a type", `{"error":{"message":"MESSAGE","type":"TYPE","param":null,"code":"CODE"}}`},
	{"error.type", `{"error":{"type":"CODE","message":"MESSAGE"}}`},
	{"error.type, code null", `{"error":{"type":"CODE","code":null,"message":"MESSAGE"}}`},
	{"error.type, code a status", `{"error":{"message":"MESSAGE","type":"CODE","param":null,"code":"429"}}`},
	{"error.detail", `{"error":{"code":"CODE","detail":"MESSAGE"}}`},
	{"error.error", `{"error":{"error":{"code":"CODE","message":"MESSAGE"}}}`},
	{"an inner error that says less", `{"error":{"code":"CODE","message":"MESSAGE","innererror":{"code":"Other","detail":"more"}}}`},
	{"error a code", `{"error":"CODE","error_description":"MESSAGE"}`},
	{"error a code, beside a message", `{"error":"CODE","message":"MESSAGE"}`},
	{"the name of the status for an error", `{"statusCode":429,"error":"Too Many Requests","code":"CODE","message":"MESSAGE"}`},
	{"error a list", `{"error":[{"code":"CODE","message":"MESSAGE"}]}`},
	{"errors", `{"errors":[{"code":"CODE","message":"MESSAGE"}]}`},
	{"errors, with more around", `{"success":false,"errors":[{"code":"CODE","message":"MESSAGE"}],"messages":[],"result":null}`},
	{"detail an object", `{"detail":{"code":"CODE","message":"MESSAGE"}}`},
	{"detail.error", `{"detail":{"error":{"code":"CODE","message":"MESSAGE"}}}`},
	{"detail a list", `{"detail":[{"type":"CODE","loc":["body","input"],"msg":"MESSAGE"}]}`},
	{"flat", `{"code":"CODE","message":"MESSAGE"}`},
	{"flat, by type", `{"message":"MESSAGE","type":"CODE"}`},
	{"flat beside a partial error", `{"code":"CODE","message":"MESSAGE","error":{"x":1}}`},
	{"flat beside an empty error", `{"code":"CODE","message":"MESSAGE","error":{}}`},
	{"flat beside a null error", `{"code":"CODE","message":"MESSAGE","error":null}`},
	{"a list", `[{"error":{"code":"CODE","message":"MESSAGE"}}]`},
	{"JSON in error", `{"error":"{\"error\":{\"code\":\"CODE\",\"message\":\"MESSAGE\"}}"}`},
	{"JSON in error.message", `{"error":{"message":"{\"error\":{\"code\":\"CODE\",\"message\":\"MESSAGE\"}}","type":"None","code":"400"}}`},
	{"JSON in detail", `{"detail":"{\"code\":\"CODE\",\"message\":\"MESSAGE\"}"}`},
	{"what Python prints, in error.message", `{"error":{"message":"MESSAGE: Error code: 429 - {'error': {'message': 'x', 'type': 'TYPE', 'code': 'CODE'}}","type":null,"param":null,"code":"429"}}`},
	{"problem details", `{"type":"about:blank","title":"Refused","status":429,"detail":"MESSAGE","code":"CODE"}`},
}

// failurePlaces are the places of a report in a response.
var failurePlaces = []struct {
	name   string
	reply  func(report string) reply
	object bool // the report must be an object, and its type is that of the event
}{
	{"HTTP 429", func(r string) reply { return reply{Status: 429, Header: "Content-Type: application/json", Body: r} }, false},
	{"HTTP 500", func(r string) reply { return reply{Status: 500, Body: r} }, false},
	{"HTTP 429, as an event", func(r string) reply { return reply{Status: 429, Body: "event: error\ndata: " + r} }, false},
	{"200 application/json", func(r string) reply { return jsonReply(r) }, false},
	{"200, called a stream of events", func(r string) reply { return reply{Header: "Content-Type: text/event-stream", Body: r} }, false},
	{"event without a type", func(r string) reply { return events(r) }, false},
	{"event by name", func(r string) reply {
		return reply{Header: "Content-Type: text/event-stream", Body: "event: error\ndata: " + r + "\n\n"}
	}, false},
	{"error event", func(r string) reply { return events(begun, `{"type":"error",`+r[1:]) }, true},
	{"response.failed", func(r string) reply {
		return events(begun, hello, `{"type":"response.failed","response":{"id":"r","status":"failed",`+r[1:]+`}`)
	}, true},
	{"response.failed, error of the event", func(r string) reply { return events(`{"type":"response.failed","response":{"id":"r"},` + r[1:]) }, true},
}

// failureCodes are codes, and whether the failure is transient.
var failureCodes = []struct {
	code      string
	transient bool
}{
	{"usage_limit_reached", false}, {"usage_not_included", false}, {"insufficient_quota", false},
	{"credit_balance_exhausted", false}, {"organization_spend_limit_exceeded", false}, {"project_spend_limit_exceeded", false},
	{"user_spend_limit_exceeded", false}, {"INSUFFICIENT_BALANCE", false}, {"billing_hard_limit_reached", false},
	{"deactivated_workspace", false}, {"invalid_workspace_selected", false},
	{"cyber_policy", false}, {"bio_policy", false}, {"content_policy_violation", false}, {"content_filter", false},
	{"context_length_exceeded", false}, {"ContextWindowExceededError", false}, {"string_above_max_length", false},
	{"invalid_prompt", false}, {"invalid_request_error", false}, {"BadRequestError", false}, {"invalid_value", false},
	{"unsupported_value", false}, {"unsupported_parameter", false}, {"missing_required_parameter", false}, {"invalid_api_key", false},
	{"authentication_error", false}, {"permission_error", false}, {"not_found_error", false}, {"previous_response_not_found", false},
	{"rate_limit_exceeded", true}, {"RateLimitError", true}, {"slow_down", true}, {"flex_unavailable", true},
	{"server_error", true}, {"server_is_overloaded", true}, {"overloaded_error", true}, {"internal_server_error", true},
	{"api_error", true}, {"timeout", true}, {"ServiceUnavailableError", true}, {"websocket_connection_limit_reached", true},
}

// TestFailureReports checks that the code, the message and retryable do not depend
// on the place and the form of a report.
func TestFailureReports(t *testing.T) {
	for _, shape := range failureShapes {
		for _, c := range []struct {
			code, kind string
			transient  bool
		}{{"usage_limit_reached", "invalid_request_error", false}, {"rate_limit_exceeded", "invalid_request_error", true}} {
			t.Run(shape.name+"/"+c.code, func(t *testing.T) {
				report := strings.NewReplacer("CODE", c.code, "TYPE", c.kind, "MESSAGE", "Not now").Replace(shape.body)
				want := fmt.Sprintf("%s, retryable %v", c.code, c.transient)
				var places []string
				var answer string
				for _, place := range failurePlaces {
					if place.object && (shape.body[0] != '{' || strings.Contains(shape.body, `,"type":"CODE"}`) && shape.body[2] == 'm' || strings.HasPrefix(shape.body, `{"type"`)) {
						continue
					}
					failed := harness(t, script(place.reply(report))).failure("responses.create", `{"input": "x"}`)
					got := describeFailure(t, failed)
					if answer = got; got != want || !strings.Contains(failed.Message, "Not now") {
						t.Errorf("%s: %s: %q\n%s, want %s\n%s", place.name, report, failed.Message, got, want, encoded(t, failed.Data))
					}
					places = append(places, place.name)
				}
				t.Attr("table", "failure-reports")
				t.Attr("shape", shape.name)
				t.Attr("report", report)
				t.Attr("answer", answer)
				t.Attr("places", fmt.Sprint(len(places)))
			})
		}
	}
}

// TestFailureCodes checks which codes are retryable, as code and as type, over HTTP
// and in a stream.
func TestFailureCodes(t *testing.T) {
	for _, c := range failureCodes {
		t.Run(c.code, func(t *testing.T) {
			for _, member := range []string{"code", "type"} {
				report := `{"error":{"` + member + `":"` + c.code + `","message":"No."}}`
				for _, r := range []reply{{Status: 429, Body: report}, {Status: 503, Body: report}, events(`{"type":"error",` + report[1:])} {
					failed := harness(t, script(r)).failure("responses.create", `{"input": "x"}`)
					if got, want := describeFailure(t, failed), fmt.Sprintf("%s, retryable %v", c.code, c.transient); got != want {
						t.Errorf("%s %d: %s, want %s", report, r.Status, got, want)
					}
				}
			}
			t.Attr("table", "failure-codes")
			t.Attr("name", c.code)
			t.Attr("retryable", fmt.Sprint(c.transient))
		})
	}
}

func describeFailure(t *testing.T, failed *failure) string {
	t.Helper()
	data, err := rawjson.Parse([]byte(encoded(t, failed.Data)))
	if err != nil {
		t.Fatal(err)
	}
	code, _ := data.Get("code").Text()
	return code + ", retryable " + string(data.Get("retryable").Bytes())
}

// TestFailureDetails checks the other details of a report.
func TestFailureDetails(t *testing.T) {
	soon := strconv.FormatInt(time.Now().Add(2*time.Hour).Unix(), 10)
	tests := []struct {
		name    string
		reply   reply
		code    int
		message string // all of it
		data    string // members of it
	}{
		{"plain text by name", reply{Header: "Content-Type: text/event-stream", Body: "event: error\ndata: Too many tokens\n\n"},
			CodeResponseFailed, "Too many tokens", `{"retryable": true, "error": {"type": "error", "message": "Too many tokens"}}`},
		{"a JSON string by name", reply{Header: "Content-Type: text/event-stream", Body: "event: error\ndata: \"Too many\\ntokens\"\n\n"},
			CodeResponseFailed, "Too many tokens", `{"error": "Too many\ntokens"}`},
		{"detail of an error event", events(`{"type":"error","detail":"Too many tokens"}`),
			CodeResponseFailed, "Too many tokens", `{"error": {"type": "error", "detail": "Too many tokens"}}`},
		{"a failure without a message", events(`{"type":"response.failed","response":{"error":{"code":"bio_policy"}}}`),
			CodeResponseFailed, "Response failed (bio_policy)", `{"code": "bio_policy", "retryable": false}`},
		{"a status without a message", reply{Status: 402, Body: `{"detail":{"code":"deactivated_workspace"}}`},
			402, "Payment Required (deactivated_workspace)", `{"code": "deactivated_workspace", "retryable": false}`},
		{"an event with a status of the client's", events(`{"type":"error","status":403,"error":{"message":"No."}}`),
			CodeResponseFailed, "No.", `{"status": 403, "retryable": false}`},
		{"an event with a status of the server's", events(`{"type":"error","status_code":503,"error":{"message":"No."}}`),
			CodeResponseFailed, "No.", `{"status": 503, "retryable": true}`},
		{"a number for a code", events(`{"error":{"message":"No.","code":400}}`),
			CodeResponseFailed, "No.", `{"status": 400, "code": "400", "retryable": false}`},
		{"a used-up limit in a stream", events(`{"type":"error","status":429,"error":{"type":"usage_limit_reached","message":"No.","plan_type":"plus","resets_at":` + soon + `},"headers":{"Retry-After":60}}`),
			CodeResponseFailed, "No.", `{"plan_type": "plus", "resets_at": ` + soon + `, "retry_after": 60, "status": 429, "retryable": false}`},
		{"a wait in the headers of an event", events(`{"type":"error","headers":{"retry-after-ms":["1500"]},"error":{"code":"slow_down","message":"No."}}`),
			CodeResponseFailed, "No.", `{"retry_after": 1.5, "retryable": true}`},
		{"a wait in a member", events(`{"type":"error","error":{"code":"slow_down","message":"No.","retry_after":2.5}}`),
			CodeResponseFailed, "No.", `{"retry_after": 2.5}`},
		{"a wait in words", events(`{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"Please try again in 11.054s."}}}`),
			CodeResponseFailed, "Please try again in 11.054s.", `{"retry_after": 11.054, "retryable": true}`},
		{"a wait in words, in milliseconds", events(`{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"Try again in 28ms"}}}`),
			CodeResponseFailed, "Try again in 28ms", `{"retry_after": 0.028}`},
		{"no wait after a permanent failure", events(`{"type":"response.failed","response":{"error":{"code":"insufficient_quota","message":"Try again in 28ms"}}}`),
			CodeResponseFailed, "Try again in 28ms", `{"retryable": false}`},
		{"a code in a header", reply{Status: 403, Header: "X-Error-Json: eyJlcnJvciI6eyJjb2RlIjoidXNhZ2Vfbm90X2luY2x1ZGVkIn19"},
			403, "Forbidden (usage_not_included)", `{"code": "usage_not_included"}`},
		{"x-should-retry: false", reply{Status: 503, Header: "X-Should-Retry: false", Body: `{"error":{"message":"No."}}`},
			503, "No.", `{"retryable": false}`},
		{"x-should-retry: true", reply{Status: 409, Header: "X-Should-Retry: true", Body: `{"error":{"message":"No."}}`},
			409, "No.", `{"retryable": true}`},
		{"x-should-retry against a code", reply{Status: 429, Header: "X-Should-Retry: true", Body: `{"error":{"message":"No.","type":"insufficient_quota"}}`},
			429, "No.", `{"retryable": false}`},
		{"retry-after-ms", reply{Status: 429, Header: "Retry-After: 7\nRetry-After-Ms: 20", Body: `{}`}, 429, "Too Many Requests", `{"retry_after": 0.02}`},
		{"x-ms-retry-after-ms", reply{Status: 429, Header: "X-Ms-Retry-After-Ms: 30", Body: `{}`}, 429, "Too Many Requests", `{"retry_after": 0.03}`},
		{"a word beside a type", reply{Status: 529, Body: `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`},
			529, "Overloaded", `{"code": "overloaded_error", "retryable": true}`},
		{"a word beside a code", reply{Status: 503, Body: `{"error":{"code":"server_is_overloaded","message":"Overloaded"}}`},
			503, "Overloaded", `{"code": "server_is_overloaded", "retryable": true}`},
		{"a word alone", reply{Status: 503, Body: `{"message":"Overloaded"}`},
			503, "Service Unavailable (Overloaded)", `{"code": "Overloaded", "retryable": true}`},
		{"a failed response as JSON", jsonReply(`{"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"No."},"output":[]}`),
			CodeResponseFailed, "No.", `{"code": "server_error", "retryable": true}`},
		{"a page", reply{Status: 503, Header: "Content-Type: text/html", Body: "<!DOCTYPE html><title>Just a moment</title>"}, 503, "Service Unavailable", `{"retryable": true}`},
		{"a page in a message", reply{Status: 502, Body: `{"error":{"message":"<html>Bad</html>","code":"bad_gateway"}}`}, 502, "Bad Gateway (bad_gateway)", `{"retryable": true}`},
		{"several faults", reply{Status: 422, Body: `{"detail":[{"loc":["a"],"msg":"Field required","type":"missing"},{"msg":"Too long"}]}`}, 422, "Field required; Too long", `{"code": "missing"}`},
		{"too new a model", reply{Status: 400, Body: `{"detail":"The 'gpt-6.2-sol' model requires a newer version of Codex. Please upgrade."}`},
			400, "The 'gpt-6.2-sol' model requires a newer version of Codex. Please upgrade. (" + modelRefused + ")", `{"retryable": false, "message": "The 'gpt-6.2-sol' model requires a newer version of Codex. Please upgrade."}`},
		{"a model of other plans", reply{Status: 400, Body: `{"detail":"The 'gpt-5.4' model is not supported when using Codex with a ChatGPT account."}`},
			400, "The 'gpt-5.4' model is not supported when using Codex with a ChatGPT account. (" + modelRefused + ")", `{"retryable": false}`},
		{"a model that is not found", reply{Status: 404, Body: `{"detail":"Model not found"}`}, 404, "Model not found (" + modelRefused + ")", `{"retryable": false}`},
		{"a model that does not exist", reply{Status: 404, Body: `{"error":{"message":"The model gpt-9 does not exist, or not for you.","code":"model_not_found"}}`},
			404, "The model gpt-9 does not exist, or not for you. (" + modelRefused + ")", `{"code": "model_not_found", "retryable": false}`},
		{"a refused model in a stream", events(`{"type":"response.failed","response":{"error":{"message":"The 'gpt-6' model requires a newer version of Codex."}}}`),
			CodeResponseFailed, "The 'gpt-6' model requires a newer version of Codex. (" + modelRefused + ")", `{"retryable": false}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			failed := harness(t, script(test.reply)).failure("responses.create", `{"input": "x"}`)
			if failed.Code != test.code || failed.Message != test.message {
				t.Errorf("%d %q, want %d %q", failed.Code, failed.Message, test.code, test.message)
			}
			holdsData(t, test.name, failed, test.data)
		})
	}
}

// TestResetsInSeconds checks the conversion of resets_in_seconds to a time.
func TestResetsInSeconds(t *testing.T) {
	report := `{"error":{"type":"usage_limit_reached","message":"No.","resets_in_seconds":3600}}`
	for _, r := range []reply{{Status: 429, Body: report}, events(`{"type":"error",` + report[1:])} {
		failed := harness(t, script(r)).failure("responses.create", `{"input": "x"}`)
		data, _ := rawjson.Parse([]byte(encoded(t, failed.Data)))
		at, err := strconv.ParseInt(string(data.Get("resets_at").Bytes()), 10, 64)
		if away := time.Until(time.Unix(at, 0)); err != nil || away < 59*time.Minute || away > 61*time.Minute {
			t.Errorf("resets_at %s", data.Get("resets_at").Bytes())
		}
	}
}

// TestFailureInPlaceOfResult checks that a body with status 200 that only reports a
// failure is an error.
func TestFailureInPlaceOfResult(t *testing.T) {
	failed := harness(t, script(jsonReply(`{"error":{"code":"insufficient_quota","message":"No."}}`))).failure("codex.usage", `{}`)
	if failed.Code != CodeResponseFailed || failed.Message != "No." {
		t.Errorf("%+v", failed)
	}
	for _, result := range []string{`{"error":null,"plan_type":"plus"}`, `{"error":{"message":"x"},"rate_limit":{}}`, `{"code":"no_credit"}`, `{"detail":null}`} {
		harness(t, script(jsonReply(result))).result("codex.usage", `{}`)
	}
}
