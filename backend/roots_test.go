package backend

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
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
		{"after a byte order mark", bom + certificate, 1, 0},
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
			trusted := newAuthorities()
			file := trusted.add([]byte(test.pem))
			if file.valid != test.count || len(file.faults) != test.faults {
				t.Errorf("%d certificates, %v", file.valid, file.faults)
			}
			want := x509.NewCertPool()
			if test.count > 0 {
				want.AddCert(server.Certificate())
			}
			if !trusted.pool.Equal(want) {
				t.Error("other certificates are trusted")
			}
		})
	}
}

// SSL_CERT_FILE is trusted in addition to the system's certificates, which
// crypto/x509 alone would replace.
func TestSystemRootsAreKept(t *testing.T) {
	clearEnvironment(t)
	dir := t.TempDir()
	bundled, inDirectory := newAuthority(t, 1), newAuthority(t, 2)
	setSystem(t, writePEM(t, filepath.Join(dir, "bundle.pem"), bundled), filepath.Join(dir, "certs"))
	writePEM(t, filepath.Join(dir, "certs", "own.pem"), inDirectory)

	server, file := serveTLS(t, nil, nil)
	t.Setenv("SSL_CERT_FILE", file)
	pool, _, err := roots()
	if err != nil {
		t.Fatal(err)
	}
	trusted := []*x509.Certificate{server.Certificate()}
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" { // they have no bundles
		trusted = append(trusted, bundled, inDirectory)
	}
	for _, certificate := range trusted {
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: pool}); err != nil {
			t.Errorf("%v: %v", certificate.SerialNumber, err)
		}
	}
}

// Parsing is what the first https request waits for.
func TestCertificateFoundTwiceIsParsedOnce(t *testing.T) {
	clearEnvironment(t)
	dir := t.TempDir()
	var all []*x509.Certificate
	for serial := range int64(20) {
		all = append(all, newAuthority(t, serial+1))
	}
	bundle := writePEM(t, filepath.Join(dir, "certs", "bundle.pem"), all...)
	setSystem(t, bundle, filepath.Join(dir, "empty"))
	allocations := func() float64 {
		return testing.AllocsPerRun(1, func() {
			if _, skipped, err := roots(); err != nil || len(skipped) > 0 {
				t.Error(skipped, err)
			}
		})
	}
	t.Setenv("SSL_CERT_FILE", bundle)
	once := allocations()
	for i, certificate := range all {
		writePEM(t, filepath.Join(dir, "certs", strconv.Itoa(i)+".pem"), certificate)
	}
	t.Setenv("SSL_CERT_DIR", filepath.Join(dir, "certs"))
	if again := allocations(); again > 2*once {
		t.Errorf("%v allocations, %v without SSL_CERT_DIR", again, once)
	}
}

// A file that is no bundle, such as a disk image among the certificates, is not read.
func TestHugeFileOfCertificates(t *testing.T) {
	clearEnvironment(t)
	dir := t.TempDir()
	setSystem(t, writePEM(t, filepath.Join(dir, "system", "bundle.pem"), newAuthority(t, 2)), "absent")
	authority := newAuthority(t, 1)
	writePEM(t, filepath.Join(dir, "ca.pem"), authority)
	huge := writePEM(t, filepath.Join(dir, "huge.pem"))
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_DIR", dir+string(filepath.ListSeparator))
	pool, skipped, err := roots()
	if err != nil || len(skipped) > 0 {
		t.Fatal(skipped, err)
	}
	if _, err := authority.Verify(x509.VerifyOptions{Roots: pool}); err != nil {
		t.Error(err)
	}
	t.Setenv("SSL_CERT_FILE", huge)
	if _, _, err := roots(); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Error(err)
	}
}

// setSystem replaces the system's bundle and directory of certificates.
func setSystem(t *testing.T, bundle, directory string) {
	t.Cleanup(func(bundles, directories []string) func() {
		return func() { systemBundles, systemDirectories = bundles, directories }
	}(systemBundles, systemDirectories))
	systemBundles, systemDirectories = []string{"absent.pem", bundle}, []string{"absent", directory}
}

func newAuthority(t *testing.T, serial int64) *x509.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// writePEM writes certificates to a file, and returns its path.
func writePEM(t *testing.T, path string, certificates ...*x509.Certificate) string {
	t.Helper()
	var data []byte
	for _, certificate := range certificates {
		data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})...)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}
