package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The short form: the same load with a quarter of the streams.
func TestSoak(t *testing.T) {
	var out strings.Builder
	violations, err := soak(config{duration: 2 * time.Second, streams: 50, seed: 1}, &out)
	if err != nil || violations > 0 {
		t.Fatalf("%v\n%s", err, out.String())
	}
	// All that the backend and the client can do was done.
	for _, kind := range []string{
		"result", "-32800 cancelled", "-32010 connection_error", "-32011 timeout", "-32012 stream_interrupted",
		"-32013 response_failed", "-32001 overloaded", "-32600 duplicate_id", "-32700 parse_error, of no id", " api_error",
	} {
		if !strings.Contains(out.String(), kind+"\n") {
			t.Errorf("no answer is %s:\n%s", kind, out.String())
		}
	}
	report := out.String()
	at := strings.LastIndexByte(report[:strings.Index(report, " responses over WebSockets")], '\n')
	var asked, continued int
	if _, err := fmt.Sscanf(report[at+1:], "%d responses over WebSockets, of which %d went on", &asked, &continued); err != nil || continued == 0 || continued == asked {
		t.Errorf("%d responses over sockets, %d continued: %v\n%s", asked, continued, err, out.String())
	}
}
