package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestCookies checks that cookies of load balancers are sent back to ChatGPT
// and to no other server while the host runs, and are in no log or recording.
func TestCookies(t *testing.T) {
	var mu sync.Mutex
	var sent []string
	const set = "Set-Cookie: __cf_bm=affinity-value; Path=/; Domain=chatgpt.com; Secure; HttpOnly\r\n" +
		"Set-Cookie: __oailb=balancer-value; Path=/\r\nSet-Cookie: session=session-value; Path=/\r\n"
	secure := authority().certify(func(c *x509.Certificate) { c.DNSNames = []string{"chatgpt.com", "api.openai.com"} })
	backend := listen(t, func(x *exchange) {
		mu.Lock()
		sent = append(sent, x.Request.Host+" "+x.Request.Header.Get("Cookie"))
		mu.Unlock()
		say(answer(200, set, modelList))(x)
	}, nil, secure)
	proxy := dig(t, backend.host(), "")
	file := filepath.Join(t.TempDir(), "recording.jsonl")
	cmd := exec.Command(built(t, "."), "--record", file, "--log-level", "debug")
	cmd.Env = []string{"CODEX_HOME=" + home(t), "CODEX_CA_CERTIFICATE=" + authority().file(t), "HTTPS_PROXY=http://" + proxy.address}
	host := startCommand(t, cmd)
	for id, request := range []string{
		calls[plain].request, `"method":"codex.config.requirements"%.0s`, `"method":"embeddings.create","params":{"input":"x","model":"m"}%.0s`,
		`"method":"codex.config.requirements"%.0s`,
	} {
		host.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,`+request+`}`, id, ""))
		host.receive()
	}
	host.in.Close()
	if _, err := io.ReadAll(host.out); err != nil {
		t.Error(err)
	}
	host.exit()
	want := []string{
		"chatgpt.com ", "chatgpt.com __cf_bm=affinity-value; __oailb=balancer-value",
		"api.openai.com ", "chatgpt.com __cf_bm=affinity-value; __oailb=balancer-value",
	}
	if fmt.Sprint(sent) != fmt.Sprint(want) {
		t.Errorf("sent %q", sent)
	}
	recorded, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{host.log.String(), string(recorded)} {
		for _, secret := range []string{"affinity-value", "balancer-value", "session-value"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in %s", secret, text)
			}
		}
	}
}
