package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A certificateAuthority signs the certificates of backends on TLS.
type certificateAuthority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// authority is trusted by the hosts under test.
var authority = sync.OnceValue(newAuthority)

func newAuthority() *certificateAuthority {
	key := newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &certificateAuthority{certificate, key}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// file returns the path of the authority's certificate.
func (a *certificateAuthority) file(t testing.TB) string {
	path := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certify returns a TLS configuration for 127.0.0.1 with a changed certificate.
func (a *certificateAuthority) certify(change func(*x509.Certificate)) *tls.Config {
	key := newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		panic(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func unchanged(*x509.Certificate) {}

// certificateFaults are faults of TLS. It is a function, because generating
// keys takes time.
func certificateFaults() []backendFault {
	whole := say(streamHead + hello)
	good := authority().certify(unchanged)
	untrusted := newAuthority().certify(unchanged)
	renamed := authority().certify(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"example.com"} })
	expired := authority().certify(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	old := authority().certify(unchanged)
	old.MaxVersion = tls.VersionTLS11
	return []backendFault{
		{fault: "TLS that is trusted", secure: good, backend: whole,
			answer: `completed "Hello", 4 events`, attempts: 1},
		{fault: "certificate of an unknown authority", secure: untrusted, backend: whole, deaf: true,
			answer: "-32010 connection_error", says: "set CODEX_CA_CERTIFICATE", attempts: 1},
		{fault: "certificate of an unknown authority", method: plain, secure: untrusted, backend: whole, deaf: true,
			answer: "-32010 connection_error", says: "set CODEX_CA_CERTIFICATE", attempts: 1},
		{fault: "certificate for another name", secure: renamed, backend: whole, deaf: true,
			answer: "-32010 connection_error", says: "not trusted", attempts: 1},
		{fault: "expired certificate", secure: expired, backend: whole, deaf: true,
			answer: "-32010 connection_error", says: "expired", attempts: 1},
		{fault: "HTTP without TLS", secure: inClear, backend: whole, deaf: true,
			answer: "-32010 connection_error, retryable", says: "HTTP response to HTTPS client", attempts: 3},
		{fault: "TLS 1.1", secure: old, backend: whole, deaf: true,
			answer: "-32010 connection_error, retryable", says: "version", attempts: 3},
	}
}
