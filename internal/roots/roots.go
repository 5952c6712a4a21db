// Package roots gives the process certificate authorities where the system has none, as
// in an empty container. It imports the standard library and the bundle alone.
package roots

import (
	"crypto/x509"
	"os"
	"runtime"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// Where Linux distributions keep certificate authorities, as crypto/x509 looks.
var (
	rootFiles = []string{
		"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
	}
	rootFolders = []string{"/etc/ssl/certs", "/etc/pki/tls/certs"}
)

// UseBundled makes the certificate authorities that are built in those of the
// process, where the system has none, as in an empty container. Parsing them takes
// over a millisecond, so a system that has its own never pays for it.
var UseBundled = sync.OnceFunc(func() {
	if runtime.GOOS != "linux" || hasRoots() {
		return
	}
	roots := x509.NewCertPool()
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			continue // TestBundledRoots parses all
		}
		if root.Constraint == nil {
			roots.AddCert(certificate)
		} else {
			roots.AddCertWithConstraint(certificate, root.Constraint)
		}
	}
	x509.SetFallbackRoots(roots)
})

// hasRoots reports whether the system, or the environment, names certificate authorities.
func hasRoots() bool {
	if os.Getenv("SSL_CERT_FILE") != "" || os.Getenv("SSL_CERT_DIR") != "" {
		return true
	}
	for _, name := range rootFiles {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 {
			return true
		}
	}
	for _, name := range rootFolders {
		if entries, err := os.ReadDir(name); err == nil && len(entries) > 0 {
			return true
		}
	}
	return false
}
