package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/printable"
)

func checkBinary() check {
	path, err := os.Executable()
	if err != nil {
		path = "an unknown path"
	}
	return check{"binary", passed, fmt.Sprintf("codex-rpc %s (%s, %s/%s) at %s", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, path), ""}
}

// checkHome checks the directory of auth.json and its permissions.
func checkHome(c *config) check {
	if c.embedded() {
		return check{"home", passed, "not used: the embedded backend's credentials are kept in memory", ""}
	}
	home, err := auth.Home(c.home)
	if err != nil {
		return check{"home", failing, err.Error(), "Set CODEX_HOME or --home to a directory, or unset both."}
	}
	info, err := os.Stat(home)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return check{"home", passed, home + " does not exist yet; the first sign-in creates it", ""}
	case err != nil:
		return check{"home", failing, err.Error(), "Make the directory readable, or set CODEX_HOME to another."}
	case !info.IsDir():
		return check{"home", failing, home + " is not a directory", "Remove it, or set CODEX_HOME to a directory."}
	}
	// Creating a file is the only test that covers modes, access control lists
	// and read-only mounts on every system.
	probe, err := os.CreateTemp(home, ".doctor-")
	if err != nil {
		return check{"home", failing, "not writable: " + err.Error(), "Make the directory writable: refreshed credentials that cannot be saved are lost."}
	}
	probe.Close()
	os.Remove(probe.Name())
	path := filepath.Join(home, "auth.json")
	credentials, err := os.Stat(path)
	switch {
	case runtime.GOOS == "windows": // where modes mean nothing
	case err == nil && credentials.Mode().Perm()&0o077 != 0:
		return check{"home", warning, fmt.Sprintf("others may read %s (mode %04o)", path, credentials.Mode().Perm()), "Run `chmod 600 " + path + "`."}
	case info.Mode().Perm()&0o022 != 0:
		return check{"home", warning, fmt.Sprintf("others may write to %s (mode %04o)", home, info.Mode().Perm()), "Run `chmod 700 " + home + "`."}
	}
	return check{"home", passed, home, ""}
}

func checkCredentials(ctx context.Context, s store) check {
	account, err := usable(ctx, s)
	if err != nil {
		found, action := err.Error(), "Run `codex-rpc login`."
		if e, ok := errors.AsType[*auth.Error](err); ok {
			found, action = e.Message, e.Hint
		}
		return check{"credentials", failing, found, action}
	}
	found := "signed in"
	for _, part := range [][2]string{{" as ", account.Email}, {", account ", account.AccountID}, {", plan ", account.PlanType}, {", token until ", tokenEnd(account, time.Now())}} {
		if part[1] != "" {
			found += part[0] + part[1]
		}
	}
	return check{"credentials", passed, found, ""}
}

// checkProxy reports the proxy for https, without the part of its URL that may
// contain a password.
func checkProxy() check {
	proxy, err := backend.LookupProxy()
	if err != nil {
		return check{"proxy", failing, err.Error(), "Set it to http://HOST:PORT, or unset it: until then, https requests fail."}
	}
	if proxy.URL != nil {
		found := fmt.Sprintf("%s://%s, by %s", proxy.URL.Scheme, proxy.URL.Host, proxy.Variable)
		for _, except := range []string{"NO_PROXY", "no_proxy"} {
			if hosts := os.Getenv(except); hosts != "" {
				found += "; not for " + printable.Line(hosts)
				break
			}
		}
		return check{"proxy", passed, found, ""}
	}
	if os.Getenv("HTTP_PROXY") != "" || os.Getenv("http_proxy") != "" {
		return check{"proxy", warning, "none for https: HTTP_PROXY is for http only", "Also set HTTPS_PROXY if a proxy is required."}
	}
	return check{"proxy", passed, "none", ""}
}

// checkCertificates loads the certificates that https requests trust.
func checkCertificates() check {
	passedOver, err := backend.CheckCertificates()
	if err != nil {
		return check{"certificates", failing, err.Error(), "Correct the file or the variable."}
	}
	if len(passedOver) > 0 {
		return check{"certificates", warning, strings.Join(passedOver, "; "), "Correct the file or the variable; the other certificates are trusted."}
	}
	found := "the system's"
	for _, name := range []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"} { // in order of precedence
		if path := os.Getenv(name); path != "" {
			found += ", and those of " + path + " (" + name + ")"
			break
		}
	}
	if directories := os.Getenv("SSL_CERT_DIR"); directories != "" {
		found += ", and those in " + directories + " (SSL_CERT_DIR)"
	}
	return check{"certificates", passed, found, ""}
}
