package backend

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/codex-rpc/codex-rpc/backend/localfile"
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
	trusted := systemRoots()
	note := func(file pemFile, where string) {
		if len(file.faults) > 0 {
			skipped = append(skipped, fmt.Sprintf("%d of %d certificates in %s cannot be read: %s",
				len(file.faults), len(file.faults)+file.valid, where, reason(file.faults[0])))
		}
	}
	for _, variable := range certificateVariables {
		path := os.Getenv(variable)
		if path == "" {
			continue
		}
		data, err := localfile.Read(path, maxCertificatesBytes)
		if err != nil {
			return nil, nil, certificateError("Failed to read CA certificate file "+path+" selected by "+variable, err)
		}
		file := trusted.add(data)
		if file.valid == 0 {
			err := cmp.Or(errors.Join(file.faults...), errors.New("no certificates found in PEM file"))
			return nil, nil, certificateError("Failed to load CA certificates from "+path+" selected by "+variable, err)
		}
		note(file, path+" ("+variable+")")
		break
	}
	for _, directory := range filepath.SplitList(os.Getenv(certificateDirectories)) {
		if directory == "" { // as in a list that ends with a colon
			continue
		}
		err := trusted.addDirectory(directory, func(file pemFile, path string) {
			note(file, path+" ("+certificateDirectories+")")
		})
		if err != nil {
			skipped = append(skipped, certificateDirectories+": "+reason(err))
		}
	}
	return trusted.pool, skipped, nil
}

func certificateError(what string, err error) *Error {
	return &Error{
		Kind: ErrConnection,
		Message: what + ": " + reason(err) + ". If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to" +
			" a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.",
		cause: err,
	}
}

// authorities are trusted certificates. The same ones are often found in a bundle,
// in its directory, and in what the environment names: each file and each
// certificate is parsed once.
type authorities struct {
	pool  *x509.CertPool
	files map[[sha256.Size]byte]pemFile // by their hash
	valid map[[sha256.Size]byte]bool    // by the hash of the certificate
}

// pemFile is the outcome of reading a PEM file: how many certificates are valid, and
// the faults of the others.
type pemFile struct {
	valid  int
	faults []error
}

func newAuthorities() *authorities {
	return &authorities{pool: x509.NewCertPool(), files: map[[sha256.Size]byte]pemFile{}, valid: map[[sha256.Size]byte]bool{}}
}

// add adds the certificates of a PEM file. Blocks of other kinds, such as revocation
// lists, are ignored.
func (a *authorities) add(data []byte) (file pemFile) {
	sum := sha256.Sum256(data)
	if file, ok := a.files[sum]; ok {
		return file
	}
	defer func() { a.files[sum] = file }()
	data = bytes.TrimPrefix(data, []byte(bom))
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
		if err := a.addCertificate(der); err != nil {
			file.faults = append(file.faults, err)
			continue
		}
		file.valid++
	}
	for range begins - blocks { // pem.Decode skips them
		file.faults = append(file.faults, errors.New("a PEM block is damaged"))
	}
	return file
}

func (a *authorities) addCertificate(der []byte) error {
	sum := sha256.Sum256(der)
	if a.valid[sum] {
		return nil
	}
	// Unlike AddCert, AppendCertsFromPEM keeps only the bytes of a certificate until
	// it is needed.
	if !a.pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) {
		_, err := x509.ParseCertificate(der)
		return err
	}
	a.valid[sum] = true
	return nil
}

// addDirectory adds the certificates of a directory's files. It calls added after
// each file.
func (a *authorities) addDirectory(directory string, added func(file pemFile, path string)) error {
	entries, err := os.ReadDir(directory)
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		if entry.Type()&fs.ModeSymlink != 0 {
			if target, err := os.Readlink(path); err == nil && target == filepath.Base(target) {
				continue // OpenSSL's link, named by a hash, to a file of the same directory
			}
		}
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if data, err := localfile.Read(path, maxCertificatesBytes); err == nil {
			added(a.add(data), path)
		}
	}
	return err
}

// maxCertificatesBytes bounds the size of a file of certificates. Bundles have less
// than a megabyte; a directory may hold other files as well.
const maxCertificatesBytes = 64 << 20

// systemBundles and systemDirectories hold the certificates of Unix systems, as in
// crypto/x509. The first bundle that can be read is used, and all directories.
var (
	systemBundles = []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian
		"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora
		"/etc/ssl/ca-bundle.pem",                            // openSUSE
		"/etc/pki/tls/cacert.pem",                           // OpenELEC
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS
		"/etc/ssl/cert.pem",                                 // Alpine, OpenBSD
		"/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
	}
	systemDirectories = []string{"/etc/ssl/certs", "/etc/pki/tls/certs"}
)

// systemRoots returns the system's certificates. On Unix x509.SystemCertPool would
// replace them by those of SSL_CERT_FILE and SSL_CERT_DIR, and parses most of them
// three times, so that they are read here instead.
func systemRoots() *authorities {
	trusted := newAuthorities()
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" {
		for _, bundle := range systemBundles {
			if data, err := localfile.Read(bundle, maxCertificatesBytes); err == nil && trusted.add(data).valid > 0 {
				break
			}
		}
		named := filepath.SplitList(os.Getenv(certificateDirectories)) // roots reads these, and reports their faults
		for _, directory := range systemDirectories {
			if !slices.Contains(named, directory) {
				trusted.addDirectory(directory, func(pemFile, string) {})
			}
		}
	}
	if len(trusted.valid) == 0 {
		if pool, err := x509.SystemCertPool(); err == nil {
			trusted.pool = pool
		}
	}
	return trusted
}
