//go:build container

package main

import (
	"crypto/x509"
	"os"
	"testing"
)

// TestRoots: where there is no file of CA roots, those that are built in load.
// scripts/static.sh runs it in an empty root.
func TestRoots(t *testing.T) {
	if _, err := os.Stat("/etc/ssl"); err == nil {
		t.Skip("there is a file of roots here")
	}
	roots, err := x509.SystemCertPool()
	if err != nil || roots.Equal(x509.NewCertPool()) {
		t.Fatalf("no roots: %v", err)
	}
}
