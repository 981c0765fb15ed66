package simulator_test

import (
	"bufio"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// A program talks to the simulator as it would to the backend.
func Example() {
	mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{Scenario: "reply=Good%20morning"})
	if err != nil {
		log.Fatal(err)
	}
	defer mock.Close()
	req, _ := http.NewRequest("POST", mock.URL()+"/backend-api/codex/responses", strings.NewReader(`{
		"model": "gpt-5.5", "instructions": "", "input": [{"role": "user", "content": "Hello"}],
		"stream": true, "store": false}`))
	req.Header.Set("Authorization", "Bearer anything")
	req.Header.Set("Originator", "example")
	req.Header.Set("Version", "0.171.0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			fmt.Println(name)
		}
	}
	// Output:
	// response.created
	// response.in_progress
	// response.output_item.added
	// response.content_part.added
	// response.output_text.delta
	// response.output_text.delta
	// response.output_text.done
	// response.content_part.done
	// response.output_item.done
	// response.completed
}
