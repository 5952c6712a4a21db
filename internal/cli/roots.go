//go:build container

package cli

// In an empty container there is no file of CA roots; where there is one, it holds.
import _ "golang.org/x/crypto/x509roots/fallback"
