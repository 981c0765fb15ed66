package backend

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"os"
	"runtime"
)

// certificateVariables name a PEM file whose certificates are trusted beside
// the system's. The first that is set wins.
var certificateVariables = []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"}

// roots returns the certificates to trust.
func roots() (*x509.CertPool, error) {
	pool := systemRoots()
	for _, variable := range certificateVariables {
		path := os.Getenv(variable)
		if path == "" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, certificateError("Failed to read CA certificate file "+path+" selected by "+variable, err)
		}
		certificates, err := parseCertificates(data)
		if err != nil {
			return nil, certificateError("Failed to load CA certificates from "+path+" selected by "+variable, err)
		}
		for _, certificate := range certificates {
			pool.AddCert(certificate)
		}
		break
	}
	return pool, nil
}

func certificateError(what string, err error) *Error {
	return &Error{
		Kind: ErrConnection,
		Message: what + ": " + reason(err) + ". If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to" +
			" a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.",
		cause: err,
	}
}

// parseCertificates returns the certificates of a PEM file, of which there must
// be one. Blocks of other kinds, as revocation lists, are passed over.
func parseCertificates(data []byte) ([]*x509.Certificate, error) {
	var certificates []*x509.Certificate
	for {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			break
		}
		der := block.Bytes
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE":
		case "TRUSTED CERTIFICATE":
			// OpenSSL's own form: the certificate, then notes on what to
			// trust it for.
			var first asn1.RawValue
			if _, err := asn1.Unmarshal(der, &first); err != nil {
				return nil, err
			}
			der = first.FullBytes
		default:
			continue
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, certificate)
	}
	if len(certificates) == 0 {
		return nil, errors.New("no certificates found in PEM file")
	}
	return certificates, nil
}

// systemBundles are where the Unix systems keep their certificates.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS
	"/etc/ssl/cert.pem",                                 // Alpine, OpenBSD
	"/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
}

// systemRoots returns the system's certificates. On Unix crypto/x509 would take
// those of SSL_CERT_FILE in their place, so with that variable the bundles are
// read here.
func systemRoots() *x509.CertPool {
	if os.Getenv("SSL_CERT_FILE") == "" || runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		if pool, err := x509.SystemCertPool(); err == nil {
			return pool
		}
	}
	pool := x509.NewCertPool()
	for _, bundle := range systemBundles {
		if data, err := os.ReadFile(bundle); err == nil && pool.AppendCertsFromPEM(data) {
			break
		}
	}
	return pool
}
