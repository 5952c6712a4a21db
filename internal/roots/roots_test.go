package roots_test

import (
	"crypto/x509"
	"os"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"vpsnet-mcp/internal/roots"
)

// TestBundledRoots: each authority that is built in can be read.
func TestBundledRoots(t *testing.T) {
	n := 0
	for root := range bundle.Roots() {
		n++
		if _, err := x509.ParseCertificate(root.Certificate); err != nil {
			t.Error(err)
		}
	}
	if n < 50 {
		t.Errorf("%d authorities are built in", n)
	}
}

// TestRootsInAnEmptyRoot: where the system has no certificate authorities, those
// that are built in are its. scripts/static.sh runs it in an empty root.
func TestRootsInAnEmptyRoot(t *testing.T) {
	if _, err := os.Stat("/etc/ssl"); err == nil {
		t.Skip("this system has certificate authorities")
	}
	roots.UseBundled()
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		t.Fatalf("no certificate authorities: %v", err)
	}
}
