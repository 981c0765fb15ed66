package backend

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestParseCertificates(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	der := server.Certificate().Raw
	block := func(kind string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}))
	}
	certificate := block("CERTIFICATE", der)
	for _, test := range []struct {
		name, pem string
		count     int
		faults    int
	}{
		{"one", certificate, 1, 0},
		{"many, with notes between", "Subject: a\n" + certificate + "\nSubject: b\n" + certificate, 2, 0},
		{"trusted", block("TRUSTED CERTIFICATE", append(der[:len(der):len(der)], 0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 1)), 1, 0},
		{"beside a revocation list", block("X509 CRL", []byte("list")) + certificate, 1, 0},
		{"a revocation list alone", block("X509 CRL", []byte("list")), 0, 0},
		{"no certificate", block("CERTIFICATE", []byte("junk")), 0, 1},
		{"no trusted certificate", block("TRUSTED CERTIFICATE", []byte("junk")), 0, 1},
		{"good, then broken", certificate + block("CERTIFICATE", der[:100]), 1, 1},
		{"garbled, then good", strings.Replace(certificate, "MII", "M!I", 1) + certificate, 1, 1},
		{"cut", strings.TrimSuffix(certificate, "-----END CERTIFICATE-----\n"), 0, 1},
		{"empty", "", 0, 0},
		{"text", "hello", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, faults := parseCertificates([]byte(test.pem))
			if len(got) != test.count || len(faults) != test.faults {
				t.Errorf("%d certificates, %v", len(got), faults)
			}
			for _, certificate := range got {
				if !certificate.Equal(server.Certificate()) {
					t.Error("another certificate came out")
				}
			}
		})
	}
}

// SSL_CERT_FILE is trusted in addition to the system's certificates, which
// crypto/x509 alone would replace.
func TestSystemRootsAreKept(t *testing.T) {
	clearEnvironment(t)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	system, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	defer func(kept []string) { systemBundles = kept }(systemBundles)
	systemBundles = []string{"absent.pem", bundle}

	server, file := serveTLS(t, nil, nil)
	t.Setenv("SSL_CERT_FILE", file)
	pool, _, err := roots()
	if err != nil {
		t.Fatal(err)
	}
	trusted := []*x509.Certificate{server.Certificate()}
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" { // they have no bundles
		trusted = append(trusted, system)
	}
	for _, certificate := range trusted {
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: pool}); err != nil {
			t.Errorf("%v: %v", certificate.Subject, err)
		}
	}
}
