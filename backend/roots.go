package backend

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// certificateVariables name a PEM file whose certificates are trusted in
// addition to the system's. The first one that is set is used.
var certificateVariables = []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"}

// certificateDirectories names directories of such files, which are trusted as well.
const certificateDirectories = "SSL_CERT_DIR"

// CheckCertificates loads the certificates that https requests trust. It
// returns the invalid ones set in the environment, which are skipped, one line
// each, and the error of https requests.
func CheckCertificates() (skipped []string, err error) {
	_, skipped, err = roots()
	return skipped, err
}

// roots returns the trusted certificates, and the invalid ones.
func roots() (pool *x509.CertPool, skipped []string, err error) {
	pool = systemRoots()
	add := func(certificates []*x509.Certificate, faults []error, where string) {
		for _, certificate := range certificates {
			pool.AddCert(certificate)
		}
		if len(faults) > 0 {
			skipped = append(skipped, fmt.Sprintf("%d of %d certificates in %s cannot be read: %s",
				len(faults), len(faults)+len(certificates), where, reason(faults[0])))
		}
	}
	for _, variable := range certificateVariables {
		path := os.Getenv(variable)
		if path == "" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, certificateError("Failed to read CA certificate file "+path+" selected by "+variable, err)
		}
		certificates, faults := parseCertificates(data)
		if len(certificates) == 0 {
			err := cmp.Or(errors.Join(faults...), errors.New("no certificates found in PEM file"))
			return nil, nil, certificateError("Failed to load CA certificates from "+path+" selected by "+variable, err)
		}
		add(certificates, faults, path+" ("+variable+")")
		break
	}
	for _, directory := range filepath.SplitList(os.Getenv(certificateDirectories)) {
		entries, err := os.ReadDir(directory)
		if err != nil {
			skipped = append(skipped, certificateDirectories+": "+reason(err))
		}
		for _, entry := range entries {
			path := filepath.Join(directory, entry.Name())
			if target, err := os.Readlink(path); err == nil && target == filepath.Base(target) {
				continue // OpenSSL's link, named by a hash, to a file of the same directory
			}
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				continue
			}
			if data, err := os.ReadFile(path); err == nil {
				certificates, faults := parseCertificates(data)
				add(certificates, faults, path+" ("+certificateDirectories+")")
			}
		}
	}
	return pool, skipped, nil
}

func certificateError(what string, err error) *Error {
	return &Error{
		Kind: ErrConnection,
		Message: what + ": " + reason(err) + ". If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to" +
			" a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.",
		cause: err,
	}
}

// parseCertificates returns the certificates of a PEM file, and the reasons why
// others are invalid. Blocks of other kinds, such as revocation lists, are
// ignored.
func parseCertificates(data []byte) (certificates []*x509.Certificate, faults []error) {
	blocks, begins := 0, bytes.Count(data, []byte("-----BEGIN "))
	for {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			break
		}
		blocks++
		der := block.Bytes
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE":
		case "TRUSTED CERTIFICATE":
			// OpenSSL's own format: the certificate, followed by its trusted
			// uses.
			var first asn1.RawValue
			if _, err := asn1.Unmarshal(der, &first); err == nil {
				der = first.FullBytes
			}
		default:
			continue
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		certificates = append(certificates, certificate)
	}
	for range begins - blocks { // pem.Decode skips them
		faults = append(faults, errors.New("a PEM block is damaged"))
	}
	return certificates, faults
}

// systemBundles are the certificate files of Unix systems.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS
	"/etc/ssl/cert.pem",                                 // Alpine, OpenBSD
	"/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
}

// systemRoots returns the system's certificates. On Unix crypto/x509 replaces them
// by those of SSL_CERT_FILE and SSL_CERT_DIR. If one of these is set, the system's
// bundle is read here instead.
func systemRoots() *x509.CertPool {
	if os.Getenv("SSL_CERT_FILE") == "" && os.Getenv(certificateDirectories) == "" || runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
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
