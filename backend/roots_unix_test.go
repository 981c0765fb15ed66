//go:build unix

package backend

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Certificates are read from a pipe, as of a shell's <(…). One without a writer, for
// which a call would wait forever, has none.
func TestCertificatesInPipe(t *testing.T) {
	clearEnvironment(t)
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", path)
	if _, _, err := roots(); err == nil || !strings.Contains(err.Error(), "no certificates found") {
		t.Error(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: newAuthority(t, 1).Raw}))
	w.Close()
	t.Setenv("SSL_CERT_FILE", fmt.Sprint("/dev/fd/", r.Fd()))
	if _, skipped, err := roots(); err != nil || len(skipped) > 0 {
		t.Error(skipped, err)
	}
}
