package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// A networkTrial is a host on a network whose settings, proxy or server are
// faulty.
type networkTrial struct {
	trial       string
	environment []string // with {proxy}, {ca} and {dir} replaced
	proxy       string   // what the proxy answers; "" for a tunnel
	direct      bool     // the backend is asked on loopback, past any proxy
	upload      bool     // the call is files.upload
	socket      bool     // the call is responses.create over a WebSocket
	refresh     bool     // the credentials have to be renewed first
	backend     step
	http2       http2Script // instead of backend
	flags       []string
	want        string // the answer
	says        string // part of its message
	asked       int    // CONNECTs at the proxy
	requests    int    // at the backend
	warnings    int    // lines of the log that speak of certificates
}

// The password of the proxy, which nothing may repeat.
const proxyPassword = "hunter2"

const (
	refused = "-32010 connection_error"
	passing = refused + ", retryable"
)

// healthyModels is a backend that has models.
var healthyModels = say(answer(200, "", modelList))

func networkTrials() []networkTrial {
	trials := []networkTrial{
		{trial: "a proxy", environment: []string{"HTTPS_PROXY=http://user:hunter2@{proxy}"}, want: "2 models", asked: 1, requests: 1},
		{trial: "a proxy without a scheme", environment: []string{"ALL_PROXY=user:hunter2@{proxy}"}, want: "2 models", asked: 1, requests: 1},
		{trial: "a proxy that is not a URL, and a host it is not for", environment: []string{"HTTPS_PROXY=http://[hunter2", "NO_PROXY=127.0.0.1"}, direct: true, want: "2 models", requests: 1},
	}
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		trials = append(trials, networkTrial{
			trial: variable + " that is not a URL", environment: []string{variable + "=http://user:hunter2@[proxy"}, want: refused, says: variable + " is not a proxy URL",
		})
	}
	for _, value := range []string{"hunter2@", "http://", "://", " ", "http//proxy.test:8080", "ftp://user:hunter2@proxy.test", "socks4://proxy.test", "http://proxy.test:99999", "http://proxy.test:hunter2"} {
		trials = append(trials, networkTrial{
			trial: fmt.Sprintf("HTTPS_PROXY is %q", value), environment: []string{"HTTPS_PROXY=" + value}, want: refused, says: "HTTPS_PROXY is not a proxy URL",
		})
	}
	status := func(line string) string { return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n" }
	set := []string{"HTTPS_PROXY=http://user:hunter2@{proxy}"}
	goAways := goAway(false, http2.ErrCodeNo)
	return append(trials, []networkTrial{
		{trial: "an upload, HTTPS_PROXY that is not a URL", upload: true, environment: []string{"HTTPS_PROXY=http://[hunter2"}, want: refused, says: "HTTPS_PROXY is not"},
		{trial: "a renewal, HTTPS_PROXY that is not a URL", refresh: true, environment: []string{"HTTPS_PROXY=http://[hunter2"}, want: passing, says: "HTTPS_PROXY is not"},
		{trial: "a proxy that answers 407", environment: set, proxy: status("407 Proxy Authentication Required"), want: refused, says: "HTTPS_PROXY", asked: 1},
		{trial: "a socket, a proxy that answers 407", socket: true, environment: set, proxy: status("407 Proxy Authentication Required"), want: refused, says: "HTTPS_PROXY", asked: 1},
		{trial: "a proxy that answers 403", environment: set, proxy: status("403 Forbidden"), want: refused, says: "HTTPS_PROXY", asked: 1},
		{trial: "a proxy that answers 502", environment: set, proxy: status("502 Bad Gateway"), want: passing, says: "502", asked: 3},
		{trial: "a proxy that answers no HTTP", environment: set, proxy: "SSH-2.0\r\n", want: passing, asked: 3},

		{trial: "a bundle with a bad block", direct: true, environment: []string{"CODEX_CA_CERTIFICATE={dir}/mixed.pem"}, want: "2 models", requests: 1, warnings: 1},
		{trial: "a bundle with a bad block, SSL_CERT_FILE", direct: true, environment: []string{"SSL_CERT_FILE={dir}/mixed.pem"}, want: "2 models", requests: 1, warnings: 1},
		{trial: "a bundle of bad blocks", direct: true, environment: []string{"SSL_CERT_FILE={dir}/bad.pem"}, want: refused, says: "selected by SSL_CERT_FILE"},
		{trial: "SSL_CERT_DIR", direct: true, environment: []string{"SSL_CERT_DIR={dir}/certs"}, want: "2 models", requests: 1},
		{trial: "SSL_CERT_DIR beside SSL_CERT_FILE", direct: true, environment: []string{"SSL_CERT_FILE={dir}/other.pem", "SSL_CERT_DIR=/absent:{dir}/certs"}, want: "2 models", requests: 1, warnings: 1},
		{trial: "SSL_CERT_FILE beside SSL_CERT_DIR", direct: true, environment: []string{"SSL_CERT_FILE={ca}", "SSL_CERT_DIR={dir}/empty"}, want: "2 models", requests: 1},
		{trial: "SSL_CERT_DIR beside CODEX_CA_CERTIFICATE", direct: true, environment: []string{"CODEX_CA_CERTIFICATE={dir}/other.pem", "SSL_CERT_DIR={dir}/certs"}, want: "2 models", requests: 1},

		{trial: "GOAWAY without end, --max-retries 0", direct: true, http2: goAways, flags: []string{"--max-retries", "0"}, want: passing, says: "the server refuses requests", requests: 2},
		{trial: "GOAWAY without end, --max-retries 0 --timeout 0", direct: true, http2: goAways, flags: []string{"--max-retries", "0", "--timeout", "0"}, want: passing, says: "the server refuses requests", requests: 2},
		{trial: "a server that allows no stream, --max-retries 0 --timeout 1", direct: true, http2: noStreams{}, flags: []string{"--max-retries", "0", "--timeout", "1"}, want: "-32011 timeout, retryable"},
		{trial: "https to http on one host", direct: true, backend: redirect(307, "http://{other}/backend-api/codex/models"), want: refused, says: "redirects to http://", requests: 1},
	}...)
}

