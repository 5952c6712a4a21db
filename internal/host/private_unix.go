//go:build !windows

package host

import (
	"fmt"
	"os"
	"syscall"
)

// Private reads a file of secrets that nobody else can read. One that another
// user owns may be readable by its group: that is how this process comes to read
// what systemd, a container's engine or Kubernetes hands in.
func Private(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	loose := os.FileMode(0o077)
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int64(s.Uid) != int64(os.Geteuid()) {
		loose = 0o037
	}
	if info.Mode().Perm()&loose != 0 {
		return nil, fmt.Errorf("%s can be read by others: chmod 600 it", path)
	}
	return os.ReadFile(path)
}
