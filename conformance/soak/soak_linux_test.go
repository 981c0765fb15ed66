package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSoak runs the soak for two seconds with a quarter of the streams.
func TestSoak(t *testing.T) {
	var out strings.Builder
	violations, err := soak(config{duration: 2 * time.Second, streams: 50, seed: 1}, &out)
	if err != nil || violations > 0 {
		t.Fatalf("%v\n%s", err, out.String())
	}
	// Every behaviour of the backend and the client occurred.
	for _, kind := range []string{
		"result", "-32800 cancelled", "-32010 connection_error", "-32011 timeout", "-32012 stream_interrupted",
		"-32013 response_failed", "-32001 overloaded", "-32600 duplicate_id", "-32700 parse_error, id null", " api_error",
	} {
		if !strings.Contains(out.String(), kind+"\n") {
			t.Errorf("no answer is %s:\n%s", kind, out.String())
		}
	}
	report := out.String()
	at := strings.LastIndexByte(report[:strings.Index(report, " responses over WebSockets")], '\n')
	var requested, continued int
	if _, err := fmt.Sscanf(report[at+1:], "%d responses over WebSockets, of which %d continued", &requested, &continued); err != nil || continued == 0 || continued == requested {
		t.Errorf("%d responses over sockets, %d continued: %v\n%s", requested, continued, err, out.String())
	}
}