// TestNetwork checks that faults of the network are reported, not bypassed, and
// retried only if a retry may succeed.
func TestNetwork(t *testing.T) {
	for _, n := range networkTrials() {
		t.Run(n.trial, func(t *testing.T) { n.run(t) })
	}
}

func (n *networkTrial) run(t *testing.T) {
	files := certificateFiles(t)
	secure := authority().certify(func(c *x509.Certificate) {
		c.DNSNames = []string{"backend.test", "issuer.test"}
	})
	if n.backend == nil {
		n.backend = healthyModels
	}
	backend := listen(t, n.backend, n.http2, secure)
	other := listen(t, say(answer(200, "", "{}")), nil, nil)
	backend.other = other.host()
	proxy := dig(t, backend.host(), n.proxy)

	base := "https://backend.test"
	if n.direct {
		base = "https://" + backend.host()
	}
	args := append([]string{"--chatgpt-base-url", base + "/backend-api", "--openai-base-url", base + "/v1", "--auth-issuer", "https://issuer.test",
		"--retry-base-delay", "0.001", "--log-level", "debug"}, n.flags...)
	cmd := exec.Command(built(t, "."), args...)
	cmd.Env = []string{"CODEX_HOME=" + home(t), "PATH=" + os.Getenv("PATH"), "CODEX_CA_CERTIFICATE=" + authority().file(t)}
	for _, setting := range n.environment {
		if strings.Contains(setting, "CERT") {
			cmd.Env[2] = "" // the trial sets its own
		}
		cmd.Env = append(cmd.Env, strings.NewReplacer("{proxy}", proxy.address, "{ca}", authority().file(t), "{dir}", files).Replace(setting))
	}
	if n.refresh {
		expired := `{"tokens":{"access_token":"e30.eyJleHAiOjF9.e30","refresh_token":"refresh-token","account_id":"acct-1"}}`
		if err := os.WriteFile(filepath.Join(strings.TrimPrefix(cmd.Env[0], "CODEX_HOME="), "auth.json"), []byte(expired), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &trial{t: t, host: startCommand(t, cmd)}
	hangs := time.AfterFunc(patience, func() { r.host.cmd.Process.Kill() })
	defer hangs.Stop()
	request := calls[plain].request
	if n.upload {
		request = fmt.Sprintf(`"method":"files.upload","params":{"path":%q}%%.0s`, filepath.Join(files, "other.pem"))
	}
	if n.socket {
		request = `"method":"responses.create","params":{"input":"x","transport":"websocket"}%.0s`
	}
	r.host.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,`+request+`}`, ""))
	m := r.receive()
	r.seen = describe(t, m, 0)
	if r.seen != n.want || !strings.Contains(textOf(m), n.says) {
		t.Errorf("%s %q, want %s %q", r.seen, textOf(m), n.want, n.says)
	}
	r.host.in.Close()
	if _, err := io.ReadAll(r.host.out); err != nil {
		t.Error(err)
	}
	r.host.exit()
	log := r.host.log.String()
	if text := r.said.String() + log; strings.Contains(text, proxyPassword) {
		t.Errorf("the password of the proxy is in %s", text)
	}
	if got := int(proxy.asked.Load()); got != n.asked {
		t.Errorf("the proxy was asked %d times, want %d", got, n.asked)
	}
	if got := int(backend.attempts.Load()); got != n.requests {
		t.Errorf("%d requests, want %d", got, n.requests)
	}
	if got := strings.Count(log, "certificates are ignored"); got != n.warnings {
		t.Errorf("%d warnings, want %d: %s", got, n.warnings, log)
	}
	if got := other.attempts.Load(); got != 0 {
		t.Errorf("%d requests in clear", got)
	}
	t.Attr("table", "network")
	t.Attr("trial", n.trial)
	t.Attr("answer", r.seen)
	t.Attr("proxy-asked", fmt.Sprint(proxy.asked.Load()))
	t.Attr("requests", fmt.Sprint(backend.attempts.Load()))
	t.Attr("warnings", fmt.Sprint(n.warnings))
}

// certificateFiles returns a directory of valid and invalid bundles.
func certificateFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	block := func(der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	good, other, bad := block(authority().certificate.Raw), block(newAuthority().certificate.Raw), block([]byte("junk"))
	for name, text := range map[string]string{
		"mixed.pem": bad + good, "bad.pem": bad + bad, "other.pem": other,
		"certs/README": "not one of them", "certs/ca.crt": good, "empty/none": "",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
